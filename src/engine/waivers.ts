import type { Problem } from "../model/deployment.ts";
import type { Finding } from "../model/report.ts";
import type { Waiver } from "./settings.ts";

/** Days before its expiry on which a waiver starts to warn. */
const WARN_DAYS = 14;

export interface WaivedFindings {
  /** Still open. */
  readonly findings: Finding[];
  readonly waived: Finding[];
  readonly problems: readonly Problem[];
}

/**
 * The one place where findings are waived, the same for every host. An expired waiver covers nothing and is a problem, as
 * is none at all to cover (a warning); one that expires soon warns.
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  today: string,
): WaivedFindings {
  const tests = waivers.map((waiver) => ({
    waiver,
    isExpired: waiver.expires < today,
    covered: 0,
  }));
  const open: Finding[] = [];
  const waived: Finding[] = [];
  for (const finding of findings) {
    const fitting = tests.filter(
      ({ waiver }) => waiver.coversPolicy(finding.policy) && waiver.coversAddress(finding.address),
    );
    for (const test of fitting) test.covered++;
    const by = fitting.find((test) => !test.isExpired)?.waiver;
    if (by === undefined) open.push(finding);
    else {
      const { owner, reason, expires } = by;
      waived.push({ ...finding, state: "waived", waiver: { owner, reason, expires } });
    }
  }
  return { findings: open, waived, problems: tests.flatMap((test) => problemOf(test, today)) };
}

function problemOf(
  test: { readonly waiver: Waiver; readonly isExpired: boolean; readonly covered: number },
  today: string,
): readonly Problem[] {
  const { waiver } = test;
  const which = `The waiver of ${waiver.owner} for ${waiver.policy} on ${waiver.address}`;
  const source = waiver.source === undefined ? {} : { source: waiver.source };
  if (test.isExpired) {
    const message = `${which} expired on ${waiver.expires} and covers nothing any more: renew it or take it out.`;
    return [{ severity: "error", message, ...source }];
  }
  if (test.covered === 0) {
    return [
      { severity: "warning", message: `${which} matches no finding: take it out, or correct it.`, ...source },
    ];
  }
  const days = Math.round((Date.parse(waiver.expires) - Date.parse(today)) / 86_400_000);
  if (days > WARN_DAYS) return [];
  const when = days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;
  return [{ severity: "warning", message: `${which} expires ${when} (${waiver.expires}).`, ...source }];
}
