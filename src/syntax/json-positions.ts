import { QUOTE } from "../json/ascii.ts";
import { MemorySource } from "../json/bytes.ts";
import { JsonError, JsonScanner } from "../json/scanner.ts";
import type { SourceLocation } from "../model/change.ts";

/** A JSON value with the place where it stands in its text. */
export interface JsonNode {
  /** Byte offset of the value. */
  readonly offset: number;
  /** Of an object, in the order of the text; a key may be there twice. */
  readonly members?: readonly { readonly key: string; readonly value: JsonNode }[];
  readonly elements?: readonly JsonNode[];
  readonly text?: string;
}

/** A JSON text as a tree of places; undefined where it is not JSON. */
export function jsonNodes(bytes: Uint8Array): JsonNode | undefined {
  try {
    const whole = new JsonScanner(new MemorySource(bytes));
    // Nesting and balance are checked before anything recurses over the values.
    whole.skip();
    return read(new JsonScanner(new MemorySource(bytes)));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function read(scanner: JsonScanner): JsonNode {
  const isText = scanner.peek() === QUOTE;
  const { offset } = scanner;
  if (scanner.isObject()) {
    const members: { key: string; value: JsonNode }[] = [];
    for (const key of scanner.members()) members.push({ key, value: read(scanner) });
    return { offset, members };
  }
  if (scanner.isArray()) {
    const elements: JsonNode[] = [];
    for (const _ of scanner.elements()) elements.push(read(scanner));
    return { offset, elements };
  }
  const text = scanner.text();
  return { offset, ...(isText && text !== undefined && { text }) };
}

/** Where the key of a member stands whose value starts at an offset. */
export function keyOffset(bytes: Uint8Array, offset: number): number {
  let at = offset - 1;
  while (at > 0 && bytes[at] !== QUOTE) at--; // white space and the colon
  for (at--; at > 0; at--) {
    if (bytes[at] !== QUOTE) continue;
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) break;
  }
  return at;
}

const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;

/** Line and column of a byte offset, the column in UTF-16 units as editors count it. */
export function placeIn(file: string, bytes: Uint8Array, offset: number): SourceLocation {
  let line = 1;
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1 && at < offset; at = bytes.indexOf(NEWLINE, at + 1)) {
    line++;
    start = at + 1;
  }
  return { file, line, column: Buffer.from(bytes.subarray(start, offset)).toString("utf8").length + 1 };
}
