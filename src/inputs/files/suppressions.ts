import type { Problem } from "../../model/deployment.ts";
import type { Suppression } from "../../model/suppression.ts";

/** A comment, without what marks it as one. */
export interface Comment {
  readonly text: string;
  /** Where it starts, from 1. */
  readonly line: number;
  readonly column: number;
}

/** The lines of something that a comment can stand beside: a block, a resource, a property. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/**
 * The suppressions among the comments of a file. Each covers the largest of the things that start on its own line or, where
 * none does, on the next line that is no comment. What is wrong with one is a problem, and it covers nothing.
 */
export function suppressionsIn(
  _file: string,
  _comments: readonly Comment[],
  _things: readonly Lines[],
): { readonly suppressions: readonly Suppression[]; readonly problems: readonly Problem[] } {
  return { suppressions: [], problems: [] };
}
