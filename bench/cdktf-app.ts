import { LinuxVirtualMachineScaleSet } from "@cdktn/provider-azurerm/lib/linux-virtual-machine-scale-set/index.js";
import { AzurermProvider } from "@cdktn/provider-azurerm/lib/provider/index.js";
import { ResourceGroup } from "@cdktn/provider-azurerm/lib/resource-group/index.js";
import { RoleAssignment } from "@cdktn/provider-azurerm/lib/role-assignment/index.js";
import { StorageAccount } from "@cdktn/provider-azurerm/lib/storage-account/index.js";
import { App, TerraformStack } from "cdktn";
import { Firebreak, type GuardOptions } from "firebreak/cdktf";

/** Each with its region. */
const STACKS = { platform: "westus3", canary: "westcentralus", early: "westeurope", broad: "eastus" };
/** Of each kind: an account, a fleet that boots from it, its group, its role, and six accounts more. */
const CELLS = 50;

/**
 * Makes an app of 2,000 resources in four stacks and synthesises it; `isChanged` says whether a tenth is other than before.
 * Gives the milliseconds that `app.synth()` took, and `Firebreak.guard()` where it is guarded.
 */
export function synthesise(outdir: string, isChanged: boolean, guarded?: GuardOptions): number {
  const app = new App({ outdir });
  let took = 0;
  if (guarded !== undefined) {
    took -= performance.now();
    Firebreak.guard(app, guarded);
    took += performance.now();
  }
  for (const [name, location] of Object.entries(STACKS)) {
    const stack = new TerraformStack(app, name);
    new AzurermProvider(stack, "azurerm", { features: [{}] });
    for (let cell = 0; cell < CELLS; cell++)
      makeCell(stack, name, location, cell, isChanged && cell % 10 === 0);
  }
  took -= performance.now();
  app.synth();
  return took + performance.now();
}

/** Ten resources; the change, which no policy objects to, touches all ten. */
function makeCell(
  stack: TerraformStack,
  name: string,
  location: string,
  cell: number,
  touched: boolean,
): void {
  const tags = { ring: name, cell: String(cell), ...(touched && { reviewed: "yes" }) };
  const group = new ResourceGroup(stack, `group-${cell}`, { name: `${name}-${cell}`, location, tags });
  const accounts = Array.from({ length: 7 }, (_, i) => {
    return new StorageAccount(stack, `store-${cell}-${i}`, {
      name: `st${name}${cell}x${i}`,
      resourceGroupName: group.name,
      location: group.location,
      accountTier: "Standard",
      accountReplicationType: "ZRS",
      minTlsVersion: "TLS1_2",
      allowNestedItemsToBePublic: false,
      publicNetworkAccessEnabled: true,
      accessTier: touched ? "Cool" : "Hot",
      tags,
    });
  });
  const [store] = accounts as [StorageAccount];
  const fleet = new LinuxVirtualMachineScaleSet(stack, `fleet-${cell}`, {
    name: `fleet-${name}-${cell}`,
    resourceGroupName: group.name,
    location: group.location,
    sku: touched ? "Standard_D4s_v5" : "Standard_D2s_v5",
    instances: 3,
    adminUsername: "azure",
    identity: { type: "SystemAssigned" },
    networkInterface: [
      {
        name: "nic",
        primary: true,
        ipConfiguration: [{ name: "ip", primary: true, subnetId: "/subnets/a" }],
      },
    ],
    osDisk: { caching: "ReadOnly", storageAccountType: "Standard_LRS" },
    upgradeMode: "Rolling",
    rollingUpgradePolicy: {
      maxBatchInstancePercent: 10,
      maxUnhealthyInstancePercent: 10,
      maxUnhealthyUpgradedInstancePercent: 5,
      pauseTimeBetweenBatches: "PT5M",
    },
    userData: `curl ${store.primaryBlobEndpoint}packages/agent.tar.gz`,
    tags,
  });
  new RoleAssignment(stack, `role-${cell}`, {
    scope: store.id,
    roleDefinitionName: touched ? "Storage Blob Data Contributor" : "Storage Blob Data Reader",
    principalId: fleet.identity.principalId,
  });
}

// As a program of its own: synthesises the changed app once for each of the options, null for unguarded, and prints the times.
const [outdir, options] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && outdir !== undefined && options !== undefined) {
  const guards: readonly (GuardOptions | null)[] = JSON.parse(options);
  console.log(JSON.stringify(guards.map((guarded) => synthesise(outdir, true, guarded ?? undefined))));
}
