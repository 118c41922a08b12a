import { BACKSLASH, QUOTE } from "./ascii.ts";

/** Longer texts hardly repeat; and how many are remembered (a power of two). */
const MAX_LENGTH = 64;
const SLOTS = 4096;

/**
 * Makes strings of JSON texts. The same short text gives the same string object each time: documents repeat their keys and
 * types tens of thousands of times.
 */
export class Interner {
  /** Texts seen before, each in the slot of its hash. */
  readonly #known: (string | undefined)[] = new Array<string | undefined>(SLOTS);

  readonly #unescaped = Buffer.alloc(256);

  /** The text between the quotes of a JSON string, as bytes[start, end); undefined where only JSON.parse can tell. */
  text(bytes: Buffer, start: number, end: number): string | undefined {
    let hash = end - start;
    let bits = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === BACKSLASH) return this.#withoutEscapes(bytes, start, end);
      bits |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    // Only of ASCII text are the bytes its character codes, by which it is compared below.
    if (end - start > MAX_LENGTH || bits > 0x7f) return bytes.toString("utf8", start, end);
    const slot = hash & (SLOTS - 1);
    const known = this.#known[slot];
    if (known !== undefined && known.length === end - start) {
      let at = 0;
      while (at < known.length && known.charCodeAt(at) === bytes[start + at]) at++;
      if (at === known.length) return known;
    }
    const text = bytes.toString("latin1", start, end);
    this.#known[slot] = text;
    return text;
  }

  /** Short ASCII text in which quotes and backslashes alone are escaped, as in an address with an instance key. */
  #withoutEscapes(bytes: Buffer, start: number, end: number): string | undefined {
    const plain = this.#unescaped;
    if (end - start > plain.length) return undefined;
    let length = 0;
    for (let at = start; at < end; at++) {
      let byte = bytes[at] as number;
      if (byte === BACKSLASH) {
        byte = bytes[++at] as number;
        if (byte !== QUOTE && byte !== BACKSLASH) return undefined;
      }
      if (byte > 0x7f) return undefined;
      plain[length++] = byte;
    }
    return plain.toString("latin1", 0, length);
  }
}
