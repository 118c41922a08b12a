import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configSchema } from "../../../src/config/schema.ts";
import { type Comment, type Lines, suppressionsIn } from "../../../src/inputs/files/suppressions.ts";
import { isDay } from "../../../src/model/waiver-term.ts";

const TERMS = 'until=2026-12-31 owner=team-x reason="it is known"';
const at = (line: number, text: string, column = 1): Comment => ({ text, line, column });
const allow = (policy = "doors/closed") => ` firebreak:allow ${policy} ${TERMS}`;

/** The policies that comments allow, with the lines that they cover. */
function covered(comments: readonly Comment[], things: readonly Lines[]): string[] {
  const { suppressions, problems } = suppressionsIn("main.tf", comments, things);
  expect(problems).toEqual([]);
  return suppressions.map(({ policy, lines }) => `${policy} ${lines.from}-${lines.to}`);
}

/** What is wrong with one comment above one thing. */
function wrong(text: string): string[] {
  const { suppressions, problems } = suppressionsIn("main.tf", [at(3, text, 5)], [{ from: 4, to: 6 }]);
  expect(suppressions).toEqual([]);
  return problems.map(({ severity, message, source, hides }) => {
    expect({ source, hides }).toEqual({
      source: { file: "main.tf", line: 3, column: 5 },
      hides: false,
    });
    expect(message).toMatch(/^main\.tf has a suppression that .*\.$/);
    return `${severity}: ${message.replace("main.tf has a suppression that ", "")}`;
  });
}

