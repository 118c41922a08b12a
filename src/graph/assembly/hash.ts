// AssemblyScript: these functions are compiled to WebAssembly by `npm run generate` (see ../../../CONTRIBUTING.md).

/** Ends a token, and what came before it still counts: `host/path`, `id:version`. */
export const BOUNDARY: u32 = 0;
/** Ends a token for good. */
export const DELIMITER: u32 = 1;

/** Of each byte: its lower case, or what it ends. Laid out by ../text-index.ts. */
const FOLDED: usize = 4096;

const SEED: u32 = 0x811c9dc5;
/** Odd, and its bits are spread: 2^32 divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4). */
const MULTIPLIER: u32 = 0x9e3779b1;

/** The hash of the token so far, without regard to case. */
export let hash: u32 = 0;

export function beginHash(): void {
  hash = SEED;
}

/** Goes back, or forward, to an earlier value of `hash`. */
export function resumeHash(earlier: u32): void {
  hash = earlier;
}

/** Takes the boundary behind a piece into the hash. */
export function hashBoundary(byte: u8): void {
  hash = mixed(hash, byte);
}

/** BOUNDARY, DELIMITER, or more than both where the byte ends nothing. */
export function endOf(byte: u8): u32 {
  return load<u8>(FOLDED + byte);
}

/**
 * Takes what stands from `at` up to the next boundary, delimiter or `end` into the hash, and gives where that is. Four bytes
 * go in at once, what is left of the piece one by one: the same piece always in the same steps.
 */
export function behindPiece(at: usize, end: usize): usize {
  let sum = hash;
  for (; at + 4 <= end; at += 4) {
    const a = <u32>load<u8>(FOLDED + load<u8>(at));
    const b = <u32>load<u8>(FOLDED + load<u8>(at, 1));
    const c = <u32>load<u8>(FOLDED + load<u8>(at, 2));
    const d = <u32>load<u8>(FOLDED + load<u8>(at, 3));
    if (min(min(a, b), min(c, d)) <= DELIMITER) break;
    sum = mixed(sum, a | (b << 8) | (c << 16) | (d << 24));
  }
  for (; at < end; at++) {
    const folded = <u32>load<u8>(FOLDED + load<u8>(at));
    if (folded <= DELIMITER) break;
    sum = mixed(sum, folded);
  }
  hash = sum;
  return at;
}

/** A multiplication carries upwards only; the rotation brings what is above down again. */
function mixed(sum: u32, bits: u32): u32 {
  return rotl((sum ^ bits) * MULTIPLIER, 15);
}
