import { describe, expect, it } from "vitest";
import { Secret, UNKNOWN, type ValueObject } from "../../src/model/value.ts";
import type { Diagnostic } from "../support/pulumi/messages.ts";
import { type ResourceChange, rootUrn, stackChange, urnOf } from "../support/pulumi/stack-change.ts";
import { runPack } from "./support/pack.ts";

const ACCOUNT = "azure-native:storage:StorageAccount";
const FLEET = "azure-native:compute:VirtualMachineScaleSet";
const PROVIDER = "urn:pulumi:prod::estate::pulumi:providers:azure-native::default";

const provider: ResourceChange = {
  op: "same",
  urn: PROVIDER,
  old: { inputs: {}, id: "5a0e" },
  next: { inputs: {}, id: "5a0e" },
};

/** The storage account that virtual machines download their packages from. */
function packages(inputs: ValueObject = {}) {
  return {
    provider: `${PROVIDER}::5a0e`,
    id: "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Storage/storageAccounts/vmext",
    inputs: {
      accountName: "vmext",
      resourceGroupName: "shared",
      location: "eastus",
      publicNetworkAccess: "Enabled",
      allowBlobPublicAccess: true,
      ...inputs,
    },
  };
}

/** A fleet whose machines fetch a script from the account, which nobody declared. */
function fleet(region: string, inputs: ValueObject = {}): ResourceChange {
  const side = {
    provider: `${PROVIDER}::5a0e`,
    id: `/subscriptions/s/resourceGroups/${region}/providers/Microsoft.Compute/virtualMachineScaleSets/web`,
    inputs: {
      vmScaleSetName: "web",
      resourceGroupName: region,
      location: region,
      virtualMachineProfile: {
        userData: "curl https://vmext.blob.core.windows.net/packages/agent.sh | sh",
      },
      ...inputs,
    },
  };
  return { op: "same", urn: urnOf(FLEET, `web-${region}`), old: side, next: side };
}

const fleets = [fleet("eastus"), fleet("westus"), fleet("westeurope")];
const urn = urnOf(ACCOUNT, "packages");

function update(inputs: ValueObject): ResourceChange {
  return { op: "update", urn, old: packages(), next: packages(inputs) };
}

const outage = stackChange([provider, update({ publicNetworkAccess: "Disabled" }), ...fleets]);

function by(diagnostics: readonly Diagnostic[], policy: string): readonly Diagnostic[] {
  return diagnostics.filter((one) => one.policy === policy);
}

