import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { asObject, asText, member } from "../../inputs/json-value.ts";
import { filled, type PackEnvironment, type StackIdentity } from "./environment.ts";
import type { Project } from "./project.ts";

/** Where a self-managed backend in the file system keeps the stack's state. */
export type Checkpoint =
  | { readonly file: string }
  /** The backend is there and has never stored the stack. */
  | { readonly isNew: true };

/**
 * The checkpoint of the stack in a `file://` backend; undefined where the stack is kept elsewhere. The backend is the one
 * that Pulumi itself takes: PULUMI_BACKEND_URL, then the project's `backend.url`, then the one that is logged in to
 * (pulumi, pkg/cmd/pulumi/backend; pkg/backend/diy/backend.go and store.go).
 */
export function findCheckpoint(
  environment: PackEnvironment,
  { project: projectName, stack }: StackIdentity,
  project: Project | undefined,
): Checkpoint | undefined {
  const url = backendUrl(environment, project);
  if (url === undefined || !url.startsWith("file://")) return undefined;
  const root = rootOf(url.slice("file://".length).split("?", 1)[0] ?? "", environment, project);
  if (root === undefined) return undefined;
  const stacks = join(root, ".pulumi", "stacks");
  // Backends that are older than projects in stack names keep all stacks in one folder.
  for (const base of [join(stacks, projectName, stack), join(stacks, stack)]) {
    for (const ending of [".json", ".json.gz", ".json.zst"]) {
      if (existsSync(base + ending)) return { file: base + ending };
    }
  }
  return { isNew: true };
}

function backendUrl({ env, home }: PackEnvironment, project: Project | undefined): string | undefined {
  const chosen = filled(env["PULUMI_BACKEND_URL"]) ?? project?.backend;
  if (chosen !== undefined) return chosen;
  const credentials = join(filled(env["PULUMI_HOME"]) ?? join(home, ".pulumi"), "credentials.json");
  if (!existsSync(credentials)) return undefined;
  try {
    return filled(asText(member(asObject(JSON.parse(readFileSync(credentials, "utf8"))), "current")));
  } catch {
    // Then nobody is logged in to anything that can be known here, and the other ways to the state are tried.
    return undefined;
  }
}

/** The backend's folder: a relative path counts from where `pulumi` runs, which is the project's directory with `-C`. */
function rootOf(
  path: string,
  { env, home }: PackEnvironment,
  project: Project | undefined,
): string | undefined {
  const isOfHome = path === "~" || path.startsWith("~/");
  const starts = isOfHome ? [home] : [env["PWD"], project?.directory].filter((one) => one !== undefined);
  const rest = isOfHome ? join(".", path.slice(1)) : decodeURIComponent(path);
  return starts.map((start) => resolve(start, rest)).find((root) => existsSync(join(root, ".pulumi")));
}
