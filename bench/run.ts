/**
 * `npm run bench [ROUNDS]`: the figures that the project promises, as ratios between two programs on the same bytes in one
 * run of what `npm run bench` has just built. Exits 1 where a promise is broken. No part of `npm test`, since a busy machine
 * makes it say anything.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writePlan } from "./generate-plan.ts";
import { medians, type Program, peakMemory, seconds } from "./measure.ts";
import { makeRepository, stageRelated, stageUnrelated } from "./repository.ts";

const CLI = join(import.meta.dirname, "../dist/cli.js");
const ROUNDS = Number(process.argv[2] ?? 5);
const RESOURCES = 40_000;

/** What was measured, and the promise; without a limit it is told for honesty. */
interface Row {
  readonly name: string;
  readonly ratio: number;
  readonly limit: number | undefined;
  readonly detail: string;
}

const check = (plan: string): Program => ({
  args: [CLI, "check", plan, "--format", "json=/dev/null"],
  expected: [0, 1],
});
const parse = (plan: string): Program => ({
  args: ["-e", 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))', plan],
});

const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
try {
  const rows = [
    ...largePlan("some"),
    ...largePlan("all"),
    ...scaling(),
    ...start(),
    ...commits(),
    throughNpx(),
  ];
  console.log(`\n${"".padEnd(50)} ratio  limit`);
  for (const { name, ratio, limit, detail } of rows) {
    const sign = limit === undefined ? " " : ratio <= limit ? "✔" : "✖";
    const bound = limit === undefined ? "    –" : limit.toFixed(2).padStart(5);
    console.log(`${sign} ${name.padEnd(48)} ${ratio.toFixed(2).padStart(5)}  ${bound}  ${detail}`);
  }
  const broken = rows.filter(({ ratio, limit }) => limit !== undefined && ratio > limit).length;
  console.log(broken === 0 ? "\nAll limits are kept." : `\n${broken} of the limits are exceeded.`);
  process.exitCode = broken === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A plan of that many resources. What is measured later must be the judging of all of them, so it is judged once first. */
function planOf(resources: number, changes: "some" | "all" = "some"): string {
  const file = join(folder, `${resources}-${changes}.json`);
  writePlan(file, { resources, changes });
  const output = join(folder, "report.json");
  seconds({ args: [CLI, "check", file, "--format", `json=${output}`], expected: [0, 1] });
  const { verdict, counts } = JSON.parse(readFileSync(output, "utf8")) as {
    verdict: string;
    counts: { resources: number };
  };
  rmSync(output);
  if (counts.resources < resources || verdict === "incomplete") {
    throw new Error(
      `The plan of ${resources} resources came out ${verdict}, with ${counts.resources} of them judged.`,
    );
  }
  return file;
}

/** The whole run beside `JSON.parse` alone, in time and in memory. */
function largePlan(changes: "some" | "all"): Row[] {
  const file = planOf(RESOURCES, changes);
  const bytes = statSync(file).size;
  const what = changes === "some" ? "a tenth changes" : "everything changes";
  console.log(`${RESOURCES} resources, ${what}: ${megabytes(bytes)}`);
  const [ours = 0, theirs = 0] = medians(
    ROUNDS,
    () => seconds(check(file)),
    () => seconds(parse(file)),
  );
  const [memory = 0, parsed = 0] = medians(
    3,
    () => peakMemory(check(file)),
    () => peakMemory(parse(file)),
  );
  rmSync(file);
  return [
    {
      name: `wall ÷ JSON.parse, ${what}`,
      ratio: ours / theirs,
      limit: changes === "some" ? 1 : undefined,
      detail: `${time(ours)} / ${time(theirs)}`,
    },
    {
      name: `peak memory ÷ file, ${what}`,
      ratio: memory / bytes,
      limit: changes === "some" ? 1.5 : undefined,
      detail: `${megabytes(memory)} / ${megabytes(bytes)} (JSON.parse: ${megabytes(parsed)})`,
    },
  ];
}

function scaling(): Row[] {
  return [RESOURCES / 2, RESOURCES].map((n) => {
    const files = [planOf(n), planOf(2 * n)];
    const [once = 0, twice = 0] = medians(ROUNDS, ...files.map((file) => () => seconds(check(file))));
    for (const file of files) rmSync(file);
    return {
      name: `time at ${2 * n} ÷ time at ${n} resources`,
      ratio: twice / once,
      limit: 2.3,
      detail: `${time(twice)} / ${time(once)}`,
    };
  });
}

/** What a run on a small plan costs beside Node's own start; the first of all finds nothing in the compile cache. */
function start(): Row[] {
  const file = planOf(8);
  const cachedIn = (cache: string) => ({ ...check(file), env: { NODE_COMPILE_CACHE: join(folder, cache) } });
  seconds(cachedIn("filled"));
  let fresh = 0;
  const [node = 0, warm = 0, cold = 0] = medians(
    Math.max(ROUNDS, 15),
    () => seconds({ args: ["-e", "0"] }),
    () => seconds(cachedIn("filled")),
    () => seconds(cachedIn(`fresh-${fresh++}`)),
  );
  const row = (name: string, taken: number): Row => ({
    name,
    ratio: taken / node,
    limit: 4,
    detail: `${time(taken)} / ${time(node)}`,
  });
  return [row("first run ÷ node -e 0", cold), row("later run ÷ node -e 0", warm)];
}

/** What a commit waits for: ten changed files, in repositories of two sizes; and a change of nothing that is judged. */
function commits(): Row[] {
  const [small, large] = [2_000, 20_000].map((files) => {
    const repository = join(folder, `repository-${files}`);
    makeRepository(repository, files);
    stageRelated(repository);
    return repository;
  }) as [string, string];
  const unrelated = join(folder, "repository-unrelated");
  makeRepository(unrelated, 2_000);
  stageUnrelated(unrelated);
  const mixed = join(folder, "repository-mixed");
  makeRepository(mixed, 2_000);
  stageRelated(mixed, "mixed");
  const output = join(folder, "report.json");
  const staged = (cwd: string, format: readonly string[] = []): Program => ({
    args: [CLI, "check", "--staged", ...format],
    cwd,
    env: { NODE_COMPILE_CACHE: join(folder, "filled") },
    expected: [0, 1],
  });
  seconds(staged(small, ["--format", `json=${output}`]));
  const { findings } = JSON.parse(readFileSync(output, "utf8")) as { findings: readonly unknown[] };
  if (findings.length === 0) throw new Error("Nothing was found in the staged files.");
  const [node = 0, related = 0, larger = 0, nothing = 0, several = 0] = medians(
    Math.max(ROUNDS, 15),
    () => seconds({ args: ["-e", "0"] }),
    () => seconds(staged(small)),
    () => seconds(staged(large)),
    () => seconds(staged(unrelated)),
    () => seconds(staged(mixed)),
  );
  const row = (name: string, taken: number, other: number, limit: number | undefined): Row => ({
    name,
    ratio: taken / other,
    limit,
    detail: `${time(taken)} / ${time(other)}`,
  });
  return [
    row("--staged, 10 of 2,000 files ÷ node -e 0", related, node, 6),
    row("--staged, 10 of 20,000 files ÷ 10 of 2,000", larger, related, 1.3),
    row("--staged, nothing to judge ÷ node -e 0", nothing, node, 3),
    row("--staged, 10 files in three languages ÷ node -e 0", several, node, undefined),
  ];
}

/** npx takes longer than what it runs: told, since that is what somebody waits for. */
function throughNpx(): Row {
  const bin = join(folder, "project/node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, "project/package.json"), '{ "name": "project", "private": true }');
  symlinkSync(CLI, join(bin, "firebreak"));
  symlinkSync(process.execPath, join(bin, "node"));
  writeFileSync(join(bin, "nothing"), "#!/usr/bin/env node\n");
  chmodSync(join(bin, "nothing"), 0o755);
  const npx = (...args: readonly string[]): Program => ({
    program: "npx",
    args: ["--no-install", ...args],
    cwd: join(folder, "project"),
    env: { PATH: `${bin}${delimiter}${process.env.PATH}` },
    expected: [0, 1],
  });
  const file = planOf(8);
  const [ours = 0, nothing = 0] = medians(
    ROUNDS,
    () => seconds(npx("firebreak", "check", file)),
    () => seconds(npx("nothing")),
  );
  return {
    name: "npx firebreak ÷ npx of an empty script",
    ratio: ours / nothing,
    limit: undefined,
    detail: `${time(ours)} / ${time(nothing)}`,
  };
}

function time(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
}

function megabytes(value: number): string {
  return `${Math.round(value / 1e6)} MB`;
}
