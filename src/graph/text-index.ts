import { TEXT, WasmMemory } from "../json/wasm-memory.ts";
import type { JsonText } from "../model/change.ts";
import MENTIONS from "./mentions.wasm.ts";

/** What assembly/mentions.ts exports; it says there, and in assembly/entries.ts, what each does. */
interface Exports {
  readonly addEntry: (at: number, length: number, number: number) => number;
  readonly fileEntries: (at: number, end: number, table: number, capacity: number) => void;
  readonly isSameOrBelow: (entry: number, other: number) => number;
  readonly search: (at: number, end: number, shortest: number, ownFirst: number, ownEnd: number) => void;
}

/** The table of bytes stands here, and behind the head of an entry its text. */
const FOLDED = 4096;
const HEAD = 20;

const BOUNDARY = 0;
const DELIMITER = 1;

/** Of each byte its lower case, or what it ends; the two numbers for that are bytes that no JSON string has. */
const FOLDED_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : Math.max(byte, DELIMITER + 1),
);
for (const char of "/:?#") FOLDED_BYTES[char.charCodeAt(0)] = BOUNDARY;
for (const char of " \t\r\n\"'\\=;,@()<>[]{}|&!*`^$%+") FOLDED_BYTES[char.charCodeAt(0)] = DELIMITER;

/**
 * A text that was found in JSON text: what it is, where it and the string around it start and end, and under which key.
 * Places are those in `bytes`, which are the searched text's until the next search.
 */
export interface Mention {
  readonly number: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly stringStart: number;
  readonly stringEnd: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

/** Compiled once for all runs of a process. */
let compiled: WebAssembly.Module | undefined;

/**
 * A set of texts to look for, numbered in the order they were added, and the search for them in JSON text. It takes one
 * pass: every place in a string where one may start and end is looked up in a hash table, so the cost is that of reading the
 * text once, however many there are to find. Case does not count. Texts and table are in the memory of the program that
 * searches, and behind them the text that is searched.
 */
export class TextIndex extends WasmMemory {
  readonly #exports: Exports;
  /** The address of each text's entry, and the one behind the last. */
  readonly #entries: number[] = [];
  #end = TEXT;
  #shortest = Number.POSITIVE_INFINITY;
  /** Where the text to be searched goes. */
  #searched = 0;
  #report: (mention: Mention) => void = () => {};

  constructor() {
    super(1 << 16);
    this.bytes.set(FOLDED_BYTES, FOLDED);
    compiled ??= new WebAssembly.Module(Buffer.from(MENTIONS, "base64"));
    const instance = new WebAssembly.Instance(compiled, {
      env: { memory: this.memory },
      mentions: { found: this.#found.bind(this) },
    });
    this.#exports = instance.exports as unknown as Exports;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Adds bytes[start, end), and gives its number. */
  add(bytes: Buffer, start: number, end: number): number {
    const length = end - start;
    this.reserve(this.#end + HEAD + length - TEXT);
    bytes.copy(this.bytes, this.#end + HEAD, start, end);
    const number = this.#entries.push(this.#end) - 1;
    this.#end = this.#exports.addEntry(this.#end, length, number);
    this.#shortest = Math.min(this.#shortest, length);
    return number;
  }

  /** To be called once, after the last `add` and before the first search. */
  freeze(): void {
    let capacity = 16;
    while (capacity < this.size * 2) capacity *= 2;
    this.#searched = this.#end + capacity * 4;
    this.reserve(this.#searched - TEXT);
    this.bytes.fill(0, this.#end, this.#searched);
    this.#exports.fileEntries(TEXT, this.#end, this.#end, capacity);
  }

  /**
   * Reports every known text inside the strings of a JSON text, but for those numbered from `ownFirst` up to before `ownEnd`.
   * A text counts where it starts a string or a token (behind a delimiter or `//`) and ends at a boundary.
   */
  search(text: JsonText, ownFirst: number, ownEnd: number, report: (mention: Mention) => void): void {
    const at = this.#searched;
    this.place(text.bytes, at);
    this.#report = report;
    this.#exports.search(at + text.start, at + text.end, this.#shortest, ownFirst, ownEnd);
  }

  /** Whether two texts are the same, of which the second may go on behind a slash. */
  isSameOrBelow(number: number, other: number): boolean {
    const [entry, longer] = [this.#entries[number] as number, this.#entries[other] as number];
    return this.#exports.isSameOrBelow(entry, longer) !== 0;
  }

  #found(
    number: number,
    start: number,
    end: number,
    stringStart: number,
    stringEnd: number,
    keyStart: number,
    keyEnd: number,
  ): void {
    this.#report({ number, bytes: this.bytes, start, end, stringStart, stringEnd, keyStart, keyEnd });
  }
}
