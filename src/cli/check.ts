import { statSync } from "node:fs";
import { setUp } from "../config/setup.ts";
import { judge } from "../engine/judge.ts";
import { facetsOf, meaningOf } from "../engine/meaning.ts";
import { type ReadResult, readPaths } from "../inputs/read.ts";
import type { Change } from "../model/change.ts";
import { formatLocation } from "../model/errors.ts";
import type { Report } from "../model/report.ts";
import { packageVersion } from "../package.ts";
import { visible } from "../reporters/text.ts";
import { type CliContext, EXIT } from "./context.ts";
import { deliver, parseTargets } from "./deliver.ts";
import { prepareFor } from "./memory.ts";
import { startProgress } from "./progress.ts";

export interface CheckOptions {
  readonly staged: boolean;
  readonly since?: string;
  readonly worktree: boolean;
  readonly fix: boolean;
  readonly before?: string;
  readonly source?: string;
  readonly pack: readonly string[];
  readonly config?: string;
  readonly format: readonly string[];
  readonly output?: string;
  readonly failOn: "mandatory" | "advisory" | "never";
  readonly all: boolean;
  readonly showUndetermined: boolean;
  readonly quiet: boolean;
}

/** What there is to judge. `isChange` says whether an update means something although nothing that is written differs. */
type Read = (options: { readonly isChange: (update: Change) => boolean }) => Promise<ReadResult>;

/** `firebreak check PATH`: judges what the paths hold. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  context: CliContext,
): Promise<number> {
  const bytes = bytesIn(paths);
  prepareFor(bytes);
  const read: Read = async ({ isChange }) => {
    const { before, source } = options;
    const result = await readPaths(
      paths.length === 0 ? ["."] : paths,
      before === undefined ? {} : { before, isChange },
    );
    return source === undefined ? result : pointingInto(source, result);
  };
  const { exitCode } = await judgeWith(read, options, context, bytes);
  return exitCode;
}

/** What came out, and the exit code for it. */
interface JudgedRun {
  readonly report: Report;
  readonly exitCode: number;
}

/** Reads, relates, evaluates, judges and renders. `bytes` is how much there is to read, if that is known. */
export async function judgeWith(
  read: Read,
  options: CheckOptions,
  context: CliContext,
  bytes = 0,
): Promise<JudgedRun> {
  const targets = parseTargets(options.format, options.output);
  const { settings, policies } = await setUp(options, context.today);
  const progress = startProgress(context);
  progress.step("reading", bytes);
  const { deployments, problems } = await read({ isChange: meaningOf(facetsOf(policies)) });
  progress.step("judging");
  const report = judge(deployments, policies, settings, {
    today: context.today,
    version: packageVersion(),
    all: options.all,
    problems,
  });
  progress.stop();
  // Where nothing could be read there is nothing to show on the terminal: one sentence says why.
  const shown =
    deployments.length > 0
      ? targets
      : targets.filter(({ format, file }) => format !== "pretty" || file !== undefined);
  if (!shown.some(({ format, file }) => format === "pretty" && file === undefined))
    sayProblems(report, context);
  await deliver(report, shown, policies, options, context);
  return { report, exitCode: exitCodeOf(report, options.failOn) };
}

/** What was read, its resources known by the lines in that directory where they are written. */
async function pointingInto(directory: string, read: ReadResult): Promise<ReadResult> {
  const { withSources } = await import("../sources/locate.ts");
  const { deployments, problems } = await withSources(read.deployments, directory);
  return { deployments, problems: [...read.problems, ...problems] };
}

/** The size of the documents that are named; what is in directories and pipes is not counted. */
function bytesIn(paths: readonly string[]): number {
  return paths.reduce((sum, path) => {
    const stats = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? sum + stats.size : sum;
  }, 0);
}

function sayProblems(report: Report, context: CliContext): void {
  for (const { severity, message, source } of report.problems) {
    const place = source?.line === undefined ? undefined : formatLocation(source);
    // Most messages start with the file: then the place takes its place.
    const said =
      place === undefined || source === undefined
        ? message
        : message.startsWith(`${source.file} `)
          ? `${place}${message.slice(source.file.length)}`
          : `${place}: ${message}`;
    context.stderr(`firebreak: ${severity === "warning" ? "warning: " : ""}${visible(said)}\n`);
  }
}

/** The verdict as an exit code; `--fail-on` moves what counts as blocked, never what counts as incomplete. */
function exitCodeOf(report: Report, failOn: CheckOptions["failOn"]): number {
  const isBlocked =
    failOn !== "never" &&
    (report.verdict === "blocked" || (failOn === "advisory" && report.counts.advisory > 0));
  if (isBlocked) return EXIT.blocked;
  const isIncomplete = report.problems.some((problem) => problem.severity === "error");
  return isIncomplete ? EXIT.incomplete : EXIT.passed;
}
