import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { judgedNothing, summaryLine } from "../../src/reporters/summary.ts";
import { finding, outage, report } from "./sample.ts";

const counts = (over: Partial<Report["counts"]>) => ({ ...report().counts, ...over });
const unchanged: Partial<Report> = {
  deployments: [{ host: "terraform-plan", name: "prod", knows: "before-and-after", changes: { keep: 43 } }],
};

describe("the summary line", () => {
  it("says the verdict and what was judged", () => {
    expect(summaryLine(outage())).toBe(
      "blocked: 9 mandatory, 1 advisory · 43 resources (1 create, 2 update) · 13 policies (4 not applicable) · 3 undetermined · 1 waived · 1 warning",
    );
  });

  it("counts the checks of a pass", () => {
    expect(summaryLine(report())).toBe(
      "passed: 21 checks found nothing · 43 resources (1 create, 2 update) · 13 policies (4 not applicable)",
    );
    expect(summaryLine(report([finding({ level: "advisory" })]))).toMatch(
      /^passed: 21 checks found nothing, 1 advisory · /,
    );
  });

  it.each<[string, Partial<Report>, string]>([
    [
      "nothing changes",
      { ...unchanged, counts: counts({ compliant: 0 }) },
      "passed, but nothing was judged: no resource changes",
    ],
    [
      "nothing changes, and only deployment-wide checks ran",
      { ...unchanged, counts: counts({ compliant: 2 }) },
      "passed, but no resource changes (2 checks found nothing)",
    ],
    [
      "no policy applies",
      { counts: counts({ compliant: 0, notApplicable: 13 }) },
      "passed, but nothing was judged: no policy applies to these changes",
    ],
    [
      "no check could be decided",
      { counts: counts({ compliant: 0, undetermined: 3 }) },
      "passed, but no check could be decided",
    ],
    [
      "no policy is on",
      { counts: counts({ compliant: 0, policies: 0 }) },
      "passed, but nothing was judged: no policy is switched on",
    ],
    [
      "nothing was read",
      { deployments: [], counts: counts({ compliant: 0, resources: 0 }) },
      "passed, but nothing was judged: there was no deployment to read",
    ],
  ])("never lets a pass be taken for a judgement when %s", (_, over, said) => {
    const empty = report([], over);
    expect(judgedNothing(empty)).toBe(true);
    expect(summaryLine(empty).startsWith(`${said} · `)).toBe(true);
  });

  it("says why an incomplete run passes nothing", () => {
    const problems: Report["problems"] = [{ severity: "error", message: "The file is truncated" }];
    expect(summaryLine(report([], { verdict: "incomplete", problems }))).toMatch(
      /^incomplete: 1 error, so nothing is passed · /,
    );
  });

  it("says so when only undecided checks block", () => {
    expect(summaryLine(report([], { verdict: "blocked" }))).toMatch(
      /^blocked: mandatory checks could not be decided, and this configuration blocks then · /,
    );
  });

  it("counts what the baseline holds", () => {
    expect(summaryLine(report([finding({ state: "baselined" })]))).toMatch(/ · 1 in the baseline$/);
  });
});
