// AssemblyScript: these functions are compiled to WebAssembly by `npm run generate` (see ../../../CONTRIBUTING.md).

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;

/** Set where a text ended between a backslash and the character that it escapes. */
let endsInEscape = false;

/** To be called before the first `behindString` of a string. */
export function beginString(): void {
  endsInEscape = false;
}

/**
 * The address behind the quote that ends a string; `at` is inside it. 0 where `end` comes first: called again with what
 * follows, it goes on. Sixteen bytes are looked at in one go; up to that many behind `end` must be readable.
 */
export function behindString(at: usize, end: usize): usize {
  if (endsInEscape && at < end) {
    endsInEscape = false;
    at++;
  }
  while (at < end) {
    const block = v128.load(at);
    const quotes = i8x16.eq(block, i8x16.splat(QUOTE));
    const found = i8x16.bitmask(v128.or(quotes, i8x16.eq(block, i8x16.splat(BACKSLASH))));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (at >= end) return 0;
    if (load<u8>(at) == QUOTE) return at + 1;
    at += 2;
    if (at > end) endsInEscape = true;
  }
  return 0;
}

/** The address of the first byte from `at` on that is not white space, or `end`. */
export function behindSpace(at: usize, end: usize): usize {
  while (at < end) {
    const byte = load<u8>(at);
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) break;
    at++;
  }
  return at;
}
