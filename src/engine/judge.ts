import { Graph, type Relations } from "../graph/graph.ts";
import { ACTIONS } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";
import type { Finding, Report, Undetermined, Verdict } from "../model/report.ts";
import { evaluate } from "./evaluate.ts";
import type { ActivePolicy, Evaluation, RawFinding } from "./evaluation.ts";
import { withFingerprints } from "./fingerprint.ts";
import type { Settings } from "./settings.ts";
import { sharingOf } from "./sharing.ts";
import { unknownProviders } from "./unknown-providers.ts";
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
    graph: lazyGraph(deployments),
    sharing: sharingOf(settings.shared),
    today: context.today,
    all: context.all ?? false,
  });
  const settled = settle(evaluation, deployments, settings, context.today);
  const { open, undetermined } = settled;
  const problems = [
    ...(context.problems ?? []),
    ...deployments.flatMap((deployment) => deployment.problems),
    ...unknownProviders(deployments),
    ...settled.problems,
  ];
  const mandatory = open.filter((finding) => finding.level === "mandatory").length;
  const stuck = settings.onUndetermined === "block" ? mandatoryUndetermined(undetermined, policies) : 0;
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
    undetermined,
    waived: settled.waived,
    problems: problems.map(({ message, source, severity }) => ({
      message,
      ...(source && { source }),
      severity,
    })),
    counts: {
      mandatory,
      advisory: open.length - mandatory,
      waived: settled.waived.length,
      undetermined: undetermined.length,
      compliant: evaluation.compliant,
      notApplicable: evaluation.notApplicable,
      policies: policies.length,
      resources: deployments.reduce((sum, deployment) => sum + deployment.changes.length, 0),
    },
  };
}

/** Who depends on whom, worked out when a policy first asks: of what is only created nobody asks. */
function lazyGraph(deployments: readonly Deployment[]): Relations {
  let graph: Graph | undefined;
  const made = () => {
    graph ??= new Graph(deployments);
    return graph;
  };
  return {
    regionOf: (change) => made().regionOf(change),
    reachOf: (change) => made().reachOf(change),
    dependenciesOf: (change) => made().dependenciesOf(change),
  };
}

/** What the policies said, in order, and what the waivers leave of it. */
interface Settled {
  readonly open: Finding[];
  readonly waived: Finding[];
  readonly undetermined: Undetermined[];
  /** Of policies that crashed, of waivers and of suppressions. */
  readonly problems: readonly Problem[];
}

/** Sorts what the policies said, gives each finding its fingerprint and applies waivers and suppressions. */
export function settle(
  evaluation: Pick<Evaluation, "findings" | "undetermined" | "problems">,
  deployments: readonly Deployment[],
  settings: Settings,
  today: string,
): Settled {
  const raw = sortedBy(evaluation.findings, orderOf);
  const findings = withFingerprints(raw, ambiguousAmong(raw, deployments));
  const { findings: open, waived, problems } = applyWaivers(findings, deployments, settings, today);
  return {
    open,
    waived,
    undetermined: distinct(evaluation.undetermined),
    problems: [...sortedBy(evaluation.problems, (problem) => [problem.message]), ...problems],
  };
}

function verdictOf(blocking: number, problems: readonly Problem[]): Verdict {
  if (blocking > 0) return "blocked";
  return problems.some((problem) => problem.severity === "error") ? "incomplete" : "passed";
}

function mandatoryUndetermined(
  undetermined: readonly Undetermined[],
  policies: readonly ActivePolicy[],
): number {
  const mandatory = new Set(policies.filter((one) => one.level === "mandatory").map((one) => one.policy.id));
  return undetermined.filter((one) => mandatory.has(one.policy)).length;
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

/** Where a finding stands in the report: by policy, address and path; the rest makes it the same whatever came first. */
function orderOf(one: RawFinding): readonly string[] {
  const { policy, address, path, deployment = "", about = "", fact, related = [], message } = one;
  return [policy, address, path, deployment, about, fact?.name ?? "", related.join("\n"), message];
}

function distinct(undetermined: readonly Undetermined[]): Undetermined[] {
  // A policy that looks twice at the same thing is undecided once. There may be thousands, so they are sorted by one text.
  const byKey = new Map(
    undetermined.map((one) => {
      const { policy, address, path, deployment = "", because } = one;
      return [[policy, address, path, deployment, because].join("\n"), one];
    }),
  );
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Undetermined);
}

/** Whether several deployments have an address: dev and prod of one configuration, read in one run. */
function ambiguousAmong(
  findings: readonly RawFinding[],
  deployments: readonly Deployment[],
): (address: string) => boolean {
  if (deployments.length < 2) return () => false;
  const wanted = new Set(findings.map((one) => one.address));
  const owner = new Map<string, Deployment>();
  const ambiguous = new Set<string>();
  for (const deployment of deployments) {
    for (const { address } of deployment.changes) {
      if (!wanted.has(address)) continue;
      const first = owner.get(address);
      if (first === undefined) owner.set(address, deployment);
      else if (first !== deployment) ambiguous.add(address);
    }
  }
  return (address) => ambiguous.has(address);
}

function sortedBy<T>(items: readonly T[], order: (item: T) => readonly string[]): T[] {
  return items
    .map((item) => ({ item, keys: order(item) }))
    .sort((a, b) => compare(a.keys, b.keys))
    .map(({ item }) => item);
}

/** By code units, so that no locale changes a report. */
function compare(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) {
    const other = b[i] as string;
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
