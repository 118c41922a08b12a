import type { Problem } from "../../model/deployment.ts";
import { sentenceOf, UsageError } from "../../model/errors.ts";
import type { FileChange, FilesDiff } from "../files/diff.ts";
import { DirectoryTree } from "../files/directory.ts";
import { isJudged } from "../files/kinds.ts";
import type { Tree } from "../files/tree.ts";
import { type ChangedPaths, changedFiles, type FileSide, isPlainFile } from "./changed-files.ts";
import { GitObjects } from "./objects.ts";
import { type GitOutput, runGit } from "./process.ts";
import { GitTree } from "./tree.ts";

/** Which two versions of a repository are compared: HEAD and the index, or a revision and HEAD or the working tree. */
export type GitVersions =
  | { readonly after: "index" }
  | { readonly after: "head" | "worktree"; readonly since: string };

/** The change between two versions of a repository, as far as it may hold something to judge. */
export interface GitDiff extends FilesDiff {
  /** What changed and cannot be read. */
  readonly problems: readonly Problem[];
  /** Ends what reads the repository. */
  close(): void;
}

/**
 * Asks git what differs; contents are read later, where they are asked for. A revision that does not exist, and a directory in
 * no repository, are UsageErrors.
 */
export async function gitDiff(versions: GitVersions, directory: string): Promise<GitDiff> {
  const before = versions.after === "index" ? "HEAD" : await revision(versions.since, directory);
  const sides = { index: ["--cached"], head: [before, "HEAD"], worktree: [before] }[versions.after];
  const changes = changedFiles(await output(directory, ...RAW_DIFF, ...sides, "--"));
  const judged = changes.filter((one) => isJudged(one.before?.path) || isJudged(one.after?.path));
  const objects = new GitObjects(directory);
  return {
    before: new GitTree(objects, `${before}^{tree}`),
    after: await afterOf(versions, changes, objects, directory),
    changes: judged
      .map(({ before: was, after }): FileChange => ({ before: plainPath(was), after: plainPath(after) }))
      .filter((one) => one.before !== undefined || one.after !== undefined),
    problems: changes.flatMap(problemsOf),
    close: () => objects.close(),
  };
}

/** Nothing that a repository or its configuration names is run. */
const RAW_DIFF = ["diff", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-ext-diff", "--no-textconv"];

async function afterOf(
  { after }: GitVersions,
  changes: readonly ChangedPaths[],
  objects: GitObjects,
  directory: string,
): Promise<Tree> {
  if (after === "worktree") return new DirectoryTree(await rootOf(directory));
  if (after === "head") return new GitTree(objects, "HEAD^{tree}");
  // The index is what HEAD has and what was staged.
  const staged = new Map<string, FileSide | undefined>();
  for (const change of changes) if (change.before !== undefined) staged.set(change.before.path, undefined);
  for (const change of changes) if (change.after !== undefined) staged.set(change.after.path, change.after);
  return new GitTree(objects, "HEAD^{tree}", staged);
}

/** The directory of the working tree. A UsageError where there is none. */
export async function rootOf(directory: string): Promise<string> {
  const root = await output(directory, "rev-parse", "--show-toplevel");
  return root.toString("utf8").replace(/\n$/, "");
}

/** A revision as git takes it; `REV...` is where HEAD and REV parted. */
async function revision(since: string, directory: string): Promise<string> {
  const name = since.replace(/\.\.\.$/, "");
  // What begins like an option would be one.
  if (!/^[^-\s:^][^\s:]*$/.test(name)) throw new UsageError(`--since ${since} names no revision`);
  const asked =
    name === since ? ["rev-parse", "--verify", "--quiet", `${name}^{commit}`] : ["merge-base", name, "HEAD"];
  const found = await run(directory, asked);
  if ("failure" in found)
    throw new UsageError(
      `--since ${since}: this repository has no such revision; a shallow clone lacks older ones (git fetch --unshallow)`,
    );
  return found.stdout.toString("utf8").trim();
}

async function output(directory: string, ...args: readonly string[]): Promise<Buffer> {
  const result = await run(directory, args);
  if ("stdout" in result) return result.stdout;
  throw new UsageError(`git cannot tell what changed: ${result.failure}`);
}

async function run(directory: string, args: readonly string[]): Promise<GitOutput> {
  const result = await runGit(directory, ...args).catch((error: unknown) => {
    throw new UsageError(`git cannot be started: ${sentenceOf(error)}`);
  });
  // Outside of a repository `git diff` compares files, and does not know its own options.
  if ("failure" in result && /not a git repository|unknown option `cached'/i.test(result.failure))
    throw new UsageError("this directory is in no git repository, so there is nothing to compare");
  return result;
}

function plainPath(side: FileSide | undefined): string | undefined {
  return side !== undefined && isPlainFile(side.mode) ? side.path : undefined;
}

/** What a path is instead of a file, by git's mode. */
const NO_FILES: Readonly<Record<string, string>> = {
  "120000": "a link, which is not followed",
  "160000": "a submodule, which is a repository of its own",
};

/** What may hold something to judge and cannot be looked at: certainly so where its name says what it would be. */
function problemsOf({ before, after, isUnmerged }: ChangedPaths): readonly Problem[] {
  const path = after?.path ?? before?.path ?? "";
  const severity = isJudged(path) ? "error" : "warning";
  const problem = (message: string): readonly Problem[] => [
    { message: `${path} ${message}.`, source: { file: path }, severity },
  ];
  if (isUnmerged) return problem("has conflicts that are not resolved, so it cannot be judged");
  const what = after === undefined ? undefined : NO_FILES[after.mode];
  return what === undefined ? [] : problem(`is ${what}, so what changes there is not judged`);
}
