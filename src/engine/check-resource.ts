import {
  type Facts,
  facetOf,
  type ItemOfChange,
  isUnlisted,
  UndeterminedSignal,
  viewOf,
  whyUnknown,
} from "../facets/facet.ts";
import type { Field } from "../facets/field.ts";
import type { Reach } from "../graph/reach.ts";
import { type Change, isTouched } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import { sameValue, Unknown, type Value } from "../model/value.ts";
import type { ActivePolicy, EvaluationContext, Outcome } from "./evaluation.ts";
import { type Subject, toFinding } from "./finding.ts";
import type { CheckContext, ResourcePolicy } from "./policy.ts";

/** Facts of any facet, as the engine handles them. */
type AnyFacts = Facts<Record<string, unknown>>;

/** Runs a policy over one resource; false when the policy has nothing to look at here. */
export function checkResource(
  active: ActivePolicy,
  policy: ResourcePolicy<Record<string, unknown>>,
  change: Change,
  deployment: Deployment,
  context: EvaluationContext,
  outcome: Outcome,
): boolean {
  const undecided = (path: string, because: string) => {
    outcome.undetermined.push({
      policy: policy.id,
      deployment: deployment.name,
      address: change.address,
      path: change.spell?.(path) ?? path,
      because,
    });
  };
  if (change.action === "forget") return false; // leaves the host's care, not the world
  const items = facetOf(policy.each, change);
  if (isUnlisted(items)) {
    undecided(items.unlisted, "known after apply");
    return true;
  }
  const judged = items.filter((item) => isJudged(policy, item, change, deployment, context.all));
  if (judged.length === 0) return false;
  if (change.deferred === true) {
    undecided("", "the host deferred this change");
    return true;
  }
  if (policy.kind === "change" && deployment.knows === "after-only") {
    undecided("", "no before-state");
    return true;
  }
  for (const item of judged)
    checkItem(active, policy, item, { change, deployment, context, outcome, undecided });
  return true;
}

/** Whether the policy's kind makes it look at this item. */
function isJudged(
  policy: ResourcePolicy<Record<string, unknown>>,
  item: ItemOfChange<Record<string, unknown>>,
  change: Change,
  deployment: Deployment,
  all: boolean,
): boolean {
  if (policy.kind === "change") return isTouched(change);
  if (item.after === undefined) return false;
  if (all || policy.kind === "update" || deployment.knows === "after-only") return true;
  return item.before === undefined || !sameFacts(item.before, item.after);
}

interface Surroundings {
  readonly change: Change;
  readonly deployment: Deployment;
  readonly context: EvaluationContext;
  readonly outcome: Outcome;
  readonly undecided: (path: string, because: string) => void;
}

function checkItem(
  active: ActivePolicy,
  policy: ResourcePolicy<Record<string, unknown>>,
  item: ItemOfChange<Record<string, unknown>>,
  { change, deployment, context, outcome, undecided }: Surroundings,
): void {
  const subject: Subject = {
    change,
    deployment,
    facet: policy.each.id,
    before: item.before,
    after: item.after,
  };
  const pathOf = (name: string | undefined) =>
    name === undefined ? "" : ((item.after?.[name] ?? item.before?.[name])?.path ?? "");
  let reach: Reach | undefined;
  let dependencies: Reach | undefined;
  const reachOf = () => {
    reach ??= context.graph.reachOf(change);
    return reach;
  };
  const check: CheckContext<Record<string, unknown>, unknown> = {
    change,
    deployment,
    before: item.before && viewOf(item.before),
    after: item.after && viewOf(item.after),
    changed: (...names) => changedFacts(item, names, undecided),
    get reach() {
      return reachOf();
    },
    get dependencies() {
      dependencies ??= context.graph.dependenciesOf(change);
      return dependencies;
    },
    get sharing() {
      return context.sharing(change);
    },
    reachOf: (other) => context.graph.reachOf(other),
    sharingOf: context.sharing,
    options: active.options,
    today: context.today,
    report: {
      violation: (violation) => {
        outcome.findings.push(toFinding(active, subject, violation, violation.reach ?? reachOf()));
      },
      undetermined: ({ at, because }) => undecided(pathOf(at), because),
    },
  };
  try {
    policy.check(check);
  } catch (error) {
    if (!(error instanceof UndeterminedSignal)) throw error;
    undecided(error.path, error.because);
  }
}

function sameFacts(before: AnyFacts, after: AnyFacts): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of names) {
    if (!sameValue(factValue(before, name), factValue(after, name))) return false;
  }
  return true;
}

function factValue(facts: AnyFacts, name: string): Value | undefined {
  return facts[name]?.value as Value | undefined;
}

/** The named facts (all, when none is named) that differ; those that cannot be compared are handed to `undecided`. */
export function changedFacts<Shape>(
  item: ItemOfChange<Shape>,
  names: readonly (keyof Shape & string)[],
  undecided: (path: string, because: string) => void,
): readonly (keyof Shape & string)[] {
  const { before, after } = item;
  if (before === undefined || after === undefined) return [];
  const wanted =
    names.length > 0 ? names : (Object.keys({ ...before, ...after }) as (keyof Shape & string)[]);
  return wanted.filter((name) => {
    const was: Field<unknown> | undefined = before[name];
    const will: Field<unknown> | undefined = after[name];
    if (was === undefined || will === undefined) return false;
    if (was.value instanceof Unknown || will.value instanceof Unknown) {
      // Nothing stands there before or after: whatever the default is, it is the same.
      if (was.raw === undefined && will.raw === undefined) return false;
      undecided(will.path, whyUnknown(will.value instanceof Unknown ? will : was));
      return false;
    }
    return !sameValue(was.value as Value, will.value as Value);
  });
}
