import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Language, Parser, type Range, type Tree } from "web-tree-sitter";

/**
 * How often the parser may report its progress, which it does after a fixed amount of work: on one file, enough for about a
 * megabyte that people write, and on all files of a language.
 */
const MAX_STEPS = 20_000;
const MAX_STEPS_IN_ALL = 100_000;

/** A language whose files can be parsed, broken ones too: what is wrong is a node like others. */
export class Grammar {
  readonly #parser = new Parser();
  #stepsLeft = MAX_STEPS_IN_ALL;

  constructor(language: Language) {
    this.#parser.setLanguage(language);
  }

  /**
   * The syntax tree of a text, or of one range of it with the places of the whole; undefined where that takes unreasonably
   * long or deep, which no text that people write does.
   */
  parse(text: string, range?: Range): Tree | undefined {
    if (isDeep(text)) return undefined;
    let steps = Math.min(MAX_STEPS, this.#stepsLeft);
    this.#stepsLeft -= steps;
    // Whether to stop; the parser's own types leave the answer out.
    const progressCallback = () => --steps < 0;
    const tree = this.#parser.parse(text, null, {
      progressCallback,
      ...(range && { includedRanges: [range] }),
    });
    this.#stepsLeft += Math.max(0, steps);
    if (tree === null) this.#parser.reset();
    return tree ?? undefined;
  }
}

/** Brackets in brackets: three times as many are more than the parser has room for while it looks for a missing one. */
const MAX_NESTING = 1_000;

/** Whether brackets open deeper than people write; those in texts and comments count too, which does no harm. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    if (bracket === "(" || bracket === "[" || bracket === "{") depth++;
    else if (depth > 0) depth--;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}

// The build copies each file that is resolved here beside the bundle.
const PARSER = import.meta.resolve("web-tree-sitter/web-tree-sitter.wasm");
const HCL = import.meta.resolve("@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm");
const TYPESCRIPT = import.meta.resolve("tree-sitter-typescript/tree-sitter-typescript.wasm");

/** Terraform's HCL, and TypeScript with JavaScript inside of it. */
const LANGUAGES = { hcl: HCL, typescript: TYPESCRIPT } as const;

let parser: Promise<void> | undefined;
const languages = new Map<string, Promise<Language>>();

/** Loads what parses a language. */
export async function loadGrammar(name: keyof typeof LANGUAGES): Promise<Grammar> {
  parser ??= Parser.init({ wasmBinary: bytesOf(PARSER) });
  await parser;
  const language = languages.get(name) ?? Language.load(bytesOf(LANGUAGES[name]));
  languages.set(name, language);
  return new Grammar(await language);
}

function bytesOf(url: string): Uint8Array {
  return new Uint8Array(readFileSync(fileURLToPath(url)));
}
