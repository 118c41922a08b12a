import { posix } from "node:path";
import type { Deployment } from "../../../model/deployment.ts";
import type { FileKind } from "../kind.ts";

/** A system that runs pipelines which are written in YAML. */
interface PipelineSystem {
  /** Canonical type of its files. */
  readonly type: string;
  readonly path: RegExp;
  /** Keys of which a document has at least one of each list: where the name of the file need not tell. */
  readonly keys?: readonly (readonly string[])[];
}

/** The first that fits is the one. */
const SYSTEMS: readonly PipelineSystem[] = [
  // docs.github.com/actions/writing-workflows/workflow-syntax-for-github-actions
  { type: "github-actions/workflow", path: /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/ },
  // docs.gitlab.com/ci/yaml
  { type: "gitlab-ci/pipeline", path: /(?:^|[/.])gitlab-ci\.ya?ml$/ },
  // learn.microsoft.com/azure/devops/pipelines/yaml-schema/pipeline
  { type: "azure-pipelines/pipeline", path: /(?:^|\/)azure-pipelines[^/]*\.ya?ml$/i },
  {
    type: "azure-pipelines/pipeline",
    path: /\.ya?ml$/i,
    keys: [
      ["trigger", "pool", "pr"],
      ["stages", "jobs", "steps", "extends"],
    ],
  },
];

/** Pipelines of GitHub Actions, GitLab and Azure: each file is a deployment of one resource, the document that it holds. */
export const pipelineFiles: FileKind = {
  identity: "content",
  claims: (path) => SYSTEMS.some((system) => system.path.test(path)),
  async read(files, version) {
    const deployments: Deployment[] = [];
    for (const { name, path } of files) {
      const text = path === undefined ? undefined : await version.text(path);
      const system = text === undefined ? undefined : SYSTEMS.find((one) => isOf(one, name, text));
      if (text === undefined || system === undefined) continue;
      const { readPipeline } = await import("./pipeline.ts");
      deployments.push(readPipeline(system.type, name, posix.basename(name), text));
    }
    return deployments;
  },
};

function isOf({ path, keys = [] }: PipelineSystem, name: string, text: string): boolean {
  return path.test(name) && keys.every((some) => some.some((key) => text.search(topLevel(key)) !== -1));
}

function topLevel(key: string): RegExp {
  return new RegExp(`^${key}[ \\t]*:`, "m");
}
