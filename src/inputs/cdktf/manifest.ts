import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Deployment, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { type Input, readJson } from "../input.ts";
import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";
import type { Reader } from "../reader.ts";
import { type ListedStack, StackReader } from "./stack-reader.ts";

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
    return new StackReader(directory).read(listed).map((deployment, i) => {
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
