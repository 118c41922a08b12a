import { posix } from "node:path";
import type { Grammar } from "../../../syntax/grammar.ts";
import { LOCK_FILE, lockedIn } from "../../provider-version.ts";
import type { ChangedFile } from "../kind.ts";
import type { Version } from "../version.ts";
import { CONFIGURATION, Module, type NamedFile } from "./module.ts";
import { type SourceFile, sourceFile } from "./source-file.ts";
import { inOrder, isAutomatic, VALUES } from "./values.ts";

/** Directories that one run follows calls into. */
const MOST_MODULES = 500;

/** The modules of one version of the files, each read once. */
export class Modules {
  readonly #changed: readonly ChangedFile[];
  /** What a file of this version is called in both. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #version: Version;
  readonly #grammar: Grammar;
  readonly #files = new Map<string, Promise<SourceFile | undefined>>();
  readonly #modules = new Map<string, Promise<Module>>();
  /** Those whose calls are followed. */
  readonly #linked = new Set<Module>();

  constructor(changed: readonly ChangedFile[], version: Version, grammar: Grammar) {
    this.#changed = changed;
    this.#version = version;
    this.#grammar = grammar;
    this.#names = new Map(changed.flatMap(({ path, name }) => (path === undefined ? [] : [[path, name]])));
  }

  /** The module of a directory, by what its files are called, with all local modules that it leads to. */
  async at(directory: string): Promise<Module> {
    const root = await this.#module(directory, await this.#named(directory, CONFIGURATION));
    const pending = [root];
    for (let module = pending.pop(); module !== undefined; module = pending.pop()) {
      if (this.#linked.has(module) || this.#linked.size >= MOST_MODULES) continue;
      this.#linked.add(module);
      for (const [name, called] of module.localCalls()) {
        const inner = await this.#module(called, await this.#placed(called, CONFIGURATION));
        module.calls.set(name, inner);
        pending.push(inner);
      }
    }
    return root;
  }

  /** A file; undefined where there is none that can be read. */
  file(path: string): Promise<SourceFile | undefined> {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file = this.#version
      .text(path)
      .then((text) => (text === undefined ? undefined : this.#parsed(path, text)));
    this.#files.set(path, file);
    return file;
  }

  /** The files of values that are loaded with a root module, in their order. */
  async automaticValues(directory: string): Promise<readonly SourceFile[]> {
    const paths = await this.#named(directory, VALUES);
    const names = inOrder([...paths.keys()].filter(isAutomatic));
    const files = await Promise.all(names.map((name) => this.file(paths.get(name) as string)));
    return files.filter((file) => file !== undefined);
  }

  #parsed(path: string, text: string): SourceFile {
    return sourceFile(this.#names.get(path) ?? path, text, this.#grammar);
  }

  #module(directory: string, paths: ReadonlyMap<string, string>): Promise<Module> {
    const key = [...paths.values()].join("\n");
    const known = this.#modules.get(key);
    if (known !== undefined) return known;
    const module = this.#read(directory, paths);
    this.#modules.set(key, module);
    return module;
  }

  async #read(directory: string, paths: ReadonlyMap<string, string>): Promise<Module> {
    // All are asked for at once, and parsed when they are there.
    await Promise.all([...paths.values()].map((path) => this.#version.text(path)));
    const named: NamedFile[] = [];
    for (const [name, path] of paths) {
      const file = await this.file(path);
      if (file !== undefined) named.push({ name, file });
    }
    // Where the directory has another name by now, its modules are still looked for where it was.
    const [first] = paths.values();
    const place = first === undefined ? directory : directoryOf(first);
    const lock = first === undefined ? undefined : await this.#version.text(posix.join(place, LOCK_FILE));
    return new Module(place, named, lockedIn((lock ?? "").replaceAll("\r\n", "\n")));
  }

  /** The files in a directory of this version: their names there, and their paths. */
  async #placed(directory: string, pattern: RegExp): Promise<ReadonlyMap<string, string>> {
    const names = await this.#version.filesIn(directory);
    return new Map(
      names.filter((name) => pattern.test(name)).map((name) => [name, posix.join(directory, name)]),
    );
  }

  /** The files that are in a directory by what they are called in both versions; those that moved are found where they were. */
  async #named(directory: string, pattern: RegExp): Promise<ReadonlyMap<string, string>> {
    const paths = [...(await this.#placed(directory, pattern)).values()];
    const moved = this.#changed.flatMap(({ path }) =>
      path !== undefined && pattern.test(path) ? [path] : [],
    );
    const found = new Map<string, string>();
    for (const path of new Set([...paths, ...moved])) {
      const name = this.#names.get(path) ?? path;
      if (directoryOf(name) === directory) found.set(posix.basename(name), path);
    }
    return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

export function directoryOf(path: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? "" : directory;
}
