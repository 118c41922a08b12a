import type { Node } from "web-tree-sitter";
import type { Comment } from "../suppressions.ts";

/** A comment of one line or of several, without what marks it. */
export function commentOf({ text, startPosition }: Node): Comment {
  return {
    text: text.slice(2).replace(/\*\/$/, ""),
    line: startPosition.row + 1,
    column: startPosition.column + 1,
  };
}
