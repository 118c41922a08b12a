import type { Finding, JsonValue, ReachSummary, Report } from "../model/report.ts";
import type { Group } from "./stories.ts";
import { clip, visible } from "./text.ts";

/** The phrases that several reporters share. What they return has been through `visible`. */

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b, c and 9 more`. */
export function listing(items: readonly string[], limit = 3, total = items.length): string {
  if (total > limit || total > items.length) {
    const shown = items.slice(0, limit);
    return shown.length === 0 ? "" : `${shown.join(", ")} and ${total - shown.length} more`;
  }
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Secrets and unknowns come as these words in the place of a value. */
const PLACEHOLDERS: readonly JsonValue[] = ["(known after apply)", "(secret)"];

/** How much of what is equal is left before the first difference when two long values are cut. */
const LEAD_IN = 12;

/** A property with what stands there and what will. */
export interface ChangeWords {
  /** Empty where the finding is about the resource as such. */
  readonly path: string;
  /** undefined where there is nothing to compare: the resource is new, or the value stays. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Each value at most `limit` long; undefined where the finding tells no values. */
export function changeParts(finding: Finding, limit: number): ChangeWords | undefined {
  if (finding.before === null && finding.after === null) return undefined;
  const before = valueInWords(finding.before, "(not set)");
  const after = valueInWords(finding.after, "(removed)");
  const isSame = before === after && !PLACEHOLDERS.includes(finding.after);
  if (isSame || (finding.action === "create" && finding.before === null)) {
    const shown = `${clip(after, limit)}${isSame ? " (as before)" : ""}`;
    return { path: pathInWords(finding), before: undefined, after: shown };
  }
  return { path: pathInWords(finding), ...cutBoth(before, after, limit) };
}

/** `path: before → after`; undefined where the finding is about no property and no value. */
export function changeInWords(finding: Finding): string | undefined {
  const change = changeParts(finding, 60);
  if (change === undefined) return finding.path === "" ? undefined : pathInWords(finding);
  const from = change.before === undefined ? "" : `${change.before} → `;
  return `${change.path === "" ? "" : `${change.path}: `}${from}${change.after}`;
}

function pathInWords(finding: Finding): string {
  return visible(clip(finding.path, 200));
}

function valueInWords(value: JsonValue, absent: string): string {
  if (value === null) return absent;
  return visible(PLACEHOLDERS.includes(value) ? String(value) : JSON.stringify(value));
}

/** Cuts two long values so that the place where they differ is still seen. */
function cutBoth(before: string, after: string, limit: number): { before: string; after: string } {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = Math.max(0, same - LEAD_IN);
  const cut = (text: string) => {
    if (text.length <= limit) return text;
    return clip(from === 0 ? text : `…${text.slice(from).replace(/^[\udc00-\udfff]/, "")}`, limit);
  };
  return { before: cut(before), after: cut(after) };
}

/** The resource, as the report's reader knows it: `12 instances of aws_s3_bucket.logs`. */
export function subjectInWords(group: Group): string {
  const resource = visible(clip(group.resource, 500));
  if (group.lead.type === "deployment") return `${resource} (the deployment as a whole)`;
  return group.keys.length === 0 ? resource : `${count(group.findings.length, "instance")} of ${resource}`;
}

/** `["eastus"], ["westus"] and 9 more`. */
export function keysInWords(group: Group): string {
  return listing(group.keys.map((key) => visible(clip(key, 60))));
}

/** What happens to the resource as such; empty for an update, which the property tells. */
export function actionInWords(finding: Finding): string {
  switch (finding.action) {
    case "create":
      return "will be created";
    case "replace":
      return "will be destroyed and created anew";
    case "delete":
      return "will be deleted";
    case "import":
      return "will be imported";
    case "forget":
      return "will be forgotten, not deleted";
    case "keep":
    case "read":
      return "stays as it is";
    case "update":
      return "";
  }
}

/** Who is hit, in the pieces of a sentence; each may be empty. */
interface ReachWords {
  /** `37 resources` */
  readonly total: string;
  /** `eastus and westus` */
  readonly regions: string;
  /** `across the deployments a and b` */
  readonly across: string;
  /** `31 of them through text that nobody declared` */
  readonly hidden: string;
}

/** Undefined where nobody else is known to be hit. */
function reachParts(group: Group): ReachWords | undefined {
  const furthest = group.lead.reach;
  if (furthest === undefined || furthest.resources === 0) return undefined;
  const alike = group.findings.every(({ reach }) => reach?.resources === furthest.resources);
  const deployments = namesOf(group, (reach) => reach.deployments);
  return {
    total: `${alike ? "" : "up to "}${count(furthest.resources, "resource")}`,
    regions: listing(
      namesOf(group, (reach) => reach.regions),
      4,
    ),
    across: deployments.length < 2 ? "" : `across the deployments ${listing(deployments, 4)}`,
    hidden: furthest.hidden === 0 ? "" : `${shareInWords(group)}through text that nobody declared`,
  };
}

/**
 * `37 resources in eastus and westus depend on it, 31 of them through text that nobody declared`; for instances
 * `up to 5 resources depend on each, in …`.
 */
export function reachInWords(group: Group): string | undefined {
  const parts = reachParts(group);
  if (parts === undefined) return undefined;
  const { total, regions, across, hidden } = parts;
  const where = regions === "" ? "" : `in ${regions}`;
  const depend = group.lead.reach?.resources === 1 ? "depends" : "depend";
  const all =
    group.keys.length > 0
      ? [`${total} ${depend} on each`, where, across, hidden]
      : [`${total}${where === "" ? "" : ` ${where}`} ${depend} on it`, across, hidden];
  return all.filter((part) => part !== "").join(", ");
}

/** Of who is hit, what the policy's own sentence has not said already; empty where it has said all. */
export function reachUnsaid(group: Group): string {
  const { reach, message } = group.lead;
  const parts = reachParts(group);
  if (reach === undefined || parts === undefined) return "";
  if (!message.includes(count(reach.resources, "resource"))) return reachInWords(group) ?? "";
  const isOneHidden = reach.hidden === 1 && reach.resources === 1;
  const hidden = isOneHidden ? "nobody declared this dependency, a text holds it" : parts.hidden;
  const unsaid = [
    message.includes(parts.regions) ? "" : parts.regions,
    parts.across,
    message.includes("nobody declared") ? "" : hidden,
  ];
  return unsaid.filter((part) => part !== "").join(", ");
}

/** `a.b, c.d and 35 more`; an address that several deployments have is named once, with how many there are. */
export function nearestInWords({ nearest, resources }: ReachSummary): string {
  const times = new Map<string, number>();
  for (const address of nearest) times.set(address, (times.get(address) ?? 0) + 1);
  const shown = [...times].slice(0, 3);
  const named = shown.map(
    ([address, n]) => `${visible(clip(address, 200))}${n === 1 ? "" : ` (in ${n} deployments)`}`,
  );
  const more = resources - shown.reduce((sum, [, n]) => sum + n, 0);
  return listing(named, 3, named.length + more);
}

/** The deployments that come after, of which nothing tells what they use. */
export function waitingInWords(group: Group): string[] {
  return namesOf(group, ({ waiting = [] }) => waiting);
}

function namesOf(group: Group, of: (reach: ReachSummary) => readonly string[]): string[] {
  const names = group.findings.flatMap(({ reach }) => (reach === undefined ? [] : of(reach)));
  return [...new Set(names)].map((name) => visible(clip(name, 60)));
}

function shareInWords({ lead: { reach }, keys }: Group): string {
  if (reach === undefined || keys.length > 0) return "some of them ";
  if (reach.resources === 1) return "";
  return reach.hidden === reach.resources ? "all of them " : `${reach.hidden} of them `;
}

/** `main.tf:12` */
export function placeInWords(source: Finding["source"]): string {
  if (source === undefined) return "";
  return `${visible(clip(source.file, 300))}${source.line === undefined ? "" : `:${source.line}`}`;
}

/** `critical · mandatory` */
export function standing(finding: Finding, separator = " · "): string {
  const sure = finding.confidence === "high" ? [] : [`${finding.confidence} confidence`];
  return [finding.severity, finding.level, ...sure].join(separator);
}

/** Why checks could not be decided, the most frequent reason first: `known after apply (2), no before-state (1)`. */
export function reasonsInWords(undetermined: Report["undetermined"]): string {
  const reasons = new Map<string, number>();
  for (const { because } of undetermined) reasons.set(because, (reasons.get(because) ?? 0) + 1);
  const frequent = [...reasons]
    .toSorted((a, b) => b[1] - a[1])
    .map(([because, n]) => `${visible(clip(because, 100))} (${n})`);
  const left = frequent.length - 3;
  return [...frequent.slice(0, 3), ...(left > 0 ? [`${count(left, "other reason")}`] : [])].join(", ");
}

/** The findings that stand, without those that are waived or were there before. */
export function openFindings(report: Report): Finding[] {
  return report.findings.filter((finding) => finding.state === "open");
}

/** The problems of a severity, without those that a finding told in full says already: a policy's crash is both. */
export function problemsToShow(
  report: Report,
  severity: "error" | "warning",
  told: readonly Finding[],
): Report["problems"] {
  const known = new Set(told.map((finding) => `${finding.address}: ${finding.message}`));
  return report.problems.filter((problem) => problem.severity === severity && !known.has(problem.message));
}
