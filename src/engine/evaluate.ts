import { type Change, isTouched } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";
import { InputError } from "../model/errors.ts";
import type { Undetermined } from "../model/report.ts";
import { checkDeployment } from "./check-deployment.ts";
import { checkResource } from "./check-resource.ts";
import type { ActivePolicy, Evaluation, EvaluationContext, Outcome, RawFinding } from "./evaluation.ts";
import { crashFinding } from "./finding.ts";
import { JudgedResource } from "./judged-resource.ts";

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
  const runs = policies.map((active) => new PolicyRun(active));
  const unreadable = new Set<string>();
  for (const deployment of deployments) {
    // All policies over one resource, then the next: what they ask of it is read once and need not be kept.
    for (const [type, changes] of judgedByType(deployment, context.all)) {
      const covering = runs.flatMap((run) => run.over(type));
      if (covering.length === 0) continue;
      for (const change of changes) {
        const resource = new JudgedResource(change, deployment, context);
        for (const { run, policy } of covering) {
          run.check(deployment, change, unreadable, (outcome) =>
            checkResource(run.active, policy, resource, context, outcome),
          );
        }
      }
    }
    for (const run of runs) {
      const { active } = run;
      const { policy } = active;
      if (!("checkDeployment" in policy)) continue;
      run.check(deployment, undefined, unreadable, (outcome) =>
        checkDeployment(active, policy, deployment, context, outcome),
      );
    }
  }
  const problems = runs.flatMap((run) => run.problems);
  for (const message of unreadable) problems.push({ severity: "error", message: `${message}.` });
  return {
    findings: runs.flatMap((run) => run.findings),
    undetermined: runs.flatMap((run) => run.undetermined),
    problems,
    compliant: runs.reduce((sum, run) => sum + run.compliant, 0),
    notApplicable: runs.filter((run) => run.checks === 0).length,
    asksRelations: runs.some((run) => run.asksRelations),
  };
}

/** What one policy said, over all that it was shown. */
class PolicyRun {
  readonly active: ActivePolicy;
  readonly findings: RawFinding[] = [];
  readonly undetermined: Undetermined[] = [];
  readonly problems: Problem[] = [];
  checks = 0;
  compliant = 0;
  asksRelations = false;

  constructor(active: ActivePolicy) {
    this.active = active;
  }

  /** This run with its policy, where that judges single resources and its facet covers the type. */
  over(type: string) {
    const { policy } = this.active;
    return !("checkDeployment" in policy) && policy.each.covers(type) ? [{ run: this, policy }] : [];
  }

  /** Does one check, which gives false when there was nothing to look at. */
  check(
    deployment: Deployment,
    change: Change | undefined,
    unreadable: Set<string>,
    check: (outcome: Outcome) => boolean,
  ): void {
    const outcome: Outcome = { findings: [], undetermined: [], asksRelations: false };
    try {
      if (!check(outcome)) return;
    } catch (error) {
      if (error instanceof InputError) {
        unreadable.add(error.message);
        return;
      }
      const crash = crashFinding(this.active, deployment, change, error);
      outcome.findings.push(crash);
      this.problems.push({ severity: "error", message: `${crash.address}: ${crash.message}` });
    }
    this.checks++;
    this.asksRelations ||= outcome.asksRelations;
    this.findings.push(...outcome.findings);
    this.undetermined.push(...outcome.undetermined);
    if (outcome.findings.length === 0 && outcome.undetermined.length === 0) this.compliant++;
  }
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
