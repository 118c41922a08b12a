/** Shows the policy pack at work: `npm run demo:pulumi` (`-- --help` tells more). */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { wrap } from "../src/reporters/text.ts";
import type { Violation } from "./demo-pulumi/events.ts";
import { type Outcome, Pulumi } from "./demo-pulumi/pulumi.ts";
import { pulumiTools } from "./tools.ts";

const USAGE = `npm run demo:pulumi

Brings up the small estate of Pulumi.yaml (demo/estate), which needs no cloud, and previews two changes of it with the
policy pack: the one that caused the storage outage of February 2026, and its safe version. The first has to be blocked
and the second has to pass. All that is written goes to a temporary folder.

The same by hand, with Pulumi's own CLI, Node.js 22.18 or newer, and after \`npm run build\`:

  export PULUMI_BACKEND_URL=file://$(mktemp -d) PULUMI_CONFIG_PASSPHRASE=
  pulumi stack init production
  pulumi up --yes --skip-preview
  pulumi preview --policy-pack packs/pulumi --config change=outage
  pulumi preview --policy-pack packs/pulumi --config change=safe

Exit codes: 0 as it should be, 1 not so, 2 without the Pulumi CLI.`;

const ROOT = join(import.meta.dirname, "..");
const PACK = "packs/pulumi";
const WIDTH = Math.min(process.stdout.columns ?? 100, 100);

/** What the outage hits first: the account that every fleet in both regions downloads from. */
const EXPECTED = {
  policy: "access/shared-storage-change",
  resource: "azure-native:storage:StorageAccount: vmextshared",
};
/** What the safe version does, and nothing else. */
const SAFE = "update azure-native:storage:StorageAccount: backofficelogs";

async function demonstrate(pulumi: Pulumi): Promise<boolean> {
  say("$ pulumi stack init production");
  if (!succeeded(await pulumi.createStack(), "The stack could not be created")) return false;

  say("$ pulumi up --yes --skip-preview");
  const up = await pulumi.run("up", "--yes", "--skip-preview");
  if (!succeeded(up, "The estate could not be brought up")) return false;
  say(`  ${up.events.counts.create ?? 0} resources created (${seconds(up)})\n`);

  say("The outage: a recurring job takes public access from every storage account that there is.");
  const outage = await preview(pulumi, "outage");
  const blocking = outage.events.violations.filter(isMandatory);
  const first = blocking.find((one) => one.policy === EXPECTED.policy && one.resource === EXPECTED.resource);
  if (outage.code === 0 || first === undefined) {
    return fail(`Not blocked by ${EXPECTED.policy} on ${EXPECTED.resource}`, outage);
  }
  show(first);
  for (const line of wrap(others(blocking, first), WIDTH - 2)) say(`  ${line}`);
  say(`${styleText("green", "✔ blocked")}: exit code ${outage.code} (${seconds(outage)})\n`);

  say("The same done well: it closes the one account that has other ways in.");
  const safe = await preview(pulumi, "safe");
  if (safe.code !== 0 || safe.events.violations.some(isMandatory)) return fail("Not passed", safe);
  if (safe.events.steps.join() !== SAFE) return fail(`More or less than "${SAFE}"`, safe);
  say(`  ${SAFE}`);
  say(`${styleText("green", "✔ passed")}: exit code 0 (${seconds(safe)})`);
  return true;
}

function preview(pulumi: Pulumi, change: "outage" | "safe"): Promise<Outcome> {
  say(`$ pulumi preview --policy-pack ${PACK} --config change=${change}`);
  return pulumi.run("preview", "--policy-pack", join(ROOT, PACK), "--config", `change=${change}`);
}

/** A violation in the order and the words of the CLI, with its long lines broken. */
function show({ policy, severity, level, resource, message }: Violation): void {
  const rank = severity === undefined ? "" : ` [severity: ${severity}]`;
  say(`  ${styleText("red", "✖")} [${level}]${rank} ${policy} (${resource})`);
  for (const line of message.split("\n")) {
    const [, label = "", text = ""] = /^((?:\w+ )? +)?(.*)$/.exec(line) ?? [];
    const [first = "", ...rest] = wrap(text, WIDTH - 4 - label.length);
    say(`    ${label}${first}`);
    for (const more of rest) say(`    ${" ".repeat(label.length)}${more}`);
  }
}

/** What else was found, by policy; nothing, where that was all. */
function others(all: readonly Violation[], shown: Violation): string {
  const counts = Map.groupBy(
    all.filter((one) => one !== shown),
    (one) => one.policy,
  );
  if (counts.size === 0) return "";
  const parts = [...counts].map(([policy, some]) => `${policy} ×${some.length}`).sort();
  return `and ${all.length - 1} more: ${parts.join(", ")}`;
}

function isMandatory({ level }: Violation): boolean {
  return level === "mandatory";
}

function succeeded(outcome: Outcome, problem: string): boolean {
  return outcome.code === 0 || fail(problem, outcome);
}

function fail(problem: string, { code, output }: Outcome): false {
  console.error(
    `${styleText("red", "✖")} ${problem} (exit code ${code}). The CLI said:\n${output.trimEnd()}`,
  );
  return false;
}

function seconds(outcome: Outcome): string {
  return `${outcome.seconds.toFixed(1)} s`;
}

function say(line: string): void {
  console.log(line);
}

/** Builds the pack where it has not been built yet. */
function packIsBuilt(): boolean {
  if (existsSync(join(ROOT, "dist/pulumi.js"))) return true;
  say("$ npm run build");
  return spawnSync(process.execPath, ["--run", "build"], { cwd: ROOT, stdio: "inherit" }).status === 0;
}

async function main(): Promise<number> {
  if (process.argv.length > 2) {
    const isHelp = process.argv[2] === "--help";
    console[isHelp ? "log" : "error"](USAGE);
    return isHelp ? 0 : 2;
  }
  const { from, directory } = pulumiTools();
  if (from === "none") {
    console.error(
      "The demo needs the Pulumi CLI: `npm run tools` builds it where Go is installed, or have Pulumi's own on PATH.",
    );
    return 2;
  }
  if (!packIsBuilt()) return 1;

  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  const pulumi = new Pulumi(directory, stop.signal);
  try {
    return (await demonstrate(pulumi)) ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return 130;
  } finally {
    pulumi.remove();
  }
}

process.exitCode = await main();
