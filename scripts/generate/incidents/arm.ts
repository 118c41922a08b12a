import { isObject, type Json, type JsonObject, overlay, print } from "./json.ts";
import type { PulumiResource } from "./pulumi.ts";

/** A resource as Azure Resource Manager shows it. */
export interface ArmResource {
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly body: JsonObject;
  /** What the change sets to something else: the properties as they were. */
  readonly was?: JsonObject;
  readonly isNew?: boolean;
}

/** `az deployment sub what-if --no-pretty-print`. */
export function whatIf(resources: readonly ArmResource[]): string {
  return print({
    status: "Succeeded",
    error: null,
    changes: resources.map((one): JsonObject => {
      const { before, after } = statesOf(one);
      return {
        resourceId: one.id,
        changeType: one.isNew === true ? "Create" : one.was === undefined ? "NoChange" : "Modify",
        unsupportedReason: null,
        before: one.isNew === true ? null : before,
        after,
        delta: one.was === undefined ? null : deltaOf(before, after),
      };
    }),
    diagnostics: [],
    potentialChanges: null,
  });
}

function statesOf(one: ArmResource): { before: JsonObject; after: JsonObject } {
  const head = { apiVersion: one.apiVersion, id: one.id, type: one.type, name: nameOf(one.id) };
  return { before: { ...head, ...overlay(one.body, one.was ?? {}) }, after: { ...head, ...one.body } };
}

function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}

/** The changed properties, as what-if lists them. */
function deltaOf(before: JsonObject, after: JsonObject, at = ""): readonly JsonObject[] {
  return Object.keys(after).flatMap((key) => {
    const path = at === "" ? key : `${at}.${key}`;
    const was = before[key];
    const will = after[key];
    if (JSON.stringify(was) === JSON.stringify(will)) return [];
    if (isObject(was) && isObject(will)) return deltaOf(was, will, path);
    if (Array.isArray(was) && Array.isArray(will)) {
      const children = will.flatMap((item: Json, i): readonly JsonObject[] => {
        const old: Json | undefined = was[i];
        if (!isObject(item) || !isObject(old) || JSON.stringify(item) === JSON.stringify(old)) return [];
        return [
          {
            path: String(i),
            propertyChangeType: "Modify",
            before: null,
            after: null,
            children: deltaOf(old, item),
          },
        ];
      });
      return [{ path, propertyChangeType: "Array", before: null, after: null, children }];
    }
    return [{ path, propertyChangeType: "Modify", before: was ?? null, after: will ?? null, children: null }];
  });
}

/** How `@pulumi/azure-native` calls a type, and the property that takes a resource's name and those of its parents. */
const NATIVE: Readonly<Record<string, { readonly token: string; readonly names: readonly string[] }>> = {
  "Microsoft.Authorization/policyAssignments": {
    token: "authorization:PolicyAssignment",
    names: ["policyAssignmentName"],
  },
  "Microsoft.Authorization/roleAssignments": {
    token: "authorization:RoleAssignment",
    names: ["roleAssignmentName"],
  },
  "Microsoft.Cdn/profiles": { token: "cdn:Profile", names: ["profileName"] },
  "Microsoft.Cdn/profiles/secrets": { token: "cdn:Secret", names: ["profileName", "secretName"] },
  "Microsoft.Compute/virtualMachineScaleSets": {
    token: "compute:VirtualMachineScaleSet",
    names: ["vmScaleSetName"],
  },
  "Microsoft.KeyVault/vaults": { token: "keyvault:Vault", names: ["vaultName"] },
  "Microsoft.Network/applicationGateways": {
    token: "network:ApplicationGateway",
    names: ["applicationGatewayName"],
  },
  "Microsoft.Network/privateEndpoints": { token: "network:PrivateEndpoint", names: ["privateEndpointName"] },
  "Microsoft.Network/virtualNetworks": { token: "network:VirtualNetwork", names: ["virtualNetworkName"] },
  "Microsoft.Storage/storageAccounts": { token: "storage:StorageAccount", names: ["accountName"] },
  "Microsoft.Storage/storageAccounts/blobServices/containers": {
    token: "storage:BlobContainer",
    names: ["accountName", "", "containerName"],
  },
  "Microsoft.Web/certificates": { token: "web:Certificate", names: ["name"] },
  "Microsoft.Web/serverfarms": { token: "web:AppServicePlan", names: ["name"] },
  "Microsoft.Web/sites": { token: "web:WebApp", names: ["name"] },
};

/** Types whose `properties` azure-native keeps as they are. */
const UNFLATTENED: ReadonlySet<string> = new Set(["Microsoft.KeyVault/vaults"]);

/** The same estate as `@pulumi/azure-native` takes it: properties on the top level, names in properties of their own. */
export function native(
  resources: readonly ArmResource[],
  logicalName: (one: ArmResource) => string,
): readonly PulumiResource[] {
  const tokenOf = (one: ArmResource) => {
    const known = NATIVE[one.type];
    if (known === undefined) throw new Error(`no azure-native type is known for ${one.type}`);
    return { token: `azure-native:${known.token}`, names: known.names };
  };
  return resources.map((one) => {
    const { token, names } = tokenOf(one);
    const segments = one.id.split("/providers/").at(-1)?.split("/").slice(1) ?? [];
    const named = names.flatMap((name, i) =>
      name === "" ? [] : [[name, segments[2 * i + 1] ?? ""] as const],
    );
    const group = /\/resourceGroups\/([^/]+)/.exec(one.id)?.[1];
    const inputsOf = (body: JsonObject): JsonObject => ({
      ...(group !== undefined && { resourceGroupName: group }),
      ...Object.fromEntries(named),
      ...(UNFLATTENED.has(one.type) ? body : flattened(body)),
    });
    const text = JSON.stringify(one.body);
    const used = resources.filter((other) => other !== one && text.includes(`"${other.id}"`));
    const parent = resources.filter((other) => other !== one && one.id.startsWith(`${other.id}/`));
    return {
      type: token,
      name: logicalName(one),
      id: one.id,
      inputs: inputsOf(one.body),
      ...(one.was !== undefined && { was: inputsOf(overlay(one.body, one.was)) }),
      ...(one.isNew === true && { isNew: true }),
      dependencies: [...used, ...parent]
        .map((other) => `${tokenOf(other).token}::${logicalName(other)}`)
        .sort(),
    };
  });
}

/** `{ name, properties: { a } }` → `{ name, a }`, at every depth. */
function flattened(value: JsonObject): JsonObject {
  const { properties, ...rest } = value;
  const own = isObject(properties) ? { ...rest, ...properties } : value;
  return Object.fromEntries(
    Object.entries(own).map(([key, item]) => {
      if (Array.isArray(item)) {
        return [key, item.map((one: Json) => (isObject(one) ? flattened(one) : one))];
      }
      return [key, isObject(item) ? flattened(item) : item];
    }),
  );
}
