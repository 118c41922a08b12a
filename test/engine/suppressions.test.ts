import { describe, expect, it } from "vitest";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { report as reportSchema } from "../../src/model/report.ts";
import type { Suppression } from "../../src/model/suppression.ts";
import { deploymentOf, resource } from "../graph/support.ts";
import { judged, noOpenDoors, waiver } from "./support.ts";

/** An open door that is written on a line of a file. */
const open = (line: number | undefined, rest: Partial<Change> = {}): Change => ({
  ...resource(`door.on${line}`, { open: true }, { action: "create", before: undefined }),
  type: "door",
  nativeType: "door",
  source: { file: "main.tf", ...(line !== undefined && { line }) },
  ...rest,
});

const allow = (rest: Partial<Suppression> = {}): Suppression => ({
  policy: "doors/closed",
  owner: "team-x",
  reason: "known",
  until: "2027-06-01",
  source: { file: "main.tf", line: 9, column: 3 },
  lines: { from: 10, to: 12 },
  ...rest,
});

const estate = (
  changes: readonly Change[],
  suppressions: readonly Suppression[],
  name = "test",
): Deployment => ({
  ...deploymentOf(changes, [], name),
  suppressions,
});

const said = (report: ReturnType<typeof judged>) =>
  report.problems.map(({ severity, message }) => `${severity}: ${message}`);

describe("a suppression covers", () => {
  it("findings on its lines, and they say where it stands", () => {
    const changes = [9, 10, 12, 13].map((line) => open(line));
    const report = judged([estate(changes, [allow()])]);
    expect(report.findings.map(({ address }) => address)).toEqual(["door.on13", "door.on9"]);
    expect(report.waived).toMatchObject([
      {
        address: "door.on10",
        state: "waived",
        waiver: {
          owner: "team-x",
          reason: "known",
          expires: "2027-06-01",
          source: { file: "main.tf", line: 9, column: 3 },
        },
      },
      { address: "door.on12" },
    ]);
    expect(report).toMatchObject({ problems: [], counts: { waived: 2, mandatory: 2 } });
    expect(reportSchema.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined();
  });

  it("what points at its lines, wherever the resource begins", () => {
    const locate = () => ({ file: "main.tf", line: 11 });
    const report = judged([{ ...estate([open(1)], [allow()]), locate }]);
    expect(report).toMatchObject({ verdict: "passed", counts: { waived: 1 } });
  });

  it.each<[string, Partial<Suppression>, Change]>([
    ["of another policy", { policy: "windows/*" }, open(10)],
    ["of another file", {}, open(10, { source: { file: "modules/main.tf", line: 10 } })],
    ["without a line", {}, open(undefined)],
    [
      "without a place",
      {},
      { ...resource("door.a", { open: true }, { action: "create", before: undefined }), type: "door" },
    ],
  ])("nothing %s", (_, rest, change) => {
    expect(judged([estate([change], [allow(rest)])])).toMatchObject({ verdict: "blocked", waived: [] });
  });

  it("nothing that is deleted: its line is one of the version before", () => {
    const kept = noOpenDoors(
      "doors/kept",
      {
        check({ after, report }) {
          if (after === undefined) report.violation({ message: "It is gone.", fix: "Keep it." });
        },
      },
      "change",
    );
    const change = open(10, { action: "delete", before: { open: true }, after: undefined });
    const report = judged([estate([change], [allow({ policy: "*/*" })])], { packs: [kept] });
    expect(report).toMatchObject({ verdict: "blocked", problems: [], counts: { mandatory: 1 } });
  });

  it("only what is in the deployments that its file is part of", () => {
    const report = judged([estate([open(10)], [allow()], "a"), estate([open(10)], [], "b")]);
    expect(report.waived.map(({ deployment }) => deployment)).toEqual(["a"]);
    expect(report.findings.map(({ deployment }) => deployment)).toEqual(["b"]);
  });
});

describe("a suppression", () => {
  it.each<[string, Partial<Suppression>, string, string[]]>([
    [
      "holds on its last day, and says so",
      { until: "2026-11-22" },
      "passed",
      ["warning: The suppression of team-x for doors/closed in main.tf expires today (2026-11-22)."],
    ],
    [
      "covers nothing on the day after",
      { until: "2026-11-21" },
      "blocked",
      [
        "error: The suppression of team-x for doors/closed in main.tf expired on 2026-11-21 and covers nothing any more: renew it or take it out.",
      ],
    ],
    ["holds for 366 days", { until: "2027-11-23" }, "passed", []],
    [
      "covers nothing when it is to hold for longer",
      { until: "2027-11-24" },
      "blocked",
      [
        "error: The suppression of team-x for doors/closed in main.tf covers nothing: 2027-11-24 is more than 366 days ahead; expected 2027-11-23 or earlier.",
      ],
    ],
    [
      "for a policy that there is not is wrong",
      { policy: "dors/closed" },
      "blocked",
      [
        "error: The suppression of team-x for dors/closed in main.tf covers nothing: there is no such policy (did you mean doors/closed?).",
      ],
    ],
    [
      "for a policy that is not run here matches nothing",
      { policy: "windows/closed" },
      "blocked",
      [
        "warning: The suppression of team-x for windows/closed in main.tf matches no finding: take it out, or correct it.",
      ],
    ],
  ])("%s", (_, rest, verdict, problems) => {
    const knownPolicies = ["doors/closed", "windows/closed"];
    const report = judged([estate([open(10)], [allow(rest)])], { knownPolicies });
    expect(said(report)).toEqual(problems);
    expect(report.verdict).toBe(verdict);
    for (const { source } of report.problems) expect(source).toEqual({ file: "main.tf", line: 9, column: 3 });
  });

  it("that matches nothing warns only where it covers something that changes", () => {
    const shut = (action: Change["action"], line: number) =>
      open(line, { action, before: { open: false }, after: { open: false } });
    expect(said(judged([estate([shut("keep", 10), shut("update", 13)], [allow()])]))).toEqual([]);
    expect(said(judged([estate([shut("update", 10)], [allow()])]))).toEqual([
      expect.stringContaining("matches no finding"),
    ]);
  });

  it("that several deployments share is one: it matches where one of them has the finding", () => {
    const shut = open(10, { after: { open: false } });
    const together = (...changes: Change[]) =>
      judged(changes.map((change, i) => estate([change], [allow()], `root${i}`)));
    expect(said(together(shut, open(10)))).toEqual([]);
    expect(said(together(shut, shut))).toHaveLength(1);
  });

  it("may stand beside a waiver, which then goes first", () => {
    const report = judged([estate([open(10)], [allow({ owner: "b" })])], {
      waivers: [waiver({ owner: "a" })],
    });
    expect(report.waived).toMatchObject([{ waiver: { owner: "a", reason: "known", expires: "2027-06-01" } }]);
    expect(said(report)).toEqual([]);
  });
});
