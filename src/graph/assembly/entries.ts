// AssemblyScript: these functions are compiled to WebAssembly by `npm run generate` (see ../../../CONTRIBUTING.md).
import { beginHash, behindPiece, hash, hashBoundary } from "./hash.ts";

const SLASH: u8 = 0x2f;

/** One bit per hash folded to 20 bits: most places are told apart from all texts by one look. Its address; 128 KiB. */
const FILTER: usize = 8192;

// An entry: hash, length, next entry with the same text, number, and how many share its text, four bytes each; then the
// text in lower case, filled up to four bytes.
const LENGTH: usize = 4;
const NEXT: usize = 8;
const NUMBER: usize = 12;
const SHARES: usize = 16;
const TEXT_OF: usize = 20;

/** What more resources than this say of themselves tells none of them; it also bounds the edges of one mention. */
const MAX_SHARES: u32 = 32;
/** In place of the next entry where too many share the text. */
const COMMON: u32 = 1;

let slots: usize = 0;
let mask: u32 = 0;

/** Makes an entry of the text that stands at `at` + 20; gives the address behind it, for the next. */
export function addEntry(at: usize, length: usize, number: u32): usize {
  const end = at + TEXT_OF + length;
  for (let place = at + TEXT_OF; place < end; place++) store<u8>(place, lower(load<u8>(place)));
  beginHash();
  let place = behindPiece(at + TEXT_OF, end);
  while (place < end) {
    hashBoundary(load<u8>(place));
    place = behindPiece(place + 1, end);
  }
  store<u32>(at, hash);
  store<u32>(at, <u32>length, LENGTH);
  store<u32>(at, 0, NEXT);
  store<u32>(at, number, NUMBER);
  store<u32>(at, 0, SHARES);
  return behindEntry(at);
}

function behindEntry(at: usize): usize {
  return (at + TEXT_OF + load<u32>(at, LENGTH) + 3) & ~3;
}

/**
 * Files the entries that stand one after the other between two addresses, in a table of `capacity` slots of four bytes (a
 * power of two) that are zero.
 */
export function fileEntries(at: usize, end: usize, table: usize, capacity: u32): void {
  slots = table;
  mask = capacity - 1;
  for (; at < end; at = behindEntry(at)) {
    const hash = load<u32>(at);
    const first = entryOf(hash, at + TEXT_OF, load<u32>(at, LENGTH));
    if (first == 0) insert(at, hash);
    else if (load<u32>(first, SHARES) < MAX_SHARES) share(first, at);
  }
}

function insert(entry: usize, hash: u32): void {
  const mixed = spread(hash);
  let slot = mixed & mask;
  while (load<u32>(slots + (slot << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(slots + (slot << 2), <u32>entry);
  const bit = mixed & 0xfffff;
  const at = FILTER + (bit >> 3);
  store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (bit & 7)));
}

function share(first: usize, entry: usize): void {
  const shares = load<u32>(first, SHARES) + 1;
  store<u32>(first, shares, SHARES);
  if (shares < MAX_SHARES) store<u32>(entry, load<u32>(first, NEXT), NEXT);
  store<u32>(first, shares < MAX_SHARES ? <u32>entry : COMMON, NEXT);
}

/** Whether the filter has this hash: if so a text may have it, if not none has. */
export function isIn(hash: u32): bool {
  const bit = spread(hash) & 0xfffff;
  return ((load<u8>(FILTER + (bit >> 3)) >> (bit & 7)) & 1) != 0;
}

/** The first entry whose text is that of `length` bytes at `at`, with the hash of that text; 0 where there is none. */
export function find(hash: u32, at: usize, length: usize): usize {
  const entry = entryOf(hash, at, <u32>length);
  return entry != 0 && load<u32>(entry, NEXT) == COMMON ? 0 : entry;
}

/** The next entry with the same text, or 0. */
export function nextEntry(entry: usize): usize {
  return load<u32>(entry, NEXT);
}

export function numberOf(entry: usize): u32 {
  return load<u32>(entry, NUMBER);
}

function entryOf(hash: u32, at: usize, length: u32): usize {
  let slot = spread(hash) & mask;
  let entry: usize = load<u32>(slots + (slot << 2));
  while (entry != 0) {
    if (load<u32>(entry) == hash && load<u32>(entry, LENGTH) == length && equals(entry + TEXT_OF, at, length))
      break;
    slot = (slot + 1) & mask;
    entry = load<u32>(slots + (slot << 2));
  }
  return entry;
}

/** Whether the text of one entry is that of another, which may go on behind a slash. */
export function isSameOrBelow(entry: usize, other: usize): bool {
  const length = load<u32>(entry, LENGTH);
  const whole = load<u32>(other, LENGTH);
  if (whole < length || (whole > length && load<u8>(other + TEXT_OF + length) != SLASH)) return false;
  return equals(entry + TEXT_OF, other + TEXT_OF, length);
}

/** Whether two texts are the same, of which the first is in lower case; up to 16 bytes behind both must be readable. */
function equals(at: usize, other: usize, length: usize): bool {
  const end = at + length;
  for (; at < end; at += 16, other += 16) {
    const bytes = v128.load(other);
    const capitals = v128.and(i8x16.ge_u(bytes, i8x16.splat(0x41)), i8x16.le_u(bytes, i8x16.splat(0x5a)));
    const lowered = v128.or(bytes, v128.and(capitals, i8x16.splat(0x20)));
    const same = <u32>i8x16.bitmask(i8x16.eq(lowered, v128.load(at))) & 0xffff;
    const wanted: u32 = end - at >= 16 ? 0xffff : ((<u32>1) << (<u32>(end - at))) - 1;
    if ((same & wanted) != wanted) return false;
  }
  return true;
}

/** ASCII letters in lower case, all other bytes as they are. */
function lower(byte: u8): u8 {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** Of a table that has fewer slots than there are hashes, all bits decide. */
function spread(hash: u32): u32 {
  return hash ^ (hash >>> 15);
}
