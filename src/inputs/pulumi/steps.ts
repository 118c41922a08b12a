import type { Action } from "../../model/change.ts";
import type { Deployment, HostName } from "../../model/deployment.ts";
import type { StackBuilder } from "./deployment.ts";
import { changeOf, isResource, type ResourceState } from "./resource.ts";

/** One step of Pulumi's engine for one resource. */
export interface Step {
  readonly op: string;
  readonly address: string;
  readonly old: ResourceState | undefined;
  readonly next: ResourceState | undefined;
}

/** What the engine's operations do to the resource (pulumi/pulumi, pkg/resource/deploy/step.go). */
const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ["same", "keep"],
  ["create", "create"],
  ["update", "update"],
  ["delete", "delete"],
  ["replace", "replace"],
  ["create-replacement", "replace"],
  ["delete-replaced", "replace"],
  ["import", "import"],
  ["import-replacement", "replace"],
  ["read", "read"],
  ["read-replacement", "replace"],
  ["refresh", "read"],
  ["discard", "forget"],
  ["discard-replaced", "replace"],
  // Only the mark of an interrupted replacement is taken from the state.
  ["remove-pending-replace", "keep"],
  ["diff", "read"],
]);

/** What counts where several steps are about one resource, the gravest first. */
const GRAVITY: readonly Action[] = [
  "replace",
  "delete",
  "update",
  "create",
  "import",
  "forget",
  "read",
  "keep",
];

/** The steps of one stack, gathered by resource: a replacement is up to three of them, and one change. */
export class Steps {
  readonly #steps = new Map<string, Step[]>();

  add(step: Step): void {
    const steps = this.#steps.get(step.address);
    if (steps === undefined) {
      this.#steps.set(step.address, [step]);
      return;
    }
    // An operation that was announced comes again when it is done, then with its outputs.
    const again = steps.findIndex(
      (earlier) => earlier.op === step.op && earlier.old?.isPendingDelete === step.old?.isPendingDelete,
    );
    if (again < 0) steps.push(step);
    else steps[again] = step;
  }

  get size(): number {
    return this.#steps.size;
  }

  build(stack: StackBuilder, host: HostName, fallbackName: string): Deployment {
    const changed: {
      readonly action: Action;
      readonly old?: ResourceState | undefined;
      readonly next?: ResourceState | undefined;
    }[] = [];
    for (const steps of this.#steps.values()) {
      const current = withoutLeftovers(steps, stack);
      const action = gravest(current, stack);
      if (action === undefined) continue;
      const old = pick(current, action, (step) => step.old);
      const next = action === "delete" ? undefined : pick(current, action, (step) => step.next);
      const state = next ?? old;
      if (state === undefined) {
        stack.problem(
          "error",
          `the step ${current[0]?.op} of ${current[0]?.address} tells no state of the resource`,
        );
        continue;
      }
      stack.add(state);
      if (isResource(state)) changed.push({ action, old, next });
    }
    // Providers may stand behind the resources that use them, and their versions are needed for each.
    for (const { action, old, next } of changed) {
      const isForgotten = action === "forget" || (action === "delete" && old?.isRetained === true);
      stack.changes.push(
        isForgotten
          ? changeOf("forget", old, undefined, stack.providerVersion)
          : changeOf(action, old, next, stack.providerVersion),
      );
    }
    return stack.build(host, fallbackName);
  }
}

/** The operations that say that a replacement is part of this run. */
const REPLACING: ReadonlySet<string> = new Set([
  "replace",
  "create-replacement",
  "import-replacement",
  "read-replacement",
]);

/** Old copies that an earlier, interrupted replacement left behind are deleted beside whatever happens to the resource now. */
function withoutLeftovers(steps: readonly Step[], stack: StackBuilder): readonly Step[] {
  if (steps.some((step) => REPLACING.has(step.op))) return steps;
  return steps.filter((step) => {
    const isLeftover =
      step.op === "delete-replaced" || (step.op === "delete" && step.old?.isPendingDelete === true);
    if (isLeftover) {
      stack.problem(
        "warning",
        `an old copy of ${step.address}, which an earlier replacement left behind, is deleted as well`,
      );
    }
    return !isLeftover;
  });
}

function gravest(steps: readonly Step[], stack: StackBuilder): Action | undefined {
  const actions = new Set<Action>();
  for (const step of steps) {
    const action = ACTIONS.get(step.op);
    if (action === undefined) {
      stack.problem(
        "error",
        `the step of ${step.address} is of the unknown kind ${JSON.stringify(step.op)}; it is judged as an update`,
      );
    }
    actions.add(action ?? "update");
  }
  return GRAVITY.find((action) => actions.has(action));
}

/** The state from the step that decided the action, else from whichever step has one. */
function pick(
  steps: readonly Step[],
  action: Action,
  state: (step: Step) => ResourceState | undefined,
): ResourceState | undefined {
  const deciding = steps.filter((step) => ACTIONS.get(step.op) === action);
  const ofReplacement = deciding.filter((step) => step.op === "replace" || step.op === "create-replacement");
  for (const step of [...ofReplacement, ...deciding, ...steps]) {
    const found = state(step);
    if (found !== undefined) return found;
  }
  return undefined;
}
