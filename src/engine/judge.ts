import { Graph } from "../graph/graph.ts";
import { ACTIONS } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";
import type { Report, Verdict } from "../model/report.ts";
import { type ActivePolicy, type Evaluation, evaluate } from "./evaluate.ts";
import { withFingerprints } from "./fingerprint.ts";
import type { Settings } from "./settings.ts";
import { sharingOf } from "./sharing.ts";
import { applyWaivers } from "./waivers.ts";

/** What a run is told beside its inputs; time comes in here and nowhere else. */
export interface RunContext {
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly version: string;
  /** Judge untouched resources too. */
  readonly all?: boolean;
  /** Trouble from before the judging: inputs that could not be read. */
  readonly problems?: readonly Problem[];
}

/** The whole judgement over what was read: relate, evaluate, apply waivers, give the verdict. */
export function judge(
  deployments: readonly Deployment[],
  policies: readonly ActivePolicy[],
  settings: Settings,
  context: RunContext,
): Report {
  const evaluation = evaluate(deployments, policies, {
    graph: new Graph(deployments),
    sharing: sharingOf(settings.shared),
    today: context.today,
    all: context.all ?? false,
  });
  const waived = applyWaivers(withFingerprints(sorted(evaluation.findings)), settings.waivers, context.today);
  const problems = [
    ...(context.problems ?? []),
    ...deployments.flatMap((deployment) => deployment.problems),
    ...evaluation.problems,
    ...waived.problems,
  ];
  const open = waived.findings;
  const mandatory = open.filter((finding) => finding.level === "mandatory").length;
  const stuck = settings.onUndetermined === "block" ? mandatoryUndetermined(evaluation, policies) : 0;
  return {
    schemaVersion: 1,
    tool: { name: "firebreak", version: context.version },
    verdict: verdictOf(mandatory + stuck, problems),
    deployments: deployments.map((deployment) => ({
      host: deployment.host,
      name: deployment.name,
      ...(deployment.file !== undefined && { file: deployment.file }),
      knows: deployment.knows,
      changes: countActions(deployment),
    })),
    findings: open,
    undetermined: [...evaluation.undetermined].sort((a, b) =>
      compare([a.policy, a.address, a.path], [b.policy, b.address, b.path]),
    ),
    waived: waived.waived,
    problems: problems.map((problem) => ({ ...problem })),
    counts: {
      mandatory,
      advisory: open.length - mandatory,
      waived: waived.waived.length,
      undetermined: evaluation.undetermined.length,
      compliant: evaluation.compliant,
      notApplicable: evaluation.notApplicable,
      policies: policies.length,
      resources: deployments.reduce((sum, deployment) => sum + deployment.changes.length, 0),
    },
  };
}

function verdictOf(blocking: number, problems: readonly Problem[]): Verdict {
  if (blocking > 0) return "blocked";
  return problems.some((problem) => problem.severity === "error") ? "incomplete" : "passed";
}

function mandatoryUndetermined(evaluation: Evaluation, policies: readonly ActivePolicy[]): number {
  const mandatory = new Set(policies.filter((one) => one.level === "mandatory").map((one) => one.policy.id));
  return evaluation.undetermined.filter((one) => mandatory.has(one.policy)).length;
}

function countActions(deployment: Deployment): Report["deployments"][number]["changes"] {
  const counts: Report["deployments"][number]["changes"] = {
    create: 0,
    update: 0,
    replace: 0,
    delete: 0,
    keep: 0,
  };
  for (const change of deployment.changes) counts[change.action] = (counts[change.action] ?? 0) + 1;
  return Object.fromEntries(
    ACTIONS.filter((action) => counts[action] !== undefined).map((action) => [action, counts[action]]),
  );
}

function sorted(findings: Evaluation["findings"]): Evaluation["findings"] {
  return [...findings].sort((a, b) => compare([a.policy, a.address, a.path], [b.policy, b.address, b.path]));
}

/** By code units, so that no locale changes a report. */
function compare(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) {
    const other = b[i] as string;
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
