import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import { type Report, report as reportSchema } from "../../src/model/report.ts";
import { LIBRARIES, stacksIn, synthesise, TODAY } from "../support/cdktf/apps.ts";
import { statesOf } from "../support/cdktf/states.ts";
import { LESSONS, STORIES } from "../support/cdktf/stories.ts";
import { firebreak } from "./support/cli.ts";

const POLICIES = new Set<string>(policies.map(({ id }) => id));
const STOPPED = new Set(STORIES.flatMap(({ stops }) => stops.map(({ policy }) => policy)));

describe.each(LIBRARIES)("changes to the estate of fixtures/apps with $title", (library) => {
  const folder = mkdtempSync(join(tmpdir(), `firebreak-${library.name}-`));
  const today = join(folder, TODAY);
  const states = join(folder, "states");

  beforeAll(() => {
    const changes = STORIES.flatMap(({ story }) => [`${story}/unsafe`, `${story}/safe`]);
    synthesise(library, [TODAY, ...changes], folder);
    mkdirSync(states);
    for (const [name, state] of Object.entries(statesOf(stacksIn(today))))
      writeFileSync(join(states, name), state);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are none between today's synth and what exists today", () => {
    for (const before of [today, states]) {
      const { code, report } = checked(today, before);
      expect(report).toMatchObject({ verdict: "passed", problems: [], undetermined: [] });
      expect(code).toBe(0);
      for (const { knows, changes } of report.deployments) {
        expect({ knows, ...changes }).toMatchObject({
          knows: "before-and-after",
          create: 0,
          update: 0,
          replace: 0,
          delete: 0,
        });
      }
    }
  });

  const befores = [
    { before: "an older synth", path: () => today },
    { before: "the states of the stacks", path: () => states },
  ];
  describe.each(STORIES)("$story", ({ story, stops }) => {
    it.each(befores)("done carelessly is blocked, with $before", ({ path }) => {
      const out = join(folder, story, "unsafe");
      const { code, report } = checked(out, path());
      expect({ code, verdict: report.verdict, problems: report.problems }).toEqual({
        code: 1,
        verdict: "blocked",
        problems: [],
      });
      const mandatory = report.findings.filter(
        ({ level, state }) => level === "mandatory" && state === "open",
      );
      expect(new Set(mandatory.map(({ policy }) => policy))).toEqual(
        new Set(stops.map(({ policy }) => policy)),
      );
      for (const { policy, stack, address, hits } of stops) {
        const finding = mandatory.find(
          (one) => one.policy === policy && one.deployment === stack && one.address === address,
        );
        expect(finding, `${policy} ${stack} ${address}`).toBeDefined();
        if (hits !== undefined) expect(finding?.reach).toMatchObject(hits);
      }
      expect(strangers(report, out, today)).toEqual([]);
    });

    it.each(befores)("done well passes, with $before", ({ path }) => {
      const { code, report } = checked(join(folder, story, "safe"), path());
      expect(report.findings.filter(({ level }) => level === "mandatory")).toEqual([]);
      expect({ code, verdict: report.verdict, problems: report.problems }).toEqual({
        code: 0,
        verdict: "passed",
        problems: [],
      });
    });
  });

  describe.each(STORIES)("$story", ({ story, well }) => {
    it.each(befores)("done well is seen as what it is, with $before", ({ path }) => {
      const { report } = checked(join(folder, story, "safe"), path());
      const touched = report.deployments.flatMap(({ name, changes: { create = 0, update = 0 } }) =>
        create + update === 0 ? [] : [[name, { create, update }] as const],
      );
      expect(Object.fromEntries(touched)).toEqual(well);
    });
  });

  it("are told with what a reference stands for where a state knows it, else with its being unknown", () => {
    const told = ({ report }: ReturnType<typeof checked>) =>
      report.findings.find(({ address }) => address === "azurerm_app_service_certificate.intranet")?.after;
    const out = join(folder, "renew-certificates/unsafe");
    expect(told(checked(out, states))).toMatch(/\.vault\.azure\.net\/secrets\/wildcard\/[0-9a-f]{32}$/);
    expect(told(checked(out, today))).toBe("(known after apply)");
  });

  it("are the same against what was committed as against the folder that it was committed from", () => {
    const repository = join(folder, "repository");
    const out = join(repository, "cdktf.out");
    const git = (...args: readonly string[]) => {
      const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
      execFileSync("git", ["-C", repository, ...who, ...args], { stdio: "pipe" });
    };
    cpSync(today, out, { recursive: true });
    git("init", "--quiet", "--initial-branch", "main");
    git("add", "--all");
    git("commit", "--quiet", "--message", "as it runs today");
    for (const manner of ["unsafe", "safe"]) {
      rmSync(out, { recursive: true });
      cpSync(join(folder, "lock-storage", manner), out, { recursive: true });
      const committed = checked(out, "git:HEAD");
      expect(committed.report).toEqual(checked(out, today).report);
      expect(committed.code).toBe(manner === "unsafe" ? 1 : 0);
    }
  });

  it("are told in the same bytes each time", () => {
    const tell = () => firebreak(["check", join(folder, "lock-storage/unsafe"), "--before", states]).stdout;
    const once = tell();
    expect(once).toContain("azurerm_storage_account.packages");
    expect(tell()).toBe(once);
  });
});

describe("what the outages of 2020 to 2026 taught", () => {
  for (const [lesson, stoppers] of LESSONS) {
    for (const policy of stoppers) {
      if (!POLICIES.has(policy)) it.todo(`${lesson}: there is no ${policy} yet`);
      else it(`${lesson}: ${policy} stops it`, () => expect(STOPPED).toContain(policy));
    }
  }

  it.each([...POLICIES])("%s stops one of the changes", (policy) => expect(STOPPED).toContain(policy));
});

function checked(out: string, before: string): { readonly code: number | null; readonly report: Report } {
  const { code, stdout, stderr } = firebreak(["check", out, "--before", before, "--format", "json"]);
  if (stdout === "") throw new Error(`firebreak ended with ${code} and no report: ${stderr}`);
  return { code, report: reportSchema.parse(JSON.parse(stdout)) };
}

/** Findings about something that is in none of the synths: neither a stack nor a resource in it. */
function strangers({ findings }: Report, ...synths: readonly string[]): readonly string[] {
  const known = new Set(
    synths
      .flatMap(stacksIn)
      .flatMap(({ name, resources }) => [
        `${name} ${name}`,
        ...resources.map((block) => `${name} ${block.type}.${block.name}`),
      ]),
  );
  return findings
    .map(({ deployment, address }) => `${deployment} ${address}`)
    .filter((one) => !known.has(one));
}
