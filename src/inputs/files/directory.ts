import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { InputError } from "../../model/errors.ts";
import { reasonOf } from "../input.ts";
import type { Tree, TreeFile } from "./tree.ts";

/** Larger files are generated; nobody judges a line of them. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Directories that hold what others wrote or what was made from the sources. */
const SKIPPED = /^(?:\.git|\.terraform|\.terragrunt-cache|node_modules|cdktf\.out|\.gen)$/;

/** Entries that are looked at: a home directory or a disk is no directory of sources. */
const MAX_ENTRIES = 100_000;
const MAX_DEPTH = 64;

/** The files of a directory as they are on disk. Links are not followed, neither files nor directories. */
export class DirectoryTree implements Tree {
  readonly #root: string;

  /** Throws an InputError where the directory cannot be opened. */
  constructor(root: string) {
    this.#root = heeding(root, () => realpathSync(root));
  }

  async read(path: string): Promise<TreeFile | undefined> {
    const file = join(this.#root, path);
    if (!this.#isInside(path)) return undefined;
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return undefined;
    if (stats.size > MAX_FILE_BYTES) return { isTooLarge: true };
    return { bytes: heeding(path, () => readFileSync(file)) };
  }

  async filesIn(directory: string): Promise<readonly string[]> {
    return this.#isInside(directory)
      ? this.#entries(directory)
          .filter((entry) => entry.isFile())
          .map(({ name }) => name)
      : [];
  }

  /** The paths of all files whose names fit, sorted. Throws an InputError where there are too many to look at. */
  files(fits: (path: string) => boolean): readonly string[] {
    const found: string[] = [];
    let left = MAX_ENTRIES;
    const visit = (directory: string, depth: number): void => {
      for (const entry of this.#entries(directory)) {
        if (left-- <= 0 || depth > MAX_DEPTH)
          throw new InputError(
            `${this.#root} holds more files than are looked at: name the directory of the sources`,
          );
        const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
        if (entry.isFile() && fits(path)) found.push(path);
        else if (entry.isDirectory() && !SKIPPED.test(entry.name)) visit(path, depth + 1);
      }
    };
    visit("", 0);
    return found.sort();
  }

  #entries(directory: string) {
    const entries = heeding(directory, () => {
      const stats = lstatSync(join(this.#root, directory), { throwIfNoEntry: false });
      return stats?.isDirectory() === true
        ? readdirSync(join(this.#root, directory), { withFileTypes: true })
        : [];
    });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether the path stays in the directory, whatever links are on the way. */
  #isInside(path: string): boolean {
    const parent = join(this.#root, path, "..");
    try {
      const inside = relative(this.#root, realpathSync(parent));
      return path === "" || (inside !== ".." && !inside.startsWith(`..${sep}`));
    } catch {
      return false; // there is no such directory
    }
  }
}

function heeding<T>(path: string, operate: () => T): T {
  try {
    return operate();
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}
