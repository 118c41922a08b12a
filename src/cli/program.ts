import { Command, Option } from "commander";
import { packageVersion } from "../package.ts";
import { FORMATS } from "../reporters/index.ts";
import type { CheckOptions } from "./check.ts";
import type { CliContext } from "./context.ts";

/** The command line: what there is and how it is said. Each command's code is loaded when it runs. */
export function program(context: CliContext, exit: (code: number) => void): Command {
  const root = new Command("firebreak")
    .description("Stops infrastructure changes that could take everything down at once, before they ship.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureOutput({
      writeOut: context.stdout,
      writeErr: context.stderr,
      outputError: (text, write) => write(text.replace(/^error: /, "firebreak: ")),
    })
    .exitOverride()
    .showHelpAfterError("(firebreak --help shows how)")
    .addHelpText("after", EXAMPLES);

  const command = (name: string, examples: string) =>
    root
      .command(name)
      .showHelpAfterError(`(firebreak ${name} --help shows how)`)
      .addHelpText("after", `\nExamples:\n${examples}`);

  command("check", CHECK_EXAMPLES)
    .description("judge a proposed change")
    .argument(
      "[path...]",
      "plan, preview, synth or what-if as JSON; a directory that holds one; - for standard input",
    )
    .option("--staged", "judge the source files that are staged: the index against HEAD")
    .option("--since <rev>", "judge source files that changed: HEAD against REV (REV...: where they parted)")
    .option("--worktree", "with --since, the working tree against REV; alone, against HEAD")
    .option("--fix", "of a git diff: make the edits that are certain in the working tree")
    .option(
      "--before <path>",
      "what exists now: a tfstate or a folder of them, a stack export, an older synth or plan, or git:REV",
    )
    .option("--source <dir>", "where it is written, so that findings point at .tf, .tf.json or .ts lines")
    .addOption(
      repeatable(
        "--pack <name|file>",
        "policies to run: recommended, strict, incidents, or a module (repeatable)",
      ),
    )
    .option("--config <file>", "configuration to use instead of the nearest firebreak.yaml")
    .addOption(
      repeatable(
        "--format <name[=file]>",
        `${FORMATS.join(", ")}; with =FILE written there (repeatable)`,
      ).default([], "pretty"),
    )
    .option("--output <file>", "write the report there instead of to standard output")
    .addOption(
      new Option("--fail-on <level>", "what makes the exit code 1")
        .choices(["mandatory", "advisory", "never"])
        .default("mandatory"),
    )
    .option("--all", "judge untouched resources too")
    .option("--show-undetermined", "list every check that could not be decided")
    .option("--quiet", "findings and the summary only")
    .action(async (paths: string[], given: Partial<CheckOptions>) => {
      const options = { ...CHECK_DEFAULTS, ...given };
      const isDiff = options.staged || options.worktree || options.since !== undefined;
      const run = isDiff ? (await import("./check-diff.ts")).checkDiff : (await import("./check.ts")).check;
      exit(await run(paths, options, context));
    });

  command("explain", EXPLAIN_EXAMPLES)
    .description("a policy's document, in the terminal")
    .argument("<policy>", "policy id, such as access/shared-storage-change")
    .action(async (policy: string) => {
      const { explain } = await import("./explain.ts");
      exit(await explain(policy, context));
    });

  command("policies", POLICIES_EXAMPLES)
    .description("the catalogue: id, level, severity, title")
    .addOption(new Option("--format <name>", "output format").choices(["text", "json"]).default("text"))
    .action(async (options: { format: "text" | "json" }) => {
      const { policies } = await import("./policies.ts");
      exit(await policies(options, context));
    });

  command("replay", REPLAY_EXAMPLES)
    .description("run the incident library: the change that caused the outage, and its safe version")
    .argument("[incident]", "incident id; all of them without it")
    .option("--show", "print the report of the change that caused the outage")
    .action(async (incident: string | undefined, { show = false }: { show?: boolean }) => {
      const { replay } = await import("./replay.ts");
      exit(await replay(incident, { show }, context));
    });

  command("init", INIT_EXAMPLES)
    .description("set up the pre-commit hook of this repository")
    .option("--hook", "write the hook, which judges what is staged for each commit")
    .option("--remove", "with --hook: take it away again")
    .action(async ({ hook = false, remove = false }: { hook?: boolean; remove?: boolean }) => {
      const { init } = await import("./init.ts");
      exit(await init({ hook, remove }, context));
    });

  return root;
}

const CHECK_DEFAULTS: CheckOptions = {
  staged: false,
  worktree: false,
  fix: false,
  pack: [],
  format: [],
  failOn: "mandatory",
  all: false,
  showUndetermined: false,
  quiet: false,
};

/** An option whose values add up, in the order in which they are given. */
function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser<readonly string[]>((value, previous = []) => [
    ...previous,
    value,
  ]);
}

const EXAMPLES = `
Examples:
  terraform show -json tfplan > plan.json
  firebreak check plan.json        judge a Terraform or OpenTofu plan
  pulumi preview --json | firebreak check -
                                   judge a Pulumi preview
  firebreak check cdktf.out --before terraform.tfstate
                                   judge a CDKTF synth against what exists
  firebreak check cdktf.out --before git:origin/main
                                   judge it against the synth committed there
  firebreak explain access/shared-storage-change
                                   why a policy is there, and what to do instead
  firebreak replay                 the outages this would have stopped

Exit codes:
  0 passed   1 blocked   2 wrong usage or configuration
  3 incomplete: something could not be read or judged`;

const CHECK_EXAMPLES = `  firebreak check plan.json
  firebreak check --staged
  firebreak check --since origin/main...
  firebreak check preview.json --before stack-export.json
  firebreak check what-if.json --format github --format sarif=firebreak.sarif
  firebreak check plan.json --pack strict --fail-on advisory
  firebreak check plan.json --pack ./our-policies.ts --pack recommended`;

const EXPLAIN_EXAMPLES = `  firebreak explain access/shared-storage-change
  firebreak explain certificates/auto-rotation | less`;

const POLICIES_EXAMPLES = `  firebreak policies
  firebreak policies --format json`;

const REPLAY_EXAMPLES = `  firebreak replay
  firebreak replay azure-2026-02-storage-access --show`;

const INIT_EXAMPLES = `  firebreak init --hook
  firebreak init --hook --remove`;
