import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { reasonOf } from "../inputs/input.ts";
import { UsageError } from "../model/errors.ts";

/** Larger files are generated; nobody points at a line of them. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** What is read of one tree at most, all files together. */
const MAX_TREE_BYTES = 128 * 1024 * 1024;
/** Entries of directories that are looked at: a home directory or a disk is no source tree. */
const MAX_ENTRIES = 100_000;
const MAX_DEPTH = 64;

/** A walk over the files below a directory. */
export interface Walk {
  /** Real paths, sorted. */
  readonly files: readonly string[];
  /** False where the tree is too large to be walked to its end. */
  readonly isComplete: boolean;
}

/**
 * The source files that a run may point at: those in a directory, and those beside it in the same repository. Nothing
 * outside is read, whatever a path or a symbolic link says.
 */
export class SourceTree {
  /** The real path of the directory. */
  readonly root: string;
  readonly #named: string;
  readonly #boundary: string;
  readonly #maxEntries: number;
  #bytesLeft = MAX_TREE_BYTES;
  readonly #texts = new Map<string, string | undefined>();

  /** `named` is the directory as the user wrote it; one that cannot be opened is a UsageError. */
  constructor(named: string, maxEntries = MAX_ENTRIES) {
    this.#named = named;
    this.#maxEntries = maxEntries;
    try {
      this.root = realpathSync(named);
      if (!statSync(this.root).isDirectory())
        throw new UsageError(`--source ${named} is not a directory: give the one that holds the sources`);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`--source ${named} cannot be read: ${reasonOf(error)}`);
    }
    this.#boundary = repositoryOf(this.root) ?? this.root;
  }

  /** A file as messages name it: as the user named the directory, relative to here where that is possible. */
  nameOf(file: string): string {
    const below = isAbsolute(this.#named) ? relative(realpathSync("."), this.root) : this.#named;
    const base = isAbsolute(this.#named) && leadsOut(below) ? this.root : below;
    return join(base, relative(this.root, file));
  }

  /** The real path of what a path leads to, unless that is nothing or outside of what may be read. */
  resolve(path: string): string | undefined {
    try {
      const real = realpathSync(path);
      return leadsOut(relative(this.#boundary, real)) ? undefined : real;
    } catch (error) {
      return unreadable(error);
    }
  }

  /** The real paths of the files right in a directory whose names fit, sorted by name. */
  filesIn(directory: string, fits: RegExp): readonly string[] {
    const files = new Set<string>();
    for (const { name } of entriesOf(directory).slice(0, this.#maxEntries)) {
      const file = fits.test(name) ? this.resolve(join(directory, name)) : undefined;
      if (file !== undefined && isFile(file)) files.add(file);
    }
    return [...files];
  }

  /** All files below the directory whose names fit, leaving out directories whose names `skips` fits. Links are not followed. */
  walk(fits: RegExp, skips: RegExp): Walk {
    const files: string[] = [];
    let left = this.#maxEntries;
    const visit = (directory: string, depth: number): void => {
      for (const entry of entriesOf(directory)) {
        if (left-- <= 0) return;
        const path = join(directory, entry.name);
        if (entry.isFile() && fits.test(entry.name)) files.push(path);
        else if (entry.isDirectory() && depth < MAX_DEPTH && !skips.test(entry.name)) visit(path, depth + 1);
      }
    };
    visit(this.root, 0);
    return { files: files.sort(), isComplete: left >= 0 };
  }

  /** The text of a file, without its byte order mark; undefined where it cannot be read or is too much to read. */
  text(file: string): string | undefined {
    if (!this.#texts.has(file)) this.#texts.set(file, this.#read(file));
    return this.#texts.get(file);
  }

  #read(file: string): string | undefined {
    try {
      // What is no file (a pipe, a device) may never end.
      const stats = statSync(file);
      if (!stats.isFile() || stats.size > MAX_FILE_BYTES || stats.size > this.#bytesLeft) return undefined;
      this.#bytesLeft -= stats.size;
      return new TextDecoder().decode(readFileSync(file));
    } catch (error) {
      return unreadable(error);
    }
  }
}

/** Sources that cannot be read are not pointed at; the judgement does not depend on them. */
function unreadable(error: unknown): undefined {
  if (error instanceof Error && "syscall" in error) return undefined;
  throw error;
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return unreadable(error) ?? [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function leadsOut(path: string): boolean {
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** The nearest directory above that is a Git repository, linked worktrees included (their `.git` is a file). */
function repositoryOf(directory: string): string | undefined {
  if (existsSync(join(directory, ".git"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : repositoryOf(parent);
}
