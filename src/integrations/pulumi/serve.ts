import { resolve } from "node:path";
import { type Setup, setUp } from "../../config/setup.ts";
import { formatLocation, UsageError } from "../../model/errors.ts";
import { filled, type PackEnvironment, processEnvironment, stackOf } from "./environment.ts";
import { FirebreakPack } from "./pack.ts";
import { findProject } from "./project.ts";
import { loadSdk, plainError } from "./sdk.ts";

/**
 * Serves the pack to Pulumi's engine. The configuration is the file that FIREBREAK_CONFIG names, else the `firebreak.yaml`
 * of the Pulumi project or of a directory above it. Rejects where the configuration is wrong, which ends the run before
 * anything is previewed.
 */
export async function servePack(): Promise<void> {
  const sdk = loadSdk();
  try {
    const environment = processEnvironment();
    const { setup, warnings } = await quietly(() => setupOf(environment));
    new sdk.PolicyPack("firebreak", new FirebreakPack(environment, setup, warnings).args());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const where = error.source === undefined ? "" : `${formatLocation(error.source)}: `;
    throw plainError(`firebreak: ${where}${error.message}`);
  }
}

/** What to run, and what the user should know of how it was found. */
async function setupOf(
  environment: PackEnvironment,
): Promise<{ readonly setup: Setup; readonly warnings: readonly string[] }> {
  const { env, today } = environment;
  const stack = stackOf(env);
  const project = stack && (await findProject(environment, stack.project));
  // The current directory is that of the pack; PWD is where `pulumi` was started.
  const start = filled(env["PWD"]) ?? ".";
  const config = filled(env["FIREBREAK_CONFIG"]);
  const from = project?.directory ?? start;
  const isLost = stack !== undefined && project === undefined && config === undefined;
  return {
    setup: await setUp(
      { pack: [], from, ...(config !== undefined && { config: resolve(start, config) }) },
      today,
    ),
    warnings: isLost
      ? [
          `The project ${stack.project} was not found from ${start}, so a firebreak.yaml in it was not read: FIREBREAK_PROJECT names its directory.`,
        ]
      : [],
  };
}

/** The engine takes the first line on standard output for the pack's port, so what a user's module prints goes to standard error. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { log, info, debug } = console;
  Object.assign(console, { log: console.error, info: console.error, debug: console.error });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
