import fc from "fast-check";
import { describe, expect, it } from "vitest";
import recommended from "../../packs/recommended.ts";
import { activate } from "../../src/engine/activate.ts";
import { judge } from "../../src/engine/judge.ts";
import { definePolicy, type Policy } from "../../src/engine/policy.ts";
import { NO_SETTINGS } from "../../src/engine/settings.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { InputError } from "../../src/model/errors.ts";
import { report as reportSchema } from "../../src/model/report.ts";
import { Secret, UNKNOWN, type Value } from "../../src/model/value.ts";
import { deploymentOf } from "../graph/support.ts";
import { change } from "../support/harness.ts";
import { door, judged, noOpenDoors, waiver } from "./support.ts";

const doorOf = (address: string, before?: Value, after?: Value, rest: Partial<Change> = {}): Change => ({
  ...change({
    type: "door",
    address,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  }),
  ...rest,
});
const opened = (address = "door.a") => doorOf(address, { open: false }, { open: true });
const closed = (address = "door.a") => doorOf(address, { open: true }, { open: false });
const crashing = (id = "doors/crash") =>
  noOpenDoors(id, {
    check: () => {
      throw new TypeError("oh\nno");
    },
  });
const error = { severity: "error", message: "x.json cannot be read." } as const;
const warning = { severity: "warning", message: "Mind the step." } as const;

describe("the verdict", () => {
  it.each<[string, string, readonly Deployment[], Parameters<typeof judged>[1]]>([
    ["passed", "nothing to object to", [deploymentOf([closed()])], {}],
    ["passed", "a warning", [deploymentOf([closed()])], { problems: [warning] }],
    ["passed", "an advisory finding", [deploymentOf([opened()])], { level: "advisory" }],
    ["passed", "a policy that is off", [deploymentOf([opened()])], { level: "off" }],
    ["passed", "a waived finding", [deploymentOf([opened()])], { waivers: [waiver()] }],
    ["passed", "an undecided check", [deploymentOf([doorOf("door.a", undefined, { open: UNKNOWN })])], {}],
    [
      "blocked",
      "an undecided check that must be decided",
      [deploymentOf([doorOf("door.a", undefined, { open: UNKNOWN })])],
      { onUndetermined: "block" },
    ],
    [
      "passed",
      "an undecided advisory check",
      [deploymentOf([doorOf("door.a", undefined, { open: UNKNOWN })])],
      { onUndetermined: "block", level: "advisory" },
    ],
    ["blocked", "a mandatory finding", [deploymentOf([opened()])], {}],
    [
      "blocked",
      "a mandatory finding and an input that cannot be read",
      [deploymentOf([opened()])],
      { problems: [error] },
    ],
    ["incomplete", "an input that cannot be read", [deploymentOf([closed()])], { problems: [error] }],
    [
      "incomplete",
      "an input that can be read in parts",
      [{ ...deploymentOf([closed()]), problems: [error] }],
      {},
    ],
    [
      "incomplete",
      "an advisory finding and an input that cannot be read",
      [deploymentOf([opened()])],
      { problems: [error], level: "advisory" },
    ],
    ["incomplete", "a crash", [deploymentOf([closed()])], { packs: [crashing()] }],
    [
      "incomplete",
      "a crash that is waived",
      [deploymentOf([closed()])],
      { packs: [crashing()], waivers: [waiver({ policy: "doors/crash" })] },
    ],
    [
      "blocked",
      "a crash beside a mandatory finding",
      [deploymentOf([opened()])],
      { packs: [crashing(), noOpenDoors()] },
    ],
    ["passed", "nothing at all", [], {}],
  ])("is %s for %s", (verdict, _, deployments, run) => {
    const report = judged(deployments, run);
    expect(report.verdict).toBe(verdict);
    expect(reportSchema.safeParse(report).error).toBeUndefined();
  });
});

