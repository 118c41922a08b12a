import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, PublicIPAddress, type Region, ResourceGroup, Vault, VirtualNetwork } from "./azure.ts";

/** What every region has before anything runs in it: a network, a vault, and a way in. */
export class LandingZone extends pulumi.ComponentResource {
  readonly region: Region;
  readonly resourceGroupName: string;
  /** What the region's ways in are called on the internet. */
  readonly hostName: string;
  readonly vaultId: pulumi.Output<string>;
  readonly backendPoolId: pulumi.Output<string>;
  readonly #network: pulumi.Resource & { readonly id: pulumi.Output<string> };

  constructor(region: Region) {
    super("estate:platform:LandingZone", region);
    const inside = { parent: this };
    this.region = region;
    this.resourceGroupName = `platform-${region}`;
    const group = new ResourceGroup(
      this.resourceGroupName,
      { resourceGroupName: this.resourceGroupName, location: region },
      inside,
    );
    const placed = { resourceGroupName: this.resourceGroupName, location: region };
    const inGroup = { ...inside, dependsOn: group };

    this.#network = new VirtualNetwork(
      `net-${region}`,
      {
        ...placed,
        virtualNetworkName: `net-${region}`,
        addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
        subnets: [
          { name: "web", addressPrefix: "10.20.1.0/24" },
          { name: "private", addressPrefix: "10.20.2.0/24" },
        ],
      },
      inGroup,
    );
    const vault = new Vault(
      `vault-${region}`,
      {
        ...placed,
        vaultName: `platform-${region}`,
        properties: {
          tenantId: "11111111-1111-1111-1111-111111111111",
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enablePurgeProtection: true,
        },
      },
      inGroup,
    );
    this.vaultId = vault.id;

    const label = `estate-${region}`;
    this.hostName = `${label}.${region}.cloudapp.azure.com`;
    const address = new PublicIPAddress(
      `ip-${region}`,
      {
        ...placed,
        publicIpAddressName: `ip-${region}`,
        publicIPAllocationMethod: "Static",
        sku: { name: "Standard" },
        dnsSettings: { domainNameLabel: label },
      },
      inGroup,
    );
    const balancer = new LoadBalancer(
      `lb-${region}`,
      {
        ...placed,
        loadBalancerName: `lb-${region}`,
        sku: { name: "Standard" },
        frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: address.id } }],
        backendAddressPools: [{ name: "web" }],
      },
      inside,
    );
    this.backendPoolId = pulumi.interpolate`${balancer.id}/backendAddressPools/web`;
    this.registerOutputs();
  }

  /** The id of one of the network's subnets. */
  subnetId(name: "web" | "private"): pulumi.Output<string> {
    return pulumi.interpolate`${this.#network.id}/subnets/${name}`;
  }
}
