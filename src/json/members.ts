import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./ascii.ts";
import { behindString, blockOf } from "./strings.ts";

/**
 * Finds parts of a JSON object inside bytes that the scanner has already passed over (so brackets balance), without
 * parsing what lies between.
 */

/**
 * Visits the members of the object that the bytes are. Key positions are those of the text between its quotes, as written;
 * returning `false` ends the walk.
 */
export function eachMember(
  part: Uint8Array,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => unknown,
): void {
  const { bytes, words } = blockOf(part);
  const base = part.byteOffset;
  const end = base + part.length;
  let at = skipSpace(bytes, base, end);
  if (bytes[at] !== OPEN_OBJECT || at >= end) return;
  at = skipSpace(bytes, at + 1, end);
  while (at < end && bytes[at] === QUOTE) {
    const keyStart = at + 1;
    at = Math.abs(behindString(bytes, words, keyStart, end));
    const keyEnd = at - 1;
    const valueStart = skipSpace(bytes, skipSpace(bytes, at, end) + 1, end);
    const valueEnd = skipValue(bytes, words, valueStart, end);
    if (visit(keyStart - base, keyEnd - base, valueStart - base, valueEnd - base) === false) return;
    at = skipSpace(bytes, valueEnd, end);
    if (bytes[at] !== COMMA) return;
    at = skipSpace(bytes, at + 1, end);
  }
}

/** The index behind the value that starts at `at`. */
function skipValue(bytes: Uint8Array, words: Int32Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === QUOTE) return Math.abs(behindString(bytes, words, at + 1, end));
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    while (at < end && !endsScalar(bytes[at] as number)) at++;
    return at;
  }
  let depth = 0;
  while (at < end) {
    const byte = bytes[at++] as number;
    if (byte === QUOTE) {
      at = Math.abs(behindString(bytes, words, at, end));
      continue;
    }
    const folded = byte | 0x20; // `[` becomes `{`, `]` becomes `}`
    if (folded === OPEN_OBJECT) depth++;
    else if (folded === CLOSE_OBJECT && --depth === 0) return at;
  }
  return at;
}

function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
  }
  return at;
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte <= 0x20;
}
