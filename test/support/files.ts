import { type FileChange, readDiff } from "../../src/inputs/files/diff.ts";
import type { Tree } from "../../src/inputs/files/tree.ts";
import type { ReadResult } from "../../src/inputs/read.ts";

/** Files by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** One version of files that are nowhere but here. */
function treeOf(files: Files): Tree {
  const directoryOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return {
    async read(path) {
      if (!Object.hasOwn(files, path)) return undefined;
      const content = files[path] ?? "";
      return { bytes: typeof content === "string" ? Buffer.from(content) : content };
    },
    async filesIn(directory) {
      return Object.keys(files)
        .filter((path) => directoryOf(path) === directory)
        .map((path) => path.slice(path.lastIndexOf("/") + 1))
        .sort();
    },
  };
}

/** What differs between two versions, read; `renamed` says which new path was which. */
export function readChange(
  before: Files,
  after: Files,
  renamed: Readonly<Record<string, string>> = {},
): Promise<ReadResult> {
  const old = new Set(Object.values(renamed));
  const paths = new Set([...Object.keys(before), ...Object.keys(after)].sort());
  const changes = [...paths].flatMap((path): FileChange[] => {
    const was = renamed[path] ?? path;
    if (old.has(path) && !Object.hasOwn(after, path)) return [];
    if (was === path && before[path] === after[path]) return [];
    return [
      {
        before: Object.hasOwn(before, was) ? was : undefined,
        after: Object.hasOwn(after, path) ? path : undefined,
      },
    ];
  });
  return readDiff({ before: treeOf(before), after: treeOf(after), changes }, { isChange: () => false });
}
