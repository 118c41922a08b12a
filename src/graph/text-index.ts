import { SLASH } from "../json/ascii.ts";
/** ASCII letters in lower case, all other bytes as they are. */
export const LOWER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;

// FNV-1a (Fowler, Noll, Vo: draft-eastlake-fnv): for each byte, hash = (hash ^ byte) * PRIME.
const OFFSET_BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** What more resources than this say of themselves tells none of them; it also bounds the edges of one mention. */
const MAX_SHARES = 32;
const COMMON = -2;

/** A set of texts to look for, numbered in the order they were added. Case does not count. */
export class TextIndex {
  #bytes = new Uint8Array(1 << 16);
  #used = 0;
  #starts = new Int32Array(1024);
  #hashes = new Int32Array(1024);
  #count = 0;
  #shortest = Number.POSITIVE_INFINITY;
  /** The first text of each kind, by hash; the others of the kind follow by `#next`. */
  #slots = new Int32Array(0);
  #next = new Int32Array(0);
  #mask = 0;
  /** One bit per hash value folded to 20 bits: most places are told apart from all texts by one look. */
  readonly #filter = new Uint8Array(1 << 17);

  get size(): number {
    return this.#count;
  }

  /** The length of the shortest text. */
  get shortest(): number {
    return this.#shortest;
  }

  /** Adds bytes[start, end), and gives its number. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    while (this.#used + length > this.#bytes.length) this.#bytes = grown(this.#bytes, Uint8Array);
    if (this.#count + 1 >= this.#starts.length) {
      this.#starts = grown(this.#starts, Int32Array);
      this.#hashes = grown(this.#hashes, Int32Array);
    }
    let hash = OFFSET_BASIS;
    for (let at = start; at < end; at++) {
      const lower = LOWER[bytes[at] as number] as number;
      this.#bytes[this.#used++] = lower;
      hash = Math.imul(hash ^ lower, PRIME);
    }
    this.#hashes[this.#count] = hash;
    this.#starts[this.#count + 1] = this.#used;
    this.#shortest = Math.min(this.#shortest, length);
    return this.#count++;
  }

  /** To be called once, after the last `add` and before the first look-up. */
  freeze(): void {
    let capacity = 16;
    while (capacity < this.#count * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity).fill(-1);
    this.#next = new Int32Array(this.#count).fill(-1);
    this.#mask = capacity - 1;
    const shares = new Uint8Array(this.#count);
    for (let entry = 0; entry < this.#count; entry++) {
      const hash = this.#hashes[entry] as number;
      const first = this.#find(
        hash,
        this.#bytes,
        this.#starts[entry] as number,
        this.#starts[entry + 1] as number,
      );
      if (first === -1) {
        this.#insert(entry, spread(hash));
        continue;
      }
      if (shares[first] === MAX_SHARES) continue;
      shares[first] = (shares[first] as number) + 1;
      this.#next[entry] = shares[first] === MAX_SHARES ? -1 : (this.#next[first] as number);
      this.#next[first] = shares[first] === MAX_SHARES ? COMMON : entry;
    }
  }

  #insert(entry: number, mixed: number): void {
    let slot = mixed & this.#mask;
    while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = entry;
    const bit = mixed & 0xfffff;
    this.#filter[bit >> 3] = (this.#filter[bit >> 3] as number) | (1 << (bit & 7));
  }

  /** The filter as it is, for the loop over all texts: see assembly/mentions.ts. */
  get filter(): Uint8Array {
    return this.#filter;
  }

  /** The number of a text equal to bytes[start, end), whose hash is given; -1 when there is none. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const found = this.#find(hash, bytes, start, end);
    return found !== -1 && this.#next[found] === COMMON ? -1 : found;
  }

  #find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    for (let at = spread(hash) & this.#mask; this.#slots[at] !== -1; at = (at + 1) & this.#mask) {
      const entry = this.#slots[at] as number;
      if (this.#hashes[entry] === hash && this.#equals(entry, bytes, start, end)) return entry;
    }
    return -1;
  }

  /** The next text equal to one that `find` or `next` gave: several resources may share one; -1 when there is none. */
  next(number: number): number {
    return this.#next[number] as number;
  }

  /** Whether two texts are the same, of which the second may go on behind a slash. */
  isSameOrBelow(entry: number, other: number): boolean {
    const from = this.#starts[other] as number;
    const length = (this.#starts[entry + 1] as number) - (this.#starts[entry] as number);
    const rest = (this.#starts[other + 1] as number) - from - length;
    if (rest < 0 || (rest > 0 && this.#bytes[from + length] !== SLASH)) return false;
    return this.#equals(entry, this.#bytes, from, from + length);
  }

  #equals(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - from !== end - start) return false;
    for (let i = 0; i < end - start; i++)
      if (this.#bytes[from + i] !== LOWER[bytes[start + i] as number]) return false;
    return true;
  }
}

/** FNV's low bits are its weakest: fold the high ones in. */
function spread(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

function grown<T extends { readonly length: number; set(from: T): void }>(
  from: T,
  type: new (length: number) => T,
): T {
  const to = new type(from.length * 2);
  to.set(from);
  return to;
}
