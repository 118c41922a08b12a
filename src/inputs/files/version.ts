import type { Problem } from "../../model/deployment.ts";
import type { Tree, TreeFile } from "./tree.ts";

/** The files of one version as texts. What cannot be read as text is a problem, said once. */
export class Version {
  readonly #tree: Tree;
  readonly #texts = new Map<string, Promise<string | undefined>>();
  readonly #problems: Problem[] = [];

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** What could not be read of the files that were asked for. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The text of a file, without its byte order mark; undefined where there is no such file or it is no text. */
  text(path: string): Promise<string | undefined> {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const text = this.#tree.read(path).then((file) => this.#decoded(path, file));
    this.#texts.set(path, text);
    return text;
  }

  /** Names of the plain files right in a directory, sorted; the root is the empty text. */
  filesIn(directory: string): Promise<readonly string[]> {
    return this.#tree.filesIn(directory);
  }

  #decoded(path: string, file: TreeFile | undefined): string | undefined {
    if (file === undefined) return undefined;
    if ("isTooLarge" in file) return this.#unread(path, "it is too large");
    const { bytes } = file;
    if (startsWith(bytes, LFS_POINTER))
      return this.#unread(path, "it is kept in Git LFS, so git itself has only a pointer to it");
    try {
      return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    } catch {
      return this.#unread(path, "it is not text in UTF-8");
    }
  }

  #unread(path: string, why: string): undefined {
    const message = `${path} cannot be read: ${why}.`;
    const severity = CERTAIN.test(path) ? "error" : "warning";
    this.#problems.push({ message, source: { file: path }, severity });
  }
}

/** Names that nothing else has; a `.ts` may be a film, and a `.json` a table of data. */
const CERTAIN = /\.(?:tf|tofu)(?:\.json)?$|\.tfvars(?:\.json)?$/;

/** How a pointer begins (github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const LFS_POINTER = Buffer.from("version https://git-lfs.github.com/spec/");

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, beginning.length), beginning) === 0;
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}
