import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import sarif, { toUri } from "../../src/reporters/sarif.ts";
import { context, finding, HOSTILE, outage, report } from "./sample.ts";

/** The official schema is written for draft 4 of JSON Schema, which differs from draft 7 here only in the name of its id. */
function officialSchema(): object {
  const file = createRequire(import.meta.url).resolve(
    "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
  );
  const { $schema, id, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  return schema;
}

const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(officialSchema());

const rules = {
  "access/shared-storage-change": {
    title: "Access to shared storage changes ring by ring",
    hazard: "Everything that reads from the storage loses access at once.",
    help: "https://example.test/access/shared-storage-change",
  },
  "dns/ttl-bounds": {
    title: "Records can be taken back soon",
    hazard: "A wrong record stays for days.",
    help: "policies/dns/ttl-bounds.md",
  },
};
const runOf = (of: Report, over = {}) => {
  const log = JSON.parse(sarif(of, { ...context, ...over }));
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  return log.runs[0];
};

describe("the SARIF log", () => {
  it("is valid for every kind of report", () => {
    runOf(outage(), { rules });
    runOf(report());
    runOf(
      report([
        finding({
          address: HOSTILE,
          message: HOSTILE,
          policy: HOSTILE,
          source: { file: HOSTILE, line: 0, column: 0 },
        }),
      ]),
    );
    runOf(
      report([], {
        deployments: [],
        problems: [{ severity: "error", message: HOSTILE, source: { file: HOSTILE, line: 1 } }],
        undetermined: [{ policy: "x/y", address: HOSTILE, path: HOSTILE, because: HOSTILE }],
      }),
    );
  });

  it("is refused by the schema when it is wrong", () => {
    const log = JSON.parse(sarif(outage(), context));
    log.runs[0].results[0].level = "fatal";
    expect(validate(log)).toBe(false);
  });

  it("describes every policy that was run, sorted, and points results at them", () => {
    const run = runOf(outage(), { rules });
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toContain("dns/ttl-bounds");
    for (const one of run.results) expect(ids[one.ruleIndex]).toBe(one.ruleId);
    expect(run.tool.driver.rules[ids.indexOf("access/shared-storage-change")]).toMatchObject({
      shortDescription: { text: rules["access/shared-storage-change"].title },
      fullDescription: { text: rules["access/shared-storage-change"].hazard },
      helpUri: rules["access/shared-storage-change"].help,
      defaultConfiguration: { level: "error" },
      properties: { severity: "critical", tags: ["change-safety", "access"] },
    });
    expect(run.tool.driver.rules[ids.indexOf("dns/ttl-bounds")]).not.toHaveProperty("helpUri");
  });

  it("has an error for what blocks and less for what is only said", () => {
    const levels = (over: Parameters<typeof finding>[0]) => runOf(report([finding(over)])).results[0].level;
    expect(levels({ severity: "medium" })).toBe("error");
    expect(levels({ level: "advisory", severity: "critical" })).toBe("warning");
    expect(levels({ level: "advisory", severity: "low" })).toBe("note");
  });

  it("says where, as file and as resource, and how to recognise it again", () => {
    const [result] = runOf(
      report([finding({ source: { file: "infra/a b#1.tf", line: 12, column: 3 } })]),
    ).results;
    expect(result.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "infra/a%20b%231.tf" },
          region: { startLine: 12, startColumn: 3 },
        },
        logicalLocations: [{ fullyQualifiedName: "azurerm_storage_account.vmext", kind: "resource" }],
      },
    ]);
    expect(result.partialFingerprints).toEqual({ "firebreak/v1": "0123456789abcdef0123456789abcdef" });
  });

  it("points at the file that was read where the source is unknown, and at none where that is unknown too", () => {
    const uri = (of: Report) => runOf(of).results[0].locations[0].physicalLocation?.artifactLocation.uri;
    const [one] = report().deployments;
    if (one === undefined) throw new Error("the sample has a deployment");
    const two = [one, { ...one, name: "test", file: "test.json" }];
    expect(uri(report([finding()]))).toBe("plan.json");
    expect(uri(report([finding({ deployment: "test" })], { deployments: two }))).toBe("test.json");
    expect(uri(report([finding()], { deployments: two }))).toBeUndefined();
  });

  it("names the document that was judged beside the line that it was made from", () => {
    const related = (of: Report) => runOf(of).results[0].relatedLocations;
    expect(related(report([finding({ source: { file: "src/main.ts", line: 12 } })]))).toEqual([
      {
        physicalLocation: { artifactLocation: { uri: "plan.json" } },
        message: { text: "azurerm_storage_account.vmext as it was judged, in plan.json" },
      },
    ]);
    expect(related(report([finding()]))).toBeUndefined();
    expect(related(report([finding({ source: { file: "plan.json", line: 3 } })]))).toBeUndefined();
    expect(related(report([finding({ source: { file: "cdk.tf.json" } })]))).toBeUndefined();
    const [one] = report().deployments;
    const { file: _, ...piped } = one ?? expect.fail("the sample has a deployment");
    const ofPipe = report([finding({ source: { file: "main.tf", line: 3 } })], { deployments: [piped] });
    expect(related(ofPipe)).toBeUndefined();
  });

  it("tells of a comment that accepts a finding where it stands", () => {
    const source = { file: "infra/main.tf", line: 11, column: 3 };
    const waiver = { owner: "team-x", reason: "known", expires: "2027-06-01", source };
    const run = runOf(report([], { waived: [finding({ state: "waived", waiver })] }));
    expect(run.results[0].suppressions).toEqual([
      {
        kind: "inSource",
        status: "accepted",
        justification: "known (team-x, until 2027-06-01)",
        location: {
          physicalLocation: {
            artifactLocation: { uri: "infra/main.tf" },
            region: { startLine: 11, startColumn: 3 },
          },
        },
      },
    ]);
  });

  it("keeps waived and baselined findings, suppressed", () => {
    const run = runOf(report([finding({ state: "baselined" })], { waived: outage().waived }));
    expect(run.results.map((one: { suppressions: unknown }) => one.suppressions)).toEqual([
      [
        {
          kind: "external",
          status: "accepted",
          justification: "It was there before the baseline was taken.",
        },
      ],
      [
        {
          kind: "external",
          status: "accepted",
          justification:
            "The issuer cannot renew by itself; the gateway is retired in November. (team-edge, until 2026-12-31)",
        },
      ],
    ]);
  });

  it("says that a run with errors was no success, and notes what could not be decided", () => {
    const problems: Report["problems"] = [
      { severity: "error", message: "broken", source: { file: "a.json", line: 2 } },
    ];
    const [failed] = runOf(report([], { problems })).invocations;
    expect(failed).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error" }],
    });
    const [fine] = runOf(outage()).invocations;
    expect(fine.executionSuccessful).toBe(true);
    expect(fine.toolExecutionNotifications.map((one: { level: string }) => one.level)).toEqual([
      "warning",
      "note",
      "note",
      "note",
    ]);
  });

  it("lets no input choose the target of a link", () => {
    const [result] = runOf(report([finding({ message: "[click](https://evil.example)" })])).results;
    expect(result.message.text).not.toContain("](");
  });
});

it.each([
  ["main.tf", "main.tf"],
  ["./infra/main.tf", "infra/main.tf"],
  ["../up/main.tf", "../up/main.tf"],
  ["infra\\win.tf", "infra/win.tf"],
  ["/abs/ü.tf", "file:///abs/%C3%BC.tf"],
  ["C:\\x\\y.tf", "file:///C%3A/x/y.tf"],
  ["javascript:alert(1)", "javascript%3Aalert(1)"],
  ["//host/share.tf", "file://host/share.tf"],
  ["a\ud800b", "a%EF%BF%BDb"],
])("the path %s as a URI", (path, uri) => {
  expect(toUri(path)).toBe(uri);
});
