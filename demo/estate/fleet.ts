import * as pulumi from "@pulumi/pulumi";
import { builtInRole, Identity, RoleAssignment, VirtualMachineScaleSet } from "./azure.ts";
import type { LandingZone } from "./landing-zone.ts";

/** The stage at which a fleet gets what is new: the canary first, then the early ones, the broad rest last. */
type Ring = "canary" | "early" | "broad";

interface FleetProperties {
  readonly zone: LandingZone;
  readonly ring: Ring;
  readonly machines: number;
  /** Downloaded when a machine starts. */
  readonly packages: readonly string[];
}

/** Equal machines that serve the shop's pages, and the identity by which they read the secrets of their region. */
export class Fleet extends pulumi.ComponentResource {
  constructor(name: string, { zone, ring, machines, packages }: FleetProperties) {
    super("estate:shop:Fleet", name);
    const inside = { parent: this };
    const placed = { resourceGroupName: zone.resourceGroupName, location: zone.region };
    const identity = new Identity(
      `${name}-identity`,
      { ...placed, resourceName: `${name}-identity` },
      inside,
    );
    new RoleAssignment(
      `${name}-reads-secrets`,
      {
        scope: zone.vaultId,
        // Key Vault Secrets User
        roleDefinitionId: builtInRole("4633458b-17de-408a-b874-0445c86b69e6"),
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      },
      inside,
    );
    new VirtualMachineScaleSet(
      name,
      {
        ...placed,
        vmScaleSetName: name,
        tags: { ring, app: "shop" },
        sku: { name: "Standard_D4s_v5", capacity: machines },
        orchestrationMode: "Uniform",
        upgradePolicy: {
          mode: "Rolling",
          rollingUpgradePolicy: { maxBatchInstancePercent: 20, maxUnhealthyInstancePercent: 20 },
        },
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        virtualMachineProfile: {
          storageProfile: {
            imageReference: {
              publisher: "Canonical",
              offer: "ubuntu-24_04-lts",
              sku: "server",
              version: "24.04.202601150",
            },
          },
          networkProfile: {
            networkInterfaceConfigurations: [
              {
                name: "primary",
                primary: true,
                ipConfigurations: [
                  {
                    name: "internal",
                    subnet: { id: zone.subnetId("web") },
                    loadBalancerBackendAddressPools: [{ id: zone.backendPoolId }],
                  },
                ],
              },
            ],
          },
          extensionProfile: { extensions: [agent(packages)] },
        },
      },
      inside,
    );
    this.registerOutputs();
  }
}

/** The script extension that sets a machine up. */
function agent(packages: readonly string[]): object {
  return {
    name: "agent",
    publisher: "Microsoft.Azure.Extensions",
    type: "CustomScript",
    typeHandlerVersion: "2.1",
    autoUpgradeMinorVersion: true,
    settings: { fileUris: packages, commandToExecute: "sh agent-4.2.1.sh" },
  };
}
