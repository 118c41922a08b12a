import type { Node } from "web-tree-sitter";
import { plain } from "../../../syntax/construct-sites.ts";
import { chainOf } from "./chain.ts";
import type { Names } from "./names.ts";
import type { Syntax } from "./syntax.ts";

/** What makes an object that a constant then holds. */
const LITERALS: ReadonlySet<string> = new Set(["object", "array"]);

/** Methods of objects, lists and texts that leave them as they are. */
const READING: ReadonlySet<string> = new Set(
  (
    "at concat entries every filter find findIndex findLast flat flatMap forEach get has includes indexOf join keys " +
    "lastIndexOf map reduce reduceRight slice some toSorted toReversed toString values apply"
  ).split(" "),
);

/** Functions that leave what they are given as it is. */
const HARMLESS = /^(?:JSON|console|Math|String|Number|Boolean|Object\.(?:keys|values|entries|freeze))\b/;
/** The libraries' own functions copy, too. */
const LIBRARY = /^(?:@pulumi\/|cdkt[fn]$)/;

/**
 * Notes, at the names of a file, what changes the object behind each or hands it to somebody who may: such an object is no
 * longer what it was initialised with.
 */
export function noteChanges(syntax: Syntax, names: Names): void {
  const seen = new Set<string>();
  const note = (target: Node | null | undefined, by: Node) => {
    for (let at = target; at; ) {
      const named = names.named(at);
      const meaning = named?.binding.meaning;
      const key = `${at.id} ${by.id}`;
      if (named === undefined || meaning?.kind !== "const" || seen.has(key)) return;
      seen.add(key);
      if (LITERALS.has(plain(meaning.value).type)) named.binding.changes.push(by);
      // It may be another name for an object.
      at = meaning.value;
    }
  };
  for (const node of syntax.nodes("assignment_expression")) {
    note(node.childForFieldName("left"), node);
    note(node.childForFieldName("right"), node);
  }
  for (const node of syntax.nodes("augmented_assignment_expression"))
    note(node.childForFieldName("left"), node);
  for (const node of syntax.nodes("update_expression")) note(node.childForFieldName("argument"), node);
  for (const node of syntax.nodes("unary_expression"))
    if (node.childForFieldName("operator")?.type === "delete") note(node.childForFieldName("argument"), node);
  for (const node of syntax.nodes("return_statement")) note(node.namedChildren[0], node);
  for (const node of syntax.nodes("arrow_function")) note(node.childForFieldName("body"), node);
  for (const node of syntax.nodes("variable_declarator"))
    if (node.parent?.firstChild?.type !== "const") note(node.childForFieldName("value"), node);
  for (const node of syntax.nodes("call_expression")) {
    const callee = node.childForFieldName("function");
    if (callee === null || isHarmless(callee, names)) continue;
    const method = chainOf(callee).names.at(-1);
    if (method !== undefined && !READING.has(method)) note(callee, node);
    for (const argument of node.childForFieldName("arguments")?.namedChildren ?? [])
      note(plain(argument), node);
  }
}

function isHarmless(callee: Node, names: Names): boolean {
  const global = names.global(callee);
  return global === undefined ? LIBRARY.test(names.imported(callee)?.module ?? "") : HARMLESS.test(global);
}
