import { ENDINGS, endingIn } from "./endings.ts";
import type { FileKind } from "./kind.ts";

/** Files by their names, and what reads them, loaded when there are such files. */
interface LazyKind {
  readonly name: RegExp;
  load(): Promise<FileKind>;
}

/** All kinds of source files. One file can be of several: a YAML file is looked at by each that reads YAML. */
export const KINDS: readonly LazyKind[] = [
  {
    name: endingIn(ENDINGS.terraform),
    load: async () => (await import("./terraform/terraform.ts")).terraformFiles,
  },
  {
    name: endingIn([...ENDINGS.yaml, ...ENDINGS.json], "i"),
    load: async () => (await import("./kubernetes/kubernetes.ts")).kubernetesFiles,
  },
  {
    name: endingIn(ENDINGS.yaml, "i"),
    load: async () => (await import("./pipelines/pipelines.ts")).pipelineFiles,
  },
  {
    name: endingIn(ENDINGS.yaml, "i"),
    load: async () => (await import("./pulumi-yaml/pulumi-yaml.ts")).pulumiYamlFiles,
  },
  {
    name: endingIn(ENDINGS.json, "i"),
    load: async () => (await import("./arm/template.ts")).armTemplates,
  },
  {
    name: endingIn(ENDINGS.program),
    load: async () => (await import("./program/program.ts")).programFiles,
  },
];

/** Whether a file of that path may hold something to judge, told from its name. */
export function isJudged(path: string | undefined): boolean {
  return path !== undefined && KINDS.some(({ name }) => name.test(path));
}
