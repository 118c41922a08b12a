import { join } from "node:path";
import type { SourceLocation } from "../../model/change.ts";
import type { Deployment, Problem } from "../../model/deployment.ts";
import type { BeforeOptions } from "../before/merge.ts";
import type { ReadResult } from "../read.ts";
import { type FileChange, type FilesDiff, readDiff } from "./diff.ts";
import { DirectoryTree } from "./directory.ts";
import { isJudged } from "./kinds.ts";

/**
 * Reads what differs between two directories of source files. Throws an InputError where one cannot be read or holds more files
 * than are looked at.
 */
export async function readDirectories(
  was: string,
  will: string,
  options: BeforeOptions,
): Promise<ReadResult> {
  const { deployments, problems } = await readDiff(await directoriesDiff(was, will), options);
  return {
    deployments: deployments.map((one) => placed(one, will)),
    problems: problems.map((one) => told(one, will)),
  };
}

/** With its places as they are called from here. */
function placed(deployment: Deployment, directory: string): Deployment {
  const { locate, suppressions } = deployment;
  const at = (source: SourceLocation | undefined) =>
    source && { ...source, file: join(directory, source.file) };
  return {
    ...deployment,
    changes: deployment.changes.map((change) => {
      const source = at(change.source);
      return source === undefined ? change : { ...change, source };
    }),
    problems: deployment.problems.map((one) => told(one, directory)),
    ...(locate && { locate: (change, property) => at(locate(change, property)) }),
    ...(suppressions && {
      suppressions: suppressions.map((one) => ({ ...one, source: at(one.source) ?? one.source })),
    }),
  };
}

function told(problem: Problem, directory: string): Problem {
  const { source } = problem;
  return source === undefined
    ? problem
    : { ...problem, source: { ...source, file: join(directory, source.file) } };
}

/** What is in one of the directories only, and what has another content. */
async function directoriesDiff(was: string, will: string): Promise<FilesDiff> {
  const before = new DirectoryTree(was);
  const after = new DirectoryTree(will);
  const paths = new Set([...before.files(isJudged), ...after.files(isJudged)]);
  const changes: FileChange[] = [];
  for (const path of [...paths].sort()) {
    const [old, now] = [await before.read(path), await after.read(path)];
    const isSame =
      old !== undefined &&
      now !== undefined &&
      "bytes" in old &&
      "bytes" in now &&
      Buffer.compare(old.bytes, now.bytes) === 0;
    if (!isSame) changes.push({ before: old && path, after: now && path });
  }
  return { before, after, changes };
}
