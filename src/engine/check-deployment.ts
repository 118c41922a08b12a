import { type Facet, facetOf, isUnlisted, UndeterminedSignal, viewOf } from "../facets/facet.ts";
import { type Change, isTouched } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import { behaviourOf } from "./behaviour.ts";
import { changedFacts } from "./check-resource.ts";
import type { ActivePolicy, EvaluationContext, Outcome } from "./evaluation.ts";
import { toFinding } from "./finding.ts";
import type { DeploymentContext, DeploymentPolicy, FacetChange } from "./policy.ts";

/** Runs a policy over the whole of a deployment; false when the deployment touches nothing. */
export function checkDeployment(
  active: ActivePolicy,
  policy: DeploymentPolicy,
  deployment: Deployment,
  context: EvaluationContext,
  outcome: Outcome,
): boolean {
  const all = deployment.changes.filter((change) => isTouched(change) && change.action !== "forget");
  if (all.length === 0) return false;
  const deferred = all.filter((change) => change.deferred === true);
  const touched = deferred.length === 0 ? all : all.filter((change) => change.deferred !== true);
  const undecided = (because: string, on?: Change) => {
    const address = on?.address ?? deployment.name;
    outcome.undetermined.push({ policy: policy.id, deployment: deployment.name, address, path: "", because });
  };
  if (policy.kind === "change" && deployment.knows === "after-only") {
    undecided("no before-state");
    return true;
  }
  for (const change of deferred) undecided("the host deferred this change", change);
  outcome.asksRelations = true;
  let byType: Map<string, Change[]> | undefined;
  const check: DeploymentContext<unknown> = {
    deployment,
    touched,
    isBehavioural: (change) => {
      const behaviour = behaviourOf(change);
      if (behaviour === "unknown") undecided("whether it changes is known after apply", change);
      return behaviour === "alters";
    },
    withFacet: <Shape>(facet: Facet<Shape>) =>
      touched.flatMap((change) => {
        if (!facet.covers(change.type)) return [];
        const items = facetOf(facet, change);
        if (isUnlisted(items)) {
          undecided(`${items.unlisted} is known after apply`, change);
          return [];
        }
        return items.map(
          (item): FacetChange<Shape> => ({
            change,
            before: item.before && viewOf(item.before),
            after: item.after && viewOf(item.after),
            changed: (...names) =>
              changedFacts(item, names, (path, because) => undecided(`${path}: ${because}`, change)),
          }),
        );
      }),
    ofType: (type) => {
      byType ??= Map.groupBy(deployment.changes, (change) => change.type) as Map<string, Change[]>;
      return byType.get(type) ?? [];
    },
    regionOf: (change) => context.graph.regionOf(change),
    reachOf: (change) => context.graph.reachOf(change),
    options: active.options,
    today: context.today,
    report: {
      violation: ({ on, ...violation }) => {
        const subject = { deployment, change: on, facet: "", before: undefined, after: undefined };
        const reach = violation.reach ?? (on && context.graph.reachOf(on));
        outcome.findings.push(toFinding(active, subject, violation, reach));
      },
      undetermined: ({ because, on }) => undecided(because, on),
    },
  };
  try {
    policy.checkDeployment(check);
  } catch (error) {
    if (!(error instanceof UndeterminedSignal)) throw error;
    undecided(error.path === "" ? error.because : `${error.path}: ${error.because}`);
  }
  return true;
}
