import type { Finding } from "../model/report.ts";
import type { Edit } from "./edits.ts";
import type { Source } from "./language.ts";
import { REMEDIES } from "./remedies.ts";

/** Whether a finding of this policy may have a fix: nothing is read for others. */
export function mayHaveFix({ policy, source }: Finding): boolean {
  return Object.hasOwn(REMEDIES, policy) && source?.line !== undefined;
}

/**
 * The edits that put a finding right in the file that its source names; undefined where there is no one right answer, or the
 * text leaves any doubt where and how to write it. Made twice, they change nothing more.
 */
export function fixFor(finding: Finding, text: string, source: Source): readonly Edit[] | undefined {
  const remedies = Object.hasOwn(REMEDIES, finding.policy) ? (REMEDIES[finding.policy] ?? []) : [];
  const offset = offsetOf(text, finding.source?.line, finding.source?.column);
  const properties = offset === undefined ? undefined : source.resourceAt(offset, finding.type);
  if (properties === undefined) return undefined;
  for (const remedy of remedies) {
    const edits = remedy({ finding, text, source, properties });
    if (edits !== undefined) return edits;
  }
  return undefined;
}

/** The offset of a line and a column from 1; undefined where the text has no such line. */
function offsetOf(text: string, line: number | undefined, column = 1): number | undefined {
  if (line === undefined) return undefined;
  let start = 0;
  for (let at = 1; at < line; at++) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + column - 1, end === -1 ? text.length : end);
}
