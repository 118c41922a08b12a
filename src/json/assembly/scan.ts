// AssemblyScript: these functions are compiled to WebAssembly by `npm run generate` (see ../../../CONTRIBUTING.md).
import { beginString, behindSpace, behindString } from "./text.ts";

export { beginString, behindString };

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const OPEN_ARRAY: u8 = 0x5b;
const BACKSLASH: u8 = 0x5c;
const OPEN_OBJECT: u8 = 0x7b;
const CLOSE_OBJECT: u8 = 0x7d;

// What is given instead of an address; ../scan-program.ts has the same numbers.
const UNFINISHED = 0;
const TOO_DEEP: usize = -1;
const NO_KEY: usize = -2;
const NO_COLON: usize = -3;
const NO_VALUE: usize = -4;
const NO_COMMA: usize = -5;
const FIRST_ERROR = NO_COMMA;

/** Where the last error is. */
export let errorAt: usize = 0;
/** Where `pick` saw a key that is written with escapes, so that it was not recognised; 0 where it did not. */
export let escapedKeyAt: usize = 0;

let depth = 0;
let maxDepth = 0;
/** All bits set inside a string, none outside: what the last block ended in. */
let inString: u64 = 0;
/** 1 where the last block ended between a backslash and the character that it escapes. */
let escaped: u64 = 0;

/** To be called before the first `behindNested` of a value. */
export function beginNested(limit: i32): void {
  depth = 0;
  maxDepth = limit;
  inString = 0;
  escaped = 0;
}

/**
 * The address behind the bracket that closes the list or object which starts at `at`; UNFINISHED where `end` comes first:
 * called again with what follows, it goes on. Sixty-four bytes are looked at in one go, one bit for each: which are quotes,
 * which of those count, what lies between them, and the brackets outside. The way of simdjson (Langdale and Lemire, Parsing
 * Gigabytes of JSON per Second, 2019). Up to 64 bytes behind `end` must be readable.
 */
export function behindNested(at: usize, end: usize): usize {
  while (at < end) {
    const left = <u64>(end - at);
    const valid: u64 = left >= 64 ? -1 : ((<u64>1) << left) - 1;
    const backslashes = equal(at, 0, i8x16.splat(BACKSLASH)) & valid;
    let quotes = equal(at, 0, i8x16.splat(QUOTE)) & valid;
    if ((backslashes | escaped) != 0) quotes &= ~escapes(backslashes, left);
    // Each bit tells whether the quotes up to it are odd in number.
    let strings = quotes ^ (quotes << 1);
    strings ^= strings << 2;
    strings ^= strings << 4;
    strings ^= strings << 8;
    strings ^= strings << 16;
    strings ^= strings << 32;
    strings ^= inString;
    inString = <u64>(<i64>strings >> 63);
    const outside = ~strings & valid;
    // With bit 0x20 set `[` is `{` and `]` is `}`.
    const opening = equal(at, 0x20, i8x16.splat(OPEN_OBJECT)) & outside;
    const closing = equal(at, 0x20, i8x16.splat(CLOSE_OBJECT)) & outside;
    const opens = <i32>popcnt(opening);
    const closes = <i32>popcnt(closing);
    if (closes < depth && depth + opens <= maxDepth) depth += opens - closes;
    else {
      for (let brackets = opening | closing; brackets != 0; brackets &= brackets - 1) {
        const place = ctz(brackets);
        if ((opening >> place) & 1) {
          if (++depth > maxDepth) {
            errorAt = at + <usize>place;
            return TOO_DEEP;
          }
        } else if (--depth == 0) return at + <usize>place + 1;
      }
    }
    at += 64;
  }
  return UNFINISHED;
}

/** One bit for each of 64 bytes: whether it is `byte` once `mask` is set in it. */
function equal(at: usize, mask: u8, byte: v128): u64 {
  const or = i8x16.splat(mask);
  const a = <u64>i8x16.bitmask(i8x16.eq(v128.or(v128.load(at), or), byte));
  const b = <u64>i8x16.bitmask(i8x16.eq(v128.or(v128.load(at, 16), or), byte));
  const c = <u64>i8x16.bitmask(i8x16.eq(v128.or(v128.load(at, 32), or), byte));
  const d = <u64>i8x16.bitmask(i8x16.eq(v128.or(v128.load(at, 48), or), byte));
  return (a & 0xffff) | ((b & 0xffff) << 16) | ((c & 0xffff) << 32) | (d << 48);
}

