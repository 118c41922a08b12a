/**
 * Finds parts of a JSON object inside bytes that the scanner has already passed over (so brackets balance), without
 * parsing what lies between.
 */

/** The index behind the value that starts at `at` (white space before it allowed). */
export function skipValue(bytes: Uint8Array, at: number): number {
  at = skipSpace(bytes, at);
  const first = bytes[at];
  if (first === 0x22) return skipString(bytes, at);
  if (first !== 0x7b && first !== 0x5b) {
    while (at < bytes.length && !endsScalar(bytes[at] as number)) at++;
    return at;
  }
  let depth = 0;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (byte === 0x22) {
      at = skipString(bytes, at);
      continue;
    }
    at++;
    const folded = byte | 0x20; // `[` becomes `{`, `]` becomes `}`
    if (folded === 0x7b) depth++;
    else if (folded === 0x7d && --depth === 0) return at;
  }
  return at;
}

/**
 * Visits the members of the object that starts at `at`. Key positions are those of the text between its quotes, as written;
 * returning `false` ends the walk.
 */
export function eachMember(
  bytes: Uint8Array,
  at: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => unknown,
): void {
  at = skipSpace(bytes, at);
  if (bytes[at] !== 0x7b) return;
  at = skipSpace(bytes, at + 1);
  while (at < bytes.length && bytes[at] === 0x22) {
    const keyStart = at + 1;
    at = skipString(bytes, at);
    const keyEnd = at - 1;
    const valueStart = skipSpace(bytes, skipSpace(bytes, at) + 1);
    const valueEnd = skipValue(bytes, valueStart);
    if (visit(keyStart, keyEnd, valueStart, valueEnd) === false) return;
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] !== 0x2c) return;
    at = skipSpace(bytes, at + 1);
  }
}

function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

function skipString(bytes: Uint8Array, at: number): number {
  at++;
  while (at < bytes.length) {
    const byte = bytes[at++];
    if (byte === 0x22) return at;
    if (byte === 0x5c) at++;
  }
  return at;
}

function endsScalar(byte: number): boolean {
  return byte === 0x2c || byte === 0x7d || byte === 0x5d || byte <= 0x20;
}
