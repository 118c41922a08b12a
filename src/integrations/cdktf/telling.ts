import type { SourceLocation } from "../../model/change.ts";
import type { Report } from "../../model/report.ts";
import pretty from "../../reporters/pretty.ts";

/** The report as text, with these sources of its findings where they are known; empty where it passes in silence. */
export function textOf(report: Report, sources: readonly (SourceLocation | undefined)[]): string {
  if (report.verdict === "passed" && !saysSomething(report)) return "";
  const findings = report.findings.map((finding, i) => {
    const source = sources[i];
    return source === undefined ? finding : { ...finding, source };
  });
  const context = { width: 80, colour: false, showUndetermined: false, quiet: false };
  return pretty({ ...report, findings }, context);
}

/** Whether a report that passes has something to say; what could not be decided is not passed over in silence. */
function saysSomething({ findings, waived, problems, undetermined }: Report): boolean {
  return findings.length + waived.length + problems.length + undetermined.length > 0;
}
