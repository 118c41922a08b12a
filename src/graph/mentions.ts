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

  /** Whether no text has this hash: wrong only in saying no, and that rarely. */
  isNone(hash: number): boolean {
    const bit = spread(hash) & 0xfffff;
    return ((this.#filter[bit >> 3] as number) & (1 << (bit & 7))) === 0;
  }

  /** Calls `found` with the number of each text equal to bytes[start, end), whose hash is given. */
  lookUp(hash: number, bytes: Uint8Array, start: number, end: number, found: (number: number) => void): void {
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
    let hash = OFFSET_BASIS;
    let tokenStart = start;
    let byte = 0;
    for (;;) {
      byte = bytes[at] as number;
      const kind = CLASS[byte] as number;
      if (kind === ORDINARY) {
        hash = Math.imul(hash ^ (LOWER[byte] as number), PRIME);
        at++;
        continue;
      }
      if (at > tokenStart && !index.isNone(hash)) {
        const tokenEnd = at;
        const whole = byte === QUOTE && tokenStart === start;
        index.lookUp(hash, bytes, tokenStart, tokenEnd, (number) => {
          report(number, start, stringEnd(bytes, tokenEnd), whole, whole ? textAt(bytes, keyStart, keyEnd) : "");
        });
      }
      if (byte === QUOTE || at >= length) break;
      at++;
      if (kind === DELIMITER) {
        // An escape is two characters, or six: none of them is part of a token.
        if (byte === BACKSLASH) at += bytes[at] === 0x75 ? 5 : 1;
        tokenStart = at;
        hash = OFFSET_BASIS;
      } else if (byte === SLASH && bytes[at - 2] === SLASH && !isBucketScheme(bytes, tokenStart)) {
        tokenStart = at;
        hash = OFFSET_BASIS;
      } else {
        hash = Math.imul(hash ^ byte, PRIME);
      }
    }
    const end = at++;
    let next = at;
    while (bytes[next] === 0x20 || bytes[next] === 0x0a || bytes[next] === 0x0d || bytes[next] === 0x09) next++;
    if (bytes[next] === COLON) {
      keyStart = start;
      keyEnd = end;
    }
  }
}

/** `gs://` and `s3://` tell what the name behind them is, so they stay part of the token. */
function isBucketScheme(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 2] === COLON && ((bytes[at] === 0x67 && bytes[at + 1] === 0x73) || (bytes[at] === 0x73 && bytes[at + 1] === 0x33));
}

function stringEnd(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
