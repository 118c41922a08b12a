import { posix } from "node:path";
import type { Deployment } from "../../../model/deployment.ts";
import { type ChangedFile, deploymentName, type FileKind } from "../kind.ts";
import type { Version } from "../version.ts";

/** Project files, which may hold the program themselves; programs; what components are published with; files of stacks. */
const PROJECT = /^Pulumi\.ya?ml$/;
const PROGRAM = /^Main\.ya?ml$/;
const PLUGIN = /^PulumiPlugin\.ya?ml$/;
const STACK = /^Pulumi\.(.+)\.ya?ml$/;
const NAMES = [PROJECT, PROGRAM, PLUGIN, STACK];

/**
 * Pulumi programs in YAML. A project makes one deployment with each stack that has a file beside it, or, where there is none,
 * one whose configuration is open. Stacks of programs in other languages tell nothing of resources, so they make none.
 */
export const pulumiYamlFiles: FileKind = {
  identity: "directory",
  claims: (path) => NAMES.some((name) => name.test(posix.basename(path))),
  async read(files, version) {
    const names = new Map(files.map(({ path, name }) => [path ?? name, name]));
    const found: Deployment[] = [];
    for (const project of projectsIn(files))
      found.push(...(await projectDeployments(project, names, version)));
    for (const { path, name } of files) {
      const text = path && PLUGIN.test(posix.basename(path)) ? await version.text(path) : undefined;
      if (path === undefined || text === undefined || !IS_YAML.test(text)) continue;
      const { ProgramFile } = await import("./program-file.ts");
      found.push(new ProgramFile(path, text).deployment(name));
    }
    return found;
  },
};

/** Whether a project may be one in YAML, at a quick look: `runtime: yaml`, or its `name` below. */
const IS_YAML = /^\s*(?:"?runtime"?|"?name"?)\s*:\s*["']?yaml\b/m;

/** A directory in which files of a project changed. */
interface Project {
  readonly directory: string;
  /** The program or the project file did. */
  isChanged: boolean;
  /** Files of stacks that did; false for those that this version does not have. */
  readonly stacks: Map<string, boolean>;
}

function projectsIn(files: readonly ChangedFile[]): readonly Project[] {
  const projects = new Map<string, Project>();
  for (const { path, name } of files) {
    const file = path ?? name;
    if (PLUGIN.test(posix.basename(file))) continue;
    const directory = directoryOf(file);
    const project = projects.get(directory) ?? { directory, isChanged: false, stacks: new Map() };
    projects.set(directory, project);
    if (STACK.test(posix.basename(file))) project.stacks.set(file, path !== undefined);
    else project.isChanged = true;
  }
  return [...projects.values()];
}

async function projectDeployments(
  { directory, isChanged, stacks }: Project,
  names: ReadonlyMap<string, string>,
  version: Version,
): Promise<readonly Deployment[]> {
  const files = await version.filesIn(directory);
  const pathOf = (pattern: RegExp) => {
    const name = files.find((one) => pattern.test(one));
    return name === undefined ? undefined : posix.join(directory, name);
  };
  const projectPath = pathOf(PROJECT);
  const projectText = projectPath === undefined ? undefined : await version.text(projectPath);
  if (projectPath === undefined || projectText === undefined || !IS_YAML.test(projectText)) return [];
  const path = pathOf(PROGRAM) ?? projectPath;
  const text = path === projectPath ? projectText : await version.text(path);
  if (text === undefined) return [];
  const { ProgramFile } = await import("./program-file.ts");
  const program = new ProgramFile(path, text, { path: projectPath, text: projectText });
  if (!program.isYaml) return [];
  const wanted = new Map(stacks);
  if (isChanged) {
    for (const file of files) if (STACK.test(file)) wanted.set(posix.join(directory, file), true);
  }
  const name = deploymentName(directoryOf(names.get(path) ?? names.get(projectPath) ?? path));
  const found: Deployment[] = [];
  // Where files of stacks come or go, only the program by itself is in both versions.
  if (isChanged && (wanted.size === 0 || stacks.size > 0)) found.push(program.deployment(name));
  for (const [file, isThere] of wanted) {
    const stack = stackOf(names.get(file) ?? file);
    const content = isThere ? await version.text(file) : undefined;
    const called = `${name} (${stack})`;
    found.push(
      content === undefined
        ? program.unread(called)
        : program.deployment(called, { path: file, stack: stackOf(file), text: content }),
    );
  }
  return found;
}

function stackOf(path: string): string {
  return STACK.exec(posix.basename(path))?.[1] ?? "";
}

/** The directory of a path; the root is the empty text. */
function directoryOf(path: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? "" : directory;
}
