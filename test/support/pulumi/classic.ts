import {
  type BridgedNames,
  bridgedMajor,
  bridgedNames,
  bridgedType,
} from "../../../src/dialects/pulumi-bridged.ts";
import {
  emptyObject,
  isList,
  isObject,
  Secret,
  type Value,
  type ValueObject,
} from "../../../src/model/value.ts";

/** A resource as a Pulumi program would register it. */
export interface PulumiResource {
  readonly token: string;
  readonly inputs: ValueObject;
  /** The version of the package that bridges the asked Terraform provider. */
  readonly version?: string;
}

/** The packages whose names the readers know, by the start of their Terraform types. */
const PACKAGES: Readonly<Record<string, string>> = {
  azurerm_: "azure",
  azuread_: "azuread",
  aws_: "aws",
  google_: "gcp",
  tls_: "tls",
  random_: "random",
};

/** Where several modules could hold a type, the ones that hold most such types in the packages themselves. */
const USUAL_MODULES = ["compute", "core", "network", "storage", "index"];

/** A Terraform resource as the package that bridges its provider has it: what undoes `src/dialects/pulumi-bridged.ts`. */
export function classicResource(type: string, value: ValueObject, providerMajor?: number): PulumiResource {
  const [prefix, pkg] = Object.entries(PACKAGES).find(([start]) => type.startsWith(start)) ?? [];
  const names = pkg === undefined ? undefined : bridgedNames(pkg);
  if (prefix === undefined || pkg === undefined || names === undefined) {
    throw new Error(`no Pulumi package that the readers know has ${type}`);
  }
  const inputs = pulumiNamed(names, type, value, "");
  if (!isObject(inputs)) throw new Error(`${type} has no properties`);
  const version = providerMajor === undefined ? undefined : versionOf(pkg, providerMajor);
  return { token: tokenOf(names, pkg, type), inputs, ...(version !== undefined && { version }) };
}

function tokenOf(names: BridgedNames, pkg: string, type: string): string {
  const listed = Object.entries(names.table.types).filter(([, terraform]) => terraform === type);
  const derived = Object.entries(names.table.modules).flatMap(([module, prefix]) => {
    if (!type.startsWith(prefix) || type === prefix) return [];
    const name = camel(type.slice(prefix.length));
    return [`${module === "index" ? "index" : module}/${name}`];
  });
  const fitting = [...listed.map(([module]) => module), ...derived]
    .map((module) => ({ module, name: upperFirst(module.slice(module.indexOf("/") + 1)) }))
    .filter(({ module, name }) => bridgedType(names, module, name) === type);
  // Packages keep misspelt names for those who use them; the one that says what the type says is meant. Of several, the module
  // that says most of the type is the likeliest.
  const isOwn = (name: string) => type.endsWith(snake(name));
  const [best] = fitting.sort(
    (a, b) =>
      Number(isOwn(b.name)) - Number(isOwn(a.name)) ||
      a.name.length - b.name.length ||
      rank(a.module) - rank(b.module),
  );
  if (best === undefined) throw new Error(`no module of ${pkg} gives ${type}`);
  return `${pkg}:${best.module}:${best.name}`;
}

function rank(module: string): number {
  const usual = USUAL_MODULES.indexOf(module.slice(0, module.indexOf("/")));
  return usual < 0 ? USUAL_MODULES.length : usual;
}

function pulumiNamed(names: BridgedNames, type: string, value: Value, inside: string): Value {
  if (value instanceof Secret) return new Secret(pulumiNamed(names, type, value.reveal(), inside));
  if (isList(value)) return value.map((item) => pulumiNamed(names, type, item, inside));
  if (!isObject(value)) return value;
  const named = emptyObject();
  for (const [terraform, item] of Object.entries(value)) {
    const candidates = names.pulumiNames(type, terraform);
    const name = candidates.find((one) => names.terraformName(type, inside, one) === terraform);
    if (name === undefined) {
      throw new Error(`${candidates.join(" or ")} is not read as ${terraform} of ${type} ${inside}`.trim());
    }
    const below = inside === "" ? terraform : `${inside}.${terraform}`;
    named[name] = names.isMap(type, name) ? item : pulumiNamed(names, type, item, below);
  }
  return named;
}

/** The version of a package that bridges this major version of its provider. */
function versionOf(pkg: string, providerMajor: number): string {
  const majors = Array.from({ length: 30 }, (_, major) => major);
  const known = majors.findLast((major) => bridgedMajor(pkg, major) === providerMajor);
  if (known !== undefined) return `${known}.0.0`;
  if (majors.some((major) => bridgedMajor(pkg, major) !== undefined)) {
    throw new Error(`no known version of the Pulumi package ${pkg} bridges version ${providerMajor}`);
  }
  // Of this package no version is known to bridge any in particular.
  return "1.0.0";
}

/** A Kubernetes object as the Pulumi package has it: the API version is the module, with the core group written out. */
export function kubernetesResource(type: string, value: ValueObject): PulumiResource {
  const [version = "", kind, groupKind] = type.split("/");
  const module = groupKind === undefined ? `core/${version}` : `${version}/${kind}`;
  return { token: `kubernetes:${module}:${groupKind ?? kind}`, inputs: value };
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
