import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combined, type Edit, edited } from "../../src/fixes/edits.ts";
import { unifiedDiff } from "../../src/fixes/unified-diff.ts";

/** A text of short lines, and edits in it that do not overlap. */
const textAndEdits = fc
  .tuple(
    fc.array(fc.constantFrom("a", "b", "é", "\n", "\r\n", " "), { maxLength: 120 }),
    fc.array(fc.tuple(fc.nat(200), fc.nat(6), fc.constantFrom("", "x", "x\n", "\ny\n", "\r\nz")), {
      maxLength: 5,
    }),
  )
  .map(([parts, wishes]): { text: string; edits: readonly Edit[] } => {
    const text = parts.join("");
    const fixes = wishes.map(([at, length, replacement]) => {
      const start = Math.min(at, text.length);
      return [{ start, end: Math.min(start + length, text.length), replacement }];
    });
    return { text, edits: combined(fixes) };
  });

describe("combined", () => {
  const edit = (start: number, end: number, replacement = "x"): Edit => ({ start, end, replacement });

  it("takes a fix whole or not at all, and the same edit once", () => {
    expect(combined([[edit(4, 6)], [edit(0, 1), edit(5, 5)], [edit(4, 6)]])).toEqual([edit(4, 6)]);
    expect(combined([[edit(9, 9)], [edit(0, 1), edit(2, 2)]])).toEqual([edit(0, 1), edit(2, 2), edit(9, 9)]);
    expect(combined([[edit(1, 1, "a")], [edit(1, 1, "b")]])).toEqual([edit(1, 1, "a")]);
  });

  it("never gives edits that overlap", () => {
    fc.assert(
      fc.property(textAndEdits, ({ edits }) => {
        for (const [i, one] of edits.entries())
          expect(edits[i + 1]?.start ?? Infinity).toBeGreaterThan(one.end);
      }),
    );
  });
});

describe("unifiedDiff", () => {
  const diff = (text: string, ...edits: readonly Edit[]) => unifiedDiff("a b/x.tf", text, edits);

  it("shows three lines around a change, and joins changes whose context meets", () => {
    const text = Array.from({ length: 20 }, (_, i) => `${i + 1}\n`).join("");
    const at = (line: number) => text.indexOf(`\n${line}\n`) + 1;
    const insert = (line: number) => ({ start: at(line), end: at(line), replacement: "new\n" });
    expect(diff(text, insert(5))).toBe(
      "--- a/a b/x.tf\t\n+++ b/a b/x.tf\t\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n",
    );
    expect(diff(text, insert(5), insert(11)).match(/^@@.*@@$/gm)).toEqual(["@@ -2,12 +2,14 @@"]);
    expect(diff(text, insert(5), insert(12)).match(/^@@.*@@$/gm)).toEqual([
      "@@ -2,6 +2,7 @@",
      "@@ -9,6 +10,7 @@",
    ]);
  });

  it("says where a line end is missing, and nothing where nothing changes", () => {
    expect(diff("a", { start: 1, end: 1, replacement: "b" })).toContain(
      "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+ab\n\\ No newline at end of file\n",
    );
    expect(diff("a\n", { start: 0, end: 1, replacement: "a" })).toBe("");
  });

  it("keeps a path on its line", () => {
    const text = unifiedDiff('a\n+++ b/"x', "a\n", [{ start: 0, end: 1, replacement: "b" }]);
    expect(text.split("\n").slice(0, 2)).toEqual(['--- "a/a\\012+++ b/\\"x"', '+++ "b/a\\012+++ b/\\"x"']);
  });

  it("is what git apply makes the edits of", () => {
    const root = mkdtempSync(join(tmpdir(), "firebreak-diff-"));
    try {
      const file = join(root, "x.tf");
      fc.assert(
        fc.property(textAndEdits, ({ text, edits }) => {
          const changed = edited(text, edits);
          fc.pre(text !== "" && changed !== "");
          const patch = unifiedDiff("x.tf", text, edits);
          expect(patch === "").toBe(text === changed);
          writeFileSync(file, text);
          if (patch !== "")
            execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: root, input: patch });
          expect(readFileSync(file, "utf8")).toBe(changed);
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
