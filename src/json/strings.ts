import { BACKSLASH, QUOTE } from "./ascii.ts";

/**
 * The index behind the string whose text starts at `at`; or, where `end` comes first, minus the index to go on from (which
 * is one behind the end where the end splits an escape). Strings are most of a plan, so four bytes are looked at in one go:
 * the usual test for a zero byte in a word, on the word with quotes and with backslashes turned to zero. `words` is the
 * same memory as `bytes`, from the same start.
 */
export function behindString(bytes: Uint8Array, words: Int32Array, at: number, end: number): number {
  const lastWord = end >> 2;
  while (at < end) {
    const byte = bytes[at++];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
    else if ((at & 3) === 0) {
      let word = at >> 2;
      while (word < lastWord) {
        const four = words[word] as number;
        const quotes = four ^ 0x22222222;
        const backslashes = four ^ 0x5c5c5c5c;
        if ((((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes)) & 0x80808080)
          break;
        word++;
      }
      at = word << 2;
    }
  }
  return -at;
}

/** A block of memory as bytes and as words. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

let latest: { readonly memory: ArrayBufferLike; readonly block: Block } | undefined;

/** The whole block that some bytes lie in; their `byteOffset` is where. Bytes that are read one after the other share one. */
export function blockOf(part: Uint8Array): Block {
  const memory = part.buffer;
  if (latest?.memory !== memory) {
    latest = {
      memory,
      block: { bytes: new Uint8Array(memory), words: new Int32Array(memory, 0, memory.byteLength >> 2) },
    };
  }
  return latest.block;
}
