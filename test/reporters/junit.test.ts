import { expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import junit from "../../src/reporters/junit.ts";
import { finding, HOSTILE, outage, report } from "./sample.ts";
import { elements } from "./xml.ts";

const named = (of: Report, name: string) => elements(junit(of)).filter((one) => one.name === name);

it("has a failure for each finding that blocks, and shows the rest as skipped", () => {
  const [total] = named(outage(), "testsuites");
  expect(total?.attributes).toMatchObject({ tests: "16", failures: "9", errors: "0", skipped: "6" });
  expect(named(outage(), "failure")).toHaveLength(9);
  expect(named(outage(), "skipped").map((one) => one.attributes.message)).toContain(
    "Waived by team-edge until 2026-12-31: The issuer cannot renew by itself; the gateway is retired in November.",
  );
});

it("tells in a failure what, where, how and the way through", () => {
  const [failure] = named(report([finding({ source: { file: "main.tf", line: 12 } })]), "failure");
  expect(failure?.text).toBe(
    [
      "What:  37 resources in 2 regions read from this account and lose access at once.",
      "Where: azurerm_storage_account.vmext (main.tf:12)",
      "How:   public_network_access_enabled: true → false",
      "Fix:   Roll it out to ring canary first.",
      "More:  firebreak explain access/shared-storage-change",
    ].join("\n"),
  );
});

it("is never empty: a pass is one case that says what was judged", () => {
  const cases = named(report(), "testcase");
  expect(cases.map((one) => one.attributes.name)).toEqual([
    "passed: 21 checks found nothing · 43 resources (1 create, 2 update) · 13 policies (4 not applicable)",
  ]);
  expect(named(report(), "skipped")).toEqual([]);
});

it("does not show as a success where nothing was judged", () => {
  const nothing = report([], { deployments: [], counts: { ...report().counts, compliant: 0 } });
  expect(named(nothing, "testcase")).toHaveLength(1);
  expect(named(nothing, "skipped")).toHaveLength(1);
});

it("has an error for what could not be read", () => {
  const problems: Report["problems"] = [
    { severity: "error", message: "cut off", source: { file: "a.json", line: 3 } },
  ];
  const [error] = named(report([], { problems }), "error");
  expect(error?.attributes.message).toBe("cut off");
  expect(named(report([], { problems }), "testsuites")[0]?.attributes.errors).toBe("1");
});

it("has a suite for each deployment, and counts that add up", () => {
  const [one] = report().deployments;
  if (one === undefined) throw new Error("the sample has a deployment");
  const several = report([finding({ deployment: "test" }), finding()], {
    deployments: [one, { ...one, name: "test" }],
  });
  const suites = named(several, "testsuite").map(({ attributes }) => [
    attributes.name,
    attributes.failures,
    attributes.tests,
  ]);
  expect(suites).toEqual([
    ["firebreak", "1", "2"],
    ["prod", "0", "1"],
    ["test", "1", "2"],
  ]);
});

it("stays well-formed whatever a plan holds, and brings the text through", () => {
  const hostile = report([finding({ address: HOSTILE, message: HOSTILE, fix: HOSTILE })], {
    undetermined: [{ policy: HOSTILE, address: HOSTILE, path: HOSTILE, because: HOSTILE }],
    problems: [{ severity: "error", message: HOSTILE }],
  });
  expect(named(hostile, "failure")[0]?.attributes.message).toContain("<script>alert(1)</script> a|b");
});
