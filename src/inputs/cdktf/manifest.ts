import { readdirSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import type { Deployment, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { fileInput, type Input, readJson, reasonOf } from "../input.ts";
import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";
import type { Reader } from "../reader.ts";
import { configurationOf } from "./configuration.ts";
import { deploymentOf } from "./deployment.ts";
import { Stack } from "./stack.ts";
import { synthDocument } from "./synth.ts";

/** What the manifest says of one stack. */
export interface ListedStack {
  readonly name: string;
  /** Of the synthesised document, relative to the manifest. */
  readonly path: string;
  /** Names of the stacks that go before it. */
  readonly dependencies: readonly string[];
  /** What the app itself reports as wrong with it. */
  readonly errors: readonly string[];
  /** The synthesised document where the caller has it; else it is read from the path. */
  readonly document?: JsonObject;
}

/**
 * Reads `cdktf.out/manifest.json` and every stack that it lists; nothing outside of the manifest's own directory. A stack
 * that cannot be read is a problem of a deployment without changes, so that the others are still judged.
 */
export const cdktfManifest: Reader = {
  read(input: Input): readonly Deployment[] {
    const manifest = asObject(readJson(input));
    const stacks = asObject(member(manifest, "stacks"));
    if (stacks === undefined)
      throw new InputError(`${input.path} is not the manifest of a CDKTF app: it lists no stacks`);
    const listed = Object.entries(stacks).map(([name, stack]) => listedStack(name, asObject(stack) ?? {}));
    if (listed.length === 0) throw new InputError(`${input.path} lists no stacks: there is nothing to judge`);
    const directory = dirname(input.path);
    return readStacks(listed, directory).map((deployment, i) => {
      // Only beside what could be read, which lies inside the directory.
      if (deployment.directives === undefined) return deployment;
      const plans = savedPlans(listed[i] as ListedStack, directory);
      return { ...deployment, problems: [...deployment.problems, ...plans] };
    });
  },
};

/** Names of saved plans: `plan` is that of the libraries' own command lines (`cdktf diff`). */
const SAVED_PLAN = /^(?:tf)?plan(?:\.\w+)?$|\.tfplan(?:\.json)?$/i;

/** A plan that lies beside a stack knows what the synth cannot: that is said, since the better input is there. */
function savedPlans({ name, path }: ListedStack, directory: string): readonly Problem[] {
  const folder = join(directory, dirname(path));
  const plan = readdirSync(folder)
    .sort()
    .find((file) => SAVED_PLAN.test(file));
  if (plan === undefined) return [];
  const json = plan.endsWith(".json") ? plan : `what \`terraform show -json ${plan}\` prints`;
  const message = `${name}: there is a plan beside the synth, ${join(folder, plan)}. It tells more: judge ${json}.`;
  return [{ message, severity: "warning" }];
}

/**
 * The stacks of one app, each a deployment, with the references between them. Their documents are read only from inside of
 * the directory; one that cannot be read has no changes and an error among its problems.
 */
export function readStacks(listed: readonly ListedStack[], directory: string): readonly Deployment[] {
  const read = listed.map((one) => ({ ...one, ...readStack(directory, one) }));
  const known = read.map(({ stack }) => stack).filter((stack) => stack !== undefined);
  const configuration = configurationOf(known);
  return read.map(({ stack, file, name, dependencies, errors, problem }) => {
    const deployment =
      stack === undefined
        ? unreadStack(name, dependencies)
        : deploymentOf(stack, configuration, file, dependencies);
    const said = errors.map(
      (message): Problem => ({
        message: `${name}: the app reports an error: ${message.replace(/\.$/, "")}.`,
        severity: "warning",
      }),
    );
    return {
      ...deployment,
      problems: [...deployment.problems, ...said, ...(problem === undefined ? [] : [problem])],
    };
  });
}

/** Whether a document with these top-level keys is the manifest of a CDKTF or CDKTN app. */
export function recogniseManifest(keys: readonly string[]): boolean {
  return keys.includes("stacks") && keys.includes("version") && !keys.includes("resource");
}

function listedStack(key: string, stack: JsonObject): ListedStack {
  const name = asText(member(stack, "name")) ?? key;
  const annotations = asList(member(stack, "annotations")).map(asObject);
  return {
    name,
    path: asText(member(stack, "synthesizedStackPath")) ?? join("stacks", key, "cdk.tf.json"),
    dependencies: asList(member(stack, "dependencies")).filter((one) => typeof one === "string"),
    errors: annotations
      .filter((one) => member(one, "level") === "@cdktf/error")
      .map((one) => asText(member(one, "message")) ?? "no message"),
  };
}

function readStack(
  directory: string,
  { name, path, document }: ListedStack,
): { readonly file: string; readonly stack?: Stack; readonly problem?: Problem } {
  const file = join(directory, path);
  if (document !== undefined) return { file, stack: new Stack(name, document) };
  try {
    refuseOutside(directory, file, path);
    // `cdktf synth --hcl` writes HCL beside metadata in JSON.
    if (path.endsWith(".tf"))
      throw new InputError(`${file} is HCL; synthesise without --hcl to have it judged`);
    return { file, stack: new Stack(name, synthDocument(fileInput(file))) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      file,
      problem: {
        message: `stack ${name}: ${error.message}.`,
        source: error.source ?? { file },
        severity: "error",
      },
    };
  }
}

/** Refuses a path that leaves the manifest's directory, by its text or through symbolic links. */
function refuseOutside(directory: string, file: string, path: string): void {
  let inside: string;
  if (isAbsolute(path)) throw new InputError(`the manifest's path ${path} leads out of ${directory}`);
  try {
    inside = relative(realpathSync.native(directory), realpathSync.native(file));
  } catch (error) {
    throw new InputError(`${file} cannot be opened: ${reasonOf(error)}`);
  }
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new InputError(`the manifest's path ${path} leads out of ${directory}`);
  }
}

function unreadStack(name: string, dependsOn: readonly string[]): Deployment {
  return { host: "cdktf-synth", name, knows: "after-only", changes: [], edges: [], problems: [], dependsOn };
}
