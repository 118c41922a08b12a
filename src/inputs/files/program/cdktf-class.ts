import { BridgedNames, bridgedNames, toSnake } from "../../../dialects/pulumi-bridged.ts";
import { nativePath, translateNames } from "../../../dialects/pulumi-classic.ts";
import { translateTerraform } from "../../../dialects/terraform-kubernetes.ts";
import { classOfType } from "../../../syntax/class-query.ts";
import type { Dialect, ProviderSource, ResourceClass } from "./resource-class.ts";

/** What CDKTF adds to the properties of every resource (its TerraformMetaArguments). */
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "count",
  "forEach",
  "dependsOn",
  "provider",
  "lifecycle",
  "connection",
  "provisioners",
]);

/** `new Class(scope, "id", { … })` of a provider's bindings. */
export function cdktfClass(
  provider: string,
  module: string,
  folders: readonly string[],
  path: readonly string[],
): ResourceClass | undefined {
  const name = path.at(-1) ?? "";
  const modules = [...(folders[0] === "lib" ? folders.slice(1) : folders), ...path.slice(0, -1)];
  // Bindings of old put all classes of a provider in one module.
  const [words = `${name.charAt(0).toLowerCase()}${name.slice(1)}`, ...deeper] = modules;
  if (!/^[A-Z]/.test(name) || deeper.length > 0 || words === "provider") return undefined;
  const prefix = provider.replace(/-beta$/, "").replaceAll("-", "_");
  // Folders are written with hyphens, the namespaces that stand for them in camel case.
  const folder = words.includes("-") ? words.replaceAll("-", "_") : toSnake(words);
  const isData = folder.startsWith(`data_${prefix}_`);
  const type = isData ? folder.slice("data_".length) : `${prefix}_${folder}`;
  const { name: expected, flags } = classOfType(type, isData);
  // Beside the resource's class stand those of its blocks.
  if (!new RegExp(`^${expected}$`, flags).test(name)) return undefined;
  const dialect = dialectOf(prefix, type);
  return {
    nativeType: type,
    isData,
    positions: { name: 1, properties: 2 },
    ownProperties: META_ARGUMENTS,
    provider: providerOf(provider, prefix, module),
    dialect: (properties) => asManifest(dialect, type, properties),
    address: (canonical, id) => `${isData ? "data." : ""}${canonical}.${id}`,
  };
}

/** Pulumi's packages that bridge the same providers: they know which properties are maps with the user's own keys. */
const BRIDGES: ReadonlyMap<string, string> = new Map([
  ["azurerm", "azure"],
  ["google", "gcp"],
]);

/** Such properties of other providers. */
const MAPS =
  "annotations data labels limits manifest matchLabels nodeSelector requests tags triggers keepers".split(
    " ",
  );

const known = new Map<string, BridgedNames>();

/** CDKTF names properties as Terraform does, in camel case. */
function namesOf(prefix: string): BridgedNames {
  const names = known.get(prefix);
  if (names !== undefined) return names;
  const { maps, mapsIn } = bridgedNames(BRIDGES.get(prefix) ?? prefix)?.table ?? { maps: MAPS, mapsIn: {} };
  const made = new BridgedNames(prefix, { modules: {}, types: {}, names: {}, namesIn: {}, maps, mapsIn });
  known.set(prefix, made);
  return made;
}

function dialectOf(prefix: string, type: string): Dialect {
  const names = namesOf(prefix);
  return {
    type,
    translate: (properties) => translateNames(names, type, properties),
    spell: (path, states) => nativePath(names, type, path, states),
  };
}

/** `kubernetes_manifest` is the object in it. */
function asManifest(
  dialect: Dialect,
  type: string,
  properties: Parameters<Dialect["translate"]>[0],
): Dialect {
  const translated = translateTerraform(type, dialect.translate(properties));
  if (translated.type === type) return dialect;
  const { spell } = translated;
  return {
    type: translated.type,
    translate: (value) => translateTerraform(type, dialect.translate(value)).value ?? value,
    ...(spell && { spell: (path) => spell(path) }),
  };
}

/**
 * The provider's major version in a major version of its bindings, as their `package.json` says (`cdktf.provider.version`:
 * @cdktf/provider-azurerm 14.23.1 binds 4.55.0, @cdktn/provider-azurerm 16.1.0 binds 4.73.0).
 */
const MAJORS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  "@cdktf/provider-azurerm": { 14: 4 },
  "@cdktn/provider-azurerm": { 16: 4 },
};

function providerOf(provider: string, prefix: string, module: string): ProviderSource {
  if (!module.startsWith("@"))
    return { name: prefix, versionOf: { binding: provider }, majorIn: (major) => major };
  const pkg = module.split("/").slice(0, 2).join("/");
  const majors = Object.hasOwn(MAJORS, pkg) ? MAJORS[pkg] : undefined;
  return { name: prefix, versionOf: { pkg }, majorIn: (major) => majors?.[major] };
}
