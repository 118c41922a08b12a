import { TEXT, WasmMemory } from "../json/wasm-memory.ts";
import SEARCH from "./mentions.wasm.ts";
import { LOWER, type TextIndex } from "./text-index.ts";

/** What assembly/mentions.ts exports. */
interface Exports {
  readonly search: (at: number, end: number, shortest: number) => void;
}

// Where assembly/mentions.ts expects its tables.
const FOLDED = 4096;
const FILTER = 8192;

const BOUNDARY = 0;
const DELIMITER = 1;

/** Of each byte its lower case, or what it ends. The two numbers for that are bytes that JSON has nowhere. */
const FOLDED_BYTES = LOWER.map((byte) => (byte > DELIMITER ? byte : 2));
for (const char of "/:?#") FOLDED_BYTES[char.charCodeAt(0)] = BOUNDARY;
for (const char of " \t\r\n\"'\\=;,@()<>[]{}|&!*`^$%+") FOLDED_BYTES[char.charCodeAt(0)] = DELIMITER;

/**
 * A text was found: its number, where it starts and ends, the string around it, and, where it is the whole string, the
 * property it stands under.
 */
export type Mention = (
  number: number,
  start: number,
  end: number,
  stringStart: number,
  stringEnd: number,
  key: string | undefined,
) => void;

/**
 * Finds known texts inside JSON text in one pass: every place in a string where one may start and end is looked up in a
 * hash table, so the cost is that of reading the text once, however many there are to find. Which places that are, and
 * whether a text may stand there, is found out in assembly/mentions.ts; whether it does, here.
 */
export class Mentions extends WasmMemory {
  readonly #index: TextIndex;
  readonly #search: Exports["search"];
  #text: Uint8Array = new Uint8Array(0);
  #report: Mention = () => {};

  /** The index has all its texts. */
  constructor(index: TextIndex) {
    super(1 << 16);
    this.#index = index;
    this.bytes.set(FOLDED_BYTES, FOLDED);
    this.bytes.set(index.filter, FILTER);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SEARCH, "base64")), {
      env: { memory: this.memory },
      mentions: { found: this.#found.bind(this) },
    });
    this.#search = (instance.exports as unknown as Exports).search;
  }

  /**
   * Reports every known text inside the strings of a JSON text. A text counts where it starts a string or a token (behind
   * a delimiter or `//`) and ends at a boundary.
   */
  find(text: Uint8Array, report: Mention): void {
    this.reserve(text.length);
    this.bytes.set(text, TEXT);
    this.#text = text;
    this.#report = report;
    this.#search(TEXT, TEXT + text.length, this.#index.shortest);
  }

  #found(
    hash: number,
    from: number,
    to: number,
    start: number,
    end: number,
    keyStart: number,
    keyEnd: number,
  ): void {
    let number = this.#index.find(hash, this.#text, from - TEXT, to - TEXT);
    if (number === -1) return;
    const key = from === start && to === end ? this.bytes.toString("latin1", keyStart, keyEnd) : undefined;
    for (; number !== -1; number = this.#index.next(number)) {
      this.#report(number, from - TEXT, to - TEXT, start - TEXT, end - TEXT, key);
    }
  }
}
