import { setUp } from "../../config/setup.ts";
import { filled, processEnvironment, stackOf } from "./environment.ts";
import { FirebreakPack } from "./pack.ts";
import { findProject } from "./project.ts";
import { loadSdk } from "./sdk.ts";

/**
 * Serves Firebreak to Pulumi's engine: the whole of a policy pack's program. The configuration is the file that
 * FIREBREAK_CONFIG names, else the `firebreak.yaml` of the Pulumi project or of a directory above it. Rejects with a
 * UsageError where the configuration is wrong, which ends the run before anything is previewed.
 */
export async function serve(): Promise<void> {
  const environment = processEnvironment();
  const { env, today } = environment;
  const sdk = loadSdk();
  const stack = stackOf(env);
  const project = stack && (await findProject(environment, stack.project));
  const config = filled(env["FIREBREAK_CONFIG"]);
  const from = project?.directory ?? filled(env["PWD"]);
  const setup = await setUp(
    { pack: [], ...(config !== undefined && { config }), ...(from !== undefined && { from }) },
    today,
  );
  new sdk.PolicyPack("firebreak", new FirebreakPack(environment, setup).args());
}
