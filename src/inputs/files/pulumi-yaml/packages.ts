import { bridgedMajor, bridgedNames } from "../../../dialects/pulumi-bridged.ts";
import type { Provider } from "../../../model/change.ts";
import { isList, isObject, type Value, type ValueObject } from "../../../model/value.ts";

/**
 * The type in full, as states have it: programs may leave `index` out, and what follows from the name in classic packages
 * (pulumi-yaml, ResolveResource): `aws:s3:Bucket` is `aws:s3/bucket:Bucket`.
 */
export function fullToken(token: string): string {
  const words = token.split(":");
  const [pkg = "", module = "", name = ""] = words.length === 2 ? [words[0], "index", words[1]] : words;
  if (pkg === "pulumi" || name === "") return token;
  if (bridgedNames(pkg) === undefined || module.includes("/")) return `${pkg}:${module}:${name}`;
  return `${pkg}:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** The major version of each package that a program names, where it names one. */
export function packageMajors(program: ValueObject): ReadonlyMap<string, number> {
  const majors = new Map<string, number>();
  const tell = (pkg: unknown, version: unknown) => {
    const major = typeof version === "string" ? /^[^\d]*(\d+)\./.exec(version)?.[1] : undefined;
    if (typeof pkg === "string" && major !== undefined) majors.set(pkg, Number(major));
  };
  const { packages, plugins, resources } = program;
  for (const [name, version] of entriesOf(packages)) tell(name, version);
  const providers = isObject(plugins) ? plugins.providers : undefined;
  for (const plugin of isList(providers) ? providers : []) {
    if (isObject(plugin)) tell(plugin.name, plugin.version);
  }
  // One resource's version is that of its package (pulumi-yaml, GetReferencedPlugins).
  for (const [, resource] of entriesOf(resources)) {
    if (!isObject(resource) || typeof resource.type !== "string" || !isObject(resource.options)) continue;
    const words = resource.type.split(":");
    tell(words[1] === "providers" ? words[2] : words[0], resource.options.version);
  }
  return majors;
}

/** The provider of a type: of a package that bridges one of Terraform's, that. */
export function providerOf(token: string, majors: ReadonlyMap<string, number>): Provider | undefined {
  const [pkg = ""] = token.split(":");
  const bridged = bridgedNames(pkg);
  if (bridged === undefined) return pkg === "" ? undefined : { name: pkg };
  const version = majors.get(pkg);
  const major = version === undefined ? undefined : bridgedMajor(pkg, version);
  return { name: bridged.provider, ...(major !== undefined && { major }) };
}

function entriesOf(value: Value | undefined): readonly (readonly [string, Value])[] {
  return isObject(value) ? Object.entries(value) : [];
}