describe("a policy that crashes", () => {
  it("is said against the policy where it happened, and the others go on", () => {
    const { findings, problems } = judged([deploymentOf([opened(), doorOf("door.b", undefined, {})])], {
      packs: [crashing(), noOpenDoors()],
    });
    expect(findings).toMatchObject([
      { policy: "doors/closed", level: "mandatory", address: "door.a" },
      {
        policy: "doors/crash",
        level: "advisory",
        address: "door.a",
        message: expect.stringContaining("(TypeError: oh)"),
      },
      { policy: "doors/crash", address: "door.b" },
    ]);
    expect(problems).toHaveLength(2);
  });

  it("keeps what it had found before", () => {
    const half = noOpenDoors("doors/half", {
      check: ({ report }) => {
        report.violation({ message: "found", fix: "fix" });
        throw "a text";
      },
    });
    const { findings, verdict } = judged([deploymentOf([opened()])], { packs: [half] });
    expect(findings.map((one) => one.message)).toEqual([expect.stringContaining("(a text)"), "found"]);
    expect(verdict).toBe("blocked");
  });

  it("is not meant where the input holds what cannot be read", () => {
    const broken: Change = {
      ...opened(),
      get after(): Value {
        throw new InputError("the plan's values of door.a cannot be read");
      },
      text: () => [],
    };
    const { findings, problems, verdict, counts } = judged([deploymentOf([broken])], {
      packs: [noOpenDoors(), noOpenDoors("doors/also")],
    });
    expect({ findings, verdict }).toEqual({ findings: [], verdict: "incomplete" });
    expect(problems).toEqual([{ severity: "error", message: "the plan's values of door.a cannot be read." }]);
    expect(counts.compliant).toBe(0);
  });
});

describe("a check is undetermined", () => {
  const because = (deployments: readonly Deployment[], packs: readonly Policy[] = [noOpenDoors()]) => {
    const report = judged(deployments, { packs });
    expect(report.findings).toEqual([]);
    return report.undetermined.map((one) => [one.address, one.path, one.because]);
  };
  const changing = noOpenDoors("doors/moved", {}, "change");
  const whole = definePolicy({
    id: "doors/all",
    title: "t",
    severity: "low",
    hazard: "h",
    kind: "change",
    checkDeployment: ({ withFacet, report }) => {
      for (const one of withFacet(door))
        if (one.after?.open === true) report.violation({ message: "m", fix: "f" });
    },
  });

  it("where a value is known only after apply", () => {
    const estate = [deploymentOf([doorOf("door.a", { open: false }, { open: UNKNOWN })])];
    expect(because(estate)).toEqual([["door.a", "open", "known after apply"]]);
    expect(because(estate, [whole])).toEqual([["test", "", "open: known after apply"]]);
  });

  it("where the whole resource is", () => {
    const estate = [deploymentOf([doorOf("door.a", undefined, UNKNOWN, { action: "create" })])];
    expect(because(estate)).toEqual([["door.a", "", "known after apply"]]);
  });

  it("where the before-state is not known", () => {
    const estate = [
      {
        ...deploymentOf([doorOf("door.a", undefined, { open: true }, { action: "update" })]),
        knows: "after-only" as const,
      },
    ];
    expect(because(estate, [changing])).toEqual([["door.a", "", "no before-state"]]);
    expect(because(estate, [whole])).toEqual([["test", "", "no before-state"]]);
    expect(judged(estate).findings).toHaveLength(1);
  });

  it("where the host deferred the change", () => {
    const estate = [deploymentOf([doorOf("door.a", { open: false }, { open: true }, { deferred: true })])];
    expect(because(estate)).toEqual([["door.a", "", "the host deferred this change"]]);
    expect(because(estate, [whole])).toEqual([["door.a", "", "the host deferred this change"]]);
  });

  it("once, however often the policy looks", () => {
    const twice = noOpenDoors("doors/twice", {
      kind: "change",
      check: ({ changed }) => void [changed("open"), changed("open"), changed()],
    });
    const report = judged([deploymentOf([doorOf("door.a", { open: false }, { open: UNKNOWN })])], {
      packs: [twice],
    });
    expect(report.undetermined).toHaveLength(1);
    expect(report.counts).toMatchObject({ undetermined: 1, compliant: 0 });
  });
});

