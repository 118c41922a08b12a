import type { Deployment, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { type Input, readJson } from "../input.ts";
import { asList, asObject, type JsonObject, member } from "../json-value.ts";
import { nameOf } from "../name.ts";
import type { Reader } from "../reader.ts";
import { StackBuilder } from "./deployment.ts";
import { changeOf, isResource, type ResourceState, resourceState } from "./resource.ts";

/** Versions of Pulumi's checkpoint format that say a resource's state alike. */
const VERSIONS = [1, 2, 3, 4];

/**
 * Reads what Pulumi believes to exist: `pulumi stack export`, or a checkpoint file of a backend. Nothing in it changes, so
 * every resource is kept.
 */
export const pulumiState: Reader = {
  read(input: Input): readonly Deployment[] {
    const { states, problems } = statesIn(input);
    const stack = new StackBuilder(input.path);
    stack.problems.push(...problems);
    for (const state of states) stack.add(state);
    for (const state of states) {
      if (isResource(state)) stack.changes.push(changeOf("keep", state, state, stack.providerVersion));
    }
    return [stack.build("pulumi-state", nameOf(input.path))];
  },
};

/**
 * The states in such a document, components and providers included, and what is wrong with it. A document that is no state,
 * or of a version that is not known, is an InputError.
 */
export function statesIn(input: Input): {
  readonly states: readonly ResourceState[];
  readonly problems: readonly Problem[];
} {
  const document = asObject(readJson(input));
  const snapshot = document && snapshotOf(input, document);
  if (snapshot === undefined) {
    throw new InputError(
      `${input.path} is not a Pulumi state: it has neither a deployment nor a checkpoint`,
      {
        file: input.path,
      },
    );
  }
  const states: ResourceState[] = [];
  const problems: Problem[] = [];
  const problem = (severity: Problem["severity"], message: string) =>
    problems.push({ message, severity, source: { file: input.path } });
  for (const json of asList(member(snapshot, "resources"))) {
    const state = resourceState(json);
    if (state === undefined) problem("error", `${input.path} has a resource without a URN that can be read`);
    // An old copy of a replaced resource shares the URN of its successor, and is as good as gone.
    else if (!state.isPendingDelete) states.push(state);
  }
  const interrupted = asList(member(snapshot, "pending_operations")).length;
  if (interrupted > 0) {
    problem(
      "warning",
      `${input.path} has ${interrupted} pending ${interrupted === 1 ? "operation" : "operations"}: an update was interrupted, so the state may not tell what exists`,
    );
  }
  return { states, problems };
}

/** The part with the resources: of an export, of a checkpoint, or of a checkpoint from before the format had versions. */
function snapshotOf(input: Input, document: JsonObject): JsonObject | undefined {
  const deployment = asObject(member(document, "deployment"));
  const checkpoint = asObject(member(document, "checkpoint"));
  if (deployment !== undefined || checkpoint !== undefined) checkVersion(input, member(document, "version"));
  if (deployment !== undefined) return deployment;
  const holder = checkpoint ?? document;
  const latest = member(holder, "latest");
  // A stack that was never updated has a checkpoint without a deployment.
  if (checkpoint !== undefined && (latest === undefined || latest === null)) return {};
  return asObject(latest);
}

function checkVersion(input: Input, version: unknown): void {
  if (typeof version === "number" && VERSIONS.includes(version)) return;
  const found =
    typeof version === "number" && version > 4
      ? `${version}, which is newer than this version of Firebreak knows`
      : `${typeof version === "number" ? version : "(none)"}, which no Pulumi since 2017 writes; let \`pulumi stack export\` write it anew`;
  throw new InputError(`${input.path} is a Pulumi state of version ${found}; versions 1 to 4 are read`, {
    file: input.path,
  });
}
