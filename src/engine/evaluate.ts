import { type Change, isTouched } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";
import { InputError } from "../model/errors.ts";
import type { Undetermined } from "../model/report.ts";
import { checkDeployment } from "./check-deployment.ts";
import { checkResource } from "./check-resource.ts";
import type { ActivePolicy, Evaluation, EvaluationContext, Outcome, RawFinding } from "./evaluation.ts";
import { crashFinding } from "./finding.ts";

/**
 * Runs every policy over every deployment. Each policy sees only the changes whose type its facet covers. A policy that
 * throws becomes a finding against that policy and a problem: the run is incomplete, the others go on. Values that turn out
 * to be unreadable when a policy asks for them are a problem of the input, said once.
 */
export function evaluate(
  deployments: readonly Deployment[],
  policies: readonly ActivePolicy[],
  context: EvaluationContext,
): Evaluation {
  const findings: RawFinding[] = [];
  const undetermined: Undetermined[] = [];
  const problems: Problem[] = [];
  const unreadable = new Set<string>();
  let compliant = 0;
  let notApplicable = 0;
  const byType = deployments.map((deployment) => judgedByType(deployment, context.all));

  for (const active of policies) {
    let checks = 0;
    const run = (
      deployment: Deployment,
      change: Change | undefined,
      check: (outcome: Outcome) => boolean,
    ) => {
      const outcome: Outcome = { findings: [], undetermined: [] };
      try {
        if (!check(outcome)) return;
      } catch (error) {
        if (error instanceof InputError) {
          unreadable.add(error.message);
          return;
        }
        const crash = crashFinding(active, deployment, change, error);
        outcome.findings.push(crash);
        problems.push({ severity: "error", message: `${crash.address}: ${crash.message}` });
      }
      checks++;
      findings.push(...outcome.findings);
      undetermined.push(...outcome.undetermined);
      if (outcome.findings.length === 0 && outcome.undetermined.length === 0) compliant++;
    };
    for (const [index, deployment] of deployments.entries()) {
      const { policy } = active;
      if ("checkDeployment" in policy) {
        run(deployment, undefined, (outcome) =>
          checkDeployment(active, policy, deployment, context, outcome),
        );
        continue;
      }
      for (const [type, changes] of byType[index] as ReadonlyMap<string, readonly Change[]>) {
        if (!policy.each.covers(type)) continue;
        for (const change of changes) {
          run(deployment, change, (outcome) =>
            checkResource(active, policy, change, deployment, context, outcome),
          );
        }
      }
    }
    if (checks === 0) notApplicable++;
  }
  for (const message of unreadable) problems.push({ severity: "error", message: `${message}.` });
  return { findings, undetermined, problems, compliant, notApplicable };
}

function judgedByType(deployment: Deployment, all: boolean): Map<string, Change[]> {
  const byType = new Map<string, Change[]>();
  for (const change of deployment.changes) {
    if (!isTouched(change) && !all) continue;
    const known = byType.get(change.type);
    if (known === undefined) byType.set(change.type, [change]);
    else known.push(change);
  }
  return byType;
}