describe("a preview", () => {
  it("is blocked where the change takes access from storage that others read", async () => {
    const { blocking, stderr } = await runPack(outage);
    const [finding] = by(blocking, "access/shared-storage-change");
    expect(finding).toMatchObject({ urn, level: "mandatory", severity: "critical" });
    expect(finding?.message).toContain("packages · publicNetworkAccess");
    expect(finding?.message).toContain('publicNetworkAccess: "Enabled" → "Disabled"');
    expect(finding?.message).toContain("3 resources in 3 regions use this account");
    expect(finding?.message).toMatch(/^hits {3}web-/m);
    expect(finding?.message).toMatch(/^reach {2}eastus, westeurope and westus/m);
    expect(finding?.message).toMatch(/^fix {4}/m);
    expect(stderr).toBe("");
  });

  it("passes where nothing changes: old sins are not today's change", async () => {
    const kept = { publicNetworkAccess: "Disabled" };
    const same: ResourceChange = { op: "same", urn, old: packages(kept), next: packages(kept) };
    expect((await runPack(stackChange([provider, same, ...fleets]))).all).toEqual([]);
  });

  it("passes where storage and its readers are created", async () => {
    const created = [{ op: "create" as const, urn, next: packages({ allowBlobPublicAccess: false }) }];
    const { blocking } = await runPack(stackChange(created), { before: "new" });
    expect(by(blocking, "access/shared-storage-change")).toEqual([]);
  });

  it("is blocked where the storage goes, which the engine does not tell", async () => {
    const gone: ResourceChange = { op: "delete", urn, old: packages() };
    const { blocking } = await runPack(stackChange([provider, gone, ...fleets]));
    const [finding] = by(blocking, "access/shared-storage-change");
    expect(finding?.message).toContain(`will be deleted (${urn})`);
    // Pulumi shows what is about no resource of the new stack at the stack itself.
    expect(finding?.urn).toBe(rootUrn({ project: "estate", stack: "prod" }));
  });

  it("is blocked where another name makes another object of it", async () => {
    const replaced: ResourceChange = {
      op: "replace",
      urn,
      old: packages(),
      next: packages({ accountName: "vmext2" }),
    };
    const { blocking } = await runPack(stackChange([provider, replaced, ...fleets]));
    expect(by(blocking, "access/shared-storage-change")[0]?.message).toContain(
      "will be destroyed and created anew",
    );
  });

  it("knows a resource again under the name that an alias gives it", async () => {
    const renamed = urnOf(ACCOUNT, "shared-packages");
    const next = { ...packages(), aliases: [urn] };
    const moved: ResourceChange = { op: "same", urn: renamed, oldUrn: urn, old: packages(), next };
    expect((await runPack(stackChange([provider, moved, ...fleets]))).all).toEqual([]);

    const flipped = { ...packages({ publicNetworkAccess: "Disabled" }), aliases: [urn] };
    const both: ResourceChange = { ...moved, op: "update", next: flipped };
    const { blocking } = await runPack(stackChange([provider, both, ...fleets]));
    expect(by(blocking, "access/shared-storage-change")[0]).toMatchObject({ urn: renamed });
  });

  it("judges resources inside components", async () => {
    const component = urnOf("estate:platform:PackageStore", "packages");
    const inside = `urn:pulumi:prod::estate::estate:platform:PackageStore$${ACCOUNT}::packages`;
    const { blocking } = await runPack(
      stackChange([
        provider,
        {
          op: "same",
          urn: component,
          custom: false,
          old: { inputs: { size: 1 } },
          next: { inputs: { size: 2 } },
        },
        {
          op: "update",
          urn: inside,
          old: { ...packages(), parent: component },
          next: { ...packages({ publicNetworkAccess: "Disabled" }), parent: component },
        },
        ...fleets,
      ]),
    );
    expect(by(blocking, "access/shared-storage-change").map((one) => one.urn)).toEqual([inside]);
  });

  it("finds nothing in what --target leaves out: the engine shows its old inputs", async () => {
    const target: ResourceChange = {
      ...fleet("eastus"),
      op: "update",
      next: { ...packages(), inputs: { ...fleets[0]?.next?.inputs, tags: { owner: "web" } } },
    };
    const left: ResourceChange = { op: "same", urn, old: packages(), next: packages() };
    expect((await runPack(stackChange([provider, left, target]))).blocking).toEqual([]);
  });

  it("says the same in the same order whenever it is run", async () => {
    const first = await runPack(outage);
    const second = await runPack(outage);
    expect(second.all).toEqual(first.all);
    expect(first.all.length).toBeGreaterThan(1);
  });
});

describe("an update", () => {
  it("is stopped at the resource, before it is touched", async () => {
    const { resource, stack } = await runPack(outage, { dryRun: false });
    expect(by(resource, "access/shared-storage-change")).toMatchObject([{ urn, level: "mandatory" }]);
    expect(by(stack, "access/shared-storage-change")).toEqual([]);
  });

  it("reads the state before it writes over it", async () => {
    const { resource } = await runPack(outage, { dryRun: false, before: "export" });
    expect(by(resource, "access/shared-storage-change")).toHaveLength(1);
  });
});

