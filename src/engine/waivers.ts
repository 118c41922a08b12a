import { isTouched, type SourceLocation } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";
import type { Finding } from "../model/report.ts";
import { fitsPolicy, type Suppression } from "../model/suppression.ts";
import { latestExpiry, MAX_WAIVER_DAYS } from "../model/waiver-term.ts";
import { closestTo } from "./activate.ts";
import type { Settings, Waiver } from "./settings.ts";

/** Days before its expiry on which a waiver starts to warn. */
const WARN_DAYS = 14;

export interface WaivedFindings {
  /** Still open. */
  readonly findings: Finding[];
  readonly waived: Finding[];
  readonly problems: readonly Problem[];
}

/** What accepts findings: a waiver of the configuration, or a suppression beside the code. */
interface Acceptance {
  /** What messages call it. */
  readonly which: string;
  readonly source: SourceLocation | undefined;
  readonly expires: string;
  /** What a finding tells of it. */
  readonly terms: NonNullable<Finding["waiver"]>;
  readonly fits: (finding: Finding) => boolean;
  /** Whether something in this run is what it is for, so that it should match. */
  readonly isDue: () => boolean;
  /** What is wrong with it beside its end, if anything: it covers nothing then. */
  readonly fault: string | undefined;
}

/**
 * The one place where findings are waived, the same for every host. A waiver or suppression that has expired covers nothing
 * and is a problem, as is none at all to cover (a warning); one that expires soon warns.
 */
export function applyWaivers(
  findings: readonly Finding[],
  deployments: readonly Deployment[],
  settings: Pick<Settings, "waivers" | "knownPolicies">,
  today: string,
): WaivedFindings {
  const tests = [
    ...settings.waivers.map(ofWaiver),
    ...carriedBy(deployments).map((carried) => ofSuppression(carried, settings.knownPolicies, today)),
  ].map((acceptance) => ({ acceptance, fault: faultOf(acceptance, today), covered: 0 }));
  const open: Finding[] = [];
  const waived: Finding[] = [];
  for (const finding of findings) {
    const fitting = tests.filter(({ acceptance }) => acceptance.fits(finding));
    for (const test of fitting) test.covered++;
    const by = fitting.find(({ fault }) => fault === undefined)?.acceptance;
    if (by === undefined) open.push(finding);
    else waived.push({ ...finding, state: "waived", waiver: by.terms });
  }
  return { findings: open, waived, problems: tests.flatMap((test) => problemOf(test, today)) };
}

function ofWaiver(waiver: Waiver): Acceptance {
  const { owner, reason, expires, policy, address, source } = waiver;
  return {
    which: `The waiver of ${owner} for ${policy} on ${address}`,
    source,
    expires,
    terms: { owner, reason, expires },
    fits: (finding) => waiver.coversPolicy(finding.policy) && waiver.coversAddress(finding.address),
    isDue: () => true,
    fault: undefined,
  };
}

/** A suppression, and the deployments that its file is part of: a module belongs to all configurations that use it. */
interface Carried {
  readonly suppression: Suppression;
  readonly deployments: readonly Deployment[];
}

function carriedBy(deployments: readonly Deployment[]): readonly Carried[] {
  const known = new Map<string, { suppression: Suppression; deployments: Deployment[] }>();
  for (const deployment of deployments) {
    for (const suppression of deployment.suppressions ?? []) {
      const { source, policy, lines } = suppression;
      const key = [source.file, source.line, source.column, policy, lines.from, lines.to].join("\n");
      const carried = known.get(key);
      if (carried === undefined) known.set(key, { suppression, deployments: [deployment] });
      else carried.deployments.push(deployment);
    }
  }
  return [...known.values()];
}

function ofSuppression(
  { suppression, deployments }: Carried,
  knownPolicies: Settings["knownPolicies"],
  today: string,
): Acceptance {
  const { owner, reason, until: expires, policy, source } = suppression;
  const names = new Set(deployments.map(({ name }) => name));
  return {
    which: `The suppression of ${owner} for ${policy} in ${source.file}`,
    source,
    expires,
    terms: { owner, reason, expires, source },
    fits: (finding) =>
      // What is deleted stands in the version before: the lines of this one say nothing of it.
      !isGone(finding) &&
      isCovered(suppression, finding.source) &&
      fitsPolicy(policy, finding.policy) &&
      names.has(finding.deployment ?? ""),
    isDue: () =>
      deployments.some(({ changes }) =>
        changes.some(
          (change) => isTouched(change) && !isGone(change) && isCovered(suppression, change.source),
        ),
      ),
    fault: unknownPolicy(policy, knownPolicies) ?? tooLong(expires, today),
  };
}

function isGone({ action }: Pick<Finding, "action">): boolean {
  return action === "delete" || action === "forget";
}

function isCovered({ source, lines }: Suppression, place: Finding["source"]): boolean {
  return (
    place?.line !== undefined &&
    place.file === source.file &&
    lines.from <= place.line &&
    place.line <= lines.to
  );
}

function unknownPolicy(policy: string, known: readonly string[] | undefined): string | undefined {
  if (known === undefined || known.some((id) => fitsPolicy(policy, id))) return undefined;
  const close = closestTo(policy, known);
  return `covers nothing: there is no such policy${close === undefined ? "" : ` (did you mean ${close}?)`}`;
}

function tooLong(expires: string, today: string): string | undefined {
  const latest = latestExpiry(today);
  if (expires <= latest) return undefined;
  return `covers nothing: ${expires} is more than ${MAX_WAIVER_DAYS} days ahead; expected ${latest} or earlier`;
}

/** Why it covers nothing, if so. */
function faultOf({ fault, expires }: Acceptance, today: string): string | undefined {
  if (fault !== undefined || expires >= today) return fault;
  return `expired on ${expires} and covers nothing any more: renew it or take it out`;
}

function problemOf(
  test: { readonly acceptance: Acceptance; readonly fault: string | undefined; readonly covered: number },
  today: string,
): readonly Problem[] {
  const { which, source, expires, isDue } = test.acceptance;
  const problem = (severity: Problem["severity"], what: string): readonly Problem[] => [
    { severity, message: `${which} ${what}.`, ...(source && { source }) },
  ];
  if (test.fault !== undefined) return problem("error", test.fault);
  if (test.covered === 0) {
    return isDue() ? problem("warning", "matches no finding: take it out, or correct it") : [];
  }
  const days = Math.round((Date.parse(expires) - Date.parse(today)) / 86_400_000);
  if (days > WARN_DAYS) return [];
  const when = days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;
  return problem("warning", `expires ${when} (${expires})`);
}
