import { posix } from "node:path";
import type { Change } from "../../model/change.ts";
import type { Deployment, Directives, Problem } from "../../model/deployment.ts";
import { UNKNOWN } from "../../model/value.ts";
import type { BeforeOptions } from "../before/merge.ts";
import { compareWith } from "../before.ts";
import type { ReadResult } from "../read.ts";
import type { ChangedFile, FileKind } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import type { Tree } from "./tree.ts";
import { withoutModules } from "./unfollowed.ts";
import { Version } from "./version.ts";

/** A file that differs; both paths where it is in both versions, which are not the same where it was renamed. */
export interface FileChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Two versions of the files, and which of them differ. */
export interface FilesDiff {
  readonly before: Tree;
  readonly after: Tree;
  readonly changes: readonly FileChange[];
}

/**
 * Reads what the changed files describe, before and after. Nothing else is read but what lies beside them or what they name.
 * A file that is broken is a problem, and the rest is compared all the same.
 */
export async function readDiff(
  { before, after, changes }: FilesDiff,
  options: BeforeOptions = {},
): Promise<ReadResult> {
  const versions = { before: new Version(before), after: new Version(after) };
  const deployments: Deployment[] = [];
  for (const { name, load } of KINDS) {
    const fitting = changes.filter((one) => [one.before, one.after].some((path) => path && name.test(path)));
    if (fitting.length === 0) continue;
    const kind = await load();
    const fits = (path: string | undefined) => path !== undefined && name.test(path) && kind.claims(path);
    const paired = kind.identity === "content" ? fitting : await withMoves(fitting, versions, fits);
    const [was, will] = await Promise.all([
      readSide(kind, paired, versions.before, fits, "before"),
      readSide(kind, paired, versions.after, fits, "after"),
    ]);
    deployments.push(...compared(was, will, options));
  }
  const changed = new Set(changes.map((one) => one.after));
  // What is not part of the change is context, which is looked at where it can be.
  const now = versions.after.problems.map(
    (problem): Problem => (changed.has(problem.source?.file) ? problem : { ...problem, severity: "warning" }),
  );
  const earlier = versions.before.problems.filter(
    ({ message }) => !now.some((problem) => problem.message === message),
  );
  return { deployments: withoutRepeats(deployments), problems: [...now, ...earlier.map(asWarning)] };
}

/**
 * Files that moved to another directory. Where all of the old one did, and nothing was in the new one, that is the same by another
 * name; else what they describe is taken from one deployment and comes into another.
 */
async function withMoves(
  changes: readonly FileChange[],
  { before, after }: { readonly before: Version; readonly after: Version },
  fits: (path: string) => boolean,
): Promise<readonly FileChange[]> {
  const holds = async (version: Version, directory: string) => {
    const names = await version.filesIn(directory);
    return names.some((name) => fits(posix.join(directory, name)));
  };
  const all = changes.map(async (change): Promise<readonly FileChange[]> => {
    const { before: was, after: is } = change;
    if (was === undefined || is === undefined) return [change];
    const [from, to] = [directoryOf(was), directoryOf(is)];
    if (from === to || !((await holds(after, from)) || (await holds(before, to)))) return [change];
    return [
      { before: was, after: undefined },
      { before: undefined, after: is },
    ];
  });
  return (await Promise.all(all)).flat();
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** What is wrong with a file that several deployments are made from is said once. */
function withoutRepeats(deployments: readonly Deployment[]): readonly Deployment[] {
  const said = new Set<string>();
  return deployments.map((deployment) => ({
    ...deployment,
    problems: deployment.problems.filter((problem) => {
      const key = JSON.stringify(problem);
      return !said.has(key) && said.add(key);
    }),
  }));
}

function readSide(
  kind: FileKind,
  changes: readonly FileChange[],
  version: Version,
  fits: (path: string | undefined) => boolean,
  side: keyof FileChange,
): Promise<readonly Deployment[]> {
  const files = changes.flatMap((change): readonly ChangedFile[] => {
    const { before, after } = change;
    if (!fits(before) && !fits(after)) return [];
    const path = change[side];
    // What becomes a file of another kind is gone here, and new there.
    const name = fits(after) ? after : before;
    return name === undefined ? [] : [{ path: fits(path) ? path : undefined, name }];
  });
  return files.length === 0 ? Promise.resolve([]) : kind.read(files, version);
}

/** The deployments of both versions, each compared with the one of its name. */
function compared(
  was: readonly Deployment[],
  will: readonly Deployment[],
  options: BeforeOptions,
): readonly Deployment[] {
  const byName = new Map(was.map((one) => [one.name, one]));
  const names = new Set(will.map(({ name }) => name));
  const after = [...will, ...was.filter(({ name }) => !names.has(name)).map(emptied)];
  const beforeOf = new Map<Deployment, Deployment>();
  const unread = new Map<Deployment, readonly Problem[]>();
  for (const one of after) {
    const before = byName.get(one.name) ?? emptied(one);
    // What was broken cannot be compared with: everything would seem to be new.
    if (before.problems.some(isError)) unread.set(one, before.problems.filter(isError));
    else beforeOf.set(one, { ...before, problems: [] });
  }
  return compareWith(after, { beforeOf, problems: new Map() }, options).map((deployment, i) => {
    const problems = unread.get(after[i] as Deployment);
    if (problems !== undefined)
      return { ...deployment, problems: [...deployment.problems, ...problems.map(asWarning)] };
    return withoutModules(keepingWhatCannotBeSeen(deployment));
  });
}

const NO_DIRECTIVES: Directives = {
  hiddenModules: [],
  moved: [],
  forgotten: [],
  ignored: new Map(),
  openInstances: [],
};

/** A deployment of that name in a version that has nothing of it. */
function emptied({ host, name }: Deployment): Deployment {
  return {
    host,
    name,
    knows: "after-only",
    changes: [],
    edges: [],
    problems: [],
    directives: NO_DIRECTIVES,
  };
}

/** What is missing from a file that is broken need not be gone. */
function keepingWhatCannotBeSeen(deployment: Deployment): Deployment {
  const hiding = deployment.problems.filter((problem) => problem.hides ?? isError(problem));
  const broken = new Set(hiding.map(({ source }) => source?.file));
  if (broken.size === 0) return deployment;
  const changes = deployment.changes.map((change): Change => {
    const isUnseen = change.action === "delete" && broken.has(change.source?.file);
    return isUnseen ? { ...change, action: "update", deferred: true, after: UNKNOWN } : change;
  });
  return { ...deployment, changes };
}

/** Whether something of what there was to read was not read. */
function isError({ severity, hides }: Problem): boolean {
  return severity === "error" && hides !== false;
}

/** What was wrong before the change does not make its judgement incomplete. */
function asWarning({ message, source }: Problem): Problem {
  return {
    message: `Before this change: ${message}`,
    ...(source && { source }),
    severity: "warning",
  };
}
