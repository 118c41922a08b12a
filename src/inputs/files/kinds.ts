import type { FileKind } from "./kind.ts";

/** Files by their names, and what reads them, loaded when there are such files. */
interface LazyKind {
  readonly name: RegExp;
  load(): Promise<FileKind>;
}

/** All kinds of source files. One file can be of several: a YAML file is looked at by each that reads YAML. */
export const KINDS: readonly LazyKind[] = [
  {
    name: /\.(?:tf|tofu)(?:\.json)?$|\.tfvars(?:\.json)?$/,
    load: async () => (await import("./terraform/terraform.ts")).terraformFiles,
  },
  {
    name: /\.(?:ya?ml|json)$/i,
    load: async () => (await import("./kubernetes/kubernetes.ts")).kubernetesFiles,
  },
  {
    name: /\.ya?ml$/i,
    load: async () => (await import("./pulumi-yaml/pulumi-yaml.ts")).pulumiYamlFiles,
  },
  {
    name: /\.json$/i,
    load: async () => (await import("./arm/template.ts")).armTemplates,
  },
  {
    name: /\.[cm]?[jt]sx?$/,
    load: async () => (await import("./program/program.ts")).programFiles,
  },
];
