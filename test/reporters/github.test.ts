import { expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import github from "../../src/reporters/github.ts";
import { finding, HOSTILE, outage, report } from "./sample.ts";

const commands = (of: Report) => github(of).trimEnd().split("\n");

it("annotates each finding at its line, the gravest first, and ends with the summary", () => {
  const lines = commands(outage());
  expect(lines.map((line) => line.slice(0, line.indexOf(" ")))).toEqual([
    "::error",
    "::error",
    "::error",
    "::error",
    "::warning",
    "::warning",
    "::notice",
  ]);
  expect(lines[0]).toMatch(
    /^::error file=main\.tf,line=12,col=3,title=access\/public-read-removal::azurerm_storage_account\.vmext%0A/,
  );
  expect(lines.at(-1)).toMatch(/^::notice title=firebreak::blocked: 9 mandatory, 1 advisory · /);
});

it("escapes data and properties as GitHub's toolkit does", () => {
  const [line] = commands(
    report([
      finding({
        message: "100% of a:b,c",
        source: { file: "a:b,c%.tf", line: 1 },
        path: "",
        before: null,
        after: null,
      }),
    ]),
  );
  expect(line).toBe(
    "::error file=a%3Ab%2Cc%25.tf,line=1,title=access/shared-storage-change::azurerm_storage_account.vmext%0A100%25 of a:b,c%0AFix: Roll it out to ring canary first.",
  );
});

it("leaves the place out where it is unknown", () => {
  expect(commands(report([finding()]))[0]).toMatch(/^::error title=/);
});

it("stays below what GitHub shows, keeps the gravest and says how many are left", () => {
  const many = Array.from({ length: 25 }, (_, i) =>
    finding({
      address: `aws_s3_bucket.b${i}`,
      severity: i === 24 ? "critical" : "high",
      level: i < 12 ? "advisory" : "mandatory",
    }),
  );
  const lines = commands(report(many));
  expect(lines.filter((line) => line.startsWith("::error"))).toHaveLength(10);
  expect(lines.filter((line) => line.startsWith("::warning"))).toHaveLength(10);
  expect(lines[0]).toContain("aws_s3_bucket.b24");
  expect(lines.at(-1)).toContain("5 more not annotated");
});

it("keeps every annotation on its line, whatever a plan holds", () => {
  const lines = commands(
    report([finding({ address: HOSTILE, message: HOSTILE, source: { file: HOSTILE } })]),
  );
  expect(lines).toHaveLength(2);
  expect(lines[0]).not.toContain("##vso[");
});