/** The bytes of a block that stand behind a backslash which is not escaped itself; remembers one behind the block. */
function escapes(backslashes: u64, left: u64): u64 {
  let found = escaped;
  backslashes &= ~escaped;
  escaped = 0;
  while (backslashes != 0) {
    const place = <u64>ctz(backslashes);
    if (place + 1 >= (left < 64 ? left : 64)) {
      escaped = 1;
      break;
    }
    const next = (<u64>2) << place;
    found |= next;
    backslashes &= ~next & (backslashes - 1);
  }
  return found;
}

/**
 * Passes over the object at `at` and notes where the members stand whose keys the shape has: start and end of each value in
 * the slot of its key, of a key that stands there twice the last. Gives the address behind the object, UNFINISHED where `end`
 * comes first (then it begins anew with more of the text), or an error. See ../picker.ts for how a shape is laid out.
 */
export function pick(shape: usize, at: usize, end: usize, limit: i32): usize {
  escapedKeyAt = 0;
  return pickMembers(shape, at, end, limit);
}

function pickMembers(shape: usize, at: usize, end: usize, limit: i32): usize {
  at = behindSpace(at + 1, end);
  if (at < end && load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (at < end) {
    if (load<u8>(at) != QUOTE) return failed(NO_KEY, at);
    const key = at + 1;
    beginString();
    const behindKey = behindString(key, end);
    if (behindKey == UNFINISHED) return UNFINISHED;
    at = behindSpace(behindKey, end);
    if (at >= end) return UNFINISHED;
    if (load<u8>(at) != COLON) return failed(NO_COLON, at);
    at = behindSpace(at + 1, end);
    if (at >= end) return UNFINISHED;
    const entry = find(shape, key, behindKey - 1 - key);
    const inner: usize = entry == 0 ? 0 : load<u32>(entry, 12);
    const behind =
      inner != 0 && load<u8>(at) == OPEN_OBJECT
        ? pickMembers(inner, at, end, limit)
        : behindValue(at, end, limit);
    if (behind == UNFINISHED || behind >= FIRST_ERROR) return behind;
    if (entry != 0) {
      const slot: usize = load<u32>(entry, 8);
      store<u32>(slot, <u32>at);
      store<u32>(slot, <u32>behind, 4);
    } else if (holdsBackslash(key, behindKey)) escapedKeyAt = key;
    at = behindSpace(behind, end);
    if (at >= end) return UNFINISHED;
    const byte = load<u8>(at);
    if (byte == CLOSE_OBJECT) return at + 1;
    if (byte != COMMA) return failed(NO_COMMA, at);
    at = behindSpace(at + 1, end);
  }
  return UNFINISHED;
}

function failed(error: usize, at: usize): usize {
  errorAt = at;
  return error;
}

/** The entry of the key in the shape, or 0. */
function find(shape: usize, key: usize, length: usize): usize {
  if (length >= 64) return 0;
  const first = load<u8>(shape + length);
  if (first == 0) return 0;
  for (let entry = shape + 64 + (<usize>first - 1) * 16; load<u32>(entry) == <u32>length; entry += 16) {
    if (memory.compare(key, load<u32>(entry, 4), length) == 0) return entry;
  }
  return 0;
}

function holdsBackslash(at: usize, end: usize): bool {
  for (; at < end; at++) if (load<u8>(at) == BACKSLASH) return true;
  return false;
}

function behindValue(at: usize, end: usize, limit: i32): usize {
  const first = load<u8>(at);
  if (first == QUOTE) {
    beginString();
    return behindString(at + 1, end);
  }
  if (first == OPEN_OBJECT || first == OPEN_ARRAY) {
    beginNested(limit);
    return behindNested(at, end);
  }
  const behind = behindScalar(at, end);
  if (behind == end) return UNFINISHED;
  return behind == at ? failed(NO_VALUE, at) : behind;
}

/** The address of the first byte from `at` on that is no part of a number, `true`, `false` or `null`; or `end`. */
export function behindScalar(at: usize, end: usize): usize {
  while (at < end && isScalar(load<u8>(at))) at++;
  return at;
}

function isScalar(byte: u8): bool {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte == 0x2d ||
    byte == 0x2b ||
    byte == 0x2e ||
    byte == 0x45
  );
}

/** Whether `true` stands between two addresses, be it in a string. */
export function holdsTrue(at: usize, end: usize): bool {
  for (; at < end; at += 16) {
    let found = <u32>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0x74)));
    for (; found != 0; found &= found - 1) {
      const place = at + <usize>ctz(found);
      if (place + 4 <= end && load<u32>(place) == 0x65757274) return true; // `true`, its first letter in the lowest byte
    }
  }
  return false;
}
