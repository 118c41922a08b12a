import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, columns, printableJson, visible, wrap } from "../../src/reporters/text.ts";

describe("visible", () => {
  it.each([
    ["an escape sequence", "\u001b[31mred", "\\x1b[31mred"],
    ["a C1 control sequence introducer", "\u009b31m", "\\x9b31m"],
    ["newlines and tabs", "a\r\n\tb", "a\\r\\n\\tb"],
    ["a right-to-left override", "exe\u202etxt", "exe\\u{202e}txt"],
    ["bidirectional isolates", "\u2066a\u2069", "\\u{2066}a\\u{2069}"],
    ["a zero-width space", "a\u200bb", "a\\u{200b}b"],
    ["invisible tag characters", "a\u{e0041}", "a\\u{e0041}"],
    ["half of a surrogate pair", "a\ud800b", "a\\u{d800}b"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["a command for Azure Pipelines", "##vso[task.setvariable]x", "#\\x23vso[task.setvariable]x"],
    ["an old command for GitHub Actions", "x ##[set-env name=a]b", "x #\\x23[set-env name=a]b"],
  ])("shows %s as an escape", (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it("leaves ordinary text of any script alone", () => {
    const text = "Straße → 東京 🚀 naïve נמל `x` ## heading";
    expect(visible(text)).toBe(text);
  });
});

describe("columns", () => {
  it.each([
    ["plain", 5],
    ["東京", 4],
    ["カタカナ", 8],
    ["한국", 4],
    ["🚀", 2],
    ["e\u0301", 1],
    ["✖ →", 3],
  ])("%s takes %i", (text, width) => {
    expect(columns(text)).toBe(width);
  });
});

describe("wrap", () => {
  it("breaks between words and leaves no blank at an end", () => {
    expect(wrap("one two  three four ", 9)).toEqual(["one two", "three", "four"]);
  });

  it("keeps short code together", () => {
    expect(wrap("list it under `shared: exempt`.", 24)).toEqual(["list it under", "`shared: exempt`."]);
  });

  it("breaks what is longer than a line behind a separator", () => {
    expect(wrap("at https://example.test/a-path/and/more", 20)).toEqual([
      "at",
      "https://example.",
      "test/a-path/and/more",
    ]);
  });

  it("counts wide characters twice", () => {
    expect(wrap("東京都千代田区", 6)).toEqual(["東京都", "千代田", "区"]);
  });

  it("never begins a line with what GitHub Actions takes for a command", () => {
    expect(wrap("see\u0020::stop-commands::x", 40)).toEqual(["see ::stop-commands::x"]);
    expect(wrap("::stop-commands::x", 40)).toEqual(["\\x3a:stop-commands::x"]);
  });

  it("loses nothing and never exceeds the width", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.integer({ min: 10, max: 60 }),
        (raw, width) => {
          const text = visible(raw);
          const lines = wrap(text, width);
          for (const line of lines) {
            expect(columns(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/^ | $|^::/);
          }
          const letters = (of: string) => of.replaceAll("\\x3a", ":").replaceAll(" ", "");
          expect(letters(lines.join(""))).toBe(letters(text));
        },
      ),
    );
  });
});

it("clip says what it cuts and never halves a character", () => {
  expect(clip("abcdef", 6)).toBe("abcdef");
  expect(clip("abcdefg", 6)).toBe("abcde…");
  expect(clip("abcd🚀🚀", 6)).toBe("abcd…");
});

it("printable JSON holds the same value and no character that acts", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const value = { text, command: `##vso[${text}`, esc: `\u009b${text}\u202e` };
      const json = printableJson(value);
      expect(JSON.parse(json)).toEqual(value);
      expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|##vso/u);
    }),
  );
});
