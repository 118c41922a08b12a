import { judge } from "../engine/judge.ts";
import { facetsOf, meaningOf } from "../engine/meaning.ts";
import { readPaths } from "../inputs/read.ts";
import { formatLocation } from "../model/errors.ts";
import type { Report } from "../model/report.ts";
import { type CliContext, EXIT } from "./context.ts";
import { deliver, parseTargets } from "./deliver.ts";
import { packageVersion } from "./package.ts";
import { startProgress } from "./progress.ts";
import { setUp } from "./setup.ts";

export interface CheckOptions {
  readonly before?: string;
  readonly pack: readonly string[];
  readonly config?: string;
  readonly format: readonly string[];
  readonly output?: string;
  readonly failOn: "mandatory" | "advisory" | "never";
  readonly all: boolean;
  readonly showUndetermined: boolean;
  readonly quiet: boolean;
}

/** `firebreak check`: read, relate, evaluate, judge, render. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  context: CliContext,
): Promise<number> {
  const targets = parseTargets(options.format, options.output);
  const { settings, policies } = await setUp(options, context.today);
  const progress = startProgress(context);
  const { deployments, problems } = await readPaths(paths.length === 0 ? ["."] : paths, {
    ...(options.before !== undefined && { before: options.before, isChange: meaningOf(facetsOf(policies)) }),
  });
  progress.step("judging");
  const report = judge(deployments, policies, settings, {
    today: context.today,
    version: packageVersion(),
    all: options.all,
    problems,
  });
  progress.stop();
  // Where nothing could be read there is nothing to report: one sentence says why.
  const isSpoken =
    targets.some((target) => target.format === "pretty" && target.file === undefined) &&
    deployments.length > 0;
  if (!isSpoken) sayProblems(report, context);
  await deliver(
    report,
    deployments.length === 0 ? targets.filter((one) => one.format !== "pretty") : targets,
    policies,
    options,
    context,
  );
  return exitCode(report, options.failOn);
}

function sayProblems(report: Report, context: CliContext): void {
  for (const problem of report.problems) {
    const { line } = problem.source ?? {};
    const where =
      problem.source === undefined || line === undefined
        ? ""
        : `${formatLocation(problem.source as { file: string })}: `;
    context.stderr(
      `firebreak: ${problem.severity === "warning" ? "warning: " : ""}${where}${problem.message}\n`,
    );
  }
}

/** The verdict as an exit code; `--fail-on` moves what counts as blocked, never what counts as incomplete. */
function exitCode(report: Report, failOn: CheckOptions["failOn"]): number {
  const isBlocked =
    failOn !== "never" &&
    (report.verdict === "blocked" || (failOn === "advisory" && report.counts.advisory > 0));
  if (isBlocked) return EXIT.blocked;
  const isIncomplete = report.problems.some((problem) => problem.severity === "error");
  return isIncomplete ? EXIT.incomplete : EXIT.passed;
}
