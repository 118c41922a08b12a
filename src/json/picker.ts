import { OPEN_OBJECT, QUOTE } from "./ascii.ts";
import { MAX_DEPTH } from "./limits.ts";
import type { ScanProgram } from "./scan-program.ts";
import { TEXT } from "./wasm-memory.ts";

/** The keys to look for in an object; under a key of which parts are looked for, those. */
export interface Keys {
  readonly [key: string]: Keys;
}

/** Longer keys cannot be looked for. */
const MAX_KEY_LENGTH = 63;
const SLOT_BYTES = 8;
const ENTRY_BYTES = 16;

/**
 * Looks for some members of objects, and for members of those, and tells where their values stand in the memory. The keys
 * are numbered in the order they are written, members of members behind their key.
 *
 * A shape, as assembly/scan.ts reads it: for each length up to 63 the number of the first key that long, counted from one,
 * in a byte; behind that, shortest first, of each key the length, the addresses of its text and its slot, and the shape of
 * the members below it; then a length that no key has.
 */
export class Picker {
  readonly program: ScanProgram;
  readonly shape: number;
  readonly #slots: number;
  readonly #count: number;

  constructor(program: ScanProgram, keys: Keys) {
    this.program = program;
    this.#count = countOf(keys);
    this.#slots = program.allocate(this.#count * SLOT_BYTES);
    this.shape = this.#laidOut(keys, 0);
  }

  /**
   * Looks through the JSON text bytes[start, end), of which the memory has a copy then. Text that is no object has no
   * members; where it is broken, what stands before that counts.
   */
  search(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    this.clear();
    this.program.place(bytes, TEXT);
    if (start < end && bytes[start] === OPEN_OBJECT)
      this.program.exports.pick(this.shape, TEXT + start, TEXT + end, MAX_DEPTH);
  }

  /** Forgets what was found. */
  clear(): void {
    const { words } = this.program;
    const end = (this.#slots >> 2) + this.#count * 2;
    for (let at = this.#slots >> 2; at < end; at++) words[at] = 0;
  }

  has(key: number): boolean {
    return this.end(key) !== 0;
  }

  /** The address where the value of the key starts. */
  start(key: number): number {
    return this.program.words[(this.#slots >> 2) + key * 2] as number;
  }

  /** The address behind the value of the key. */
  end(key: number): number {
    return this.program.words[(this.#slots >> 2) + key * 2 + 1] as number;
  }

  /** Whether the value of the key is a text. */
  isText(key: number): boolean {
    return this.has(key) && this.program.bytes[this.start(key)] === QUOTE;
  }

  /** Whether `true` stands anywhere in the value of the key. */
  holdsTrue(key: number): boolean {
    return this.program.exports.holdsTrue(this.start(key), this.end(key)) !== 0;
  }

  #laidOut(keys: Keys, firstSlot: number): number {
    let slot = firstSlot;
    const entries = Object.entries(keys).map(([key, inner]) => {
      const entry = { key, slot, inner };
      slot += 1 + countOf(inner);
      return entry;
    });
    if (entries.length >= 255) throw new RangeError("that many keys cannot be looked for at once");
    entries.sort((a, b) => a.key.length - b.key.length);
    const shape = this.program.allocate(MAX_KEY_LENGTH + 1 + (entries.length + 1) * ENTRY_BYTES);
    for (const [index, { key, slot: own, inner }] of entries.entries()) {
      const text = Buffer.from(key, "latin1");
      if (text.length > MAX_KEY_LENGTH) throw new RangeError(`the key ${key} is too long to be looked for`);
      const at = this.program.allocate(text.length);
      text.copy(this.program.bytes, at);
      const below = Object.keys(inner).length === 0 ? 0 : this.#laidOut(inner, own + 1);
      if (this.program.bytes[shape + text.length] === 0) this.program.bytes[shape + text.length] = index + 1;
      const entry = (shape + MAX_KEY_LENGTH + 1 + index * ENTRY_BYTES) >> 2;
      this.program.words.set([text.length, at, this.#slots + own * SLOT_BYTES, below], entry);
    }
    this.program.words[(shape + MAX_KEY_LENGTH + 1 + entries.length * ENTRY_BYTES) >> 2] = 0xffffffff;
    return shape;
  }
}

function countOf(keys: Keys): number {
  return Object.values(keys).reduce((sum, inner) => sum + 1 + countOf(inner), 0);
}
