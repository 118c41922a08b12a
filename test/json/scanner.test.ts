import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DEPTH } from "../../src/json/limits.ts";
import { JsonError, type JsonScanner, parseBytes } from "../../src/json/scanner.ts";
import { runThrough, scannerOf, walked } from "./support.ts";

/** White space as no formatter writes it, between all tokens. */
function spaced(value: unknown, space: string): string {
  if (Array.isArray(value))
    return `[${space}${value.map((one) => spaced(one, space)).join(`${space},${space}`)}${space}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, one]) => `${JSON.stringify(key)}${space}:${space}${spaced(one, space)}`,
    );
    return `{${space}${members.join(`${space},${space}`)}${space}}`;
  }
  return JSON.stringify(value);
}

const windows = fc.integer({ min: 4, max: 64 });
const pieces = fc.integer({ min: 1, max: 70 });
const spaces = fc.stringMatching(/^[ \t\r\n]{0,7}$/);
const documents = fc.jsonValue({ stringUnit: "binary" });

describe("JsonScanner agrees with JSON.parse", () => {
  it("on any value, in any window", () => {
    fc.assert(
      fc.property(documents, spaces, windows, pieces, (value, space, window, piece) => {
        const text = space + spaced(value, space) + space;
        const expected = JSON.parse(text) as unknown;
        const scan = (pass: (scanner: JsonScanner) => void) =>
          runThrough(scannerOf(text, window, piece), pass);
        scan((scanner) => expect(walked(scanner)).toEqual(expected));
        scan((scanner) => expect(scanner.parse()).toEqual(expected));
        scan((scanner) => expect(JSON.parse(scanner.take().toString("utf8"))).toEqual(expected));
        scan((scanner) => scanner.skip());
      }),
    );
  });

  it("on texts with every kind of escape, as keys and as values", () => {
    const texts = [
      "",
      '"',
      "\\",
      "\\\\",
      '\\"',
      "\u0000\b\f\n\r\t",
      "\ud83d\ude00",
      "\ud800",
      "é",
      "__proto__",
      "constructor",
      "a".repeat(300),
    ];
    const escaped = (text: string) =>
      `"${[...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}${c.length > 1 ? `\\u${c.charCodeAt(1).toString(16)}` : ""}`).join("")}"`;
    for (const text of texts) {
      for (const written of [JSON.stringify(text), escaped(text)]) {
        for (let window = 4; window <= 24; window++) {
          const document = `{${written}:[${written},${written}]}`;
          expect(walked(scannerOf(document, window))).toEqual(JSON.parse(document));
        }
      }
    }
  });

  it("and does not confuse texts whose bytes are each other's characters", () => {
    // `é` is the bytes C3 A9, which are the characters of `Ã©`: in some pairs both fall into one slot of the memory.
    const pairs = Array.from({ length: 30_000 }, (_, i) => {
      const text = String.fromCodePoint(0x80 + (i % 1900), 0x80 + Math.floor(i / 1900));
      return [Buffer.from(text, "utf8").toString("latin1"), text];
    });
    const document = JSON.stringify(pairs);
    expect(walked(scannerOf(document, 1 << 16, 1 << 16))).toEqual(pairs);
  });
});

describe("what is not JSON", () => {
  const passes: Record<string, (scanner: JsonScanner) => unknown> = {
    walked,
    parsed: (scanner) => scanner.parse(),
    skipped: (scanner) => scanner.skip(),
    taken: (scanner) => scanner.take(),
  };
  const truncatable = fc.oneof(fc.array(documents), fc.dictionary(fc.string(), documents), fc.string());

  it.each(Object.entries(passes))("raises a JsonError at every truncation when it is %s", (_, pass) => {
    fc.assert(
      fc.property(truncatable, windows, fc.nat(), (value, window, cut) => {
        const bytes = Buffer.from(spaced(value, " "), "utf8");
        const text = bytes.subarray(0, cut % bytes.length).toString("latin1");
        expect(() => pass(scannerOf(text, window))).toThrow(JsonError);
      }),
    );
  });

  it.each([
    ["", "walked"],
    ["   ", "skipped"],
    ['{"a":1,}', "walked"],
    ['{"a":1]', "walked"],
    ["[1,]", "walked"],
    ["[1}", "walked"],
    ["[1 2]", "walked"],
    ["[,1]", "walked"],
    ['{"a" 1}', "walked"],
    ["{a:1}", "walked"],
    ["{'a':1}", "walked"],
    ['{"a":}', "walked"],
    ["[tru]", "walked"],
    ["[01]", "walked"],
    ["[NaN]", "walked"],
    ['{"\\x":1}', "walked"],
    ['["\\ud8"]', "walked"],
    ["[1]]", "parsed twice"],
    ['{"a":[1}', "parsed"],
    ["]", "skipped"],
    [":", "skipped"],
    ["\u00a0[]", "walked"],
  ])("%j is refused when it is %s", (text, how) => {
    const pass = passes[how] ?? ((scanner: JsonScanner) => [scanner.parse(), scanner.parse()]);
    expect(() => pass(scannerOf(text))).toThrow(JsonError);
  });

  it("what stands behind the document is seen", () => {
    for (const [text, isEnd] of [
      ["{} ", true],
      ["{}\n\t", true],
      ["{} {}", false],
      ["{}x", false],
      ["1 2", false],
    ] as const) {
      const scanner = scannerOf(text);
      scanner.skip();
      expect(scanner.isAtEnd(), text).toBe(isEnd);
    }
  });

  it("is not nested without end", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(() => scannerOf(nested(MAX_DEPTH)).skip()).not.toThrow();
    expect(() => scannerOf(nested(MAX_DEPTH + 1)).skip()).toThrow(JsonError);
    expect(() => scannerOf("[".repeat(100_000)).parse()).toThrow(/nested deeper/);
  });

  it.each([
    ['{"a": "é", "b": tru}', 16],
    ['  [1, 2, "x" 3]', 13],
  ])("%j is refused at its byte %i", (text, offset) => {
    const caught = (() => {
      try {
        return parseBytes(Buffer.from(text));
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(JsonError);
    // Not every message of the engine tells a position; where one does, it counts bytes.
    expect([0, offset]).toContain((caught as JsonError).offset);
  });
});

describe("JsonScanner.text", () => {
  it("gives the same string object for the same short text, and undefined for what is no text", () => {
    const scanner = scannerOf('["azurerm_subnet", 1, {"a":[]}, "azurerm_subnet", null]');
    const texts: (string | undefined)[] = [];
    for (const _ of scanner.elements()) texts.push(scanner.text());
    expect(texts).toEqual(["azurerm_subnet", undefined, undefined, "azurerm_subnet", undefined]);
  });

  it("passes over texts that are far larger than the window", () => {
    const long = `${"x".repeat(99_999)}\\"${"y".repeat(100_000)}é`;
    const scanner = scannerOf(`{"skipped":"${long}","taken":"${long}","last":1}`, 16, 1000);
    const seen: Record<string, unknown> = {};
    for (const key of scanner.members()) {
      if (key === "skipped") scanner.skip();
      else seen[key] = scanner.parse();
    }
    expect(seen).toEqual({ taken: JSON.parse(`"${long}"`), last: 1 });
  });
});
