import * as pulumi from "@pulumi/pulumi";
import {
  BlobContainer,
  builtInRole,
  ContainerApp,
  Identity,
  ManagedEnvironment,
  PrivateEndpoint,
  RoleAssignment,
  StorageAccount,
} from "./azure.ts";
import type { LandingZone } from "./landing-zone.ts";

/** An app with its own account for logs: it has an identity and a private way to it, and needs nothing to be public. */
export class BackOffice extends pulumi.ComponentResource {
  constructor(accountName: string, zone: LandingZone, isClosed: boolean) {
    super("estate:shop:BackOffice", "back-office");
    const inside = { parent: this, dependsOn: zone };
    const placed = { resourceGroupName: zone.resourceGroupName, location: zone.region };
    const account = new StorageAccount(
      accountName,
      {
        ...placed,
        accountName,
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: !isClosed,
        publicNetworkAccess: isClosed ? "Disabled" : "Enabled",
        tags: { team: "back-office" },
      },
      inside,
    );
    new BlobContainer(
      `logs-${accountName}`,
      {
        resourceGroupName: zone.resourceGroupName,
        accountName,
        containerName: "logs",
        publicAccess: "None",
      },
      { parent: this, dependsOn: account },
    );
    new PrivateEndpoint(
      "back-office-logs",
      {
        ...placed,
        privateEndpointName: "back-office-logs",
        subnet: { id: zone.subnetId("private") },
        privateLinkServiceConnections: [
          { name: "blob", privateLinkServiceId: account.id, groupIds: ["blob"] },
        ],
      },
      inside,
    );

    const identity = new Identity(
      "back-office-identity",
      { ...placed, resourceName: "back-office-identity" },
      inside,
    );
    new RoleAssignment(
      "back-office-writes-logs",
      {
        scope: account.id,
        // Storage Blob Data Contributor
        roleDefinitionId: builtInRole("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      },
      inside,
    );
    const environment = new ManagedEnvironment(
      "apps",
      { ...placed, environmentName: "apps", zoneRedundant: true },
      inside,
    );
    new ContainerApp(
      "back-office",
      {
        ...placed,
        containerAppName: "back-office",
        environmentId: environment.id,
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        template: {
          containers: [
            {
              name: "back-office",
              image: "estate.azurecr.io/back-office:1.9.0",
              env: [{ name: "LOG_ACCOUNT", value: accountName }],
            },
          ],
          scale: { minReplicas: 2, maxReplicas: 6 },
        },
      },
      inside,
    );
    this.registerOutputs();
  }
}
