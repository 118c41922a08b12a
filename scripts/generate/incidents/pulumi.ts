import { isObject, type Json, type JsonObject, print } from "./json.ts";
import { referencesIn, resolvedStates, type TerraformResource } from "./terraform.ts";

/** A resource as `pulumi preview` shows it. */
export interface PulumiResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: JsonObject;
  /** Inputs as they were, where the change sets them to something else; all of them. */
  readonly was?: JsonObject;
  readonly isNew?: boolean;
  readonly dependencies: readonly string[];
}

const PROJECT = "estate";

interface ProviderName {
  readonly pkg: string;
  readonly version: string;
}

/** `pulumi preview --json --show-sames`: the digest. */
export function pulumiPreview(
  stack: string,
  provider: ProviderName,
  resources: readonly PulumiResource[],
): string {
  const root = `urn:pulumi:${stack}::${PROJECT}::pulumi:pulumi:Stack::${PROJECT}-${stack}`;
  const rootState = { urn: root, custom: false, type: "pulumi:pulumi:Stack" };
  const providerUrn = `urn:pulumi:${stack}::${PROJECT}::pulumi:providers:${provider.pkg}::default_${provider.version.replaceAll(".", "_")}::5c2ce4f5-6f3a-4d8e-9f6f-0d6a6f4b7a11`;
  const urnOf = (one: PulumiResource) => `urn:pulumi:${stack}::${PROJECT}::${one.type}::${one.name}`;
  const byName = new Map(resources.map((one) => [`${one.type}::${one.name}`, one]));
  const state = (one: PulumiResource, inputs: JsonObject, isNew: boolean): JsonObject => ({
    urn: urnOf(one),
    custom: true,
    ...(isNew ? {} : { id: one.id }),
    type: one.type,
    inputs,
    ...(isNew ? {} : { outputs: { ...inputs, id: one.id } }),
    parent: root,
    dependencies: one.dependencies.map((name) => urnOf(found(byName, name))),
    provider: providerUrn,
  });
  const opOf = (one: PulumiResource) =>
    one.isNew === true ? "create" : one.was === undefined ? "same" : "update";
  const count = (op: string) => resources.filter((one) => opOf(one) === op).length;
  return print(
    {
      config: {},
      steps: [
        { op: "same", urn: root, oldState: rootState, newState: rootState, detailedDiff: null },
        ...resources.map((one): JsonObject => {
          const op = opOf(one);
          const paths = op === "update" ? changedPaths(one.was ?? {}, one.inputs) : [];
          return {
            op,
            urn: urnOf(one),
            provider: providerUrn,
            ...(op === "create" ? {} : { oldState: state(one, one.was ?? one.inputs, false) }),
            newState: state(one, one.inputs, op === "create"),
            ...(op === "update" && { diffReasons: paths.map((path) => path.split(/[.[]/, 1)[0] ?? path) }),
            detailedDiff:
              op === "update"
                ? Object.fromEntries(paths.map((path) => [path, { kind: "update", inputDiff: true }]))
                : null,
          };
        }),
      ],
      duration: 4200000000,
      changeSummary: Object.fromEntries(
        (["create", "same", "update"] as const)
          .map((op): readonly [string, number] => [op, count(op) + (op === "same" ? 1 : 0)])
          .filter(([, number]) => number > 0),
      ),
    },
    4,
  );
}

function found(byName: ReadonlyMap<string, PulumiResource>, name: string): PulumiResource {
  const one = byName.get(name);
  if (one === undefined) throw new Error(`there is no Pulumi resource ${name}`);
  return one;
}

function changedPaths(was: Json, will: Json, at = ""): readonly string[] {
  if (JSON.stringify(was) === JSON.stringify(will)) return [];
  if (Array.isArray(was) && Array.isArray(will) && was.length === will.length) {
    return will.flatMap((item: Json, i) => changedPaths(was[i] as Json, item, `${at}[${i}]`));
  }
  if (!isObject(was) || !isObject(will)) return [at];
  return Object.keys(will).flatMap((key) =>
    changedPaths(was[key] ?? null, will[key] ?? null, at === "" ? key : `${at}.${key}`),
  );
}

/** Types of the bridged provider, which follow from no rule. */
const CLASSIC_TYPES: Readonly<Record<string, string>> = {
  azurerm_resource_group: "azure:core/resourceGroup:ResourceGroup",
  azurerm_storage_account: "azure:storage/account:Account",
  azurerm_storage_container: "azure:storage/container:Container",
  azurerm_virtual_network: "azure:network/virtualNetwork:VirtualNetwork",
  azurerm_subnet: "azure:network/subnet:Subnet",
  azurerm_linux_virtual_machine_scale_set:
    "azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet",
  azurerm_service_plan: "azure:appservice/servicePlan:ServicePlan",
  azurerm_linux_web_app: "azure:appservice/linuxWebApp:LinuxWebApp",
  azurerm_role_assignment: "azure:authorization/assignment:Assignment",
  azurerm_private_endpoint: "azure:privatelink/endpoint:Endpoint",
  azurerm_subscription_policy_assignment:
    "azure:core/subscriptionPolicyAssignment:SubscriptionPolicyAssignment",
};

/** Lists that the bridge writes in the plural (singular in Terraform). */
const PLURALS: Readonly<Record<string, string>> = {
  extension: "extensions",
  network_interface: "networkInterfaces",
  ip_configuration: "ipConfigurations",
  admin_ssh_key: "adminSshKeys",
  address_space: "addressSpaces",
  address_prefixes: "addressPrefixes",
};

/** The same estate through the bridged provider (`@pulumi/azure`). */
export function classic(resources: readonly TerraformResource[]): readonly PulumiResource[] {
  const typeOf = (type: string) => {
    const token = CLASSIC_TYPES[type];
    if (token === undefined) throw new Error(`no classic type is known for ${type}`);
    return token;
  };
  return resolvedStates(resources).map(({ one, before, after }) => {
    const inputsOf = (values: JsonObject) =>
      bridged(Object.fromEntries(Object.keys(one.config).map((key) => [key, values[key] ?? null])));
    const inputs = inputsOf(after);
    const dependencies = referencesIn(one.config).map((reference) => {
      const [type = "", name = ""] = reference.split(".");
      return `${typeOf(type)}::${name}`;
    });
    return {
      type: typeOf(one.type),
      name: one.name,
      id: String(one.computed?.id ?? ""),
      inputs,
      ...(one.was !== undefined && { was: inputsOf(before) }),
      ...(one.isNew === true && { isNew: true }),
      dependencies: [...new Set(dependencies)].sort(),
    };
  });
}

/** Maps whose keys are the user's own. */
const FREE_MAPS: ReadonlySet<string> = new Set(["tags", "app_settings"]);

function bridged(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const plural = PLURALS[key];
      const name = plural ?? camelCase(key);
      if (FREE_MAPS.has(key)) return [name, item];
      if (Array.isArray(item)) {
        const items = item.map((one: Json) => (isObject(one) ? bridged(one) : one));
        // What may stand once only is not a list here.
        const single = plural === undefined && items.length === 1 && isObject(items[0]);
        return [name, single ? (items[0] as Json) : items];
      }
      return [name, isObject(item) ? bridged(item) : item];
    }),
  );
}

function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
