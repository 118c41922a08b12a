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
  if (bytes[at] !== 0x7b || at >= end) return;
  at = skipSpace(bytes, at + 1, end);
  while (at < end && bytes[at] === 0x22) {
    const keyStart = at + 1;
    at = Math.abs(behindString(bytes, words, keyStart, end));
    const keyEnd = at - 1;
    const valueStart = skipSpace(bytes, skipSpace(bytes, at, end) + 1, end);
    const valueEnd = skipValue(bytes, words, valueStart, end);
    if (visit(keyStart - base, keyEnd - base, valueStart - base, valueEnd - base) === false) return;
    at = skipSpace(bytes, valueEnd, end);
    if (bytes[at] !== 0x2c) return;
    at = skipSpace(bytes, at + 1, end);
  }
}

/** The index behind the value that starts at `at`. */
function skipValue(bytes: Uint8Array, words: Int32Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === 0x22) return Math.abs(behindString(bytes, words, at + 1, end));
  if (first !== 0x7b && first !== 0x5b) {
    while (at < end && !endsScalar(bytes[at] as number)) at++;
    return at;
  }
  let depth = 0;
  while (at < end) {
    const byte = bytes[at++] as number;
    if (byte === 0x22) {
      at = Math.abs(behindString(bytes, words, at, end));
      continue;
    }
    const folded = byte | 0x20; // `[` becomes `{`, `]` becomes `}`
    if (folded === 0x7b) depth++;
    else if (folded === 0x7d && --depth === 0) return at;
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
  return byte === 0x2c || byte === 0x7d || byte === 0x5d || byte <= 0x20;
}
