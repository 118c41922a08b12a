/** What the offline provider knows of Azure's resource types: where they live, and what cannot be changed in place. */
import { createHash } from "node:crypto";

export type Properties = Readonly<Record<string, unknown>>;

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
export const TENANT = "11111111-1111-1111-1111-111111111111";

/** The part of an id after `/providers/`: types and, in braces, the inputs that hold the names. */
const PATHS: Readonly<Record<string, string>> = {
  "app:ContainerApp": "Microsoft.App/containerApps/{containerAppName}",
  "app:ManagedEnvironment": "Microsoft.App/managedEnvironments/{environmentName}",
  "authorization:PolicyAssignment": "Microsoft.Authorization/policyAssignments/{policyAssignmentName}",
  "authorization:RoleAssignment": "Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  "cdn:AFDCustomDomain": "Microsoft.Cdn/profiles/{profileName}/customDomains/{customDomainName}",
  "cdn:AFDEndpoint": "Microsoft.Cdn/profiles/{profileName}/afdEndpoints/{endpointName}",
  "cdn:AFDOrigin": "Microsoft.Cdn/profiles/{profileName}/originGroups/{originGroupName}/origins/{originName}",
  "cdn:AFDOriginGroup": "Microsoft.Cdn/profiles/{profileName}/originGroups/{originGroupName}",
  "cdn:Profile": "Microsoft.Cdn/profiles/{profileName}",
  "cdn:Route": "Microsoft.Cdn/profiles/{profileName}/afdEndpoints/{endpointName}/routes/{routeName}",
  "cdn:Secret": "Microsoft.Cdn/profiles/{profileName}/secrets/{secretName}",
  "compute:VirtualMachine": "Microsoft.Compute/virtualMachines/{vmName}",
  "compute:VirtualMachineExtension":
    "Microsoft.Compute/virtualMachines/{vmName}/extensions/{vmExtensionName}",
  "compute:VirtualMachineScaleSet": "Microsoft.Compute/virtualMachineScaleSets/{vmScaleSetName}",
  "compute:VirtualMachineScaleSetExtension":
    "Microsoft.Compute/virtualMachineScaleSets/{vmScaleSetName}/extensions/{vmssExtensionName}",
  "containerregistry:Registry": "Microsoft.ContainerRegistry/registries/{registryName}",
  "containerservice:AgentPool":
    "Microsoft.ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}",
  "containerservice:ManagedCluster": "Microsoft.ContainerService/managedClusters/{resourceName}",
  "eventhub:Namespace": "Microsoft.EventHub/namespaces/{namespaceName}",
  "keyvault:Secret": "Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
  "keyvault:Vault": "Microsoft.KeyVault/vaults/{vaultName}",
  "managedidentity:UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
  "network:PrivateEndpoint": "Microsoft.Network/privateEndpoints/{privateEndpointName}",
  "network:Subnet": "Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
  "network:VirtualNetwork": "Microsoft.Network/virtualNetworks/{virtualNetworkName}",
  "servicebus:Namespace": "Microsoft.ServiceBus/namespaces/{namespaceName}",
  "storage:BlobContainer":
    "Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
  "storage:StorageAccount": "Microsoft.Storage/storageAccounts/{accountName}",
  "web:WebApp": "Microsoft.Web/sites/{name}",
};

/** A resource type as this provider sees it. */
interface Kind {
  /** Without the API version: `storage:StorageAccount`. */
  readonly token: string;
  readonly path: string | undefined;
  /** The inputs that make up the path. */
  readonly pathKeys: readonly string[];
  /** The input that is the resource's own name. */
  readonly nameKey: string | undefined;
}

/** The kind of the resource with this URN. */
export function kindOf(urn: string): Kind {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const [, module = "", name = ""] = type.split(":");
  const token = `${module.replace(/\/v\d+\w*$/, "")}:${name}`;
  if (token === "resources:ResourceGroup") {
    return { token, path: undefined, pathKeys: ["resourceGroupName"], nameKey: "resourceGroupName" };
  }
  const path = PATHS[token];
  const pathKeys = [...(path ?? "").matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  return { token, path, pathKeys, nameKey: pathKeys.at(-1) };
}

/** The name that the Pulumi program gave the resource. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The input if it is plain text: a secret arrives wrapped in an object. */
export function text(inputs: Properties, key: string | undefined): string | undefined {
  const value = key === undefined ? undefined : inputs[key];
  return typeof value === "string" ? value : undefined;
}

/** Whether another value of this input means another resource. */
export function isImmutable(urn: string, key: string): boolean {
  if (key === "location" || key === "resourceGroupName" || key === "scope") return true;
  const { path, pathKeys } = kindOf(urn);
  return path === undefined ? /^name$|Name$/.test(key) : pathKeys.includes(key);
}

/** The id that Azure would give the resource: below its resource group or, where it has one, its scope. */
export function resourceId(urn: string, inputs: Properties): string {
  const kind = kindOf(urn);
  const group = text(inputs, "resourceGroupName") ?? "demo";
  const groupId = `/subscriptions/${text(inputs, "subscriptionId") ?? SUBSCRIPTION}/resourceGroups/${group}`;
  if (kind.token === "resources:ResourceGroup") return groupId;
  const [module = "", type = ""] = kind.token.split(":");
  const path =
    kind.path?.replace(/\{(\w+)\}/g, (_, key: string) => text(inputs, key) ?? nameOf(urn)) ??
    `Microsoft.${capital(module)}/${type.charAt(0).toLowerCase()}${type.slice(1)}s/${nameOf(urn)}`;
  return `${text(inputs, "scope") ?? groupId}/providers/${path}`;
}

/** A GUID that is always the same for this resource and purpose. */
export function guid(urn: string, purpose: string): string {
  const hex = createHash("sha256").update(`${purpose} of ${urn}`).digest("hex");
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join("-");
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
