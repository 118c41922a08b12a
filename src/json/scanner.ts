import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./ascii.ts";
import type { ByteSource } from "./bytes.ts";
import { Interner } from "./interner.ts";
import { MAX_DEPTH } from "./limits.ts";
import { type Keys, Picker } from "./picker.ts";
import { messageOf, ScanProgram, UNFINISHED } from "./scan-program.ts";
import { TEXT } from "./wasm-memory.ts";

/** What is wrong with a JSON text, and at which byte of its UTF-8 form. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A larger value could not be parsed: V8's longest string has about as many characters. */
const MAX_VALUE_BYTES = 512 * 1024 * 1024;

/**
 * Walks a JSON text front to back through a sliding window, so that what is not needed costs one look at each byte and
 * no memory: `planned_values` of a plan is skipped, not parsed. What is skipped is checked for balance only; what is
 * taken is parsed, and so checked, by `JSON.parse`.
 */
export class JsonScanner {
  readonly #source: ByteSource;
  readonly #program: ScanProgram;
  /** The window, at TEXT in the memory of the program, ends here; not all of it need be filled. */
  #limit: number;
  #at = TEXT;
  #end = TEXT;
  /** Byte offset in the text of what is at address 0. */
  #base = -TEXT;
  readonly #interner = new Interner();
  /** The first byte that must stay in the window, or -1. */
  #mark = -1;

  constructor(source: ByteSource, windowSize = 1 << 20) {
    this.#source = source;
    this.#program = new ScanProgram(windowSize);
    this.#limit = TEXT + windowSize;
  }

  /** The memory that the window is in: addresses that a picker gives are in it. Not to be kept: it moves. */
  get bytes(): Buffer {
    return this.#program.bytes;
  }

  get offset(): number {
    return this.#base + this.#at;
  }

  /** The next byte that is not white space, without taking it; -1 at the end. */
  peek(): number {
    for (;;) {
      const { bytes } = this.#program;
      while (this.#at < this.#end) {
        const byte = bytes[this.#at] as number;
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
    const { exports } = this.#program;
    exports.beginNested(MAX_DEPTH);
    this.#pass(exports.behindNested);
  }

  #skipString(): void {
    const { exports } = this.#program;
    this.#at++;
    exports.beginString();
    this.#pass(exports.behindString);
  }

  /** Moves behind what `behind` passes over, however many windows that takes. */
  #pass(behind: (at: number, end: number) => number): void {
    for (;;) {
      const found = behind(this.#at, this.#end);
      if (found > UNFINISHED) {
        this.#at = found;
        return;
      }
      if (found < UNFINISHED) throw this.#failed(found);
      this.#at = this.#end;
      if (!this.#fill()) throw this.#ended();
    }
  }

  /** A picker to be used with this scanner. */
  picker(keys: Keys): Picker {
    return new Picker(this.#program, keys);
  }

  /**
   * Passes over the object that starts here, all of it then in the window, and lets the picker find its members: their
   * addresses are valid until the scanner moves on.
   */
  pick(picker: Picker): void {
    this.#expect(OPEN_OBJECT, "an object");
    const { exports } = this.#program;
    this.#mark = this.#at - 1;
    for (;;) {
      picker.clear();
      const behind = exports.pick(picker.shape, this.#mark, this.#end, MAX_DEPTH);
      if (behind < UNFINISHED) throw this.#failed(behind);
      if (behind > UNFINISHED) {
        this.#at = behind;
        break;
      }
      this.#at = this.#end;
      if (!this.#fill()) throw this.#ended();
    }
    this.#mark = -1;
    const escaped = exports.escapedKeyAt.value as number;
    // What is not recognised would be taken for missing. No host writes its own property names so.
    if (escaped !== 0) throw this.#error("property names cannot be written with escapes here", escaped);
  }

  /** The text that the picker found under a key; undefined where there is none. */
  picked(picker: Picker, key: number): string | undefined {
    return picker.isText(key) ? this.#text(picker.start(key), picker.end(key)) : undefined;
  }

  /** The JSON text that the picker found under a key, as it is written; undefined where there is none. */
  written(picker: Picker, key: number): string | undefined {
    if (!picker.has(key)) return undefined;
    const { bytes } = this.#program;
    const [start, end] = [picker.start(key), picker.end(key)];
    return this.#interner.text(bytes, start, end) ?? bytes.toString("utf8", start, end);
  }

  /** The bytes of the next value: a view of the window, valid until the scanner moves on. */
  take(): Buffer {
    if (this.peek() === -1) throw this.#ended();
    this.#mark = this.#at;
    this.skip();
    const bytes = this.#program.bytes.subarray(this.#mark, this.#at);
    this.#mark = -1;
    return bytes;
  }

  /** The next value, parsed. */
  parse(): unknown {
    this.peek();
    const start = this.offset;
    return parseBytes(this.take(), start);
  }

  /** The next value when it is a string, otherwise undefined (it is passed over). */
  text(): string | undefined {
    if (this.peek() !== QUOTE) {
      this.skip();
      return undefined;
    }
    this.#mark = this.#at;
    this.#skipString();
    const text = this.#text(this.#mark, this.#at);
    this.#mark = -1;
    return text;
  }

  /** The string that stands between two addresses, with its quotes. */
  #text(start: number, end: number): string {
    const { bytes } = this.#program;
    const text = this.#interner.text(bytes, start + 1, end - 1);
    return text ?? (parseBytes(bytes.subarray(start, end), this.#base + start) as string);
  }

  #skipScalar(): void {
    const start = this.offset;
    do {
      this.#at = this.#program.exports.behindScalar(this.#at, this.#end);
    } while (this.#at === this.#end && this.#fill());
    if (this.offset > start) return;
    throw this.#at === this.#end ? this.#ended() : this.#error("a value was expected");
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
    const moved = keepFrom - TEXT;
    if (moved > 0) {
      this.#program.bytes.copyWithin(TEXT, keepFrom, this.#end);
      this.#base += moved;
      this.#at -= moved;
      this.#end -= moved;
      if (this.#mark !== -1) this.#mark = TEXT;
    }
    if (this.#end === this.#limit) {
      if (this.#limit - TEXT >= MAX_VALUE_BYTES) throw this.#error("one value alone is larger than 512 MiB");
      this.#limit = TEXT + (this.#limit - TEXT) * 2;
      this.#program.reserve(this.#limit - TEXT);
    }
    const count = this.#source.read(this.#program.bytes.subarray(0, this.#limit), this.#end);
    this.#end += count;
    return count > 0;
  }

  #failed(error: number): JsonError {
    return this.#error(messageOf(error), this.#program.exports.errorAt.value as number);
  }

  #error(message: string, at = this.#at): JsonError {
    return new JsonError(message, this.#base + at);
  }

  #ended(): JsonError {
    return new JsonError("the text ends in the middle of a value", this.#base + this.#end);
  }
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