describe("unknown values", () => {
  const unknown = stackChange([provider, update({ publicNetworkAccess: UNKNOWN }), ...fleets]);

  it("leave checks undecided, and never make a mandatory policy advisory", async () => {
    const { all } = await runPack(unknown);
    expect(by(all, "access/shared-storage-change")).toEqual([]);
    const [said, ...more] = by(all, "firebreak/undecided");
    expect(said?.level).toBe("advisory");
    expect(said?.message).toMatch(/could not be decided: known after apply/);
    expect(more).toEqual([]);
    expect(all.map(({ message }) => message).join("\n")).not.toContain("can't run policy");
  });

  it("fail the policy that they leave undecided where the configuration says so", async () => {
    const { blocking } = await runPack(unknown, { yaml: "version: 1\nonUndetermined: block\n" });
    expect(by(blocking, "access/shared-storage-change")[0]?.message).toMatch(/could not be decided/);
  });

  it("do not hide what is known beside them", async () => {
    const half = update({ publicNetworkAccess: "Disabled", tags: UNKNOWN, minimumTlsVersion: UNKNOWN });
    const { blocking } = await runPack(stackChange([provider, half, ...fleets]));
    expect(by(blocking, "access/shared-storage-change")).toHaveLength(1);
  });
});

describe("secrets", () => {
  const password = "correct-horse-battery-staple";

  it("are judged and never told", async () => {
    const hidden = [
      update({ allowBlobPublicAccess: new Secret(false), publicNetworkAccess: new Secret("Disabled") }),
      fleet("eastus", {
        virtualMachineProfile: {
          userData: new Secret(`curl -u ${password} https://vmext.blob.core.windows.net/packages/agent.sh`),
        },
      }),
    ];
    const { all, blocking, stderr } = await runPack(stackChange([provider, ...hidden, ...fleets.slice(1)]));
    const [finding] = by(blocking, "access/shared-storage-change");
    expect(finding?.message).toContain("(secret)");
    const said = [...all.map(({ message }) => message), stderr].join("\n");
    expect(said).not.toContain(password);
    expect(said).not.toContain("Disabled");
  });
});

describe("the state before the change", () => {
  it.each(["export", "checkpoint", "gzip", "zstd"] as const)("is found as %s", async (before) => {
    const { blocking } = await runPack(outage, { before });
    expect(by(blocking, "access/shared-storage-change")).toHaveLength(1);
  });

  it("is empty for a stack that has only been made", async () => {
    const { all } = await runPack(stackChange([{ op: "create", urn, next: packages() }]), { before: "new" });
    expect(by(all, "firebreak/undecided")).toEqual([]);
    expect(by(all, "firebreak")).toEqual([]);
  });

  it("is missed in one line where nobody can be asked", async () => {
    const { all } = await runPack(outage, { before: "nowhere" });
    const said = by(all, "firebreak/undecided");
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ level: "advisory" });
    expect(said[0]?.message).toMatch(/no before-state/);
    expect(said[0]?.message).toContain("FIREBREAK_BEFORE");
    expect(by(all, "access/shared-storage-change")).toEqual([]);
  });

  it("fails each policy that needs it where the configuration says so", async () => {
    const { blocking } = await runPack(outage, {
      before: "nowhere",
      yaml: "version: 1\nonUndetermined: block\n",
    });
    expect(by(blocking, "access/shared-storage-change")[0]?.message).toContain("no before-state");
  });

  it("blocks where it is there and cannot be read", async () => {
    const { blocking } = await runPack(outage, { before: "corrupt" });
    expect(by(blocking, "firebreak")[0]?.message).toMatch(/prod\.json cannot be read/);
  });

  it("blocks where it is that of another stack", async () => {
    const other = stackChange(outage.resources.slice(1), { stack: "dev" });
    const { blocking } = await runPack(other, { before: "checkpoint" });
    expect(by(blocking, "firebreak")[0]?.message).toMatch(/estate\/dev, not of estate\/prod/);
  });
});

