import { describe, expect, it } from "vitest";
import type { Waiver } from "../../src/engine/settings.ts";
import { deploymentOf, resource } from "../graph/support.ts";
import { judged, waiver } from "./support.ts";

const open = (address: string) => ({
  ...resource(address, { open: true }, { action: "create", before: undefined }),
  type: "door",
  nativeType: "door",
});
const estate = (...addresses: string[]) => [deploymentOf(addresses.map(open))];

describe("a waiver covers", () => {
  it.each([
    [
      "azurerm_key_vault.a",
      ["azurerm_key_vault.a"],
      ["azurerm_key_vault.ab", "module.m.azurerm_key_vault.a"],
    ],
    [
      "azurerm_key_vault.*",
      ["azurerm_key_vault.a", 'azurerm_key_vault.a["x/y"]', "azurerm_key_vault.a[0]"],
      ["module.m.azurerm_key_vault.a"],
    ],
    [
      "**.azurerm_key_vault.a",
      ["azurerm_key_vault.a", 'module.m["k"].azurerm_key_vault.a', "module.m.module.n.azurerm_key_vault.a"],
      ["azurerm_key_vault.b"],
    ],
    [
      "azurerm_key_vault.a",
      ['azurerm_key_vault.a["x"]', "azurerm_key_vault.a[3]"],
      ["azurerm_key_vault.aa[3]"],
    ],
    [
      'azurerm_key_vault.a["x"]',
      ['azurerm_key_vault.a["x"]'],
      ['azurerm_key_vault.a["y"]', "azurerm_key_vault.a", "azurerm_key_vault.ax"],
    ],
    [
      "azurerm_key_vault.a[0]",
      ["azurerm_key_vault.a[0]"],
      ["azurerm_key_vault.a[1]", "azurerm_key_vault.a0"],
    ],
    [
      "azurerm_key_vault.a[*]",
      ["azurerm_key_vault.a[1]", 'azurerm_key_vault.a["k"]'],
      ["azurerm_key_vault.a"],
    ],
    [
      "module.m.azurerm_key_vault.a",
      ['module.m["k"].azurerm_key_vault.a[1]'],
      ["module.n.azurerm_key_vault.a"],
    ],
    [
      "/subscriptions/*/storageAccounts/a",
      ["/subscriptions/1/resourceGroups/rg/storageAccounts/a"],
      ["/subscriptions/1/storageAccounts/ab"],
    ],
    ["urn:pulumi:prod::**", ["urn:pulumi:prod::shop::door::a"], ["urn:pulumi:dev::shop::door::a"]],
    ["!a.b", ["!a.b"], ["c.d"]],
    ["{a,b}.c", ["{a,b}.c"], ["a.c"]],
  ])("%s", (address, covered, not) => {
    const { findings, waived } = judged(estate(...covered, ...not), { waivers: [waiver({ address })] });
    expect(waived.map((one) => one.address).sort()).toEqual([...covered].sort());
    expect(findings.map((one) => one.address).sort()).toEqual([...not].sort());
  });

  it.each([
    ["doors/closed", true],
    ["doors/*", true],
    ["*/closed", true],
    ["*", false],
    ["door/*", false],
    ["doors/close", false],
  ])("the policy doors/closed when it says %s: %s", (policy, covers) => {
    expect(judged(estate("door.a"), { waivers: [waiver({ policy })] }).waived).toHaveLength(covers ? 1 : 0);
  });
});

describe("a waiver", () => {
  it("lets the run pass, and says who accepted what", () => {
    const report = judged(estate("door.a"), { waivers: [waiver()] });
    expect(report).toMatchObject({
      verdict: "passed",
      findings: [],
      problems: [],
      counts: { mandatory: 0, waived: 1 },
    });
    expect(report.waived).toMatchObject([
      { state: "waived", waiver: { owner: "team-x", reason: "known", expires: "2027-06-01" } },
    ]);
  });

  it.each<[string, Waiver[], string, string[]]>([
    [
      "holds on its last day, and says so",
      [waiver({ expires: "2026-11-22" })],
      "passed",
      ["warning: expires today"],
    ],
    ["warns on the day before", [waiver({ expires: "2026-11-23" })], "passed", ["warning: expires tomorrow"]],
    ["warns 14 days before", [waiver({ expires: "2026-12-06" })], "passed", ["warning: expires in 14 days"]],
    ["does not warn 15 days before", [waiver({ expires: "2026-12-07" })], "passed", []],
    [
      "covers nothing on the day after",
      [waiver({ expires: "2026-11-21" })],
      "blocked",
      ["error: expired on 2026-11-21"],
    ],
    [
      "that covers nothing warns",
      [waiver(), waiver({ address: "none.*" })],
      "passed",
      ["warning: matches no finding"],
    ],
    [
      "that has expired stays wrong, also beside one that holds",
      [waiver({ expires: "2026-01-01" }), waiver()],
      "incomplete",
      ["error: expired on"],
    ],
    ["may overlap with another", [waiver({ owner: "a" }), waiver({ owner: "b" })], "passed", []],
  ])("%s", (_, waivers, verdict, said) => {
    const report = judged(estate("door.a"), { waivers });
    expect(report.verdict).toBe(verdict);
    expect(report.problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual(
      said.map((text) => expect.stringMatching(new RegExp(`^${text.replace(": ", ": .*")}`))),
    );
  });

  it("that has expired leaves an advisory run incomplete", () => {
    expect(
      judged(estate("door.a"), { level: "advisory", waivers: [waiver({ expires: "2026-01-01" })] }).verdict,
    ).toBe("incomplete");
  });
});
