import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asUtf8, type ByteSource } from "../../src/json/bytes.ts";
import { PiecemealSource } from "./support.ts";

function utf16(text: string, order: "le" | "be"): Buffer {
  const bytes = Buffer.from(text, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

const ENCODINGS: Record<string, (text: string) => Buffer> = {
  "UTF-8": (text) => Buffer.from(text, "utf8"),
  "UTF-8 with a mark": (text) => Buffer.from(`\ufeff${text}`, "utf8"),
  "UTF-16 LE": (text) => utf16(text, "le"),
  "UTF-16 LE with a mark": (text) => utf16(`\ufeff${text}`, "le"),
  "UTF-16 BE": (text) => utf16(text, "be"),
  "UTF-16 BE with a mark": (text) => utf16(`\ufeff${text}`, "be"),
};

function readAll(source: ByteSource, size: number): string {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(size);
    const count = source.read(part, 0);
    if (count === 0) return Buffer.concat(parts).toString("utf8");
    parts.push(part.subarray(0, count));
  }
}

describe.each(Object.entries(ENCODINGS))("a document in %s", (_, encode) => {
  it("is read as UTF-8 without a mark, in pieces of any size", () => {
    const documents = fc
      .jsonValue({ stringUnit: "grapheme" })
      .map((value) => JSON.stringify({ é: value, "😀": 1 }));
    fc.assert(
      fc.property(
        documents,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (text, piece, size) => {
          expect(readAll(asUtf8(new PiecemealSource(encode(text), piece)), size)).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each(["", "1", "{}", `"${"é😀".repeat(40_000)}"`])("also a very short or long one (%#)", (text) => {
    // One character alone tells nothing of its encoding but for the mark.
    const bytes = encode(text);
    expect(readAll(asUtf8(new PiecemealSource(bytes, 65_537)), 999)).toBe(text);
  });
});

it("an incomplete last character is not dropped silently", () => {
  const bytes = utf16('{"a":1}', "le");
  const text = readAll(asUtf8(new PiecemealSource(bytes.subarray(0, bytes.length - 1), 4)), 4);
  expect(() => JSON.parse(text)).toThrow();
});
