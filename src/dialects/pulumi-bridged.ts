import aws from "./pulumi-names/aws.json" with { type: "json" };
import azure from "./pulumi-names/azure.json" with { type: "json" };
import azuread from "./pulumi-names/azuread.json" with { type: "json" };
import gcp from "./pulumi-names/gcp.json" with { type: "json" };
import random from "./pulumi-names/random.json" with { type: "json" };
import tls from "./pulumi-names/tls.json" with { type: "json" };

/**
 * How a Pulumi package that bridges a Terraform provider names that provider's types and properties. The tables come from
 * comparing the declarations of the Pulumi packages (azure 6.40.0, azuread 6.9.1, aws 7.48.0, gcp 9.37.0, tls 5.6.1,
 * random 4.21.2) with those that CDKTF generates from the Terraform providers' schemas.
 */
interface NameTable {
  /** What a module's types start with in Terraform. */
  readonly modules: Readonly<Record<string, string>>;
  /** The types that this does not give; `null` where it gives another resource's type and the right one is not known. */
  readonly types: Readonly<Record<string, string | null>>;
  /** Property names that are not the Terraform name in camel case, mostly because Pulumi writes lists in the plural. */
  readonly names: Readonly<Record<string, string>>;
  /** The same where a Terraform type differs from the rest of its provider; the key may be a path of Terraform names. */
  readonly namesIn: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Properties whose keys are the user's own. */
  readonly maps: readonly string[];
  readonly mapsIn: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

/** The property names of one bridged package. */
export class BridgedNames {
  readonly table: NameTable;
  /** The Terraform provider, as resources' addresses name it. */
  readonly provider: string;
  readonly #maps: ReadonlySet<string>;
  #inverse: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(provider: string, table: NameTable) {
    this.provider = provider;
    this.table = table;
    this.#maps = new Set(table.maps);
  }

  /** The Terraform name of a property; `inside` is the path of the block that holds it, empty at the top. */
  terraformName(type: string, inside: string, name: string): string {
    const own = lookUp(this.table.namesIn, type);
    const special =
      own && ((inside === "" ? undefined : lookUp(own, `${inside}.${name}`)) ?? lookUp(own, name));
    return special ?? lookUp(this.table.names, name) ?? toSnake(name);
  }

  /** The Pulumi names that may stand for a Terraform name, the likeliest first. */
  pulumiNames(type: string, name: string): readonly string[] {
    this.#inverse ??= invert(this.table.names);
    const own = Object.entries(lookUp(this.table.namesIn, type) ?? {})
      .filter(([, terraform]) => terraform === name)
      .map(([pulumi]) => pulumi.slice(pulumi.lastIndexOf(".") + 1));
    return [...own, ...(this.#inverse.get(name) ?? []), toCamel(name)];
  }

  /** Whether the keys below the property are the user's own (tags, labels, settings). */
  isMap(type: string, name: string): boolean {
    return lookUp(lookUp(this.table.mapsIn, type) ?? {}, name) ?? this.#maps.has(name);
  }
}

const PACKAGES: ReadonlyMap<string, BridgedNames> = new Map([
  ["azure", new BridgedNames("azurerm", azure)],
  ["azuread", new BridgedNames("azuread", azuread)],
  ["aws", new BridgedNames("aws", aws)],
  ["gcp", new BridgedNames("google", gcp)],
  ["tls", new BridgedNames("tls", tls)],
  ["random", new BridgedNames("random", random)],
]);

/** The names of a package that bridges a Terraform provider with canonical types. */
export function bridgedNames(pkg: string): BridgedNames | undefined {
  return PACKAGES.get(pkg);
}

/** The Terraform type of a bridged type, if the module is known: `storage/account`, `Account` is `azurerm_storage_account`. */
export function bridgedType(names: BridgedNames, module: string, name: string): string | undefined {
  const special = lookUp(names.table.types, module);
  if (special !== undefined) return special ?? undefined;
  const prefix = lookUp(names.table.modules, module.split("/")[0] ?? "");
  return prefix === undefined ? undefined : prefix + wordsOf(name);
}

/**
 * The major version of the Terraform provider inside a package, where its publisher says which: azure 6 is azurerm 4 (its
 * migration guide), 5 was azurerm 3; aws 7 is aws 6, and 6 was 5; azuread 6 is azuread 3 (their release notes).
 */
const MAJORS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  azure: { 5: 3, 6: 4 },
  aws: { 6: 5, 7: 6 },
  azuread: { 6: 3 },
};

/** The major version of the Terraform provider that a package's major version bridges. */
export function bridgedMajor(pkg: string, major: number): number | undefined {
  return lookUp(lookUp(MAJORS, pkg) ?? {}, String(major));
}

/** `publicNetworkAccessEnabled` as `public_network_access_enabled`: what undoes Pulumi's camel case. */
export function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `public_network_access_enabled` as `publicNetworkAccessEnabled`, the way Pulumi's bridge writes it. */
export function toCamel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A class name in words: `EnvironmentV3` is `environment_v3`, `LBRule` is `lb_rule`. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

function invert(names: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const inverse = new Map<string, string[]>();
  for (const [pulumi, terraform] of Object.entries(names)) {
    const found = inverse.get(terraform);
    if (found === undefined) inverse.set(terraform, [pulumi]);
    else found.push(pulumi);
  }
  // The plural of the name comes before a name of Pulumi's own for it.
  for (const found of inverse.values()) found.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return inverse;
}

/** The table's own entry: names come from documents, and `constructor` is no property of ours. */
function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
