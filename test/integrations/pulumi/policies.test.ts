import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import recommended from "../../../packs/recommended.ts";
import strict from "../../../packs/strict.ts";
import { policies } from "../../../policies/index.ts";
import { activate } from "../../../src/engine/activate.ts";
import { definePolicy, type Pack } from "../../../src/engine/policy.ts";
import { NO_SETTINGS, type Settings } from "../../../src/engine/settings.ts";
import {
  configured,
  descriptionOf,
  type OfferedPolicy,
  offeredPolicies,
} from "../../../src/integrations/pulumi/policies.ts";
import { UsageError } from "../../../src/model/errors.ts";

const share = definePolicy({
  id: "test/share",
  title: "A change touches few machines",
  severity: "high",
  kind: "state",
  hazard: "All machines fail together.",
  incidents: ["azure-2026-02-storage-access"],
  options: z.object({
    percent: z.number().min(1).max(100).default(10).describe("Machines that may change at once."),
    regions: z.array(z.string()).default([]),
    mode: z.enum(["strict", "lax"]).optional(),
  }),
  checkDeployment: () => undefined,
});

const plain = definePolicy({
  id: "test/plain",
  title: "Nothing is wrong",
  severity: "low",
  kind: "state",
  hazard: "Something is wrong.",
  checkDeployment: () => undefined,
});

const pack: Pack = {
  name: "test",
  entries: [
    { policy: share, level: "mandatory" },
    { policy: plain, level: "off" },
  ],
};

function offered(settings: Settings["policies"] = {}, of = pack): readonly OfferedPolicy[] {
  return offeredPolicies(activate([of], { ...NO_SETTINGS, policies: settings }), [of]);
}

function offeredShare(settings: Settings["policies"] = {}): OfferedPolicy {
  const found = offered(settings).find(({ policy }) => policy === share);
  if (found === undefined) throw new Error("the policy is not offered");
  return found;
}

/** The properties of the policy's configuration schema. */
function properties(settings: Settings["policies"] = {}) {
  return descriptionOf(offeredShare(settings)).configSchema?.properties;
}

describe("the policies that the pack offers", () => {
  it("are all of them, sorted by id, those that are off as disabled", () => {
    expect(offered().map(({ policy, level }) => [policy.id, level])).toEqual([
      ["test/plain", "disabled"],
      ["test/share", "mandatory"],
    ]);
  });

  it("have the levels and options that firebreak.yaml sets", () => {
    const all = offered({
      "test/plain": { level: "advisory" },
      "test/share": { level: "off", options: { percent: 5 } },
    });
    expect(all.map(({ level }) => level)).toEqual(["advisory", "disabled"]);
    expect(offeredShare({ "test/share": { options: { percent: 5 } } })).toMatchObject({
      level: "mandatory",
      options: { percent: 5, regions: [] },
    });
  });

  it("have the level of the last pack that holds them", () => {
    const gentle: Pack = { name: "gentle", entries: [{ policy: share, level: "advisory" }] };
    const packs = [pack, gentle];
    const found = offeredPolicies(activate(packs, NO_SETTINGS), packs);
    expect(found.find(({ policy }) => policy === share)).toMatchObject({ level: "advisory" });
  });
});

