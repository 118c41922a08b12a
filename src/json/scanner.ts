import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from "./ascii.ts";
import type { ByteSource } from "./bytes.ts";
import { behindString } from "./strings.ts";

/** What is wrong with a JSON text, and at which byte of its UTF-8 form. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Deeper nesting than any host writes; a bound for everything that recurses over values later. */
export const MAX_DEPTH = 500;

/** Longer texts hardly repeat; and how many are remembered (a power of two). */
const MAX_INTERNED = 64;
const STRING_SLOTS = 4096;

/**
 * Walks a JSON text front to back through a sliding window, so that what is not needed costs one look at each byte and
 * no memory: `planned_values` of a plan is skipped, not parsed. What is skipped is checked for balance only; what is
 * taken is parsed, and so checked, by `JSON.parse`.
 */
export class JsonScanner {
  readonly #source: ByteSource;
  #window: Buffer;
  /** The window as words of four bytes, for passing over strings fast. */
  #words: Int32Array;
  #at = 0;
  #end = 0;
  /** Byte offset of the window's first byte in the text. */
  #base = 0;
  /** Texts seen before, each in the slot of its hash. */
  readonly #strings: (string | undefined)[] = new Array<string | undefined>(STRING_SLOTS);
  /** The first byte that must stay in the window, or -1. */
  #mark = -1;

  constructor(source: ByteSource, windowSize = 1 << 20) {
    this.#source = source;
    this.#window = Buffer.from(new ArrayBuffer(windowSize));
    this.#words = wordsOf(this.#window);
  }

  get offset(): number {
    return this.#base + this.#at;
  }

