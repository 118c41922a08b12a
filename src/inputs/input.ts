import { closeSync, openSync, readSync, statSync } from "node:fs";
import { asUtf8, type ByteSource, FileSource, MemorySource } from "../json/bytes.ts";
import { JsonError, JsonScanner, parseBytes } from "../json/scanner.ts";
import { InputError } from "../model/errors.ts";

/** One document to read: a file, or what came in on standard input. */
export interface Input {
  /** As the user named it, for messages and for `SourceLocation.file`. */
  readonly path: string;
  /** Runs `use` over the document's bytes as UTF-8, from the start; may be called again. */
  withBytes<T>(use: (source: ByteSource) => T): T;
}

export function fileInput(path: string): Input {
  return {
    path,
    withBytes(use) {
      const fd = openFile(path);
      try {
        return use(asUtf8(new FileSource(fd)));
      } catch (error) {
        if (error instanceof Error && "syscall" in error) {
          throw new InputError(`${path} cannot be read: ${reasonOf(error)}`);
        }
        throw error;
      } finally {
        closeSync(fd);
      }
    },
  };
}

export function memoryInput(path: string, bytes: Uint8Array): Input {
  return { path, withBytes: (use) => use(asUtf8(new MemorySource(bytes))) };
}

function openFile(path: string): number {
  try {
    if (!statSync(path).isFile())
      throw new InputError(`${path} is neither a file nor a directory that can be read`);
    return openSync(path, "r");
  } catch (error) {
    throw error instanceof InputError
      ? error
      : new InputError(`${path} cannot be opened: ${reasonOf(error)}`);
  }
}

/** The system's reason for a failed file operation, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EISDIR") return "it is a directory";
  if (code === "ENOTDIR") return "part of the path is not a directory";
  if (code === "ENAMETOOLONG") return "the name is too long";
  if (code === "ELOOP") return "its links lead in a circle";
  if (code === "EBADF") return "it is closed";
  return code ?? String(error);
}

/** The largest document that is parsed as a whole; plans are scanned in parts and have no such limit. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;

/**
 * Parses the whole document. Errors are InputErrors with file, line and column: empty, truncated, not JSON, too deep, too large.
 */
export function readJson(input: Input): unknown {
  return explainingJsonErrors(input, () =>
    input.withBytes((source) => {
      const bytes = readAll(input, source);
      if (bytes.every((byte) => byte <= 0x20)) throw new InputError(`${input.path} is empty`);
      // Checks nesting and balance before anything recurses over the values.
      const scanner = new JsonScanner(new MemorySource(bytes));
      scanner.skip();
      if (!scanner.isAtEnd())
        throw new JsonError("there is more text behind the JSON document", scanner.offset);
      return parseBytes(bytes);
    }),
  );
}

/** The whole document as UTF-8. Errors are InputErrors: it cannot be read, or is too large. */
export function contentOf(input: Input): Buffer {
  return input.withBytes((source) => readAll(input, source));
}

function readAll(input: Input, source: ByteSource): Buffer {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(1 << 20);
    const count = source.read(part, 0);
    if (count === 0) return Buffer.concat(parts, total);
    parts.push(part.subarray(0, count));
    total += count;
    if (total > MAX_WHOLE_BYTES) {
      throw new InputError(
        `${input.path} is larger than ${MAX_WHOLE_BYTES / 1024 / 1024} MiB, which only Terraform plans may be`,
      );
    }
  }
}

/** Runs `read` and turns what is wrong with the JSON text into an InputError that names file, line and column. */
export function explainingJsonErrors<T>(input: Input, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const position = positionOf(input, error.offset);
    throw new InputError(`${input.path} cannot be read: ${error.message}`, { file: input.path, ...position });
  }
}

/** Line and column (from 1) of a byte offset in the document's UTF-8 form. */
function positionOf(input: Input, offset: number): { line: number; column: number } {
  return input.withBytes((source) => {
    const part = new Uint8Array(1 << 16);
    let line = 1;
    let lineStart = 0;
    let at = 0;
    for (;;) {
      const count = source.read(part, 0);
      if (count === 0) break;
      for (let i = 0; i < count && at < offset; i++, at++) {
        if (part[i] !== 0x0a) continue;
        line++;
        lineStart = at + 1;
      }
      if (at >= offset) break;
    }
    return { line, column: offset - lineStart + 1 };
  });
}

/** Reads a file descriptor to its end: standard input. */
export function readDescriptor(fd: number): Buffer {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.allocUnsafe(1 << 16);
    let count: number;
    try {
      count = readSync(fd, part, 0, part.length, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") {
        // A pipe whose writer has nothing yet: give it time.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        continue;
      }
      if (code === "EOF") break; // the end of a console on Windows
      throw error;
    }
    if (count === 0) break;
    parts.push(part.subarray(0, count));
  }
  return Buffer.concat(parts);
}