describe("what Pulumi shows of a policy", () => {
  it("is what it prevents, how grave that is, and what to do", () => {
    expect(descriptionOf(offeredShare())).toMatchObject({
      name: "test/share",
      displayName: "A change touches few machines",
      description: "A change touches few machines.",
      enforcementLevel: "mandatory",
      severity: "high",
      tags: ["test", "azure-2026-02-storage-access"],
      remediationSteps: expect.stringMatching(
        /^All machines fail together\. .*`firebreak explain test\/share`/,
      ),
      url: "policies/test/share.md",
    });
  });

  it("is an empty configuration where the policy takes none", () => {
    const [first] = offered();
    expect(first?.policy).toBe(plain);
    expect(first && descriptionOf(first)).toMatchObject({ configSchema: { properties: {} } });
  });

  it("is the options as a schema, described, with the defaults of the policy", () => {
    expect(properties()).toEqual({
      percent: {
        type: "number",
        minimum: 1,
        maximum: 100,
        default: 10,
        description: "Machines that may change at once.",
      },
      regions: { type: "array", items: { type: "string" }, default: [] },
      mode: { type: "string", enum: ["strict", "lax"] },
    });
  });

  it("has what firebreak.yaml sets as the defaults, which Pulumi fills in", () => {
    const set = { "test/share": { options: { percent: 5, regions: ["eastus"], mode: "lax" } } };
    expect(properties(set)).toMatchObject({
      percent: { default: 5 },
      regions: { default: ["eastus"] },
      mode: { default: "lax" },
    });
  });

  it.each([recommended, strict].flatMap((one) => offered({}, one).map((of) => [of.policy.id, of] as const)))(
    "is complete and right for %s",
    (id, one) => {
      const shown = descriptionOf(one);
      expect(shown.name).toBe(id);
      for (const text of [shown.description, shown.displayName, shown.remediationSteps])
        expect(text).not.toBe("");
      const { configSchema = { properties: {} } } = shown;
      expect(configSchema.properties).not.toHaveProperty("enforcementLevel");
      const ajv = new Ajv({ strict: true, allowUnionTypes: true, useDefaults: true });
      const validate = ajv.compile({
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "object",
        additionalProperties: false,
        ...configSchema,
      });
      // What Pulumi makes of no configuration is what firebreak.yaml says, and the policy takes it.
      const filled: Record<string, unknown> = {};
      expect(validate(filled), JSON.stringify(validate.errors)).toBe(true);
      expect(configured(one, filled)).toEqual(configured(one, {}));
    },
  );

  it.each(
    [...recommended.entries, ...strict.entries]
      .filter(({ policy }) => policy.options)
      .map(({ policy }) => policy.id),
  )("takes no misspelt option of %s, as firebreak.yaml does not", (id) => {
    const one = [recommended, strict].flatMap((of) => offered({}, of)).find(({ policy }) => policy.id === id);
    expect(() => one && configured(one, { misspelt: 1 })).toThrow(UsageError);
  });

  it("covers every policy that there is", () => {
    const shown = new Set([recommended, strict].flatMap((one) => offered({}, one)).map((of) => of.policy.id));
    expect([...shown].sort()).toEqual(policies.map(({ id }) => id).sort());
  });
});

describe("Pulumi's configuration", () => {
  it("goes over that of firebreak.yaml, option by option", () => {
    const one = offeredShare({ "test/share": { options: { percent: 5, regions: ["eastus"] } } });
    expect(configured(one, {}).options).toEqual({ percent: 5, regions: ["eastus"] });
    expect(configured(one, { percent: 50 }).options).toEqual({ percent: 50, regions: ["eastus"] });
    expect(configured(one, { regions: [], mode: "lax" }).options).toEqual({
      percent: 5,
      regions: [],
      mode: "lax",
    });
  });

  it("switches a policy on that is off: it then blocks like any other", () => {
    const one = offeredShare({ "test/share": { level: "off" } });
    expect(one.level).toBe("disabled");
    expect(configured(one, {})).toEqual({
      policy: share,
      level: "mandatory",
      options: { percent: 10, regions: [] },
    });
  });

  it.each(["mandatory", "advisory"] as const)("keeps the level %s", (level) => {
    expect(configured(offeredShare({ "test/share": { level } }), {}).level).toBe(level);
  });

  it("is refused where a policy takes none, as in firebreak.yaml", () => {
    const [one] = offered();
    expect(one?.policy).toBe(plain);
    expect(() => one && configured(one, { percent: 5 })).toThrow(UsageError);
  });

  it.each([
    ["of another kind", { percent: "ten" }, /^test\/share: percent: /],
    ["out of bounds", { percent: 0 }, /^test\/share: percent: /],
    ["deep inside", { regions: ["eastus", 1] }, /^test\/share: regions\.1: /],
    ["no choice", { mode: "none" }, /^test\/share: mode: /],
  ])("is refused where an option is %s", (_, config, message) => {
    const configure = () => configured(offeredShare(), config);
    expect(configure).toThrow(UsageError);
    expect(configure).toThrow(message);
  });
});

it("a policy whose options are required is offered without defaults, and refuses to judge without them", () => {
  const strict = definePolicy({
    id: "test/strict",
    title: "It is told what to do",
    severity: "low",
    hazard: "None.",
    kind: "change",
    options: z.strictObject({ limit: z.int() }),
    checkDeployment() {},
  });
  const [one] = offeredPolicies([], [{ name: "own", entries: [{ policy: strict, level: "off" }] }]);
  if (one === undefined) throw new Error("the policy is not offered");
  expect(one).toMatchObject({ level: "disabled", options: {} });
  expect(() => configured(one, {})).toThrow(/test\/strict: limit/);
  expect(configured(one, { limit: 3 }).options).toEqual({ limit: 3 });
});
