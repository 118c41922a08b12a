import type { Tree, TreeFile } from "../files/tree.ts";
import { type FileSide, isPlainFile } from "./changed-files.ts";
import type { GitObjects } from "./objects.ts";

/** What a directory of git holds, by name. */
type Entries = ReadonlyMap<string, { readonly mode: string; readonly object: string }>;

const DIRECTORY = "040000";

/** The files of a commit, with other files laid over them: so the index is what its commit has and what was staged. */
export class GitTree implements Tree {
  readonly #objects: GitObjects;
  /** What git calls the tree of the commit; where there is none yet, it is empty. */
  readonly #root: string;
  /** By path; undefined where the file is gone. */
  readonly #overlay: ReadonlyMap<string, FileSide | undefined>;
  readonly #directories = new Map<string, Promise<Entries>>();

  constructor(
    objects: GitObjects,
    root: string,
    overlay: ReadonlyMap<string, FileSide | undefined> = new Map(),
  ) {
    this.#objects = objects;
    this.#root = root;
    this.#overlay = overlay;
  }

  async read(path: string): Promise<TreeFile | undefined> {
    const laid = this.#overlay.get(path);
    const file = this.#overlay.has(path) ? laid : (await this.#entries(directoryOf(path))).get(nameOf(path));
    if (file === undefined || !isPlainFile(file.mode)) return undefined;
    const object = await this.#objects.read(file.object);
    if (object === undefined) return undefined;
    return object.bytes === undefined ? { isTooLarge: true } : { bytes: object.bytes };
  }

  async filesIn(directory: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const [name, { mode }] of await this.#entries(directory)) if (isPlainFile(mode)) names.add(name);
    for (const [path, file] of this.#overlay) {
      if (directoryOf(path) !== directory) continue;
      if (file !== undefined && isPlainFile(file.mode)) names.add(nameOf(path));
      else names.delete(nameOf(path));
    }
    return [...names].sort();
  }

  #entries(directory: string): Promise<Entries> {
    const known = this.#directories.get(directory);
    if (known !== undefined) return known;
    const entries = this.#readDirectory(directory);
    this.#directories.set(directory, entries);
    return entries;
  }

  async #readDirectory(directory: string): Promise<Entries> {
    let name = this.#root;
    if (directory !== "") {
      const entry = (await this.#entries(directoryOf(directory))).get(nameOf(directory));
      if (entry?.mode !== DIRECTORY) return new Map();
      name = entry.object;
    }
    const tree = await this.#objects.read(name);
    return tree?.type === "tree" && tree.bytes !== undefined
      ? entriesIn(tree.bytes, tree.id.length / 2)
      : new Map();
  }
}

/** A tree object is a row of `mode name\0id`, the id in bytes (git-scm.com/book, "Git Objects"). */
function entriesIn(bytes: Uint8Array, idLength: number): Entries {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = new Map<string, { mode: string; object: string }>();
  for (let at = 0; at < buffer.length; ) {
    const blank = buffer.indexOf(0x20, at);
    const end = buffer.indexOf(0, blank);
    if (blank < 0 || end < 0) break;
    entries.set(buffer.toString("utf8", blank + 1, end), {
      mode: buffer.toString("latin1", at, blank).padStart(6, "0"),
      object: buffer.toString("hex", end + 1, end + 1 + idLength),
    });
    at = end + 1 + idLength;
  }
  return entries;
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
