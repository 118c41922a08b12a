// AssemblyScript: these functions are compiled to WebAssembly by `npm run generate` (see ../../../CONTRIBUTING.md).
import { beginString, behindSpace, behindString } from "../../json/assembly/text.ts";
import { addEntry, fileEntries, find, isIn, isSameOrBelow, nextEntry, numberOf } from "./entries.ts";
import { beginHash, behindPiece, DELIMITER, endOf, hash, hashBoundary, resumeHash } from "./hash.ts";

export { addEntry, fileEntries, isSameOrBelow };

/** The entry of that number has the text from `from` to `to`, in the string from `start` to `end`, under that key. */
declare function found(
  number: u32,
  from: usize,
  to: usize,
  start: usize,
  end: usize,
  keyStart: usize,
  keyEnd: usize,
): void;

const QUOTE: u8 = 0x22;
const DOT: u8 = 0x2e;
const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;

/** Property names shorter than this name nothing; longer ones may be ids (ARM writes maps keyed by resource id). */
const MIN_KEY_LENGTH: usize = 20;

let shortest: usize = 0;
let ownFirst: u32 = 0;
let ownEnd: u32 = 0;
let stringStart: usize = 0;
let stringEnd: usize = 0;
let keyStart: usize = 0;
let keyEnd: usize = 0;

/**
 * Calls `found` for every place in the strings of the JSON text between `at` and `end` where the text of an entry stands:
 * where a string or a token starts (behind a delimiter or `//`), up to a boundary. `least` is the length of the shortest
 * text; entries numbered from `first` up to before `last` are left out. Sixteen bytes behind `end` must be readable.
 */
export function search(at: usize, end: usize, least: usize, first: u32, last: u32): void {
  shortest = least;
  ownFirst = first;
  ownEnd = last;
  keyStart = 0;
  keyEnd = 0;
  while (at < end) {
    const start = behindQuote(at, end);
    beginString();
    const behind = behindString(start, end);
    const stop = behind == 0 ? end : behind - 1;
    at = behindSpace(behind == 0 ? end : behind, end);
    if (at < end && load<u8>(at) == COLON) {
      keyStart = start;
      keyEnd = stop;
      if (stop - start < MIN_KEY_LENGTH) continue;
    }
    if (stop - start >= shortest) searchString(start, stop);
  }
}

/** The address behind the next quote, or `end`. */
function behindQuote(at: usize, end: usize): usize {
  while (at < end) {
    const quotes = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(QUOTE)));
    if (quotes != 0) return min(at + ctz(quotes) + 1, end);
    at += 16;
  }
  return end;
}

function searchString(start: usize, end: usize): void {
  stringStart = start;
  stringEnd = end;
  beginHash();
  let tokenStart = start;
  let at = start;
  for (;;) {
    const pieceStart = at;
    const before = hash;
    at = behindPiece(at, end);
    if (at > tokenStart) {
      if (isIn(hash)) lookUp(hash, tokenStart, at);
      // The dot that ends a full domain name, or a sentence, is none of the text.
      if (at > pieceStart && load<u8>(at - 1) == DOT) {
        const whole = hash;
        resumeHash(before);
        behindPiece(pieceStart, at - 1);
        if (isIn(hash)) lookUp(hash, tokenStart, at - 1);
        resumeHash(whole);
      }
    }
    if (at >= end) return;
    const byte = load<u8>(at);
    if (endOf(byte) == DELIMITER) {
      at += byte == BACKSLASH ? escapeLength(at, end) : 1;
      tokenStart = at;
      beginHash();
    } else if (byte == SLASH && at > start && load<u8>(at - 1) == SLASH && !isBucketScheme(tokenStart)) {
      at++;
      tokenStart = at;
      beginHash();
    } else {
      hashBoundary(byte);
      at++;
    }
  }
}

function lookUp(hash: u32, from: usize, to: usize): void {
  for (let entry = find(hash, from, to - from); entry != 0; entry = nextEntry(entry)) {
    const number = numberOf(entry);
    if (number < ownFirst || number >= ownEnd)
      found(number, from, to, stringStart, stringEnd, keyStart, keyEnd);
  }
}

/**
 * How many characters the escape at `at` takes, none of which is part of a token: two, or six. In JSON inside JSON the
 * backslash of an escape is itself escaped.
 */
function escapeLength(at: usize, end: usize): usize {
  const next = load<u8>(at, 1);
  if (next == 0x75) return 6; // `u`
  if (next != BACKSLASH) return 2;
  const inner = load<u8>(at, 2);
  if (inner == 0x6e || inner == 0x72 || inner == 0x74) return 3; // `n`, `r`, `t`
  if (inner != 0x75 || at + 7 > end) return 2;
  for (let digit = at + 3; digit < at + 7; digit++) if (!isHexDigit(load<u8>(digit))) return 2;
  return 7;
}

function isHexDigit(byte: u8): bool {
  const letter = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66);
}

/** `gs://` and `s3://` tell what the name behind them is, so they stay part of the token. */
function isBucketScheme(at: usize): bool {
  if (load<u8>(at, 2) != COLON) return false;
  const first = load<u8>(at);
  const second = load<u8>(at, 1);
  return (first == 0x67 && second == 0x73) || (first == 0x73 && second == 0x33);
}
