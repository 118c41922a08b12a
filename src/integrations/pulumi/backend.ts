import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { asObject, asText, member } from "../../inputs/json-value.ts";
import { filled, type PackEnvironment, type StackIdentity } from "./environment.ts";
import { type Project, workingDirectory } from "./project.ts";

/**
 * The checkpoint of the stack in a `file://` backend; undefined where the stack is kept elsewhere. The backend is the one
 * that Pulumi itself takes: PULUMI_BACKEND_URL, then the project's `backend.url`, then the one that is logged in to
 * (pulumi, pkg/cmd/pulumi/backend; pkg/backend/diy/backend.go and store.go). Pulumi runs no stack without a checkpoint,
 * so a backend that has none is not the one.
 */
export function findCheckpoint(
  environment: PackEnvironment,
  { project: projectName, stack }: StackIdentity,
  project: Project | undefined,
): string | undefined {
  const url = backendUrl(environment, project);
  if (url === undefined || !url.startsWith("file://")) return undefined;
  const path = url.slice("file://".length).split("?", 1)[0] ?? "";
  for (const root of rootsOf(path, environment, project)) {
    const stacks = join(root, ".pulumi", "stacks");
    // Backends that are older than projects in stack names keep all stacks in one folder.
    for (const base of [join(stacks, projectName, stack), join(stacks, stack)]) {
      const file = newest([".json", ".json.gz", ".json.zst"].map((ending) => base + ending));
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

/** Of the files that there are the one written last, as Pulumi has it where packing was switched on or off. */
function newest(files: readonly string[]): string | undefined {
  return files
    .flatMap((file) => {
      const stats = statSync(file, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ file, time: stats.mtimeMs }];
    })
    .reduce<{ file: string; time: number } | undefined>(
      (best, one) => (best === undefined || one.time >= best.time ? one : best),
      undefined,
    )?.file;
}

function backendUrl({ env, home }: PackEnvironment, project: Project | undefined): string | undefined {
  const chosen = filled(env["PULUMI_BACKEND_URL"]) ?? project?.backend;
  if (chosen !== undefined) return chosen;
  const folder =
    filled(env["PULUMI_CREDENTIALS_PATH"]) ?? filled(env["PULUMI_HOME"]) ?? join(home, ".pulumi");
  const credentials = join(folder, "credentials.json");
  if (!existsSync(credentials)) return undefined;
  try {
    return filled(asText(member(asObject(JSON.parse(readFileSync(credentials, "utf8"))), "current")));
  } catch {
    // Then nobody is logged in to anything that can be known here, and the other ways to the state are tried.
    return undefined;
  }
}

/** Where the backend's folder may be: a relative path counts from where `pulumi` works. */
function rootsOf(
  path: string,
  { env, home }: PackEnvironment,
  project: Project | undefined,
): readonly string[] {
  if (path === "~" || path.startsWith("~/")) return [join(home, path.slice(1))];
  const starts = [workingDirectory(env), project?.directory].filter((start) => start !== undefined);
  const rest = decodeURIComponent(path);
  return isAbsolute(rest) ? [rest] : starts.map((start) => resolve(start, rest));
}
