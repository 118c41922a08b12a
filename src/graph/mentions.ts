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

const LOWER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) LOWER[byte] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;

const OFFSET_BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const SLASH = 0x2f;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Property names shorter than this name nothing; longer ones may be ids (ARM writes maps keyed by resource id). */
const MIN_KEY_LENGTH = 20;

/** A set of texts to look for, numbered in the order they were added. Case does not count. */
export class TextIndex {
  #bytes = new Uint8Array(1 << 16);
  #used = 0;
  #starts = new Int32Array(1024);
  #hashes = new Int32Array(1024);
  #count = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #slots = new Int32Array(0);
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
      hash = Math.imul(hash ^ lower, PRIME); // FNV-1a (Fowler, Noll, Vo: draft-eastlake-fnv)
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
    this.#mask = capacity - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      const mixed = spread(this.#hashes[entry] as number);
      let slot = mixed & this.#mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = entry;
      const bit = mixed & 0xfffff;
      this.#filter[bit >> 3] = (this.#filter[bit >> 3] as number) | (1 << (bit & 7));
    }
  }

  /** Whether no text has this hash; `false` only means that one may. */
  isNone(hash: number): boolean {
    const bit = spread(hash) & 0xfffff;
    return ((this.#filter[bit >> 3] as number) & (1 << (bit & 7))) === 0;
  }

  /**
   * The slot of the first text equal to bytes[start, end), whose hash is given, at or behind `slot`; -1 when there is none.
   * Start with `slotOf(hash)`, go on behind the slot found: several resources may share one text.
   */
  find(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    for (let at = slot & this.#mask; this.#slots[at] !== -1; at = (at + 1) & this.#mask) {
      const entry = this.#slots[at] as number;
      if (this.#hashes[entry] === hash && this.#equals(entry, bytes, start, end)) return at;
    }
    return -1;
  }

  slotOf(hash: number): number {
    return spread(hash) & this.#mask;
  }

  /** The number of the text in a slot that `find` gave. */
  numberAt(slot: number): number {
    return this.#slots[slot] as number;
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

/** A text was found: its number, the string around it, and, where it is the whole string, the property it stands under. */
export type Mention = (
  number: number,
  stringStart: number,
  stringEnd: number,
  key: string | undefined,
) => void;

/**
 * Reports every known text inside the strings of a JSON text. A text counts where it starts a string or a token (behind
 * a delimiter or `//`) and ends at a boundary.
 */
export function findMentions(bytes: Uint8Array, index: TextIndex, report: Mention): void {
  const length = bytes.length;
  const shortest = index.shortest;
  let at = 0;
  let keyStart = 0;
  let keyEnd = 0;
  while (at < length) {
    if (bytes[at++] !== QUOTE) continue;
    const start = at;
    for (let byte = bytes[at]; byte !== QUOTE && at < length; byte = bytes[at])
      at += byte === BACKSLASH ? 2 : 1;
    const end = at++;
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
    if (bytes[at] === COLON) {
      keyStart = start;
      keyEnd = end;
      if (end - start < MIN_KEY_LENGTH) continue;
    }
    if (end - start >= shortest) findInString(bytes, start, end, keyStart, keyEnd, index, report);
  }
}

function findInString(
  bytes: Uint8Array,
  start: number,
  end: number,
  keyStart: number,
  keyEnd: number,
  index: TextIndex,
  report: Mention,
): void {
  let hash = OFFSET_BASIS;
  let tokenStart = start;
  for (let at = start; ; at++) {
    const byte = at < end ? (bytes[at] as number) : QUOTE;
    const kind = CLASS[byte] as number;
    if (kind === ORDINARY) {
      hash = Math.imul(hash ^ (LOWER[byte] as number), PRIME);
      continue;
    }
    if (at > tokenStart && !index.isNone(hash)) {
      const isWhole = at === end && tokenStart === start;
      let slot = index.find(index.slotOf(hash), hash, bytes, tokenStart, at);
      while (slot !== -1) {
        report(index.numberAt(slot), start, end, isWhole ? textAt(bytes, keyStart, keyEnd) : undefined);
        slot = index.find(slot + 1, hash, bytes, tokenStart, at);
      }
    }
    if (at >= end) return;
    if (kind === DELIMITER) {
      // An escape is two characters, or six: none of them is part of a token.
      if (byte === BACKSLASH) at += bytes[at + 1] === 0x75 ? 5 : 1;
      tokenStart = at + 1;
      hash = OFFSET_BASIS;
    } else if (byte === SLASH && bytes[at - 1] === SLASH && !isBucketScheme(bytes, tokenStart)) {
      tokenStart = at + 1;
      hash = OFFSET_BASIS;
    } else {
      hash = Math.imul(hash ^ byte, PRIME);
    }
  }
}

/** `gs://` and `s3://` tell what the name behind them is, so they stay part of the token. */
function isBucketScheme(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 2] !== COLON) return false;
  return (bytes[at] === 0x67 && bytes[at + 1] === 0x73) || (bytes[at] === 0x73 && bytes[at + 1] === 0x33);
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
