import { BACKSLASH, COLON, DOT, QUOTE, SLASH } from "../json/ascii.ts";
import { behindString, blockOf } from "../json/strings.ts";
import { isIn, LOWER, OFFSET_BASIS, PRIME, type TextIndex, without } from "./text-index.ts";

/**
 * Finds known texts inside JSON text in one pass: every place in a string where one may start and end is looked up in a
 * hash table, so the cost is that of reading the text once, however many there are to find.
 */

const ORDINARY = 0;
/** Ends a token and what came before it still counts: `host/path`, `id:version`. */
const BOUNDARY = 1;
/** Ends a token for good. */
const DELIMITER = 2;

const CLASS = new Uint8Array(256);
for (const char of "/:?#") CLASS[char.charCodeAt(0)] = BOUNDARY;
for (const char of " \t\r\n\"'\\=;,@()<>[]{}|&!*`^$%+") CLASS[char.charCodeAt(0)] = DELIMITER;

/** Property names shorter than this name nothing; longer ones may be ids (ARM writes maps keyed by resource id). */
const MIN_KEY_LENGTH = 20;

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
 * Reports every known text inside the strings of a JSON text. A text counts where it starts a string or a token (behind
 * a delimiter or `//`) and ends at a boundary.
 */
export function findMentions(bytes: Uint8Array, index: TextIndex, report: Mention): void {
  new Search(bytes, index, report).run();
}

/** One pass over one JSON text. */
class Search {
  readonly #bytes: Uint8Array;
  readonly #index: TextIndex;
  readonly #filter: Uint8Array;
  readonly #report: Mention;
  #keyStart = 0;
  #keyEnd = 0;

  constructor(bytes: Uint8Array, index: TextIndex, report: Mention) {
    this.#bytes = bytes;
    this.#index = index;
    this.#filter = index.filter;
    this.#report = report;
  }

  run(): void {
    const part = this.#bytes;
    const { bytes, words } = blockOf(part);
    const base = part.byteOffset;
    const length = base + part.length;
    const shortest = this.#index.shortest;
    let at = base;
    while (at < length) {
      if (bytes[at++] !== QUOTE) continue;
      const start = at - base;
      at = Math.abs(behindString(bytes, words, at, length));
      const end = Math.min(at - 1, length) - base;
      while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
      if (bytes[at] === COLON && at < length) {
        this.#keyStart = start;
        this.#keyEnd = end;
        if (end - start < MIN_KEY_LENGTH) continue;
      }
      if (end - start >= shortest) this.#findInString(start, end);
    }
  }

  #findInString(start: number, end: number): void {
    const bytes = this.#bytes;
    const filter = this.#filter;
    let hash = OFFSET_BASIS;
    let tokenStart = start;
    let at = start;
    for (;;) {
      let kind = ORDINARY;
      while (at < end) {
        const byte = bytes[at] as number;
        kind = CLASS[byte] as number;
        if (kind !== ORDINARY) break;
        hash = Math.imul(hash ^ (LOWER[byte] as number), PRIME);
        at++;
      }
      if (at > tokenStart) {
        if (isIn(filter, hash)) this.#lookUp(hash, tokenStart, at, start, end);
        // The dot that ends a full domain name, or a sentence, is none of the text.
        if (bytes[at - 1] === DOT) {
          const shorter = without(hash, DOT);
          if (isIn(filter, shorter)) this.#lookUp(shorter, tokenStart, at - 1, start, end);
        }
      }
      if (at >= end) return;
      const byte = bytes[at] as number;
      if (kind === DELIMITER) {
        at += byte === BACKSLASH ? escapeLength(bytes, at) : 1;
        tokenStart = at;
        hash = OFFSET_BASIS;
      } else if (byte === SLASH && bytes[at - 1] === SLASH && !isBucketScheme(bytes, tokenStart)) {
        at++;
        tokenStart = at;
        hash = OFFSET_BASIS;
      } else {
        hash = Math.imul(hash ^ byte, PRIME);
        at++;
      }
    }
  }

  #lookUp(hash: number, from: number, to: number, start: number, end: number): void {
    let number = this.#index.find(hash, this.#bytes, from, to);
    if (number === -1) return;
    const isWhole = from === start && to === end;
    const key = isWhole ? textAt(this.#bytes, this.#keyStart, this.#keyEnd) : undefined;
    for (; number !== -1; number = this.#index.next(number)) this.#report(number, from, to, start, end, key);
  }
}

/**
 * How many characters the escape at `at` takes, none of which is part of a token: two, or six. In JSON inside JSON the
 * backslash of an escape is itself escaped.
 */
function escapeLength(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] === 0x75) return 6; // `u`
  if (bytes[at + 1] !== BACKSLASH) return 2;
  const inner = bytes[at + 2];
  if (inner === 0x6e || inner === 0x72 || inner === 0x74) return 3; // `n`, `r`, `t`
  return inner === 0x75 && /^[0-9a-f]{4}$/i.test(textAt(bytes, at + 3, at + 7)) ? 7 : 2;
}

/** `gs://` and `s3://` tell what the name behind them is, so they stay part of the token. */
function isBucketScheme(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 2] !== COLON) return false;
  return (bytes[at] === 0x67 && bytes[at + 1] === 0x73) || (bytes[at] === 0x73 && bytes[at + 1] === 0x33);
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  const length = Math.min(end, bytes.length) - start;
  return length <= 0 ? "" : Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("latin1");
}
