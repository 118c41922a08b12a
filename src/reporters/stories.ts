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
  /** Other resources of the type of which the lead says the same: they are named, not told again. */
  readonly alike: readonly string[];
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
 * One change, one story: groups what is said of the same resource, and then the resources to which the same happens, told by
 * the one that reaches furthest. Stories that block come first; apart from that the order is the report's.
 */
export function tellStories(findings: readonly Finding[]): Story[] {
  const perResource = tellResources(findings);
  const stories = [...groupBy(perResource, sameChange).values()].flatMap((resources): Story[] => {
    const [told = [], ...alike] = resources.toSorted((a, b) => reachOf(leadOf(b)) - reachOf(leadOf(a)));
    const [lead, ...others] = told;
    if (lead === undefined) return [];
    const known = new Set(told.map(({ lead: { policy, path } }) => `${policy} ${path}`));
    const more = alike.flat().filter(({ lead: { policy, path } }) => {
      const isNew = !known.has(`${policy} ${path}`);
      known.add(`${policy} ${path}`);
      return isNew;
    });
    return [{ lead, others: [...others, ...more], alike: alike.map((groups) => groups[0]?.resource ?? "") }];
  });
  return blockingFirst(stories, ({ lead }) => lead.lead);
}

/** What is said of each resource, the gravest (of equals what reaches furthest) first. */
export function tellResources(findings: readonly Finding[]): Group[][] {
  const perResource = [...groupBy(groupInstances(findings), (group) => sameResource(group.lead)).values()];
  return blockingFirst(
    perResource.map((groups) =>
      groups.toSorted((a, b) => gravity(a.lead) - gravity(b.lead) || reachOf(b.lead) - reachOf(a.lead)),
    ),
    leadOf,
  );
}

/** The stories that block before those that do not; apart from that the order stays. */
function blockingFirst<T>(items: readonly T[], leadOfItem: (item: T) => Finding): T[] {
  return items.toSorted((a, b) => Number(blocks(leadOfItem(b))) - Number(blocks(leadOfItem(a))));
}

function leadOf(groups: readonly Group[]): Finding {
  return (groups[0] as Group).lead;
}

/** The same change to another resource: told once, where each is one resource and not instances of one. */
function sameChange(groups: readonly Group[]): string {
  const [group] = groups as [Group];
  const { deployment, type, policy, level, confidence, action, path, before, after } = group.lead;
  const own = group.keys.length > 0 || type === "deployment" ? group.resource : "";
  return JSON.stringify([deployment, type, policy, level, confidence, action, path, before, after, own]);
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
    // Only instances of one resource are told together; else another message is another thing to say.
    finding.address.search(INSTANCE_KEY) === -1 ? finding.message : "",
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