describe("what is judged", () => {
  const counts = (one: Change, all = false, kind: "state" | "update" | "change" = "state") => {
    const { findings, counts } = judged([deploymentOf([one])], {
      all,
      packs: [noOpenDoors("doors/closed", {}, kind)],
    });
    return [findings.length, counts.compliant, counts.notApplicable];
  };
  it.each<[string, Change, boolean, "state" | "update" | "change", number[]]>([
    ["a new open door", doorOf("door.a", undefined, { open: true }), false, "state", [1, 0, 0]],
    ["an open door that stays", doorOf("door.a", { open: true }, { open: true }), false, "state", [0, 0, 1]],
    [
      "the same when all is judged",
      doorOf("door.a", { open: true }, { open: true }),
      true,
      "state",
      [1, 0, 0],
    ],
    ["but not as a change", doorOf("door.a", { open: true }, { open: true }), true, "change", [0, 0, 1]],
    [
      "an open door that is painted",
      doorOf("door.a", { open: true }, { open: true, color: 1 }),
      false,
      "state",
      [0, 0, 1],
    ],
    [
      "the same on every update",
      doorOf("door.a", { open: true }, { open: true, color: 1 }),
      false,
      "update",
      [1, 0, 0],
    ],
    ["a door that goes", doorOf("door.a", { open: true }), false, "state", [0, 0, 1]],
    [
      "a door that is left alone",
      doorOf("door.a", { open: true }, { open: false }, { action: "forget" }),
      false,
      "change",
      [0, 0, 1],
    ],
    ["something else", change({ type: "window", after: { open: true } }), false, "state", [0, 0, 1]],
    ["a closed door", closed(), false, "state", [0, 1, 0]],
  ])("%s", (_, one, all, kind, expected) => expect(counts(one, all, kind)).toEqual(expected));
});

it("what rests on a guess never blocks", () => {
  const guess = noOpenDoors("doors/guess", {
    check: ({ report }) => report.violation({ message: "perhaps", fix: "look", confidence: "low" }),
  });
  expect(judged([deploymentOf([opened()])], { packs: [guess] })).toMatchObject({
    verdict: "passed",
    findings: [{ level: "advisory", confidence: "low" }],
  });
});

it("a secret never gets into a report, an unknown only as one", () => {
  const { findings } = judged([
    deploymentOf([
      doorOf("door.a", { open: new Secret("false") }, { open: new Secret("true") }, { action: "update" }),
    ]),
  ]);
  expect(findings).toMatchObject([
    { before: "(secret)", after: "(secret)", fact: { before: "(secret)", after: "(secret)" } },
  ]);
});

describe("fingerprints", () => {
  const prints = (deployments: readonly Deployment[], packs?: readonly Policy[]) =>
    judged(deployments, packs === undefined ? {} : { packs }).findings.map((one) => one.fingerprint);
  const of = (...addresses: string[]) => prints([deploymentOf(addresses.map(opened))]);

  it("survive another message and the shift of a count", () => {
    const other = noOpenDoors("doors/closed", {
      check: ({ report }) => report.violation({ at: "open", message: "Draught.", fix: "Shut." }),
    });
    expect(prints([deploymentOf([opened()])], [other])).toEqual(of("door.a"));
    expect(of("door.a[3]")).toEqual(of("door.a[2]"));
    expect(of("door.a[0]", "door.a[1]")).toEqual(of("door.a[1]", "door.a[2]"));
    expect(prints([deploymentOf([opened()], [], "plan-1")])).toEqual(
      prints([deploymentOf([opened()], [], "plan-2")]),
    );
  });

  it.each([
    ["door.a", "door.b"],
    ['door.a["x"]', 'door.a["y"]'],
    ['door.a["x[1]"]', 'door.a["x[2]"]'],
    ["door.a", "module.m.door.a"],
  ])("tell %s from %s", (one, other) => {
    expect(of(one)).not.toEqual(of(other));
    expect(new Set(of(one, other)).size).toBe(2);
  });

  it("tell the same address in several deployments apart, whatever their order and findings", () => {
    const [dev, prod] = ["dev", "prod"].map((name) => deploymentOf([opened()], [], name));
    if (dev === undefined || prod === undefined) throw new Error("no deployments");
    const [inDev, inProd] = prints([dev, prod]);
    expect(inDev).not.toBe(inProd);
    expect(prints([prod, dev])).toEqual([inDev, inProd]);
    expect(prints([deploymentOf([closed()], [], "dev"), prod])).toEqual([inProd]);
  });

  it("are distinct, also for several findings on one property", () => {
    const many = noOpenDoors("doors/many", {
      check: ({ report }) => {
        for (const message of ["b", "a"]) report.violation({ at: "open", message, fix: "f" });
      },
    });
    expect(new Set(prints([deploymentOf([opened()])], [many])).size).toBe(2);
  });
});