  /** The next byte that is not white space, without taking it; -1 at the end. */
  peek(): number {
    for (;;) {
      while (this.#at < this.#end) {
        const byte = this.#window[this.#at] as number;
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
        this.#at++;
      }
      if (!this.#fill()) return -1;
    }
  }

  isObject(): boolean {
    return this.peek() === OPEN_OBJECT;
  }

  isArray(): boolean {
    return this.peek() === OPEN_ARRAY;
  }

  /** Whether nothing but white space is left. */
  isAtEnd(): boolean {
    return this.peek() === -1;
  }

  /** The keys of the object that starts here. The caller takes or skips each value before it asks for the next key. */
  *members(): Generator<string> {
    this.#expect(OPEN_OBJECT, "an object");
    if (this.peek() === CLOSE_OBJECT) {
      this.#at++;
      return;
    }
    for (;;) {
      if (this.peek() !== QUOTE) throw this.#error("a property name was expected");
      const key = this.text() as string;
      this.#expect(COLON, "a colon");
      yield key;
      if (!this.#more(CLOSE_OBJECT)) return;
    }
  }

  /** Runs through the elements of the array that starts here; the caller takes or skips each. */
  *elements(): Generator<void> {
    this.#expect(OPEN_ARRAY, "a list");
    if (this.peek() === CLOSE_ARRAY) {
      this.#at++;
      return;
    }
    for (;;) {
      yield;
      if (!this.#more(CLOSE_ARRAY)) return;
    }
  }

  /** Passes over one value. */
  skip(): void {
    const first = this.peek();
    if (first === -1) throw this.#ended();
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_OBJECT || first === OPEN_ARRAY) this.#skipNested();
    else this.#skipScalar();
  }

  #skipNested(): void {
    let depth = 0;
    for (;;) {
      const window = this.#window;
      const words = this.#words;
      const end = this.#end;
      let at = this.#at;
      while (at < end) {
        const byte = window[at++] as number;
        if (byte === QUOTE) {
          const behind = behindString(window, words, at, end);
          if (behind < 0) {
            at--;
            break;
          }
          at = behind;
          continue;
        }
        const folded = byte | 0x20; // `[` becomes `{`, `]` becomes `}`
        if (folded === OPEN_OBJECT) {
          if (++depth > MAX_DEPTH) throw this.#error(`values are nested deeper than ${MAX_DEPTH} levels`);
        } else if (folded === CLOSE_OBJECT && --depth === 0) {
          this.#at = at;
          return;
        }
      }
      this.#at = at;
      if (at < end) this.#skipString();
      else if (!this.#fill()) throw this.#ended();
    }
  }

  /**
   * Runs `walk`, which takes or skips the next value in parts, and gives that value's bytes: a view of the window, valid
   * until the scanner moves on. Inside, `offsetInRecord` tells positions relative to those bytes (of the outermost record).
   */
  record(walk: () => void): Buffer {
    if (this.peek() === -1) throw this.#ended();
    const isInner = this.#mark !== -1;
    if (!isInner) this.#mark = this.#at;
    const start = this.#at - this.#mark;
    walk();
    const bytes = this.#window.subarray(this.#mark + start, this.#at);
    if (!isInner) this.#mark = -1;
    return bytes;
  }

  /** How far into the record the next value starts (white space passed over). */
  get offsetInRecord(): number {
    return this.#at - this.#mark;
  }

  /** The bytes of the next value: a view of the window, valid until the scanner moves on. */
  take(): Buffer {
    return this.record(() => this.skip());
  }

  /** The next value, parsed. */
  parse(): unknown {
    this.peek();
    const start = this.offset;
    return parseBytes(this.take(), start);
  }

  /**
   * The next value when it is a string, otherwise undefined (it is passed over). The same short text gives the same string
   * object each time: documents repeat their keys and types tens of thousands of times.
   */
  text(): string | undefined {
    if (this.peek() !== QUOTE) {
      this.skip();
      return undefined;
    }
    const isMarked = this.#mark !== -1;
    if (!isMarked) this.#mark = this.#at;
    const start = this.#at - this.#mark;
    this.#skipString();
    const from = this.#mark + start + 1;
    if (!isMarked) this.#mark = -1;
    return this.#interned(from, this.#at - 1);
  }

  #interned(start: number, end: number): string {
    const window = this.#window;
    let hash = end - start;
    let bits = 0;
    for (let at = start; at < end; at++) {
      const byte = window[at] as number;
      if (byte === BACKSLASH) {
        return parseBytes(window.subarray(start - 1, end + 1), this.#base + start - 1) as string;
      }
      bits |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    // Only of ASCII text are the bytes its character codes, by which it is compared below.
    if (end - start > MAX_INTERNED || bits > 0x7f) return window.toString("utf8", start, end);
    const slot = hash & (STRING_SLOTS - 1);
    const known = this.#strings[slot];
    if (known !== undefined && known.length === end - start) {
      let at = 0;
      while (at < known.length && known.charCodeAt(at) === window[start + at]) at++;
      if (at === known.length) return known;
    }
    const text = window.toString("utf8", start, end);
    this.#strings[slot] = text;
    return text;
  }

  #skipString(): void {
    let from = this.#at + 1;
    for (;;) {
      const behind = behindString(this.#window, this.#words, from, this.#end);
      if (behind >= 0) {
        this.#at = behind;
        return;
      }
      // The window ends inside the string: go on where the search stopped, which moves as the window slides.
      const missing = this.#end + behind;
      this.#at = this.#end;
      if (!this.#fill()) throw this.#ended();
      from = this.#at - missing;
    }
  }

  #skipScalar(): void {
    const start = this.offset;
    for (;;) {
      while (this.#at < this.#end) {
        const byte = this.#window[this.#at] as number;
        const isPart =
          (byte >= 0x30 && byte <= 0x39) ||
          (byte >= 0x61 && byte <= 0x7a) ||
          byte === 0x2d ||
          byte === 0x2b ||
          byte === 0x2e ||
          byte === 0x45;
        if (!isPart) {
          if (this.offset === start) throw this.#error("a value was expected");
          return;
        }
        this.#at++;
      }
      if (!this.#fill()) {
        if (this.offset === start) throw this.#ended();
        return;
      }
    }
  }

  #expect(byte: number, what: string): void {
    const found = this.peek();
    if (found === -1) throw this.#ended();
    if (found !== byte) throw this.#error(`${what} was expected`);
    this.#at++;
  }

  /** Takes the comma or the closing bracket after a value; whether another value follows. */
  #more(close: number): boolean {
    const next = this.peek();
    if (next === -1) throw this.#ended();
    this.#at++;
    if (next === COMMA) return true;
    if (next === close) return false;
    this.#at--;
    throw this.#error("a comma or the end of the list was expected");
  }

  /** Slides the window on, keeping what is marked; false at the end of the text. */
  #fill(): boolean {
    const keepFrom = this.#mark === -1 ? this.#at : this.#mark;
    if (keepFrom > 0) {
      this.#window.copyWithin(0, keepFrom, this.#end);
      this.#base += keepFrom;
      this.#at -= keepFrom;
      this.#end -= keepFrom;
      if (this.#mark !== -1) this.#mark = 0;
    }
    if (this.#end === this.#window.length) {
      const larger = Buffer.from(new ArrayBuffer(this.#window.length * 2));
      this.#window.copy(larger, 0, 0, this.#end);
      this.#window = larger;
      this.#words = wordsOf(larger);
    }
    const count = this.#source.read(this.#window, this.#end);
    this.#end += count;
    return count > 0;
  }

  #error(message: string): JsonError {
    return new JsonError(message, this.offset);
  }

  #ended(): JsonError {
    return new JsonError("the text ends in the middle of a value", this.#base + this.#end);
  }
}

/** The whole words of a window. */
function wordsOf(window: Buffer): Int32Array {
  return new Int32Array(window.buffer, 0, window.length >> 2);
}

/** `JSON.parse` for bytes, with the byte offset in the error. `start` is the offset of the bytes in the whole text. */
export function parseBytes(bytes: Buffer, start = 0): unknown {
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine tells characters, and not in every message; then the start of the value has to do.
    const at = Number(/ in JSON at position (\d+)/.exec(String(error))?.[1] ?? 0);
    throw new JsonError("this is not valid JSON", start + Buffer.byteLength(text.slice(0, at)));
  }
}
