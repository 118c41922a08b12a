import type { Node } from "web-tree-sitter";
import { stringText } from "./literals.ts";

/** Before and behind these stands no blank. */
const TIGHT_BEFORE: ReadonlySet<string> = new Set([",", ";", ")", "]", ".", "?.", "(", "[", ":"]);
const TIGHT_BEHIND: ReadonlySet<string> = new Set(["(", "[", ".", "?.", "!", "..."]);
const CLOSING: ReadonlySet<string> = new Set([")", "]", "}"]);

/**
 * An expression in one layout: however its author breaks lines, quotes texts, sets the last comma or comments, the same
 * expression gives the same text.
 */
export function expressionText(node: Node): string {
  let text = "";
  let last = "";
  const add = (token: string) => {
    if (last === "," && CLOSING.has(token)) text = text.slice(0, -1);
    const isTight = text === "" || TIGHT_BEFORE.has(token) || TIGHT_BEHIND.has(last);
    text += isTight ? token : ` ${token}`;
    last = token;
  };
  const cursor = node.walk();
  walk: for (;;) {
    const token = wholeToken(cursor.nodeType, () => cursor.currentNode) ?? undefined;
    if (token !== undefined) {
      if (token !== "") add(token);
    } else if (cursor.gotoFirstChild()) continue;
    else if (cursor.nodeText !== "") add(cursor.nodeText);
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) break walk;
  }
  cursor.delete();
  return text;
}

/** The token that a node is as a whole; empty for a comment, undefined where its parts are tokens. */
function wholeToken(type: string, node: () => Node): string | undefined {
  if (type === "comment") return "";
  if (type === "string") return JSON.stringify(stringText(node()));
  return type === "template_string" || type === "regex" ? node().text : undefined;
}
