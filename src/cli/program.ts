import { Command, Option } from "commander";
import { FORMATS } from "../reporters/index.ts";
import type { CheckOptions } from "./check.ts";
import type { CliContext } from "./context.ts";
import { packageVersion } from "./package.ts";

/** The command line: what there is and how it is said. Each command's code is loaded when it runs. */
export function program(context: CliContext, exit: (code: number) => void): Command {
  const root = new Command("firebreak")
    .description("Stops infrastructure changes that could take everything down at once, before they ship.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showHelpAfterError("(firebreak --help shows how)")
    .configureOutput({ writeOut: context.stdout, writeErr: context.stderr })
    .exitOverride()
    .addHelpText("after", EXAMPLES);

  root
    .command("check")
    .description("judge a proposed change")
    .argument(
      "[path...]",
      "plan, preview, synth or what-if as JSON; a directory that holds one; - for standard input",
    )
    .option("--before <path>", "what exists now: a tfstate, stack export, older synth or plan")
    .option(
      "--pack <name|file>",
      "policies to run: recommended, strict, incidents, or a module (repeatable)",
      collect,
      [],
    )
    .option("--config <file>", "configuration to use instead of the nearest firebreak.yaml")
    .option(
      "--format <name[=file]>",
      `${FORMATS.join(", ")}; with =FILE written there (repeatable)`,
      collect,
      [],
    )
    .option("--output <file>", "write the report there instead of to standard output")
    .addOption(
      new Option("--fail-on <level>", "what makes the exit code 1")
        .choices(["mandatory", "advisory", "never"])
        .default("mandatory"),
    )
    .option("--all", "judge untouched resources too", false)
    .option("--show-undetermined", "list every check that could not be decided", false)
    .option("--quiet", "findings and the summary only", false)
    .addHelpText("after", CHECK_EXAMPLES)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import("./check.ts");
      exit(await check(paths, options, context));
    });

  root
    .command("explain")
    .description("a policy's document, in the terminal")
    .argument("<policy>", "policy id, such as access/shared-storage-change")
    .action(async (policy: string) => {
      const { explain } = await import("./explain.ts");
      exit(await explain(policy, context));
    });

  root
    .command("policies")
    .description("the catalogue: id, level, severity, incidents")
    .addOption(new Option("--format <name>", "output format").choices(["text", "json"]).default("text"))
    .action(async (options: { format: "text" | "json" }) => {
      const { policies } = await import("./policies.ts");
      exit(await policies(options, context));
    });

  root
    .command("replay")
    .description("run the incident library: the change that caused the outage, and its safe version")
    .argument("[incident]", "incident id; all of them without it")
    .option("--show", "print the report of the change that caused the outage", false)
    .action(async (incident: string | undefined, options: { show: boolean }) => {
      const { replay } = await import("./replay.ts");
      exit(await replay(incident, options, context));
    });

  return root;
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

const EXAMPLES = `
Examples:
  terraform plan -out tfplan && terraform show -json tfplan > plan.json
  firebreak check plan.json                              judge a Terraform or OpenTofu plan
  pulumi preview --json | firebreak check -              judge a Pulumi preview
  firebreak check cdktf.out --before terraform.tfstate   judge a CDKTF synth against what exists
  firebreak explain access/shared-storage-change         why a policy is there, and what to do instead
  firebreak replay                                       the outages this would have stopped

Exit codes: 0 passed, 1 blocked, 2 wrong usage or configuration, 3 incomplete (something could not be read or judged).`;

const CHECK_EXAMPLES = `
Examples:
  firebreak check plan.json
  firebreak check preview.json --before stack-export.json
  firebreak check what-if.json --format sarif=firebreak.sarif --format github
  firebreak check plan.json --pack strict --fail-on advisory`;
