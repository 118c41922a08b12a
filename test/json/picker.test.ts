import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Keys, Picker } from "../../src/json/picker.ts";
import { ScanProgram } from "../../src/json/scan-program.ts";
import { JsonError } from "../../src/json/scanner.ts";
import { scannerOf } from "./support.ts";

const KEYS = { a: {}, bc: {}, inner: { a: {}, deep: { a: {} } }, bd: {} } as const;
const PATHS = ["a", "bc", "inner", "inner.a", "inner.deep", "inner.deep.a", "bd"];

/** What a picker found, by path. */
function found(picker: Picker): Record<string, unknown> {
  const entries = PATHS.flatMap((path, key) => {
    if (!picker.has(key)) return [];
    return [[path, JSON.parse(picker.program.bytes.toString("utf8", picker.start(key), picker.end(key)))]];
  });
  return Object.fromEntries(entries);
}

/** The same, by `JSON.parse`. */
function expected(document: unknown): Record<string, unknown> {
  const value = JSON.parse(JSON.stringify(document)) as unknown;
  const entries = PATHS.flatMap((path) => {
    let at: unknown = value;
    for (const key of path.split(".")) {
      if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return [];
      at = (at as Record<string, unknown>)[key];
    }
    return [[path, at]];
  });
  return Object.fromEntries(entries);
}

// Whatever stands deeper than what is looked for may have any keys.
const any = fc.jsonValue({ stringUnit: "binary", maxDepth: 2 });
const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(any),
  any.map((value) => ({ value })),
);
const object = (value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom("a", "bc", "bd", "b", "inner", "deep", "", "other", "é".repeat(40)), value);
const documents = object(fc.oneof(leaf, object(fc.oneof(leaf, object(leaf)))));

describe("Picker", () => {
  it("finds what JSON.parse finds, in any window and however the text is indented", () => {
    const indents = fc.constantFrom("", " ", "\t", "\r\n  ");
    const sizes = fc.integer({ min: 4, max: 300 });
    fc.assert(
      fc.property(documents, indents, sizes, sizes, (document, indent, window, piece) => {
        const text = JSON.stringify([document, document], null, indent);
        const scanner = scannerOf(text, window, piece);
        const picker = scanner.picker(KEYS);
        for (const _ of scanner.elements()) {
          scanner.pick(picker);
          expect(found(picker)).toEqual(expected(document));
        }
        expect(scanner.isAtEnd()).toBe(true);
      }),
    );
  });

  it("finds the same in a text of its own", () => {
    const picker = new Picker(new ScanProgram(16), KEYS);
    fc.assert(
      fc.property(documents, (document) => {
        picker.search(Buffer.from(JSON.stringify(document)));
        expect(found(picker)).toEqual(expected(document));
      }),
    );
  });

  it("gives strings, and nothing where something else stands", () => {
    const scanner = scannerOf('{"a":"x\\u00e9","bc":1,"inner":{"a":"","deep":"d"},"bd":null}');
    const picker = scanner.picker(KEYS);
    scanner.pick(picker);
    expect(PATHS.map((_, key) => scanner.picked(picker, key))).toEqual([
      "xé",
      undefined,
      undefined,
      "",
      "d",
      undefined,
      undefined,
    ]);
  });

  it("takes the last of several members with one key, as JSON.parse does", () => {
    const picker = new Picker(new ScanProgram(16), KEYS);
    picker.search(Buffer.from('{"a":1,"inner":{"a":1},"a":[2],"__proto__":{"a":3}}'));
    expect(found(picker)).toEqual({ a: [2], inner: { a: 1 }, "inner.a": 1 });
  });

  it.each([
    ['{"a":1', 6, /ends in the middle/],
    ['{"a":"x', 7, /ends in the middle/],
    ['{"a" 1}', 5, /a colon/],
    ['{"a":1,}', 7, /a property name/],
    ["{1:2}", 1, /a property name/],
    ['{"a":1 2}', 7, /a comma/],
    ['{"a":}', 5, /a value/],
    ["[]", 0, /an object/],
    ['{"\\u0061":1}', 2, /escapes/],
    [`{"a":${"[".repeat(501)}`, 505, /nested deeper/],
  ])("%j is refused at byte %i", (text, offset, message) => {
    const scanner = scannerOf(text);
    const picker = scanner.picker(KEYS);
    const error = (() => {
      try {
        return scanner.pick(picker);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(JsonError);
    expect((error as JsonError).message).toMatch(message);
    expect((error as JsonError).offset).toBe(offset);
  });

  it.each(["", "null", "[1]", "{", '{"a', '{"a":', '{"a":[1,{"b":', '{"a":"x\\'])(
    "finds nothing in the broken text %j",
    (text) => {
      const picker = new Picker(new ScanProgram(16), KEYS);
      picker.search(Buffer.from('{"a":1}'));
      picker.search(Buffer.from(text));
      expect(found(picker)).toEqual({});
    },
  );

  it("refuses keys that it cannot look for", () => {
    expect(() => new Picker(new ScanProgram(16), { ["k".repeat(64)]: {} })).toThrow(RangeError);
    const many: Keys = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, {}]));
    expect(() => new Picker(new ScanProgram(16), many)).toThrow(RangeError);
  });
});
