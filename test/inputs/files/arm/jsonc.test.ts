import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isExpression, parseExpression } from "../../../../src/inputs/files/arm/expression.ts";
import { JsonWithComments } from "../../../../src/inputs/files/arm/jsonc.ts";
import type { Step } from "../../../../src/syntax/steps.ts";

/** The way to every member and element of a value. */
function pathsIn(value: unknown, path: readonly Step[] = []): readonly (readonly Step[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const steps: readonly (readonly [Step, unknown])[] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.entries(value);
  return [path, ...steps.flatMap(([step, item]) => pathsIn(item, [...path, step]))];
}

describe("JsonWithComments", () => {
  it("reads what JSON.parse reads, and knows where each part of it stands", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const json = new JsonWithComments("x.json", text);
        expect(json.fault).toBeUndefined();
        expect(JSON.parse(JSON.stringify(json.value))).toEqual(JSON.parse(text));
        const lines = text.split("\n");
        for (const path of pathsIn(JSON.parse(text)).slice(1)) {
          const { line = 0, column = 0 } = json.placeOf(path) ?? {};
          const rest = lines[line - 1]?.slice(column - 1) ?? "";
          const last = path.at(-1);
          if (typeof last === "string") expect(rest.startsWith(JSON.stringify(last))).toBe(true);
          else expect(rest).toMatch(/^["{[\dtfn-]/);
        }
      }),
    );
  });

  it("tells what is wrong of any text, and where, and never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.string({ maxLength: 3 }), (value, at, junk) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        const { fault } = new JsonWithComments("x.json", text.slice(0, place) + junk + text.slice(place));
        if (fault !== undefined)
          expect(fault.place).toMatchObject({ file: "x.json", line: expect.any(Number) });
      }),
    );
  });

  it("gives comments and the lines of all that they can stand beside", () => {
    const json = new JsonWithComments("x.json", `{ // one\n  "a": [\n    1 /* two */\n  ]\n}`);
    expect(json.comments).toEqual([
      { text: " one", line: 1, column: 3 },
      { text: " two ", line: 3, column: 7 },
    ]);
    expect(json.ranges()).toEqual([
      { from: 2, to: 4 },
      { from: 3, to: 3 },
    ]);
  });
});

describe("parseExpression", () => {
  it("reads or refuses any text, and never throws", () => {
    const word = fc.constantFrom(
      "concat",
      "(",
      ")",
      "'a'",
      ",",
      ".",
      ".?",
      "[",
      "[?",
      "]",
      " ",
      "1",
      "''",
      "'",
      "-",
      "x.y",
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = `[${words.join("")}]`;
        if (isExpression(text)) parseExpression(text);
      }),
    );
  });

  it("takes time in proportion to what it reads", () => {
    for (const text of [
      `['${"''".repeat(20_000)}]`,
      `[${"a.".repeat(20_000)}]`,
      `[${" ".repeat(50_000)}x]`,
    ]) {
      const started = performance.now();
      expect(parseExpression(text)).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});
