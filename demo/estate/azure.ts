import * as pulumi from "@pulumi/pulumi";

/*
 * The resource types that the estate uses, by their tokens and with the properties of @pulumi/azure-native 3. Its SDK has
 * classes for every service that Azure has; a program can do with the tokens.
 */

/** The subscription that the provider answers for. Nobody has it. */
export const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";

/** One region of the estate. */
export type Region = "eastus" | "westus";

type Options = pulumi.CustomResourceOptions;

/** A resource of Azure; its id is the path of the resource in Azure. */
class AzureResource extends pulumi.CustomResource {
  constructor(token: string, name: string, properties: pulumi.Inputs, options?: Options) {
    super(`azure-native:${token}`, name, properties, options);
  }
}

/** The constructor of one type, with the properties that its callers have to give. */
function resource<Properties extends object>(token: string) {
  return class extends AzureResource {
    constructor(name: string, properties: Properties, options?: Options) {
      super(token, name, { ...properties }, options);
    }
  };
}

type Text = pulumi.Input<string>;

/** Where most resources are. */
interface Placed {
  resourceGroupName: Text;
  location: Text;
  tags?: Record<string, string>;
}

export const ResourceGroup = resource<Placed>("resources:ResourceGroup");

export const VirtualNetwork = resource<
  Placed & {
    virtualNetworkName: string;
    addressSpace: { addressPrefixes: string[] };
    subnets: { name: string; addressPrefix: string }[];
  }
>("network:VirtualNetwork");

export const PublicIPAddress = resource<
  Placed & {
    publicIpAddressName: string;
    publicIPAllocationMethod: "Static";
    sku: { name: "Standard" };
    dnsSettings: { domainNameLabel: string };
  }
>("network:PublicIPAddress");

export const LoadBalancer = resource<
  Placed & {
    loadBalancerName: string;
    sku: { name: "Standard" };
    frontendIPConfigurations: { name: string; publicIPAddress: { id: Text } }[];
    backendAddressPools: { name: string }[];
  }
>("network:LoadBalancer");

export const PrivateEndpoint = resource<
  Placed & {
    privateEndpointName: string;
    subnet: { id: Text };
    privateLinkServiceConnections: { name: string; privateLinkServiceId: Text; groupIds: string[] }[];
  }
>("network:PrivateEndpoint");

export const Vault = resource<
  Placed & {
    vaultName: string;
    properties: {
      tenantId: string;
      sku: { family: "A"; name: "standard" };
      enableRbacAuthorization: boolean;
      enablePurgeProtection: boolean;
    };
  }
>("keyvault:Vault");

export const StorageAccount = resource<
  Placed & {
    accountName: string;
    kind: "StorageV2";
    sku: { name: "Standard_ZRS" };
    minimumTlsVersion: "TLS1_2";
    allowBlobPublicAccess: boolean;
    publicNetworkAccess: "Enabled" | "Disabled";
  }
>("storage:StorageAccount");

export const BlobContainer = resource<{
  resourceGroupName: Text;
  accountName: Text;
  containerName: string;
  publicAccess: "None" | "Blob";
}>("storage:BlobContainer");

export const RoleAssignment = resource<{
  scope: Text;
  roleDefinitionId: string;
  principalId: Text;
  principalType: "ServicePrincipal";
}>("authorization:RoleAssignment");

export const PolicyAssignment = resource<{
  policyAssignmentName: string;
  scope: string;
  displayName: string;
  policyDefinitionId: string;
  enforcementMode: "Default";
  parameters: Record<string, { value: string }>;
  location: Region;
  identity: { type: "SystemAssigned" };
}>("authorization:PolicyAssignment");

export const VirtualMachineScaleSet = resource<
  Placed & {
    vmScaleSetName: string;
    sku: { name: string; capacity: number };
    orchestrationMode: "Uniform";
    upgradePolicy: object;
    identity: { type: "UserAssigned"; userAssignedIdentities: Text[] };
    virtualMachineProfile: object;
  }
>("compute:VirtualMachineScaleSet");

export const ManagedEnvironment = resource<Placed & { environmentName: string; zoneRedundant: boolean }>(
  "app:ManagedEnvironment",
);

export const ContainerApp = resource<
  Placed & {
    containerAppName: string;
    environmentId: Text;
    identity: { type: "UserAssigned"; userAssignedIdentities: Text[] };
    template: {
      containers: { name: string; image: string; env: { name: string; value: Text }[] }[];
      scale: { minReplicas: number; maxReplicas: number };
    };
  }
>("app:ContainerApp");

export const FrontDoorProfile = resource<
  Placed & { profileName: string; sku: { name: "Premium_AzureFrontDoor" } }
>("cdn:Profile");

interface OfProfile {
  resourceGroupName: Text;
  profileName: string;
}

export const FrontDoorEndpoint = resource<
  OfProfile & { endpointName: string; location: "Global"; enabledState: "Enabled" }
>("cdn:AFDEndpoint");

export const FrontDoorOriginGroup = resource<
  OfProfile & {
    originGroupName: string;
    loadBalancingSettings: { sampleSize: number; successfulSamplesRequired: number };
    healthProbeSettings: { probePath: string; probeProtocol: "Https"; probeIntervalInSeconds: number };
  }
>("cdn:AFDOriginGroup");

export const FrontDoorOrigin = resource<
  OfProfile & {
    originGroupName: string;
    originName: string;
    hostName: string;
    priority: number;
    weight: number;
    enabledState: "Enabled";
  }
>("cdn:AFDOrigin");

export const FrontDoorRoute = resource<
  OfProfile & {
    endpointName: string;
    routeName: string;
    originGroup: { id: Text };
    patternsToMatch: string[];
    supportedProtocols: string[];
    httpsRedirect: "Enabled";
  }
>("cdn:Route");

/** An identity that machines and apps sign in with. */
export class Identity extends AzureResource {
  /** Given by the directory. */
  declare readonly principalId: pulumi.Output<string>;

  constructor(name: string, properties: Placed & { resourceName: string }, options?: Options) {
    super("managedidentity:UserAssignedIdentity", name, { ...properties, principalId: undefined }, options);
  }
}

/** The id of a role that Azure comes with. */
export function builtInRole(guid: string): string {
  return `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}
