import { type ItemOfChange, isUnlisted, UndeterminedSignal, whyUnknown } from "../facets/facet.ts";
import type { Field } from "../facets/field.ts";
import { isTouched } from "../model/change.ts";
import { Computed, sameValue, Unknown, type Value } from "../model/value.ts";
import type { ActivePolicy, EvaluationContext, Outcome } from "./evaluation.ts";
import { type Subject, toFinding } from "./finding.ts";
import type { JudgedItem, JudgedResource } from "./judged-resource.ts";
import type { CheckContext, ResourcePolicy } from "./policy.ts";

/** What a policy may judge, as the engine handles it. */
type AnyPolicy = ResourcePolicy<Record<string, unknown>>;
type AnyItem = JudgedItem<Record<string, unknown>>;

/** Runs a policy over one resource; false when the policy has nothing to look at here. */
export function checkResource(
  active: ActivePolicy,
  policy: AnyPolicy,
  resource: JudgedResource,
  context: EvaluationContext,
  outcome: Outcome,
): boolean {
  const { change, deployment } = resource;
  const undecided: Undecided = (path, because) => {
    outcome.undetermined.push({
      policy: policy.id,
      deployment: deployment.name,
      address: change.address,
      path: change.spell?.(path) ?? path,
      because,
    });
  };
  if (change.action === "forget") return false; // leaves the host's care, not the world
  const items = resource.itemsOf(policy.each);
  if (isUnlisted(items)) {
    undecided(items.unlisted, "known after apply");
    return true;
  }
  const judged = items.filter((item) => isJudged(policy, item, resource, context.all));
  if (judged.length === 0) return false;
  if (change.deferred === true) {
    undecided("", "the host deferred this change");
    return true;
  }
  if (policy.kind === "change" && deployment.knows === "after-only") {
    undecided("", "no before-state");
    return true;
  }
  for (const item of judged) checkItem(active, policy, item, { resource, context, outcome, undecided });
  return true;
}

/** Whether the policy's kind makes it look at this item. */
function isJudged(
  policy: AnyPolicy,
  item: AnyItem,
  { change, deployment }: JudgedResource,
  all: boolean,
): boolean {
  if (policy.kind === "change") return isTouched(change);
  if (item.facts.after === undefined) return false;
  if (all || policy.kind === "update" || deployment.knows === "after-only") return true;
  return !item.areSame;
}

type Undecided = (path: string, because: string) => void;

interface Surroundings {
  readonly resource: JudgedResource;
  readonly context: EvaluationContext;
  readonly outcome: Outcome;
  readonly undecided: Undecided;
}

function checkItem(
  active: ActivePolicy,
  policy: AnyPolicy,
  item: AnyItem,
  { resource, context, outcome, undecided }: Surroundings,
): void {
  const { change, deployment } = resource;
  const { before, after } = item.facts;
  const subject: Subject = { change, deployment, facet: policy.each.id, before, after };
  const pathOf = (name: string | undefined) =>
    name === undefined ? "" : ((after?.[name] ?? before?.[name])?.path ?? "");
  const check: CheckContext<Record<string, unknown>, unknown> = {
    change,
    deployment,
    get before() {
      return item.before;
    },
    get after() {
      return item.after;
    },
    changed: (...names) => changedFacts(item.facts, names, undecided),
    get keepsFacts() {
      return change.action === "update" && item.areSame;
    },
    get reach() {
      outcome.asksRelations = true;
      return resource.reach;
    },
    get dependencies() {
      outcome.asksRelations = true;
      return resource.dependencies;
    },
    get sharing() {
      return resource.sharing;
    },
    reachOf: (other) => {
      outcome.asksRelations = true;
      return resource.reachOf(other);
    },
    sharingOf: context.sharing,
    options: active.options,
    today: context.today,
    report: {
      violation: (violation) => {
        outcome.findings.push(toFinding(active, subject, violation, violation.reach ?? resource.reach));
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
      // Nothing stands there before or after, or the same expression: whatever that comes to, it is the same.
      if (was.raw === undefined && will.raw === undefined) return false;
      if (was.raw instanceof Computed && sameValue(was.raw, will.raw)) return false;
      undecided(will.path, will.value instanceof Unknown ? whyUnknown(will, was) : whyUnknown(was));
      return false;
    }
    return !sameValue(was.value as Value, will.value as Value);
  });
}
