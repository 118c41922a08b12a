import { readSync } from "node:fs";
import { TextDecoder } from "node:util";

/** Where bytes come from, front to back, once. */
export interface ByteSource {
  /** Fills `into` from `offset`; gives the number of bytes written, 0 at the end. */
  read(into: Uint8Array, offset: number): number;
}

/** Bytes that are in memory already. */
export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  read(into: Uint8Array, offset: number): number {
    const part = this.#bytes.subarray(this.#at, this.#at + into.length - offset);
    into.set(part, offset);
    this.#at += part.length;
    return part.length;
  }
}

/** An open file, read from its start. The caller closes it. */
export class FileSource implements ByteSource {
  readonly #fd: number;
  #at = 0;
  constructor(fd: number) {
    this.#fd = fd;
  }
  read(into: Uint8Array, offset: number): number {
    const count = readSync(this.#fd, into, offset, into.length - offset, this.#at);
    this.#at += count;
    return count;
  }
}

/** UTF-16 text as UTF-8: what a redirect in Windows PowerShell leaves behind. */
class TranscodedSource implements ByteSource {
  readonly #source: ByteSource;
  readonly #decoder: TextDecoder;
  readonly #raw = new Uint8Array(64 * 1024);
  #pending: Uint8Array = new Uint8Array(0);
  #ended = false;
  constructor(source: ByteSource, encoding: "utf-16le" | "utf-16be") {
    this.#source = source;
    this.#decoder = new TextDecoder(encoding);
  }
  read(into: Uint8Array, offset: number): number {
    while (this.#pending.length === 0 && !this.#ended) {
      const count = this.#source.read(this.#raw, 0);
      this.#ended = count === 0;
      this.#pending = Buffer.from(this.#decoder.decode(this.#raw.subarray(0, count), { stream: count > 0 }));
    }
    const part = this.#pending.subarray(0, into.length - offset);
    into.set(part, offset);
    this.#pending = this.#pending.subarray(part.length);
    return part.length;
  }
}

/** Bytes already taken from a source, and then the rest of it. */
class ResumedSource implements ByteSource {
  readonly #head: MemorySource;
  readonly #rest: ByteSource;
  constructor(head: Uint8Array, rest: ByteSource) {
    this.#head = new MemorySource(head);
    this.#rest = rest;
  }
  read(into: Uint8Array, offset: number): number {
    return this.#head.read(into, offset) || this.#rest.read(into, offset);
  }
}

/** The source as UTF-8 without a byte order mark, whatever of UTF-8 and UTF-16 it was written in. */
export function asUtf8(source: ByteSource): ByteSource {
  const head = new Uint8Array(4);
  let length = 0;
  while (length < head.length) {
    const count = source.read(head, length);
    if (count === 0) break;
    length += count;
  }
  const taken = head.subarray(0, length);
  const rest = (from: number) => new ResumedSource(taken.subarray(from), source);
  if (taken[0] === 0xef && taken[1] === 0xbb && taken[2] === 0xbf) return rest(3);
  if (taken[0] === 0xff && taken[1] === 0xfe) return new TranscodedSource(rest(2), "utf-16le");
  if (taken[0] === 0xfe && taken[1] === 0xff) return new TranscodedSource(rest(2), "utf-16be");
  // JSON starts with an ASCII character, so a zero beside it tells UTF-16 without a mark (RFC 4627, section 3).
  if (length >= 2 && taken[0] !== 0 && taken[1] === 0) return new TranscodedSource(rest(0), "utf-16le");
  if (length >= 2 && taken[0] === 0 && taken[1] !== 0) return new TranscodedSource(rest(0), "utf-16be");
  return rest(0);
}
