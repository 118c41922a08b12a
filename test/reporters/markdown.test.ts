import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import markdown, { MARKER } from "../../src/reporters/markdown.ts";
import { finding, HOSTILE, outage, report } from "./sample.ts";

const lines = (of: Report) => markdown(of).split("\n");
/** The cells of every row of the findings' table. */
const rows = (of: Report) =>
  lines(of)
    .filter((line) => line.startsWith("| ⛔") || line.startsWith("| ⚠️"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe("the comment", () => {
  it("begins with its marker and the verdict", () => {
    expect(lines(outage()).slice(0, 2)).toEqual([MARKER, "## ⛔ Firebreak blocks this change"]);
    expect(lines(report())[1]).toBe("## ✅ Firebreak passed this change");
    expect(lines(report([], { verdict: "incomplete" }))[1]).toBe(
      "## ⚠️ Firebreak could not finish, so nothing is passed",
    );
    expect(lines(report([], { deployments: [] }))[1]).toBe("## ⚪ Firebreak had nothing to judge");
  });

  it("has a row and the details with the fix for each finding, instances together", () => {
    const shown = markdown(outage());
    expect(rows(outage())).toHaveLength(5);
    expect(rows(outage())[0]).toEqual([
      "⛔",
      "<code>access/shared-storage-change</code>",
      "<code>azurerm&#95;storage&#95;account.vmext</code>",
      "<code>public&#95;network&#95;access&#95;enabled: true → false</code>",
      "37 resources in eastus and westus depend on it, 31 of them through text that nobody declared",
    ]);
    expect(shown.match(/<details/g)).toHaveLength(7);
    expect(shown.match(/<\/details>/g)).toHaveLength(7);
    expect(shown).toContain(
      "- **Fix:** Roll it out to ring canary first, or list the account under <code>shared: exempt</code>.",
    );
  });

  it("lists what is waived, by whom and until when, and what could not be decided", () => {
    const shown = markdown(outage());
    expect(shown).toContain("<summary>1 finding waived</summary>");
    expect(shown).toContain("team-edge until 2026-12-31, The issuer cannot renew by itself");
    expect(shown).toContain(
      "<summary>3 checks could not be decided: known after apply (2), no before-state (1)</summary>",
    );
  });

  it("fits into a GitHub comment however much is found, and says what is left out", () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      finding({ address: `aws_s3_bucket.b${i}`, message: "x".repeat(300) }),
    );
    const undetermined = many.map(({ policy, address, path }) => ({
      policy,
      address,
      path,
      because: "known after apply",
    }));
    const problems: Report["problems"] = many.map(({ address }) => ({
      severity: "error",
      message: `${address} is unreadable`,
    }));
    const shown = markdown(report(many, { undetermined, waived: many, problems }));
    expect(shown.length).toBeLessThan(65_000);
    expect(shown).toMatch(/This comment is full: \d+ findings left out, \d+ without details\./);
    expect(shown).toMatch(/- and \d+ more\n/);
    expect(shown).toMatch(/3000 checks could not be decided|Left out: 3000 more lines/);
  });
});

describe("what inputs hold", () => {
  it("is shown, and is neither markup nor a link nor a mention", () => {
    const of = report([
      finding({ address: HOSTILE, message: HOSTILE, fix: HOSTILE, source: { file: HOSTILE } }),
    ]);
    const shown = markdown(of);
    expect(rows(of)[0]).toHaveLength(5);
    expect(shown).not.toMatch(/<script|@octocat|#1 |\]\(|https:\/\/|\u202e|##vso\[/);
    expect(shown).not.toContain("\u001b");
    expect(shown).toContain("&#60;script&#62;alert(1)&#60;/script&#62;");
  });

  it.each(["/merge item", "# heading", "- item", "1. item", "+ item", "=== x", "    code", "---"])(
    "begins no block: %s",
    (message) => {
      const line = lines(report([finding({ message })])).find(
        (one) => /heading|item|x$|code$|---|45;/.test(one) && !one.includes("|"),
      );
      expect(line).toBeDefined();
      expect(line).not.toMatch(/^(?:[/#+=-]|\d+\.| {4})/);
    },
  );
});
