/** A small estate: one storage account that the machines of two regions download from, by URLs that nobody declared. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./cli.ts";
import {
  type Declared,
  type PulumiProject,
  type PulumiRun,
  pulumiProject,
  secret,
  succeeded,
  type Value,
} from "./pulumi.ts";
import type { EngineEvents } from "./pulumi-events.ts";

export const PACK: string = join(root, "packs/pulumi");

/** What taking access from shared storage is refused by. */
export const SHARED = "access/shared-storage-change";
export const UNDECIDED = "firebreak/undecided";

const STACK = "urn:pulumi:dev::estate";
export const ROOT_URN = `${STACK}::pulumi:pulumi:Stack::estate-dev`;
const STORE = "estate:platform:PackageStore";
/** The account's URN, with the type of the component that it is part of. */
export const accountUrn = (name = "packages", store = STORE): string =>
  `${STACK}::${store}$azure-native:storage:StorageAccount::${name}`;

/** Stands among the settings of the machines, as a secret. */
export const PASSWORD = "correct-horse-battery-staple";

/** The component that the account is part of. */
export const store: Declared = { type: STORE, name: "store" };

/** The account that machines download their packages from. */
export function account(props: Record<string, Value> = {}, more: Partial<Declared> = {}): Declared {
  return {
    type: "azure-native:storage:StorageAccount",
    name: "packages",
    props: {
      accountName: "vmextshared",
      resourceGroupName: "rg-platform",
      location: "eastus",
      allowBlobPublicAccess: true,
      publicNetworkAccess: "Enabled",
      ...props,
    },
    opts: { parent: "store" },
    ...more,
  };
}

/** The outage's change: whoever downloads from the account cannot do so any more. */
export const closed: Declared = account({ publicNetworkAccess: "Disabled" });

/** Machines that fetch a script from the account when they start. */
export function fleet(region: string, props: Record<string, Value> = {}): Declared {
  return {
    type: "azure-native:compute:VirtualMachineScaleSet",
    name: `web-${region}`,
    props: {
      vmScaleSetName: `web-${region}`,
      resourceGroupName: `rg-${region}`,
      location: region,
      virtualMachineProfile: {
        osProfile: { adminUsername: "web", adminPassword: secret(PASSWORD) },
        userData: "curl https://vmextshared.blob.core.windows.net/packages/agent.sh | sh",
      },
      ...props,
    },
  };
}

const fleets: readonly Declared[] = [fleet("eastus"), fleet("westus")];

/** The estate with this in place of its account. */
export const estate = (...accounts: readonly Declared[]): readonly Declared[] => [
  store,
  ...accounts,
  ...fleets,
];

/** The estate as it is before any change of it. */
export const asItIs: readonly Declared[] = estate(account());

/** A project in which the estate stands already. */
export async function deployedEstate(until: (remove: () => void) => void): Promise<PulumiProject> {
  const project = await pulumiProject({ resources: asItIs, until });
  succeeded(await project.up());
  return project;
}

type PolicyEvent = EngineEvents["policyEvents"][number];

/** What one policy said. */
export function by(run: EngineEvents, policy: string): readonly PolicyEvent[] {
  return run.policyEvents.filter(({ policyName }) => policyName === policy);
}

/** `policy urn` of all that blocks. */
export function blocking({ policyEvents }: EngineEvents): readonly string[] {
  return policyEvents
    .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
    .map(({ policyName, resourceUrn }) => `${policyName} ${resourceUrn}`);
}

/** What a policy said, where it said one thing. */
export function only(run: PulumiRun, policy: string): PolicyEvent {
  const [event, ...more] = by(run, policy);
  if (event === undefined || more.length > 0) {
    const said = run.policyEvents.map((one) => `${one.policyName} ${one.resourceUrn}: ${one.message}`);
    throw new Error(
      `${policy} said ${more.length === 0 ? "nothing" : "more than one thing"}; exit code ${run.code}\n${said.join("\n")}\n${run.stderr}`,
    );
  }
  return event;
}

/** The directory of the program, where `pulumi` runs. */
export const directoryOf = (project: PulumiProject): string => join(project.folder, "project");

/** Writes the project's `firebreak.yaml` for as long as this is in use. */
export function configured(project: PulumiProject, yaml: string): Disposable {
  const file = join(directoryOf(project), "firebreak.yaml");
  writeFileSync(file, `version: 1\n${yaml}\n`);
  return { [Symbol.dispose]: () => rmSync(file) };
}

const exported = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string(), inputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});

/** The inputs of each deployed resource, by URN. */
export async function deployed(project: PulumiProject): Promise<Readonly<Record<string, object>>> {
  const { deployment } = exported.parse(JSON.parse(await project.exportStack()));
  return Object.fromEntries(deployment.resources.map(({ urn, inputs = {} }) => [urn, inputs]));
}
