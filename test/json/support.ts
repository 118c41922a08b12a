import type { ByteSource } from "../../src/json/bytes.ts";
import { JsonScanner } from "../../src/json/scanner.ts";

/** Bytes that come in small pieces, as a pipe gives them. */
export class PiecemealSource implements ByteSource {
  readonly #bytes: Uint8Array;
  readonly #piece: number;
  #at = 0;
  constructor(bytes: Uint8Array, piece: number) {
    this.#bytes = bytes;
    this.#piece = piece;
  }
  read(into: Uint8Array, offset: number): number {
    const count = Math.min(this.#piece, into.length - offset, this.#bytes.length - this.#at);
    into.set(this.#bytes.subarray(this.#at, this.#at + count), offset);
    this.#at += count;
    return count;
  }
}

export function scannerOf(text: string, window = 8, piece = 5): JsonScanner {
  return new JsonScanner(new PiecemealSource(Buffer.from(text, "utf8"), piece), window);
}

/** Builds the value by walking: what a reader that takes everything in parts would see. */
export function walked(scanner: JsonScanner): unknown {
  if (scanner.isObject()) {
    const entries: [string, unknown][] = [];
    for (const key of scanner.members()) entries.push([key, walked(scanner)]);
    return Object.fromEntries(entries);
  }
  if (scanner.isArray()) {
    const items: unknown[] = [];
    for (const _ of scanner.elements()) items.push(walked(scanner));
    return items;
  }
  return scanner.peek() === 0x22 ? scanner.text() : scanner.parse();
}

/** Runs through a document, whatever the caller does with its values, and insists on its end. */
export function runThrough(scanner: JsonScanner, pass: (scanner: JsonScanner) => void): void {
  pass(scanner);
  if (!scanner.isAtEnd()) throw new Error("something is left");
}
