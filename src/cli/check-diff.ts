import { type GitDiff, type GitVersions, gitDiff, rootOf } from "../inputs/git/diff.ts";
import { UsageError } from "../model/errors.ts";
import type { Report } from "../model/report.ts";
import type { CheckOptions } from "./check.ts";
import { type CliContext, EXIT } from "./context.ts";

/**
 * `firebreak check --staged` and `--since`: judges what differs between two versions of the repository here. Git is asked first;
 * where nothing changed that could be judged, nothing else is loaded.
 */
export async function checkDiff(
  paths: readonly string[],
  options: CheckOptions,
  context: CliContext,
): Promise<number> {
  const versions = versionsIn(paths, options);
  const diff = await gitDiff(versions, ".");
  try {
    const isTold = options.format.length === 0 && options.output === undefined;
    const sayNothing = () => {
      if (isTold && !options.quiet)
        context.stdout("Nothing to judge: no file that describes infrastructure has changed.\n");
    };
    if (isTold && diff.changes.length === 0 && diff.problems.length === 0) {
      sayNothing();
      return EXIT.passed;
    }
    const { judgeWith } = await import("./check.ts");
    const { report, exitCode } = await judgeWith(
      async ({ isChange }) => {
        const { readDiff } = await import("../inputs/files/diff.ts");
        const read = await readDiff(diff, { isChange });
        const problems = [...diff.problems, ...read.problems];
        if (read.deployments.length === 0 && problems.length === 0) sayNothing();
        return { deployments: read.deployments, problems };
      },
      options,
      context,
    );
    if (report.findings.length > 0) await fix(report, diff, options, context);
    return exitCode;
  } finally {
    diff.close();
  }
}

/** Shows the edits that are certain, and makes them where that is asked for. */
async function fix(report: Report, diff: GitDiff, options: CheckOptions, context: CliContext): Promise<void> {
  const { afterwards, applyFixes, proposedFixes } = await import("./fix.ts");
  const { visible } = await import("../reporters/text.ts");
  const { Version } = await import("../inputs/files/version.ts");
  const judged = new Version(diff.after);
  const fixes = await proposedFixes(report, (file) => judged.text(file));
  if (fixes.length === 0) return;
  const isPretty = options.format.length === 0 && options.output === undefined;
  if (isPretty && !options.quiet) {
    const lines = fixes.flatMap(({ diff: text }) => text.trimEnd().split("\n"));
    context.stdout(`\n${lines.map((line) => `${visible(line.replace(/\r$/, ""))}\n`).join("")}`);
  }
  if (options.fix) {
    const { changed, refused } = applyFixes(await rootOf("."), fixes);
    for (const line of changed === undefined ? refused : [afterwards(changed)])
      context.stderr(`firebreak: ${visible(line)}\n`);
  } else if (isPretty && !options.quiet) {
    context.stdout("\nThese edits are certain; --fix makes them in the working tree.\n");
  }
}

function versionsIn(paths: readonly string[], options: CheckOptions): GitVersions {
  const { staged, since, worktree } = options;
  const flag = staged ? "--staged" : since === undefined ? "--worktree" : "--since";
  if (paths.length > 0) throw new UsageError(`${flag} judges what git says has changed: give no path`);
  for (const other of ["before", "source"] as const)
    if (options[other] !== undefined)
      throw new UsageError(
        `--${other} tells nothing here: ${flag} reads both versions of the files themselves`,
      );
  if (!staged) return { after: worktree ? "worktree" : "head", since: since ?? "HEAD" };
  if (since !== undefined || worktree)
    throw new UsageError(
      "--staged compares the index with HEAD: give it without --since and --worktree, or those without it",
    );
  return { after: "index" };
}
