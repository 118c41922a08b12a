import * as pulumi from "@pulumi/pulumi";
import { BlobContainer, StorageAccount } from "./azure.ts";
import type { LandingZone } from "./landing-zone.ts";

/** An account that machines download the packages of their extensions from, before they have any identity. */
export class PackageStore extends pulumi.ComponentResource {
  readonly accountName: string;

  constructor(accountName: string, zone: LandingZone, isClosed: boolean) {
    super("estate:platform:PackageStore", accountName);
    this.accountName = accountName;
    const account = new StorageAccount(
      accountName,
      {
        resourceGroupName: zone.resourceGroupName,
        accountName,
        location: zone.region,
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: !isClosed,
        publicNetworkAccess: isClosed ? "Disabled" : "Enabled",
        tags: { tier: "platform", holds: "vm-extension-packages" },
      },
      { parent: this, dependsOn: zone },
    );
    new BlobContainer(
      `packages-${accountName}`,
      {
        resourceGroupName: zone.resourceGroupName,
        accountName,
        containerName: "packages",
        publicAccess: isClosed ? "None" : "Blob",
      },
      { parent: this, dependsOn: account },
    );
    this.registerOutputs();
  }
}

/** Where a file of a store is downloaded from. */
export function packageUrl(accountName: string, file: string): string {
  return `https://${accountName}.blob.core.windows.net/packages/${file}`;
}
