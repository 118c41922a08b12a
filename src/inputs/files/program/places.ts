import type { Node } from "web-tree-sitter";
import { plain } from "../../../syntax/construct-sites.ts";
import { intoOnly, type Step } from "../../../syntax/steps.ts";
import type { Evaluator } from "./evaluator.ts";

/**
 * The narrowest member of the properties of a resource that certainly holds what the steps lead to; undefined where nothing
 * of it is written there. Constants of the file are followed to where they are defined.
 */
export function memberAt(
  properties: Node,
  [name, ...rest]: readonly Step[],
  evaluator: Evaluator,
): Node | undefined {
  const object = evaluator.definition(properties);
  if (object.type !== "object" || typeof name !== "string") return undefined;
  const members = object.namedChildren.filter(({ type }) => type !== "comment");
  // Of two with the same name, the last one counts.
  const at = members.findLastIndex((member) => sameName(evaluator.keyOf(member), name));
  const member = members[at];
  if (member === undefined) return undefined;
  // What is spread behind it may set it again.
  if (members.slice(at).some(({ type }) => type === "spread_element")) return undefined;
  const value = member.childForFieldName("value");
  return (value === null ? undefined : insideOf(value, rest, evaluator)) ?? member;
}

function insideOf(written: Node, steps: readonly Step[], evaluator: Evaluator): Node | undefined {
  const value = evaluator.definition(written);
  if (value.type === "array") return inList(value, steps, evaluator);
  if (value.type === "call_expression") {
    const [argument, ...others] = value.childForFieldName("arguments")?.namedChildren ?? [];
    const isDocument = evaluator.isDocument(value) && argument !== undefined && others.length === 0;
    return isDocument ? insideOf(argument, steps, evaluator) : undefined;
  }
  // A single block is an object where a path counts a list of one.
  const inside = value.type === "object" ? intoOnly(steps) : undefined;
  return inside === undefined ? undefined : memberAt(value, inside, evaluator);
}

function inList(list: Node, steps: readonly Step[], evaluator: Evaluator): Node | undefined {
  const elements = list.namedChildren.filter(({ type }) => type !== "comment");
  if (elements.some(({ type }) => type === "spread_element")) return undefined;
  const [index, ...rest] = steps;
  const [element, inside] =
    typeof index === "number"
      ? [elements[index], rest]
      : [elements.length === 1 ? elements[0] : undefined, steps];
  if (element === undefined) return undefined;
  return insideOf(element, inside, evaluator) ?? (typeof index === "number" ? plain(element) : undefined);
}

/** Whether a member is meant by a name of a path. Paths of documents and of bridged providers may differ from the program in capitals and underscores. */
export function sameName(key: string | undefined, name: string): boolean {
  return key === name || (key !== undefined && folded(key) === folded(name));
}

function folded(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
