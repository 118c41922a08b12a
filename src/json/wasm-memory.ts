/// <reference path="./webassembly.d.ts" />

/** What is passed to a program in WebAssembly starts here; what it keeps for itself, such as tables, lies below. */
export const TEXT = 1 << 18;

const PAGE = 1 << 16;
/** Programs look at up to 64 bytes at once, so that much must be readable behind a text. */
const SLACK = 64;
/** Addresses are signed here and there. */
const MAX_BYTES = 2 ** 31 - PAGE;

/** The memory of one program in WebAssembly. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  #bytes: Buffer;
  #words: Uint32Array;
  /** The first address below TEXT that is free; the compiler's own data lie before it. */
  #free = 4096;
  #placed: { readonly bytes: Uint8Array; readonly at: number } | undefined;

  constructor(textSize: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil((TEXT + textSize + SLACK) / PAGE) });
    this.#bytes = Buffer.from(this.memory.buffer);
    this.#words = new Uint32Array(this.memory.buffer);
  }

  /** The whole memory, byte by byte. Not to be kept: `reserve` moves it. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The whole memory as words of four bytes. Not to be kept: `reserve` moves it. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Makes room for a text of that many bytes; at least doubles what there is, so that growing costs little in all. */
  reserve(textSize: number): void {
    const wanted = TEXT + textSize + SLACK;
    if (wanted <= this.#bytes.length) return;
    if (wanted > MAX_BYTES) throw new RangeError("there is no room for a text that long");
    const size = Math.min(Math.max(wanted, this.#bytes.length * 2), MAX_BYTES);
    this.memory.grow(Math.ceil((size - this.#bytes.length) / PAGE));
    this.#bytes = Buffer.from(this.memory.buffer);
    this.#words = new Uint32Array(this.memory.buffer);
  }

  /**
   * Makes sure that a copy of the bytes stands at an address, from TEXT on. Texts that are parts of one block come one after
   * the other, so it is the block that is copied, once. Bytes that were placed must not change.
   */
  place(bytes: Uint8Array, at: number): void {
    if (this.#placed?.bytes === bytes && this.#placed.at === at) return;
    this.reserve(at + bytes.length - TEXT);
    this.#bytes.set(bytes, at);
    this.#placed = { bytes, at };
  }

  /** The address of that many bytes for a table, on a word of eight. */
  allocate(size: number): number {
    const at = this.#free;
    this.#free = (at + size + 7) & ~7;
    if (this.#free > TEXT) throw new RangeError("there is no room for that many tables");
    return at;
  }
}
