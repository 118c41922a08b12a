/** What the policy pack says of a change in `pulumi preview`, with the real CLI; read from the engine's policy events. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pulumi } from "../../scripts/demo-pulumi/pulumi.ts";
import { pulumiTools } from "../../scripts/tools.ts";
import {
  type Declared,
  describeWithPulumi,
  output,
  type PulumiProject,
  type PulumiRun,
  pulumiProject,
  succeeded,
  text,
} from "./support/pulumi.ts";
import {
  account,
  accountUrn,
  asItIs,
  blocking,
  by,
  closed,
  configured,
  deployedEstate,
  estate,
  fleet,
  only,
  PACK,
  ROOT_URN,
  SHARED,
  store,
  UNDECIDED,
} from "./support/pulumi-estate.ts";

describeWithPulumi("the demo estate", () => {
  let pulumi: Pulumi;
  beforeAll(async () => {
    pulumi = new Pulumi(pulumiTools().directory, new AbortController().signal);
    const created = await pulumi.createStack();
    const up = await pulumi.run("up", "--yes", "--skip-preview");
    expect(
      [created, up].map(({ code }) => code),
      `${created.output}\n${up.output}`,
    ).toEqual([0, 0]);
  });
  afterAll(() => pulumi.remove());

  const preview = (change: string) =>
    pulumi.run("preview", "--policy-pack", PACK, "--config", `change=${change}`);

  test("blocks the outage's change, and says what it does to whom, each time the same", async () => {
    const outage = await preview("outage");
    expect(outage.code).not.toBe(0);
    const said = outage.events.violations.filter(
      ({ policy, resource }) => policy === SHARED && resource.endsWith("StorageAccount: vmextshared"),
    );
    expect(said.length).toBeGreaterThan(0);
    for (const one of said) expect(one).toMatchObject({ level: "mandatory", severity: "critical" });
    const message = said.find((one) => one.message.includes("publicNetworkAccess"))?.message;
    expect(message).toContain("vmextshared · publicNetworkAccess");
    expect(message).toContain('publicNetworkAccess: "Enabled" → "Disabled"');
    expect(message).toMatch(/4 resources in 2 regions use this account/);
    expect(message).toMatch(/^hits {3}shop-/m);
    expect(message).toMatch(/eastus and westus/);
    expect(message).toMatch(/^fix {4}\S/m);

    // All but one, which comes first, are said at the end, when the engine asks for the whole stack.
    const atOnce = outage.events.violations.filter(({ policy }) => policy === "access/global-scope-change");
    expect(outage.events.violations.slice(0, 1)).toEqual(atOnce);
    expect(outage.events.violations.some(({ resource }) => resource.startsWith("pulumi:pulumi:Stack"))).toBe(
      true,
    );
    expect((await preview("outage")).events.violations).toEqual(outage.events.violations);
  }, 120_000);

  test("passes the safe version of the change", async () => {
    const safe = await preview("safe");
    expect(safe.code, safe.output).toBe(0);
    expect(safe.events.violations.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect(safe.events.steps).toEqual(["update azure-native:storage:StorageAccount: backofficelogs"]);
  });
});

describeWithPulumi("a preview of a change", () => {
  let project: PulumiProject;
  beforeAll(async () => {
    project = await deployedEstate(afterAll);
  });

  /** A preview in which this stands in place of the estate's account. */
  function previewOf(resources: readonly Declared[], ...args: string[]): Promise<PulumiRun> {
    project.declare(resources);
    return project.preview({ pack: PACK, args });
  }

  test("passes, and says nothing, where nothing changes", async () => {
    expect(succeeded(await previewOf(asItIs)).policyEvents).toEqual([]);
  });

  test("is blocked at an account in a component", async () => {
    const run = await previewOf(estate(closed));
    expect(run.code).not.toBe(0);
    const said = only(run, SHARED);
    expect(said).toMatchObject({
      resourceUrn: accountUrn(),
      policyPackName: "firebreak",
      enforcementLevel: "mandatory",
      severity: "critical",
    });
    expect(said.message).toContain("packages · publicNetworkAccess");
    expect(said.message).toContain('publicNetworkAccess: "Enabled" → "Disabled"');
    expect(said.message).toContain("2 resources in 2 regions use this account");
    expect(said.message).toMatch(/^hits {3}web-eastus and web-westus$/m);
  });

  test("passes where Pulumi is told to ignore what would change", async () => {
    const ignoring = { ...closed, opts: { parent: "store", ignoreChanges: ["publicNetworkAccess"] } };
    expect(succeeded(await previewOf(estate(ignoring))).policyEvents).toEqual([]);
  });

  test("is blocked where another name makes another account of it", async () => {
    const run = await previewOf(estate(account({ accountName: "vmextshared2" })));
    expect(run.code).not.toBe(0);
    expect(run.resourcePreEvents).toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ op: "replace", urn: accountUrn() }) }),
    );
    const said = only(run, SHARED);
    expect(said).toMatchObject({ resourceUrn: accountUrn(), enforcementLevel: "mandatory" });
    expect(said.message).toContain("packages will be destroyed and created anew");
  });

  test("is blocked where the account goes, which the engine shows at the stack", async () => {
    const run = await previewOf(estate());
    expect(run.code).not.toBe(0);
    const said = only(run, SHARED);
    expect(said).toMatchObject({ resourceUrn: ROOT_URN, enforcementLevel: "mandatory" });
    expect(said.message).toContain(`packages will be deleted (${accountUrn()})`);
  });

  test("knows the account again under another name, and misses it where no alias says so", async () => {
    const renamed = (aliases: { name: string }[]) =>
      account({}, { name: "shared-packages", opts: { parent: "store", aliases } });
    const withAlias = succeeded(await previewOf(estate(renamed([{ name: "packages" }]))));
    expect(withAlias.policyEvents).toEqual([]);

    const without = await previewOf(estate(renamed([])));
    expect(without.code).not.toBe(0);
    expect(only(without, SHARED).message).toContain(`packages will be deleted (${accountUrn()})`);
  });

  test("knows the account again in a component of another type", async () => {
    const moved: Declared = {
      type: "estate:shared:Packages",
      name: "store",
      opts: { aliases: [{ type: "estate:platform:PackageStore" }] },
    };
    const others = (one: Declared) => estate(one).slice(1);
    expect(succeeded(await previewOf([moved, ...others(account())])).policyEvents).toEqual([]);

    const both = await previewOf([moved, ...others(closed)]);
    expect(both.code).not.toBe(0);
    expect(only(both, SHARED).resourceUrn).toBe(accountUrn("packages", moved.type));
  });

  describe("of some resources only", () => {
    const fleetUrn = "urn:pulumi:dev::estate::azure-native:compute:VirtualMachineScaleSet::web-eastus";
    /** Sets access to storage for a whole subscription, which is refused as soon as it is created. */
    const assignment: Declared = {
      type: "azure-native:authorization:PolicyAssignment",
      name: "no-public-storage",
      props: {
        policyAssignmentName: "no-public-storage",
        scope: "/subscriptions/00000000-0000-0000-0000-000000000000",
        policyDefinitionId:
          "/providers/Microsoft.Authorization/policyDefinitions/13502221-8df0-4414-9937-de9c5c4e396b",
        parameters: { effect: { value: "Modify" } },
      },
    };
    const assignmentUrn = `urn:pulumi:dev::estate::${assignment.type}::${assignment.name}`;
    const both = [...estate(closed), assignment];

    test("leaves alone what is not among them, be it changed or new", async () => {
      const run = succeeded(await previewOf(both, "--target", fleetUrn));
      expect(run.policyEvents).toEqual([]);
    });

    test("is blocked where the changes are among them", async () => {
      const run = await previewOf(both, "--target", accountUrn(), "--target", assignmentUrn);
      expect(run.code).not.toBe(0);
      expect(blocking(run)).toContain(`${SHARED} ${accountUrn()}`);
      expect(blocking(run)).toContain(`access/global-scope-change ${assignmentUrn}`);
    });
  });

  test("says what is known only after it, and does not pass it off as decided", async () => {
    const setting: Declared = {
      type: "azure-native:appconfiguration:KeyValue",
      name: "access",
      props: { configStoreName: "platform", keyValueName: "access", resourceGroupName: "rg-platform" },
    };
    const unknown = account({ publicNetworkAccess: output("access", "value") });
    const run = succeeded(await previewOf([setting, ...estate(unknown)]));
    expect(by(run, SHARED)).toEqual([]);
    const said = only(run, UNDECIDED);
    expect(said).toMatchObject({ resourceUrn: ROOT_URN, enforcementLevel: "advisory" });
    expect(said.message).toMatch(/could not be decided: known after apply/);

    using _ = configured(project, "onUndetermined: block");
    const strict = await project.preview({ pack: PACK });
    expect(strict.code).not.toBe(0);
    expect(only(strict, SHARED).enforcementLevel).toBe("mandatory");
    expect(only(strict, SHARED).message).toMatch(/could not be decided: known after apply/);
  });
});

describeWithPulumi("an account whose address the program passes on", () => {
  const machines = ["eastus", "westus"].map((region) =>
    fleet(region, {
      virtualMachineProfile: {
        userData: text`curl ${output("packages", "primaryEndpoints.blob")}packages/agent.sh | sh`,
      },
    }),
  );

  test("is known to its readers, although a preview of its change does not know the address", async () => {
    const project = await pulumiProject({ resources: [store, account(), ...machines] });
    succeeded(await project.up());
    project.declare([store, closed, ...machines]);
    const run = await project.preview({ pack: PACK });
    expect(run.code).not.toBe(0);
    const said = only(run, SHARED);
    expect(said).toMatchObject({ resourceUrn: accountUrn(), enforcementLevel: "mandatory" });
    expect(said.message).toContain("2 resources in 2 regions use this account;");
  });
});
