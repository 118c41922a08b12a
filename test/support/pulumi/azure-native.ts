import { emptyObject, isList, isObject, type Value, type ValueObject } from "../../../src/model/value.ts";
import type { PulumiResource } from "./classic.ts";

/** How azure-native has an ARM resource: its token, and what it calls otherwise (package 3, schema of each resource). */
interface Naming {
  readonly token: string;
  /** The property that holds the resource's name. */
  readonly name: string;
  /** Other names, at whatever depth. */
  readonly names: Readonly<Record<string, string>>;
}

/** By hand: azure-native's names cannot be derived. An ARM example of another type needs its line here. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  "Microsoft.Storage/storageAccounts": {
    token: "azure-native:storage:StorageAccount",
    name: "accountName",
    // Of an IP rule, `value` is the address or range.
    names: { networkAcls: "networkRuleSet", value: "iPAddressOrRange" },
  },
};

/** An ARM resource as azure-native has it: `properties` lie beside the rest. */
export function azureNativeResource(type: string, value: ValueObject): PulumiResource {
  const naming = NAMINGS[type];
  if (naming === undefined) throw new Error(`test/support/pulumi/azure-native.ts does not know ${type}`);
  const { type: _, name, properties, apiVersion: __, ...rest } = value;
  const flat: ValueObject = { ...rest, ...(isObject(properties) && properties) };
  const inputs = emptyObject();
  if (name !== undefined) inputs[naming.name] = name;
  for (const [key, item] of Object.entries(flat))
    inputs[naming.names[key] ?? key] = renamed(item, naming.names);
  return { token: naming.token, inputs };
}

function renamed(value: Value, names: Naming["names"]): Value {
  if (isList(value)) return value.map((item) => renamed(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [names[name] ?? name, renamed(item, names)]),
  );
}