describe("configuration", () => {
  it("takes levels and options from Pulumi", async () => {
    const advisory = await runPack(outage, {
      config: { "access/shared-storage-change": { enforcementLevel: "advisory" } },
    });
    expect(by(advisory.all, "access/shared-storage-change")).toMatchObject([{ level: "advisory" }]);
    const lenient = await runPack(outage, {
      config: { "dependencies/blast-radius-budget": { properties: { resources: 1 } } },
    });
    expect(by(lenient.blocking, "dependencies/blast-radius-budget")).toHaveLength(1);
    const off = await runPack(outage, { config: { all: { enforcementLevel: "disabled" } } });
    expect(off.all).toEqual([]);
  });

  it("takes levels, options and waivers from firebreak.yaml of the project", async () => {
    const { all } = await runPack(outage, {
      yaml: `version: 1
policies:
  access/shared-storage-change: advisory
  dependencies/blast-radius-budget: { options: { resources: 1 } }
waivers:
  - { policy: "access/public-*", address: "**", owner: web, reason: moved, expires: ${inDays(20)} }
`,
    });
    expect(by(all, "access/shared-storage-change")).toMatchObject([{ level: "advisory" }]);
    expect(by(all, "dependencies/blast-radius-budget")).toMatchObject([{ level: "mandatory" }]);
    expect(all.filter(({ policy }) => policy.startsWith("access/public-"))).toEqual([]);
  });

  it("tells the options of firebreak.yaml as the defaults, so that Pulumi does not lose them", async () => {
    const { info } = await runPack(outage, {
      yaml: "version: 1\npolicies: { dependencies/blast-radius-budget: { options: { resources: 7 } } }\n",
    });
    const budget = info.policiesList.find(({ name }) => name === "dependencies/blast-radius-budget");
    expect(JSON.stringify(budget?.configschema)).toContain('["default",{');
    expect(JSON.stringify(budget?.configschema)).toContain('"numberValue":7');
  });

  it("blocks with an expired waiver", async () => {
    const yaml =
      "version: 1\nwaivers: [{ policy: '*', address: x, owner: a, reason: b, expires: 2020-01-01 }]\n";
    const { blocking } = await runPack(outage, { yaml });
    expect(by(blocking, "firebreak/undecided")[0]?.message).toMatch(/expired on 2020-01-01/);
  });

  it("refuses a configuration that is wrong before anything is previewed", async () => {
    await expect(runPack(outage, { yaml: "version: 1\npolcies: {}\n" })).rejects.toThrow(
      /unknown key "polcies"/,
    );
  });

  it("offers every policy under its own name, with what Pulumi shows of it", async () => {
    const { info } = await runPack(outage);
    const shown = info.policiesList.find(({ name }) => name === "access/shared-storage-change");
    expect(shown).toMatchObject({
      displayname: "Access to shared storage changes step by step",
      url: "policies/access/shared-storage-change.md",
    });
    expect(shown?.remediationSteps).toContain("firebreak explain access/shared-storage-change");
  });
});

describe("a policy that crashes", () => {
  const files = {
    "crash.mjs": `
      // Pulumi would take this for the pack's port.
      console.log("loaded");
      export default { name: "crash", entries: [
        { level: "advisory", policy: {
          id: "test/crash", title: "It works", severity: "low", hazard: "None.", kind: "change",
          checkDeployment() { throw new Error("out of luck"); },
        } },
      ] };
    `,
  };
  const yaml = "version: 1\npacks: [recommended, ./crash.mjs]\n";

  it("is told, blocks, and does not keep the others from judging", async () => {
    const { all, blocking } = await runPack(outage, { yaml, files });
    expect(by(all, "test/crash")[0]?.message).toMatch(/crashed here .*out of luck/);
    expect(by(blocking, "firebreak/undecided")[0]?.message).toMatch(/crashed/);
    expect(by(blocking, "access/shared-storage-change")).toHaveLength(1);
  });
});

it("judges 2,000 resources", async () => {
  const many = Array.from({ length: 2000 }, (_, i) => {
    const { old, next } = fleet(`eastus`);
    return { op: "same" as const, urn: urnOf(FLEET, `web-${i}`), old, next } as ResourceChange;
  });
  const { blocking } = await runPack(
    stackChange([provider, update({ publicNetworkAccess: "Disabled" }), ...many]),
  );
  expect(by(blocking, "access/shared-storage-change")[0]?.message).toMatch(/2,?000 resources/);
});

/** A day from now on, `YYYY-MM-DD`: the pack takes the day from the clock. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
