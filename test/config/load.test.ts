import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type LoadedConfig, loadConfig } from "../../src/config/load.ts";
import { formatLocation, UsageError } from "../../src/model/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "firebreak-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "firebreak.yaml");

function load(text: string): LoadedConfig {
  writeFileSync(file, text);
  return loadConfig(file, "2026-11-22");
}

/** What is wrong with a configuration: `line:column what`. */
function wrong(text: string): string {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return `${error.source === undefined ? "nowhere" : formatLocation(error.source).slice(file.length + 1)} ${error.message}`;
  }
  return "nothing";
}

const WAIVER = "policy: a/b, address: x.y, owner: team, reason: known, expires: 2027-06-01";

describe("a configuration that is wrong says where and how", () => {
  it.each<[string, string, string | RegExp]>([
    ["nothing in it", "", /^1:1 version: /],
    ["only a comment", "# later\n", /^1:1 version: /],
    ["a list", "- version: 1\n", /^1:1 the file: expected object/],
    ["a text", "firebreak\n", /^1:1 the file: expected object/],
    ["no version", "packs: [strict]\n", /^1:1 version: /],
    ["another version", "version: 2\n", /^1:10 version: expected 1/],
    ["an unknown key", "version: 1\npolices: {}\n", '2:1 unknown key "polices"'],
    [
      "an unknown key of a policy",
      "version: 1\npolicies:\n  a/b: { levle: off }\n",
      /^3:10 unknown key "levle" in policies.a\/b/,
    ],
    [
      "an unknown key of the budget",
      "version: 1\nbudget:\n  resource: 5\n",
      '3:3 unknown key "resource" in budget',
    ],
    [
      "an unknown key of shared",
      "version: 1\nshared:\n  - { adress: x }\n",
      '3:7 unknown key "adress" in shared[0]',
    ],
    [
      "an unknown key of a waiver",
      `version: 1\nwaivers:\n  - { ${WAIVER}, until: x }\n`,
      /^3:\d+ unknown key "until" in waivers\[0\]/,
    ],
    ["a bad level", "version: 1\npolicies:\n  a/b: on\n", /^3:8 policies.a\/b: expected one of "mandatory"/],
    [
      "a bad level inside",
      "version: 1\npolicies:\n  a/b:\n    level: warn\n",
      /^4:12 policies.a\/b.level: expected one of/,
    ],
    [
      "options that are a list",
      "version: 1\npolicies:\n  a/b:\n    options: [1]\n",
      /^4:14 policies.a\/b.options: expected/,
    ],
    ["no packs", "version: 1\npacks: []\n", /^2:8 packs: /],
    ["an empty pack", 'version: 1\npacks: ["  "]\n', /^2:9 packs\[0\]: pack is required/],
    [
      "shared by nothing",
      "version: 1\nshared:\n  - exempt: true\n",
      "3:5 shared[0]: expected an address or tags",
    ],
    [
      "a tag that is a number",
      "version: 1\nshared:\n  - tags: { tier: 1 }\n",
      /^3:19 shared\[0\].tags.tier: expected string/,
    ],
    ["a budget of nothing", "version: 1\nbudget: { resources: 0 }\n", /^2:22 budget.resources: /],
    ["half a region", "version: 1\nbudget: { regions: 1.5 }\n", /^2:20 budget.regions: /],
    [
      "a share that is none",
      "version: 1\nbudget: { share: much }\n",
      "2:18 budget.share: expected a share such as 10% or 0.1",
    ],
    [
      "a share of nothing",
      "version: 1\nbudget: { share: 0% }\n",
      "2:18 budget.share: expected a share such as 10% or 0.1",
    ],
    [
      "a share above all",
      "version: 1\nbudget: { share: 101% }\n",
      "2:18 budget.share: expected a share such as 10% or 0.1",
    ],
    ["a share above one", "version: 1\nbudget: { share: 2 }\n", /^2:18 budget.share: /],
    [
      "a waiver without owner",
      "version: 1\nwaivers:\n  - { policy: a/b, address: x, reason: r, expires: 2027-01-01 }\n",
      "3:5 waivers[0].owner: owner is required",
    ],
    [
      "a waiver with an empty reason",
      "version: 1\nwaivers:\n  - { policy: a/b, address: x, owner: o, reason: ' ', expires: 2027-01-01 }\n",
      /^3:\d+ waivers\[0\].reason: reason is required/,
    ],
    [
      "a waiver without end",
      "version: 1\nwaivers:\n  - { policy: a/b, address: x, owner: o, reason: r }\n",
      /^3:5 waivers\[0\].expires: expected a date such as 2026-12-31/,
    ],
    [
      "no date",
      `version: 1\nwaivers:\n  - { ${WAIVER.replace("2027-06-01", "soon")} }\n`,
      /^3:\d+ waivers\[0\].expires: expected a date/,
    ],
    [
      "a date that no calendar has",
      `version: 1\nwaivers:\n  - { ${WAIVER.replace("06-01", "02-30")} }\n`,
      /waivers\[0\].expires: expected a date/,
    ],
    [
      "a waiver for too long",
      `version: 1\nwaivers:\n  - ${WAIVER.replaceAll(", ", "\n    ").replace("2027-06-01", "2027-11-24")}\n`,
      /^7:14 waivers\[0\].expires: 2027-11-24 is more than 366 days ahead; expected 2027-11-23 or earlier/,
    ],
    ["a waiver that is a text", "version: 1\nwaivers: [all]\n", /^2:11 waivers\[0\]: expected object/],
    [
      "the same key twice",
      "version: 1\nversion: 1\n",
      /^2:1 this is not valid YAML: Map keys must be unique/,
    ],
    ["an open bracket", "version: 1\npacks: [strict\n", /^3:1 this is not valid YAML/],
    ["a tab", "version: 1\nbudget:\n\tresources: 1\n", /^3:1 this is not valid YAML/],
    ["two documents", "version: 1\n---\nversion: 1\n", /^2:1 this is not valid YAML/],
    ["an alias of nothing", "version: 1\npacks: *none\n", "2:8 the alias *none leads nowhere"],
    ["a name of this language", "version: 1\npolicies: { __proto__: off }\n", '2:13 unknown key "__proto__"'],
    [
      "shared by no tags",
      "version: 1\nshared:\n  - { tags: {}, exempt: true }\n",
      "3:5 shared[0]: expected an address or tags",
    ],
    [
      "shared by an empty address",
      "version: 1\nshared:\n  - { address: '' }\n",
      /^3:16 shared\[0\].address: address is required/,
    ],
    ["a merge of nothing", "version: 1\n<<: { packs: [a] }\n", '2:1 unknown key "<<"'],
    [
      "a waiver's bad key after good ones",
      `version: 1\nwaivers:\n  - { ${WAIVER} }\n  - { policy: a/b }\n`,
      /^4:5 waivers\[1\]/,
    ],
  ])("%s", (_, text, expected) => {
    expect(wrong(text)).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  });

  it("aliases that would grow without end", () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `x${i + 1}: &x${i + 1} [${Array(9).fill(`*x${i}`).join(", ")}]`,
    );
    const started = process.memoryUsage().heapUsed;
    expect(wrong(`x0: &x0 [lol]\n${levels.join("\n")}\n`)).toMatch(/^\d+:\d+ .*alias/i);
    expect(process.memoryUsage().heapUsed - started).toBeLessThan(100_000_000);
  });

  it("a file that is not there", () => {
    expect(() => loadConfig(join(folder, "none.yaml"), "2026-11-22")).toThrow(UsageError);
  });
});

