import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextIndex } from "../../src/graph/text-index.ts";

/** What is found in a value, as `text@key` (the key that stands last before it), by what was looked for. */
function foundIn(value: unknown, texts: readonly string[], own = { first: 0, end: 0 }): string[] {
  const index = new TextIndex();
  for (const text of texts) index.add(Buffer.from(text), 0, Buffer.byteLength(text));
  index.freeze();
  const bytes = Buffer.from(JSON.stringify(value));
  const found: string[] = [];
  index.search({ bytes, start: 0, end: bytes.length }, own.first, own.end, (mention) => {
    const written = mention.bytes.toString("utf8", mention.start, mention.end);
    const key = mention.bytes.toString("utf8", mention.keyStart, mention.keyEnd);
    expect(written.toLowerCase()).toBe(texts[mention.number]?.toLowerCase());
    found.push(`${mention.number}@${key}`);
  });
  return found;
}

// No backslash: with the letter behind it, it is an escape of JSON inside JSON.
const BEFORE = ["", " ", "=", ";", "https://", "x=", '"', "a,", "\n"];
const BEHIND = ["", " ", "/", "/path", ":443", "?q", "#", ",", '"', "\\", ".", "\n"];
const NOT_BEFORE = ["a", "-", "_", "é", "."];
const NOT_BEHIND = ["a", "-", "_", "é", ".x"];

/** Of every length that a block of sixteen bytes can end in. */
const text = fc.stringMatching(/^[a-zA-Z0-9-]{3,70}$/);

describe("TextIndex", () => {
  it("finds a text wherever it starts and ends a token, in either case", () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...BEFORE),
        fc.constantFrom(...BEHIND),
        fc.nat(40),
        (one, before, behind, pad) => {
          const padding = `${"p".repeat(pad)} `;
          for (const written of [one, one.toUpperCase(), one.toLowerCase()]) {
            const value = { other: 1, key: `${padding}${before}${written}${behind}` };
            expect(foundIn(value, [one])).toEqual(["0@key"]);
          }
        },
      ),
    );
  });

  it("does not find it inside a word", () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...NOT_BEFORE),
        fc.constantFrom(...NOT_BEHIND),
        (one, before, behind) => {
          expect(foundIn({ key: `${before}${one}` }, [one])).toEqual([]);
          expect(foundIn({ key: `${one}${behind}` }, [one])).toEqual([]);
        },
      ),
    );
  });

  it("tells texts apart that differ in any one byte", () => {
    fc.assert(
      fc.property(text, fc.nat(), (one, at) => {
        const place = at % one.length;
        const other = `${one.slice(0, place)}${one[place] === "z" ? "y" : "z"}${one.slice(place + 1)}`;
        fc.pre(other.toLowerCase() !== one.toLowerCase());
        expect(foundIn([{ k: other }, { k: one }], [one])).toEqual(["0@k"]);
      }),
    );
  });

  it("reports all who share a text, but for one's own, and nobody where too many share it", () => {
    const shared = Array.from({ length: 3 }, () => "shared.example.net");
    expect(foundIn({ k: "shared.example.net" }, shared).toSorted()).toEqual(["0@k", "1@k", "2@k"]);
    expect(foundIn({ k: "shared.example.net" }, shared, { first: 1, end: 3 })).toEqual(["0@k"]);
    expect(
      foundIn(
        { k: "shared.example.net" },
        Array.from({ length: 33 }, () => "shared.example.net"),
      ),
    ).toEqual([]);
  });

  it("finds each of many texts, in a text that is much larger than the memory it starts with", () => {
    const texts = Array.from({ length: 5000 }, (_, i) => `host-${i}.example.net`);
    const value = Object.fromEntries(
      texts.map((one, i) => [`k${i}`, `${"x".repeat(50)} https://${one}/path`]),
    );
    expect(foundIn(value, texts)).toEqual(texts.map((_, i) => `${i}@k${i}`));
  });

  it("tells no key of one text for what stands under none in the next", () => {
    const index = new TextIndex();
    index.add(Buffer.from("host.example.net"), 0, 16);
    index.freeze();
    const keys = ['{"key":"host.example.net"}', '["host.example.net"]'].map((written) => {
      const bytes = Buffer.from(written);
      let key: string | undefined;
      index.search({ bytes, start: 0, end: bytes.length }, 0, 0, (mention) => {
        key = mention.bytes.toString("utf8", mention.keyStart, mention.keyEnd);
      });
      return key;
    });
    expect(keys).toEqual(["key", ""]);
  });

  it.each(["", '"', '{"', '{"a', '{"a":"host.example.net', '{"a":"host.example.net\\', '{"a":"\\u00'])(
    "ends on the broken text %j",
    (broken) => {
      const index = new TextIndex();
      index.add(Buffer.from("host.example.net"), 0, 16);
      index.freeze();
      const bytes = Buffer.from(broken);
      let count = 0;
      index.search({ bytes, start: 0, end: bytes.length }, 0, 0, () => count++);
      expect(count).toBeLessThanOrEqual(1);
    },
  );
});