describe("a suppression", () => {
  it("says what is accepted, by whom, why and until when", () => {
    expect(suppressionsIn("main.tf", [at(3, allow(), 5)], [{ from: 4, to: 6 }])).toEqual({
      suppressions: [
        {
          policy: "doors/closed",
          until: "2026-12-31",
          owner: "team-x",
          reason: "it is known",
          source: { file: "main.tf", line: 3, column: 5 },
          lines: { from: 4, to: 6 },
        },
      ],
      problems: [],
    });
  });

  it("has its keys in any order, and words with spaces in quotes", () => {
    const written = fc
      .record({
        owner: fc.string({ minLength: 1, unit: "grapheme" }),
        reason: fc.string({ minLength: 1, unit: "binary" }),
        until: fc.date({ min: new Date("2000-01-01"), max: new Date("2999-12-31"), noInvalidDate: true }),
        policy: fc.constantFrom("doors/closed", "doors/*", "*/clo*d"),
      })
      .map(({ until, ...rest }) => ({ ...rest, until: until.toISOString().slice(0, 10) }))
      // A comment line is one line, and spaces around a value are none of it.
      .map((terms) => ({
        ...terms,
        owner: terms.owner.replace(/[\r\n]/g, "").trim() || "o",
        reason: terms.reason.replace(/[\r\n]/g, "").trim() || "r",
      }));
    const order = fc.shuffledSubarray(["owner", "reason", "until"] as const, { minLength: 3 });
    fc.assert(
      fc.property(written, order, (terms, keys) => {
        const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
        const text = `firebreak:allow ${terms.policy} ${keys.map((key) => `${key}=${quoted(terms[key])}`).join("  ")}`;
        const { suppressions, problems } = suppressionsIn("a.ts", [at(1, text)], [{ from: 2, to: 2 }]);
        expect(problems).toEqual([]);
        expect(suppressions).toMatchObject([terms]);
      }),
    );
  });

  it("is said in full whatever somebody writes after its name, and in little time", () => {
    const words = fc.constantFrom(
      "until=",
      "2026-12-31",
      '"',
      "\\",
      "=",
      " ",
      "owner=a",
      "reason=",
      "a/b",
      "*",
      "é\u{1f525}",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        const { suppressions, problems } = suppressionsIn(
          "a.ts",
          [at(1, `firebreak:allow ${parts.join("")}`)],
          [{ from: 1, to: 1 }],
        );
        expect(suppressions.length + problems.length).toBe(1);
      }),
    );
    const started = performance.now();
    for (const part of ["\\\\", '"', "a=", "*", " ", "/", "a"]) {
      const text = `firebreak:allow a/b reason="${part.repeat(100_000)}`;
      expect(wrong(text)).toHaveLength(1);
      expect(wrong(`firebreak:${part.repeat(100_000)}`).length).toBeLessThan(2);
    }
    const many = Array.from({ length: 20_000 }, (_, i) => at(i + 1, allow()));
    expect(suppressionsIn("a.ts", many, []).problems).toHaveLength(20_000);
    const one = at(1, many.map(({ text }) => text).join("\n"));
    expect(suppressionsIn("a.ts", [one], []).problems).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it.each([
    [
      "firebreak:allow",
      'error: names no policy; expected firebreak:allow POLICY until=2026-12-31 owner=WHO reason="WHY".',
    ],
    [`firebreak:allow ${TERMS}`, "error: names no policy"],
    [`firebreak:disable a/b ${TERMS}`, 'error: begins with "firebreak:disable"'],
    [`firebreak: allow a/b ${TERMS}`, 'error: begins with "firebreak:"'],
    [`firebreak:allow doors ${TERMS}`, 'error: names "doors", which is neither'],
    [`firebreak:allow */a*b*c ${TERMS}`, 'error: names "*/a*b*c", which is neither'],
    [`firebreak:allow a/b c/d ${TERMS}`, 'error: has "c/d" where a key=value belongs'],
    [`firebreak:allow a/b ${TERMS} ticket=12`, 'error: has the unknown key "ticket"'],
    [`firebreak:allow a/b ${TERMS} __proto__=1`, 'error: has the unknown key "__proto__"'],
    [`firebreak:allow a/b ${TERMS} owner=b`, 'error: has the key "owner" twice'],
    ["firebreak:allow a/b owner=a reason=b", "error: has no until"],
    ["firebreak:allow a/b until=2026-12-31 reason=b", "error: has no owner"],
    ['firebreak:allow a/b until=2026-12-31 owner=a reason="  "', "error: has no reason"],
    [
      "firebreak:allow a/b until=2026-12-31 owner=a reason=it is known",
      'error: has "is" where a key=value belongs',
    ],
    ['firebreak:allow a/b until=2026-12-31 owner=a reason="no end', 'error: has "reason="no" where'],
    ['firebreak:allow a/b until=2026-12-31 owner=a reason="C:\\new"', 'error: has "reason="C:\\new"" where'],
    ['firebreak:allow a/b until=2026-12-31 owner=a reason="x"y', 'error: has "reason="x"y" where'],
    ["firebreak:allow a/b until=2026-02-30 owner=a reason=b", "error: has until=2026-02-30, which is no day"],
    ["firebreak:allow a/b until=31.12.2026 owner=a reason=b", "error: has until=31.12.2026, which is no day"],
    ["firebreak:allow a/b until=tomorrow owner=a reason=b", "error: has until=tomorrow, which is no day"],
  ])("is wrong: %s", (text, expected) => {
    expect(wrong(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each(["see firebreak:allow in the guide", "firebreak: judges this", "nothing", "the firebreak:", ""])(
    "is not what is only said: %s",
    (text) => {
      expect(suppressionsIn("a.ts", [at(1, text)], [{ from: 2, to: 2 }])).toEqual({
        suppressions: [],
        problems: [],
      });
    },
  );

  it("takes the days that the configuration takes", () => {
    const days = fc.stringMatching(/^\d{4}-[01]\d-[0-3]\d$/);
    const waiver = { policy: "a/b", address: "a", owner: "a", reason: "a" };
    fc.assert(
      fc.property(days, (expires) => {
        const { success } = configSchema.safeParse({ version: 1, waivers: [{ ...waiver, expires }] });
        expect(isDay(expires)).toBe(success);
      }),
    );
  });
});

describe("a suppression covers", () => {
  it("the largest thing that starts on its own line", () => {
    const things = [
      { from: 1, to: 9 },
      { from: 3, to: 3 },
      { from: 3, to: 7 },
      { from: 4, to: 4 },
    ];
    expect(covered([at(3, allow(), 20)], things)).toEqual(["doors/closed 3-7"]);
  });

  it("else what starts on the next line that is no comment", () => {
    const things = [
      { from: 1, to: 20 },
      { from: 5, to: 9 },
      { from: 6, to: 6 },
    ];
    expect(covered([at(4, allow())], things)).toEqual(["doors/closed 5-9"]);
    const several = [at(2, allow("a/b")), at(3, " a word on it"), at(4, allow("c/*"))];
    expect(covered(several, things)).toEqual(["a/b 5-9", "c/* 5-9"]);
  });

  it("the same from within a block comment, of which each line counts", () => {
    const text = `*\n   * Doors.\r\n   *${allow("a/b")}\n   *${allow("c/d")}\n   `;
    const comment = at(2, text, 3);
    const { suppressions } = suppressionsIn("a.ts", [comment], [{ from: 7, to: 8 }]);
    expect(suppressions.map(({ source, lines }) => [source.line, source.column, lines.from])).toEqual([
      [4, 6, 7],
      [5, 6, 7],
    ]);
    expect(covered([comment], [{ from: 6, to: 9 }])).toEqual(["a/b 6-9", "c/d 6-9"]);
  });

  it.each<[string, readonly Comment[], readonly Lines[]]>([
    ["there is a line between", [at(1, allow())], [{ from: 3, to: 4 }]],
    ["it is the last of a block", [at(2, allow())], [{ from: 1, to: 3 }]],
    [
      "the line between has another comment behind it",
      [at(1, allow(), 3), at(2, " 1", 12)],
      [{ from: 3, to: 4 }],
    ],
    ["there is nothing", [at(1, allow())], []],
  ])("nothing, and says so, where %s", (_, comments, things) => {
    const { suppressions, problems } = suppressionsIn("main.tf", comments, things);
    expect(suppressions).toEqual([]);
    expect(problems).toMatchObject([
      {
        severity: "warning",
        message:
          "main.tf has a suppression that covers nothing: write it right above what it accepts, or behind it on its first line.",
        source: { file: "main.tf", line: comments[0]?.line },
      },
    ]);
  });
});