describe("a configuration", () => {
  it("of the least has the recommended pack and nothing else", () => {
    const { packs, settings } = load("version: 1\n");
    expect(packs).toEqual(["recommended"]);
    expect(settings).toMatchObject({ shared: [], waivers: [], onUndetermined: "report" });
    expect(Object.keys(settings.policies)).toEqual([]);
  });

  const { packs, settings } = load(`
version: 1
packs: [recommended, ./own.ts]
policies:
  access/shared-storage-change: { level: mandatory, options: { minConsumers: 2 } }
  dns/ttl-bounds: off
  dependencies/blast-radius-budget: { options: { regions: 7, resources: 9 } }
shared:                                  # what counts as shared infrastructure
  - address: "**.azurerm_storage_account.vmext*"
  - tags: { tier: platform }
    exempt: true
budget: { resources: 50, share: 10%, regions: 1, deployments: 3 }
waivers:
  - { policy: certificates/*, address: "**.azurerm_key_vault.a", owner: team-x, reason: moving, expires: 2026-12-31 }
onUndetermined: block
`);

  it("says which packs, and what becomes of the policies", () => {
    expect(packs).toEqual(["recommended", "./own.ts"]);
    expect(settings.onUndetermined).toBe("block");
    expect(settings.policies["access/shared-storage-change"]).toMatchObject({
      level: "mandatory",
      options: { minConsumers: 2 },
      source: { file, line: 5 },
    });
    expect(settings.policies["dns/ttl-bounds"]).toMatchObject({ level: "off", source: { file, line: 6 } });
  });

  it("spreads the budget over the policies that keep it; what they are told directly goes first", () => {
    expect(settings.policies["dependencies/blast-radius-budget"]?.options).toEqual({
      resources: 9,
      deployments: 3,
      regions: 7,
    });
    expect(settings.policies["rollout/max-regions"]).toEqual({ options: { regions: 1 } });
    expect(settings.policies["rollout/fleet-share"]).toEqual({ options: { share: 0.1 } });
    expect(
      load("version: 1\nbudget: { share: 0.25 }\n").settings.policies["rollout/fleet-share"]?.options,
    ).toEqual({ share: 0.25 });
  });

  it("says what is shared, and what is waived", () => {
    const [byAddress, byTags] = settings.shared;
    expect(byAddress?.coversAddress?.('module.m["x"].azurerm_storage_account.vmext1')).toBe(true);
    expect(byTags).toEqual({ tags: { tier: "platform" }, exempt: true });
    const [waiver] = settings.waivers;
    expect(waiver).toMatchObject({
      owner: "team-x",
      expires: "2026-12-31",
      source: { file, line: 14, column: 5 },
    });
    expect([waiver?.coversPolicy("certificates/auto-rotation"), waiver?.coversPolicy("access/x")]).toEqual([
      true,
      false,
    ]);
  });

  it("may use anchors, within bounds", () => {
    const text = `version: 1\nwaivers:\n  - &one { ${WAIVER} }\n  - *one\n`;
    expect(load(text).settings.waivers).toHaveLength(2);
  });
});
