/**
 * Finds known identities inside JSON text in one pass: every place in a string where an identity may start and end is
 * looked up in a hash table, so the cost is that of reading the text once, however many identities there are.
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

/** FNV-1a over the lower-case bytes (Fowler, Noll, Vo: draft-eastlake-fnv). */
function hashOf(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ (LOWER[byte] as number), PRIME);
  return hash;
}

/** A set of texts to look for, each with a number that the caller gives it. Case does not count. */
export class TextIndex {
  readonly #texts: Uint8Array[] = [];
  readonly #numbers: number[] = [];
  readonly #hashes: number[] = [];
  #slots = new Int32Array(0);
  #mask = 0;
  /** One bit per hash value folded to 20 bits: most places are told apart from all texts by one look. */
  readonly #filter = new Uint8Array(1 << 17);

  add(text: string, number: number): void {
    const bytes = Buffer.from(text.toLowerCase(), "utf8");
    this.#texts.push(bytes);
    this.#numbers.push(number);
    this.#hashes.push(hashOf(bytes));
  }

  get size(): number {
    return this.#texts.length;
  }

  /** To be called once, after the last `add` and before the first `find`. */
  freeze(): void {
    let capacity = 16;
    while (capacity < this.#texts.length * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity).fill(-1);
    this.#mask = capacity - 1;
    for (const [entry, hash] of this.#hashes.entries()) {
      let slot = spread(hash) & this.#mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = entry;
      const bit = spread(hash) & 0xfffff;
      this.#filter[bit >> 3] = (this.#filter[bit >> 3] as number) | (1 << (bit & 7));
    }
  }

  /** Calls `found` with the number of each text equal to bytes[start, end). */
  lookUp(hash: number, bytes: Uint8Array, start: number, end: number, found: (number: number) => void): void {
    const bit = spread(hash) & 0xfffff;
    if (((this.#filter[bit >> 3] as number) & (1 << (bit & 7))) === 0) return;
    for (let slot = spread(hash) & this.#mask; this.#slots[slot] !== -1; slot = (slot + 1) & this.#mask) {
      const entry = this.#slots[slot] as number;
      if (this.#hashes[entry] === hash && equal(this.#texts[entry] as Uint8Array, bytes, start, end)) {
        found(this.#numbers[entry] as number);
      }
    }
  }
}

/** FNV's low bits are its weakest: fold the high ones in. */
function spread(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

function equal(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text[i] !== LOWER[bytes[start + i] as number]) return false;
  return true;
}

/** Where an identity was found: `whole` when it is the string's whole text. */
export type Mention = (number: number, stringStart: number, stringEnd: number, whole: boolean, key: string) => void;

/**
 * Reports every known text inside the strings of a JSON text. A text counts where it starts a string or a token (behind
 * a delimiter or `//`) and ends at a boundary. `key` is the property the string stands under, for whole matches only.
 */
export function findMentions(bytes: Uint8Array, index: TextIndex, report: Mention): void {
  const length = bytes.length;
  let at = 0;
  let keyStart = 0;
  let keyEnd = 0;
  while (at < length) {
    if (bytes[at++] !== QUOTE) continue;
    const start = at;
    let fromStart = OFFSET_BASIS;
    let fromToken = OFFSET_BASIS;
    let tokenStart = start;
    let isPlain = true; // no delimiter yet: the string's own start is still in play
    for (;;) {
      const byte = bytes[at] as number;
      const kind = CLASS[byte] as number;
      if (kind !== ORDINARY) {
        if (at > start) {
          const end = at;
          if (isPlain) {
            index.lookUp(fromStart, bytes, start, end, (number) =>
              reportAt(number, start, end, bytes[end] === QUOTE),
            );
          }
          if (tokenStart !== start && end > tokenStart) {
            index.lookUp(fromToken, bytes, tokenStart, end, (number) => reportAt(number, start, end, false));
          }
        }
        if (byte === QUOTE || at >= length) break;
        if (kind === DELIMITER) {
          isPlain = false;
          // An escape is two characters, or six: none of them is part of a token.
          if (byte === BACKSLASH) at += bytes[at + 1] === 0x75 ? 5 : 1;
          tokenStart = at + 1;
          fromToken = OFFSET_BASIS;
          at++;
          continue;
        }
      }
      const lower = LOWER[byte] as number;
      fromStart = Math.imul(fromStart ^ lower, PRIME);
      if (byte === SLASH && bytes[at - 1] === SLASH) {
        tokenStart = at + 1;
        fromToken = OFFSET_BASIS;
      } else {
        fromToken = Math.imul(fromToken ^ lower, PRIME);
      }
      at++;
    }
    const end = at++;
    let next = at;
    while (bytes[next] === 0x20 || bytes[next] === 0x0a || bytes[next] === 0x0d || bytes[next] === 0x09) next++;
    if (bytes[next] === COLON) {
      keyStart = start;
      keyEnd = end;
    }
  }

  function reportAt(number: number, start: number, end: number, whole: boolean): void {
    let stringEnd = end;
    while (stringEnd < length && bytes[stringEnd] !== QUOTE) stringEnd += bytes[stringEnd] === BACKSLASH ? 2 : 1;
    const key = whole ? Buffer.from(bytes.buffer, bytes.byteOffset + keyStart, keyEnd - keyStart).toString("latin1") : "";
    report(number, start, stringEnd, whole, key);
  }
}
