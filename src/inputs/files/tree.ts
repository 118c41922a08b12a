/** One version of the files that are judged: a commit, the index, a directory. Paths are relative to its root, with slashes. */
export interface Tree {
  /** The bytes of a plain file; undefined where there is none, or something else: a link, a submodule, a directory. */
  read(path: string): Promise<TreeFile | undefined>;
  /** Names of the plain files right in a directory (the root is the empty text), sorted. */
  filesIn(directory: string): Promise<readonly string[]>;
}

/** A file's content, or that it is larger than what is read. */
export type TreeFile = { readonly bytes: Uint8Array } | { readonly isTooLarge: true };
