import { type ClassQuery, escaped } from "../syntax/class-query.ts";
import { type ConstructSite, type ProgramFile, programFile } from "../syntax/construct-sites.ts";
import type { Grammar } from "../syntax/grammar.ts";
import type { SourceTree } from "./source-tree.ts";

/** Where objects of some classes are made. */
export interface Makers {
  readonly sites: readonly ConstructSite[];
  /** Names of the classes themselves; those of subclasses, which may take another configuration, are not among them. */
  readonly ownNames: ReadonlySet<string>;
}

/** The classes of a program and where their objects are made. Files are parsed when they name a class that is asked for. */
export class ConstructClasses {
  readonly #tree: SourceTree;
  readonly #grammar: Grammar;
  readonly #files: readonly string[];
  readonly #parsed = new Map<string, ProgramFile | undefined>();
  readonly #makers = new Map<string, Makers | undefined>();

  constructor(tree: SourceTree, files: readonly string[], grammar: Grammar) {
    this.#tree = tree;
    this.#files = files;
    this.#grammar = grammar;
  }

  /**
   * The sites that make objects of the class or its subclasses, under whatever name; undefined where a file that may have
   * more of them cannot be read.
   */
  makersOf(query: ClassQuery): Makers | undefined {
    const key = `${query.name} ${query.flags}`;
    if (!this.#makers.has(key)) this.#makers.set(key, this.#collect(query));
    return this.#makers.get(key);
  }

  #collect({ name, flags }: ClassQuery): Makers | undefined {
    const isAsked = new RegExp(`^${name}$`, flags);
    const ownNames = new Set<string>();
    const names = new Set<string>();
    const programs = new Map<string, ProgramFile>();
    let words = new RegExp(`\\b${name}\\b`, flags);
    for (;;) {
      const count = names.size + programs.size;
      for (const file of this.#files) {
        const text = programs.has(file) ? "" : this.#tree.text(file);
        if (text === undefined) return undefined;
        if (!words.test(text)) continue;
        const program = this.#parse(file, text);
        if (program === undefined) return undefined;
        programs.set(file, program);
      }
      for (const program of programs.values()) {
        for (const { className } of program.sites) if (isAsked.test(className)) ownNames.add(className);
        for (const { name: other, of, isSubclass } of program.names) {
          // Properties and modules are called like their class, in small letters.
          if (isAsked.test(of) && /^[^a-z]/.test(of)) ownNames.add(of);
          if (!isSubclass && ownNames.has(of)) ownNames.add(other);
          if (ownNames.has(of) || names.has(of)) names.add(other);
        }
      }
      for (const own of ownNames) names.add(own);
      if (names.size + programs.size === count) break;
      words = new RegExp(`\\b(?:${[...names].map(escaped).join("|")})\\b`);
    }
    const sites = [...programs.values()].flatMap((program) => program.sites);
    return { sites: sites.filter(({ className }) => names.has(className)), ownNames };
  }

  #parse(file: string, text: string): ProgramFile | undefined {
    if (!this.#parsed.has(file))
      this.#parsed.set(file, programFile(this.#tree.nameOf(file), text, this.#grammar));
    return this.#parsed.get(file);
  }
}
