import type { SourceLocation } from "./change.ts";

/** A finding that a comment beside the code accepts: `firebreak:allow POLICY until=DATE owner=WHO reason="WHY"`. */
export interface Suppression {
  /** Policy id, or a glob over ids. */
  readonly policy: string;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
  /** Where the comment stands. */
  readonly source: SourceLocation;
  /** The first and the last line that it covers, of the same file. */
  readonly lines: { readonly from: number; readonly to: number };
}

/**
 * Whether a text can be the policy of a suppression: `family/kebab-name`, each of the two with one star at most. Strangers
 * write these, so no more of a glob than what is matched in one look.
 */
export function isPolicyGlob(text: string): boolean {
  const parts = text.split("/");
  return (
    parts.length === 2 && parts.every((part) => part !== "" && /^[a-z0-9-]*(?:\*[a-z0-9-]*)?$/.test(part))
  );
}

/** Whether a policy id fits an id or a glob that `isPolicyGlob` accepts. */
export function fitsPolicy(glob: string, id: string): boolean {
  const wanted = glob.split("/");
  const parts = id.split("/");
  return wanted.length === parts.length && wanted.every((part, i) => fitsPart(part, parts[i] ?? ""));
}

function fitsPart(glob: string, part: string): boolean {
  const [start = "", end] = glob.split("*");
  if (end === undefined) return part === start;
  return part.length >= start.length + end.length && part.startsWith(start) && part.endsWith(end);
}
