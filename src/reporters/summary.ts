import { ACTIONS } from "../model/change.ts";
import type { Report } from "../model/report.ts";
import { count, openFindings } from "./words.ts";

/**
 * The verdict, then what was judged: the parts of the summary line. "Passed" is never said alone, so that nobody takes
 * "not looked at" for it.
 */
export function summaryParts(report: Report): string[] {
  const { counts } = report;
  const errors = report.problems.filter((problem) => problem.severity === "error").length;
  const warnings = report.problems.length - errors;
  const baselined = report.findings.length - openFindings(report).length;
  return [
    `${report.verdict}${verdictInWords(report, errors)}`,
    `${count(counts.resources, "resource")}${actionsInWords(report)}`,
    `${count(counts.policies, "policy", "policies")}${counts.notApplicable === 0 ? "" : ` (${counts.notApplicable} not applicable)`}`,
    ...(counts.undetermined === 0 ? [] : [`${counts.undetermined} undetermined`]),
    ...(counts.waived === 0 ? [] : [`${counts.waived} waived`]),
    ...(baselined === 0 ? [] : [`${baselined} in the baseline`]),
    ...(errors === 0 || report.verdict === "incomplete" ? [] : [count(errors, "error")]),
    ...(warnings === 0 ? [] : [count(warnings, "warning")]),
  ];
}

export function summaryLine(report: Report): string {
  return summaryParts(report).join(" · ");
}

/** Whether no check came to a result: such a report must not look like a pass. */
export function judgedNothing(report: Report): boolean {
  const { counts } = report;
  return (
    report.findings.length === 0 && counts.waived === 0 && (counts.compliant === 0 || touched(report) === 0)
  );
}

function verdictInWords(report: Report, errors: number): string {
  const { counts } = report;
  const advisory = counts.advisory === 0 ? "" : `, ${counts.advisory} advisory`;
  switch (report.verdict) {
    case "blocked":
      if (counts.mandatory > 0) return `: ${counts.mandatory} mandatory${advisory}`;
      return `: mandatory checks could not be decided, and this configuration blocks then${advisory}`;
    case "incomplete":
      return `: ${count(errors, "error")}, so nothing is passed${advisory}`;
    case "passed":
      if (judgedNothing(report)) return `, but ${whyNothing(report)}`;
      return `: ${count(counts.compliant, "check")} found nothing${advisory}`;
  }
}

function whyNothing(report: Report): string {
  const { counts } = report;
  if (report.deployments.length === 0) return "nothing was judged: there was no deployment to read";
  if (counts.policies === 0) return "nothing was judged: no policy is switched on";
  if (counts.compliant > 0) return `no resource changes (${count(counts.compliant, "check")} found nothing)`;
  if (counts.undetermined > 0) return "no check could be decided";
  if (touched(report) === 0) return "nothing was judged: no resource changes";
  return "nothing was judged: no policy applies to these changes";
}

function touched(report: Report): number {
  return sumOf(report, (action) => action !== "keep" && action !== "read");
}

function sumOf(report: Report, wanted: (action: (typeof ACTIONS)[number]) => boolean): number {
  let sum = 0;
  for (const { changes } of report.deployments) {
    for (const action of ACTIONS) if (wanted(action)) sum += changes[action] ?? 0;
  }
  return sum;
}

/** ` (1 create, 2 update)` */
function actionsInWords(report: Report): string {
  if (report.counts.resources === 0) return "";
  const parts = ACTIONS.filter((action) => action !== "keep" && action !== "read")
    .map((action) => ({ action, n: sumOf(report, (one) => one === action) }))
    .filter(({ n }) => n > 0)
    .map(({ action, n }) => `${n} ${action}`);
  return parts.length === 0 ? " (none changes)" : ` (${parts.join(", ")})`;
}