describe("the report", () => {
  const SUB = "/subscriptions/0/resourceGroups/rg/providers";
  const stores = Array.from({ length: 6 }, (_, i) => ({
    ...change({
      type: "azurerm_storage_account",
      address: `azurerm_storage_account.s["${i}"]`,
      before: {
        name: `store${i}`,
        id: `${SUB}/storage/store${i}`,
        location: i % 2 ? "westus" : "eastus",
        public_network_access_enabled: true,
      },
      after: {
        name: `store${i}`,
        id: `${SUB}/storage/store${i}`,
        location: i % 2 ? "westus" : "eastus",
        public_network_access_enabled: i < 1,
      },
    }),
  }));
  const users = Array.from({ length: 12 }, (_, i) =>
    change({
      type: "azurerm_linux_virtual_machine",
      address: `azurerm_linux_virtual_machine.v[${i}]`,
      before: { location: "eastus", custom: `https://store${i % 6}.blob.core.windows.net/x` },
      after: { location: "eastus", custom: `https://store${i % 6}.blob.core.windows.net/x`, tags: UNKNOWN },
    }),
  );
  const edges = [{ from: "azurerm_linux_virtual_machine.v", to: "azurerm_storage_account.s" }];
  const bytes = (
    changes: readonly Change[],
    deployments: (changes: readonly Change[]) => readonly Deployment[],
  ) =>
    JSON.stringify(
      judge(deployments(changes), activate([recommended], NO_SETTINGS), NO_SETTINGS, {
        today: "2026-11-22",
        version: "0",
      }),
    );

  it("has the same bytes whatever the order of the changes", () => {
    const all = [...stores, ...users];
    const one = (changes: readonly Change[]) => [deploymentOf(changes, edges)];
    const expected = bytes(all, one);
    expect(expected).toContain("shared-storage-change");
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(bytes(shuffled, one)).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("has crashes and undecided checks in one order too", () => {
    const changes = [
      opened("door.a"),
      opened("door.b"),
      doorOf("door.c", { open: UNKNOWN }, { open: UNKNOWN }),
    ];
    const said = (some: readonly Change[]) =>
      JSON.stringify(judged([deploymentOf(some)], { packs: [crashing(), noOpenDoors()] }));
    expect(said([...changes].reverse())).toBe(said(changes));
  });

  it("counts actions, resources and policies", () => {
    const { deployments, counts } = judged([
      deploymentOf([
        opened(),
        doorOf("door.b", {}, {}),
        doorOf("door.c", {}, undefined, { action: "forget" }),
      ]),
    ]);
    expect(deployments[0]?.changes).toEqual({
      create: 0,
      update: 1,
      replace: 0,
      delete: 0,
      forget: 1,
      keep: 1,
    });
    expect(counts).toMatchObject({ resources: 3, policies: 1, mandatory: 1, advisory: 0 });
  });
});
