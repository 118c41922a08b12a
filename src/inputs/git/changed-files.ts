/** One side of a changed file. */
export interface FileSide {
  readonly path: string;
  /** As git writes it: 100644 and 100755 are plain files, 120000 links, 160000 submodules. */
  readonly mode: string;
  /** All zeros where the file is only in the working tree. */
  readonly object: string;
}

/** A file that differs between two versions; one that is renamed is one file. */
export interface ChangedPaths {
  readonly before: FileSide | undefined;
  readonly after: FileSide | undefined;
  /** Both sides of a merge are in the index: it is not settled yet. */
  readonly isUnmerged: boolean;
}

/** A file that is there as such, and not as a link or a submodule. */
export function isPlainFile(mode: string): boolean {
  return mode.startsWith("100");
}

/** What a side that is not there has as its mode. */
const NONE = "000000";

/**
 * Reads `git diff --raw -z` (git-scm.com/docs/diff-format, "Raw output format"). Paths that are no UTF-8 keep their bytes only
 * as far as that can show them.
 */
export function changedFiles(raw: Buffer): readonly ChangedPaths[] {
  const words = raw.toString("utf8").split("\0");
  const changes: ChangedPaths[] = [];
  for (let at = 0; at < words.length - 1; ) {
    const [modes = "", newMode = "", before = "", after = "", status = ""] = (words[at++] ?? "").split(" ");
    const oldPath = words[at++] ?? "";
    const newPath = /^[RC]/.test(status) ? (words[at++] ?? "") : oldPath;
    const side = (path: string, mode: string, object: string) =>
      mode === NONE ? undefined : { path, mode, object };
    const was = side(oldPath, modes.slice(1), before);
    changes.push({
      // Of a copy the original is still there.
      before: status.startsWith("C") ? undefined : was,
      after: status === "D" ? undefined : side(newPath, newMode, after),
      isUnmerged: status === "U",
    });
  }
  return changes;
}
