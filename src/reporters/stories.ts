import type { Finding } from "../model/report.ts";

/** One thing a policy says, of one resource or of several instances (`for_each`, `count`) of the same resource. */
export interface Group {
  /** The one whose words speak for all: the instance that reaches furthest. */
  readonly lead: Finding;
  readonly findings: readonly Finding[];
  /** The address without instance keys. */
  readonly resource: string;
  /** The instance keys, as `["eastus"]` or `[0]`; empty where there is only one finding. */
  readonly keys: readonly string[];
}

/** All that is said of one resource: the gravest group (of equals the one that reaches furthest) tells it, the others follow. */
export interface Story {
  readonly lead: Group;
  readonly others: readonly Group[];
}

/** The key of one instance in a Terraform address: `["eastus"]` or `[0]`. */
const INSTANCE_KEY = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;

/** Puts instances of which the same is to be said together, in the order in which the first of each group stands. */
export function groupInstances(findings: readonly Finding[]): Group[] {
  return [...groupBy(findings, sameSaid).values()].map((group) => {
    const lead = group.reduce((best, one) => (reachOf(one) > reachOf(best) ? one : best));
    return {
      lead,
      findings: group,
      resource: group.length === 1 ? lead.address : resourceOf(lead),
      keys: group.length === 1 ? [] : group.map((one) => one.address.match(INSTANCE_KEY)?.join("") ?? "[]"),
    };
  });
}

/**
 * One change, one story: groups what is said of the same resource. Stories that block come first; apart from that the
 * order is the report's.
 */
export function tellStories(findings: readonly Finding[]): Story[] {
  const stories = [...groupBy(groupInstances(findings), (group) => sameResource(group.lead)).values()].map(
    (groups) => {
      const [lead, ...others] = groups.toSorted(
        (a, b) => gravity(a.lead) - gravity(b.lead) || reachOf(b.lead) - reachOf(a.lead),
      );
      return { lead, others };
    },
  );
  return stories
    .flatMap(({ lead, others }) => (lead === undefined ? [] : [{ lead, others }]))
    .toSorted((a, b) => Number(blocks(b.lead.lead)) - Number(blocks(a.lead.lead)));
}

/** Whether the finding stops the change. */
export function blocks(finding: Finding): boolean {
  return finding.state === "open" && finding.level === "mandatory";
}

/** Whether the told finding tells this one's fact: the same property, or this one is about the resource as such. */
export function tellsFactOf(told: Finding, finding: Finding): boolean {
  return finding.path === "" || finding.path === told.path;
}

const SEVERITIES: readonly string[] = ["critical", "high", "medium", "low"] satisfies Finding["severity"][];

/** The gravest first: what blocks, then by severity. */
export function gravity(finding: Finding): number {
  return (blocks(finding) ? 0 : SEVERITIES.length) + SEVERITIES.indexOf(finding.severity);
}

function reachOf(finding: Finding): number {
  return finding.reach?.resources ?? 0;
}

function resourceOf(finding: Finding): string {
  return finding.type === "deployment" ? finding.address : finding.address.replace(INSTANCE_KEY, "");
}

function sameResource(finding: Finding): string {
  return JSON.stringify([finding.deployment, finding.type, resourceOf(finding)]);
}

function sameSaid(finding: Finding): string {
  const { policy, level, confidence, action, path, before, after, waiver } = finding;
  return JSON.stringify([
    sameResource(finding),
    policy,
    level,
    confidence,
    action,
    path,
    before,
    after,
    waiver,
  ]);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
