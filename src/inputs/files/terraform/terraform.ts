import { posix } from "node:path";
import type { Deployment } from "../../../model/deployment.ts";
import { loadGrammar } from "../../../syntax/grammar.ts";
import { type ChangedFile, deploymentName, type FileKind } from "../kind.ts";
import type { Version } from "../version.ts";
import { deploymentOf } from "./deployment.ts";
import { CONFIGURATION } from "./module.ts";
import { ModuleStack } from "./module-stack.ts";
import { directoryOf, Modules } from "./modules.ts";
import type { SourceFile } from "./source-file.ts";
import { isAutomatic, VALUES, valuesIn } from "./values.ts";

/**
 * Terraform and OpenTofu: a directory with changed files is a root module, with the local modules that it calls. A changed
 * file of values that must be named to be loaded is an environment, judged as a deployment of its own.
 */
export const terraformFiles: FileKind = {
  identity: "directory",
  claims: (path) => CONFIGURATION.test(path) || VALUES.test(path),
  async read(files, version) {
    const modules = new Modules(files, version, await loadGrammar("hcl"));
    const byDirectory = [...Map.groupBy(files, ({ name }) => directoryOf(name))];
    const deployments = await Promise.all(
      byDirectory.map(([directory, changed]) => deploymentsIn(directory, changed, version, modules)),
    );
    return deployments.flat();
  },
};

async function deploymentsIn(
  directory: string,
  changed: readonly ChangedFile[],
  version: Version,
  modules: Modules,
): Promise<readonly Deployment[]> {
  const deployments: Deployment[] = [];
  const add = async (name: string, home: string, environment?: SourceFile) => {
    const module = await modules.at(home);
    if (module.isEmpty) return;
    const values = [...(await modules.automaticValues(home)), ...(environment ? [environment] : [])];
    deployments.push(deploymentOf(ModuleStack.root(name, module, valuesIn(values)), values));
  };
  const environments = changed.filter(({ name }) => VALUES.test(name) && !isAutomatic(posix.basename(name)));
  if (environments.length < changed.length) await add(deploymentName(directory), directory);
  if (environments.length === 0) return deployments;
  const home = await homeOf(directory, version, modules);
  for (const { path, name } of environments) {
    const values = path === undefined ? undefined : await modules.file(path);
    if (values !== undefined)
      await add(`${deploymentName(home)} (${posix.relative(home, name)})`, home, values);
  }
  return deployments;
}

/** The nearest directory above a file of values that holds a configuration. */
async function homeOf(directory: string, version: Version, modules: Modules): Promise<string> {
  for (let at = directory; at !== ""; at = directoryOf(at)) {
    const names = await version.filesIn(at);
    if (names.some((name) => CONFIGURATION.test(name)) || !(await modules.at(at)).isEmpty) return at;
  }
  return "";
}
