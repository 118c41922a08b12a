import type { Node } from "web-tree-sitter";
import { plain } from "../../../syntax/construct-sites.ts";
import { stringText } from "./literals.ts";

/** `base.a.b["c"]` taken apart. */
export interface Chain {
  readonly base: Node;
  readonly names: readonly string[];
  /** The indices that are worked out. */
  readonly indices: readonly Node[];
  /** Whether more follows than `names` tell: an index that is worked out ends them. */
  readonly isPartial: boolean;
}

const MEMBERS: ReadonlySet<string> = new Set(["member_expression", "nested_identifier"]);

/** Nobody writes longer ones; what is behind so many names starts with nothing that is known. */
const MAX_LENGTH = 100;

/** The names by which an expression goes into its base. */
export function chainOf(node: Node): Chain {
  const names: string[] = [];
  const indices: Node[] = [];
  let at = plain(node);
  for (let length = 0; length < MAX_LENGTH; length++) {
    const object = at.childForFieldName("object");
    if (object === null) break;
    if (MEMBERS.has(at.type)) names.push(at.childForFieldName("property")?.text ?? "");
    else if (at.type === "subscript_expression") {
      const index = at.childForFieldName("index");
      const key = index === null ? undefined : literalKey(plain(index));
      if (key === undefined) {
        names.length = 0;
        if (index !== null) indices.push(index);
      } else names.push(key);
    } else break;
    at = plain(object);
  }
  return { base: at, names: names.reverse(), indices, isPartial: indices.length > 0 };
}

function literalKey(node: Node): string | undefined {
  if (node.type === "number") return node.text;
  return node.type === "string" ? stringText(node) : undefined;
}
