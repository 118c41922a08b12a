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
