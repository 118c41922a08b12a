import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { asObject, asText, member } from "../../inputs/json-value.ts";
import { filled, type PackEnvironment } from "./environment.ts";

/** The Pulumi project whose stack is run. */
export interface Project {
  readonly directory: string;
  /** `backend.url` of its Pulumi.yaml. */
  readonly backend: string | undefined;
}

/** Names of a project's file (pulumi, sdk/go/common/workspace/paths.go). */
const FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * Finds the project by its name: nobody tells a policy pack where it is, whose own directory is that of the pack. PWD is
 * the directory in which `pulumi` was started; with `pulumi -C DIR` the project may lie elsewhere, and FIREBREAK_PROJECT
 * names its directory.
 */
export async function findProject(environment: PackEnvironment, name: string): Promise<Project | undefined> {
  const { env } = environment;
  const start = workingDirectory(env);
  if (start === undefined) return undefined;
  for (let directory = start; ; directory = dirname(directory)) {
    for (const file of FILES.map((one) => join(directory, one))) {
      if (!existsSync(file)) continue;
      const project = await projectIn(file);
      if (project?.name === name) return { directory, backend: project.backend };
    }
    if (dirname(directory) === directory) return undefined;
  }
}

/** Where `pulumi` works: in FIREBREAK_PROJECT, which counts from where it was started (PWD), else there. */
export function workingDirectory(env: PackEnvironment["env"]): string | undefined {
  const start = filled(env["PWD"]);
  const set = filled(env["FIREBREAK_PROJECT"]);
  return set === undefined ? start && resolve(start) : resolve(start ?? ".", set);
}

async function projectIn(file: string): Promise<{ name: string; backend: string | undefined } | undefined> {
  const { parse } = await import("yaml");
  let document: unknown;
  try {
    document = parse(readFileSync(file, "utf8"), { maxAliasCount: 100 });
  } catch {
    // It is not the one that runs: the engine has read that one.
    return undefined;
  }
  const name = asText(member(asObject(document), "name"));
  if (name === undefined) return undefined;
  return { name, backend: filled(asText(member(asObject(member(asObject(document), "backend")), "url"))) };
}
