import { Secret, UNKNOWN, type ValueObject } from "../../../src/model/value.ts";
import { providersOf } from "./examples.ts";
import { type ResourceChange, type ResourceSide, rootUrn, stackChange, urnOf } from "./stack-change.ts";
import type { ExampleStack } from "./stacks.ts";

const ACCOUNT = "azure-native:storage:StorageAccount";
const EXTENSION = "azure-native:compute:VirtualMachineExtension";
const GROUP =
  "/subscriptions/00000000-0000-4000-8000-0000000f18eb/resourceGroups/packages/providers/Microsoft.Storage";
const provider = `${urnOf("pulumi:providers:azure-native", "default_3_0_0")}::6f1c9a52`;

/** An account of which two machines download without credentials, and what is done to it. */
function account(more: ValueObject, side: Partial<ResourceSide> = {}): ResourceSide {
  return {
    id: `${GROUP}/storageAccounts/vmext`,
    provider,
    inputs: {
      accountName: "vmext",
      location: "eastus",
      allowBlobPublicAccess: true,
      publicNetworkAccess: "Enabled",
      ...more,
    },
    ...side,
  };
}

/** A machine's extension that downloads from the account; its settings may be a secret. */
function extension(name: string, { isSecret = false, dependsOn = "" } = {}): ResourceChange {
  const settings = { fileUris: [`https://vmext.blob.core.windows.net/packages/${name}.sh`] };
  const side: ResourceSide = {
    id: `/subscriptions/s/resourceGroups/packages/providers/Microsoft.Compute/virtualMachines/vm/extensions/${name}`,
    provider,
    inputs: {
      vmExtensionName: name,
      location: name,
      settings: isSecret ? new Secret(settings) : settings,
    },
    ...(dependsOn !== "" && { dependencies: [dependsOn] }),
  };
  return { op: "same", urn: urnOf(EXTENSION, name), old: side, next: side };
}

const USERS = [extension("eastus"), extension("westus")];
const URN = urnOf(ACCOUNT, "vmext");
const COMPONENT = urnOf("estate:index:Packages", "packages");

const CASES: Readonly<Record<string, readonly ResourceChange[]>> = {
  "a property changes": [
    { op: "update", urn: URN, old: account({}), next: account({ publicNetworkAccess: "Disabled" }) },
    ...USERS,
  ],
  "a resource is deleted": [{ op: "delete", urn: URN, old: account({}) }, ...USERS],
  "a resource is replaced": [
    {
      op: "replace",
      urn: URN,
      old: account({}),
      next: account({ location: "westus", publicNetworkAccess: "Disabled" }),
    },
    ...USERS,
  ],
  "a resource is replaced by one of another name": [
    { op: "replace", urn: URN, old: account({}), next: account({ accountName: "vmextnew" }) },
    ...USERS,
  ],
  "a resource is renamed by an alias while it changes": [
    {
      op: "update",
      urn: URN,
      oldUrn: urnOf(ACCOUNT, "packages"),
      old: account({}),
      next: account({ publicNetworkAccess: "Disabled" }, { aliases: [urnOf(ACCOUNT, "packages")] }),
    },
    ...USERS,
  ],
  "a property is not known yet": [
    { op: "update", urn: URN, old: account({}), next: account({ publicNetworkAccess: UNKNOWN }) },
    ...USERS,
  ],
  "a user's settings are secret, so only declared dependencies tell of it": [
    { op: "update", urn: URN, old: account({}), next: account({ publicNetworkAccess: "Disabled" }) },
    extension("eastus", { isSecret: true, dependsOn: URN }),
    extension("westus", { isSecret: true, dependsOn: URN }),
  ],
  "users depend on the component that holds the resource": [
    {
      op: "same",
      urn: COMPONENT,
      custom: false,
      old: { inputs: {}, parent: rootUrn({ project: "estate", stack: "prod" }) },
      next: { inputs: {}, parent: rootUrn({ project: "estate", stack: "prod" }) },
    },
    {
      op: "update",
      urn: URN,
      old: account({}, { parent: COMPONENT }),
      next: account({ publicNetworkAccess: "Disabled" }, { parent: COMPONENT }),
    },
    extension("eastus", { isSecret: true, dependsOn: COMPONENT }),
    extension("westus", { isSecret: true, dependsOn: COMPONENT }),
  ],
};

/** Where it only counts that both say the same. */
const OPEN: ReadonlySet<string> = new Set([
  "a property is not known yet",
  "a resource is replaced by one of another name",
]);

/** Kinds of change that the policies' examples do not show. */
export const caseStacks: readonly ExampleStack[] = Object.entries(CASES).map(([title, resources]) => ({
  title,
  avoids: OPEN.has(title) ? undefined : "access/shared-storage-change",
  config: undefined,
  before: "backend",
  change: stackChange([...providersOf(resources), ...resources]),
}));
