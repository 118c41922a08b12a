import { pulumiDialect } from "../../../dialects/pulumi.ts";
import { bridgedMajor, bridgedNames } from "../../../dialects/pulumi-bridged.ts";
import { isObject, type Value } from "../../../model/value.ts";
import type { ProviderSource, ResourceClass } from "./resource-class.ts";

/** Packages without resources of a cloud. */
const OTHER_PACKAGES: ReadonlySet<string> = new Set(["pulumi", "policy"]);

/** Packages whose tokens have no part for the file (`command:local:Command`); those of bridged packages do. */
const NATIVE: ReadonlySet<string> = new Set(["azure-native", "aws-native", "google-native", "command"]);

/** Namespaces of the Kubernetes package whose group goes on behind the first word (its own index of modules, 4.24). */
const KUBERNETES_GROUPS: Readonly<Record<string, string>> = {
  admissionregistration: "admissionregistration.k8s.io",
  apiextensions: "apiextensions.k8s.io",
  apiregistration: "apiregistration.k8s.io",
  auditregistration: "auditregistration.k8s.io",
  certificates: "certificates.k8s.io",
  coordination: "coordination.k8s.io",
  discovery: "discovery.k8s.io",
  events: "events.k8s.io",
  flowcontrol: "flowcontrol.apiserver.k8s.io",
  helm: "helm.sh",
  networking: "networking.k8s.io",
  node: "node.k8s.io",
  rbac: "rbac.authorization.k8s.io",
  resource: "resource.k8s.io",
  scheduling: "scheduling.k8s.io",
  storage: "storage.k8s.io",
};

/** `new Class("name", { … }, options)` of one of Pulumi's packages. */
export function pulumiClass(
  pkg: string,
  module: string,
  folders: readonly string[],
  path: readonly string[],
): ResourceClass | undefined {
  const name = path.at(-1) ?? "";
  // `@pulumi/aws/s3/bucket` is the file of the class.
  const isOwnFile = folders.at(-1)?.toLowerCase() === name.toLowerCase();
  const modules = [...folders.slice(0, isOwnFile ? -1 : undefined), ...path.slice(0, -1)];
  const isClass = /^[A-Z]/.test(name) && modules.every((one) => /^[a-z]/.test(one));
  // The one class at the top of a package that is no resource is its provider.
  const isProvider = name === "Provider" && modules.length === 0;
  if (OTHER_PACKAGES.has(pkg) || !isClass || isProvider) return undefined;
  const token = tokenOf(pkg, modules, name);
  return {
    nativeType: token,
    isData: false,
    positions: { name: 0, properties: 1, options: 2 },
    ownProperties: new Set(),
    provider: providerOf(pkg, module),
    dialect: (properties) => pulumiDialect(tokenWith(token, properties)),
    address: (type, logicalName) => `${type}::${logicalName}`,
  };
}

function tokenOf(pkg: string, modules: readonly string[], name: string): string {
  if (pkg === "kubernetes") {
    const [group = "", ...version] = modules;
    const full = Object.hasOwn(KUBERNETES_GROUPS, group) ? KUBERNETES_GROUPS[group] : group;
    return `${pkg}:${[full, ...version].join("/")}:${name}`;
  }
  const module = modules.join("/") || "index";
  const file = NATIVE.has(pkg) ? "" : `/${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return `${pkg}:${module}${file}:${name}`;
}

/** A custom resource of Kubernetes says itself what it is (@pulumi/kubernetes, apiextensions/customResource.ts). */
function tokenWith(token: string, properties: Value): string {
  if (token !== "kubernetes:apiextensions.k8s.io:CustomResource" || !isObject(properties)) return token;
  const { apiVersion, kind } = properties;
  return typeof apiVersion === "string" && typeof kind === "string"
    ? `kubernetes:${apiVersion}:${kind}`
    : token;
}

function providerOf(pkg: string, module: string): ProviderSource {
  const name = bridgedNames(pkg)?.provider ?? pkg;
  const versionOf = { pkg: module.split("/").slice(0, 2).join("/") };
  return { name, versionOf, majorIn: (major) => bridgedMajor(pkg, major) };
}
