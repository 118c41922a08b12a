import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BLOCKED, directory, firebreak, PASSED, root } from "./support/cli.ts";
import { closingPlan, harmlessPlan } from "./support/plans.ts";

describe("help", () => {
  it.each(["", "check", "explain", "policies", "replay"])(
    "of `firebreak %s` teaches by example and fits a terminal",
    (command) => {
      const args = command === "" ? ["--help"] : [command, "--help"];
      const { code, stdout, stderr } = firebreak(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`Examples:\\n  .*\\n[\\s\\S]*firebreak ${command}`));
      for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  it("tells the exit codes", () => {
    expect(firebreak(["--help"]).stdout).toMatch(/0 passed +1 blocked +2 wrong usage[\s\S]*3 incomplete/);
  });

  it("comes up where nothing is asked for, as wrong usage", () => {
    const { code, stdout, stderr } = firebreak([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: firebreak");
  });
});

it("--version prints the package's version and nothing else", () => {
  const { code, stdout } = firebreak(["--version"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("wrong usage", () => {
  it.each([
    ["an unknown command", ["chekc"], "unknown command 'chekc'"],
    ["an unknown option", ["check", "--strict"], "unknown option '--strict'"],
    [
      "an unknown format",
      ["check", "--format", "xml"],
      'there is no format "xml": expected one of pretty, json,',
    ],
    ["a format of the language", ["check", "--format", "constructor"], 'there is no format "constructor"'],
    ["a format without its file", ["check", "--format", "json="], "--format json= names no file"],
    [
      "two formats for standard output",
      ["check", "--format", "json", "--format", "sarif"],
      "only one format can go to one place",
    ],
    [
      "two formats for one file",
      ["check", "--format", "json=a", "--format", "sarif=./a"],
      "only one format can go to one place",
    ],
    ["an output without a name", ["check", "--output", ""], "--output names no file"],
    [
      "an output that nothing goes to",
      ["check", "--output", "a", "--format", "json=b"],
      "--output has nothing to write",
    ],
    ["an unknown level", ["check", "--fail-on", "high"], "Allowed choices are mandatory, advisory, never"],
    [
      "an unknown pack",
      ["check", "--pack", "none"],
      'there is no pack "none": expected recommended, strict, incidents',
    ],
    ["a pack of the language", ["check", "--pack", "toString"], 'there is no pack "toString"'],
    ["an unknown policy", ["explain", "none"], 'there is no policy "none"; `firebreak policies` lists them.'],
    ["a policy outside of the folder", ["explain", "../README"], 'there is no policy "../README"'],
    ["no policy", ["explain"], "missing required argument 'policy'"],
    ["an unknown incident", ["replay", "none"], 'there is no incident "none": expected one of azure-2026-02'],
    ["more than is asked for", ["explain", "a/b", "c/d"], "too many arguments"],
  ])("%s", (_, args, sentence) => {
    const { code, stdout, stderr } = firebreak(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^firebreak: /);
    expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
  });

  it("of the day is named", () => {
    const { code, stderr } = firebreak(["check", PASSED], { env: { FIREBREAK_TODAY: "tomorrow" } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'firebreak: FIREBREAK_TODAY is "tomorrow": expected a date such as 2026-12-31\n',
    });
  });

  it("suggests the policy that was meant", () => {
    expect(firebreak(["explain", "rollout/jitter"]).stderr).toContain("did you mean clients/jitter?");
  });
});

describe("policies and explain", () => {
  it("list what runs, as text and as JSON, and tell of each", () => {
    const rows: readonly { id: string }[] = JSON.parse(firebreak(["policies", "--format", "json"]).stdout);
    expect(rows.length).toBeGreaterThanOrEqual(13);
    const listed = firebreak(["policies"]).stdout;
    for (const { id } of rows) {
      expect(listed).toContain(`${id} `);
      const { code, stdout } = firebreak(["explain", id]);
      expect(code).toBe(0);
      expect(stdout).toContain("Hazard");
    }
  });

  it("show the levels that the configuration sets", () => {
    const cwd = directory({ "firebreak.yaml": "version: 1\npolicies: { clients/jitter: off }\n" });
    expect(firebreak(["policies"], { cwd }).stdout).not.toContain("clients/jitter");
  });
});

/** A pack as a user writes it; `firebreak` is found as it would be in their project. */
function project(files: Readonly<Record<string, string>>): string {
  const cwd = directory({ "package.json": '{"type":"module"}', "plan.json": harmlessPlan(), ...files });
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(root, join(cwd, "node_modules/firebreak"), "junction");
  return cwd;
}

const policy = (check: string) => `
import { defineFacet, definePolicy, type Pack } from "firebreak/policy";

interface Place {
  readonly region: string;
}

const place = defineFacet<Place>("place", {
  azurerm_resource_group: (r) => ({ region: r.string("location", "") }),
});

const onlyNorth = definePolicy({
  id: "places/only-north",
  title: "Everything is in the north",
  severity: "high",
  kind: "state",
  hazard: "It is far away.",
  each: place,
  check({ after, report }) {
    ${check}
  },
});

export default { name: "ours", entries: [{ policy: onlyNorth, level: "mandatory" }] } satisfies Pack;
`;

describe("a pack of one's own", () => {
  const speaks = policy(
    'if (after?.region !== "northeurope") report.violation({ at: "region", message: "It is not in the north.", fix: "Move it." });',
  );

  it("is TypeScript that imports the authoring API, given on the command line", () => {
    const cwd = project({ "our-pack.ts": speaks });
    const { code, stdout, stderr } = firebreak(
      ["check", "plan.json", "--pack", "./our-pack.ts", "--format", "json"],
      { cwd },
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout).findings).toEqual([
      expect.objectContaining({
        policy: "places/only-north",
        path: "location",
        before: null,
        after: "westeurope",
      }),
    ]);
  });

  it("or named in the configuration, relative to it, beside a pack that is built in", () => {
    const cwd = project({
      "policies/our-pack.ts": speaks,
      "policies/firebreak.yaml": "version: 1\npacks: [recommended, ./our-pack.ts]\n",
      "plan.json": closingPlan(),
    });
    const { code, stdout } = firebreak(
      ["check", "plan.json", "--config", "policies/firebreak.yaml", "--format", "json"],
      { cwd },
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout).counts.policies).toBe(14);
  });

  it("that throws when it is loaded is wrong usage", () => {
    const cwd = project({ "our-pack.ts": 'throw new Error("not today");' });
    expect(firebreak(["check", "plan.json", "--pack", "./our-pack.ts"], { cwd })).toEqual({
      code: 2,
      stdout: "",
      stderr: "firebreak: the pack ./our-pack.ts cannot be loaded: not today\n",
    });
  });

  it.each([
    ["is no pack", "export default { entries: [{ level: 'mandatory' }] };"],
    ["exports nothing", "export const pack = {};"],
    ["is no module", "this is { not code"],
  ])("that %s is wrong usage", (_, content) => {
    const cwd = project({ "our-pack.ts": content });
    const { code, stdout, stderr } = firebreak(["check", "plan.json", "--pack", "./our-pack.ts"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^firebreak: the pack \.\/our-pack\.ts .*\n$/);
  });

  it("whose policy throws is a finding against that policy, and no pass", () => {
    const cwd = project({ "our-pack.ts": policy('throw new TypeError("half-way");') });
    const { code, stdout } = firebreak(
      ["check", "plan.json", "--pack", "./our-pack.ts", "--format", "json"],
      { cwd },
    );
    const report = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(report.verdict).toBe("incomplete");
    expect(report.findings).toEqual([
      expect.objectContaining({
        policy: "places/only-north",
        level: "advisory",
        message: expect.stringContaining(
          "crashed here and could not judge this change (TypeError: half-way)",
        ),
      }),
    ]);
  });

  it("whose policy throws does not hide what others find", () => {
    const cwd = project({
      "our-pack.ts": policy('throw new TypeError("half-way");'),
      "plan.json": closingPlan(),
    });
    const packs = ["--pack", "recommended", "--pack", "./our-pack.ts"];
    expect(firebreak(["check", "plan.json", ...packs], { cwd }).code).toBe(1);
  });
});

describe("replay", () => {
  it("stops every outage and lets every safe version pass", () => {
    const { code, stdout, stderr } = firebreak(["replay"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("azure-2026-02-storage-access");
    expect(stdout).not.toContain("✖");
  });

  it("shows the report of the day", () => {
    const { code, stdout } = firebreak(["replay", "azure-2026-02-storage-access", "--show"]);
    expect(code).toBe(0);
    expect(stdout).toContain("✖ access/");
    expect(stdout).toContain("blocked:");
  });
});

it("judges what a plan says, not what its file is called", () => {
  const cwd = directory({ "notes.txt": closingPlan() });
  expect(firebreak(["check", "notes.txt"], { cwd }).code).toBe(1);
  expect(firebreak(["check", BLOCKED, "--quiet"]).stdout).not.toContain("judged:");
});
