import type { Node, Tree } from "web-tree-sitter";
import { declarationsOf } from "./declarations.ts";
import { nearest, Scope } from "./scopes.ts";

/** The syntax tree of one file: its scopes with what they declare, and the nodes that somebody asks for. */
export interface Syntax {
  readonly scopes: Scope;
  nodes(type: WantedType): readonly Node[];
  /** Where the syntax is broken first. */
  readonly error: Node | undefined;
}

/** A file with more nodes is generated. People write about one in two characters. */
const MAX_NODES = 300_000;

const SCOPE_KINDS: ReadonlyMap<string, Scope["kind"]> = new Map([
  ["function_declaration", "function"],
  ["function_expression", "function"],
  ["generator_function", "function"],
  ["generator_function_declaration", "function"],
  ["arrow_function", "function"],
  ["method_definition", "function"],
  ["class_static_block", "function"],
  ["class", "class"],
  ["class_declaration", "class"],
  ["abstract_class_declaration", "class"],
  ["statement_block", "block"],
  ["for_statement", "block"],
  ["for_in_statement", "block"],
  ["catch_clause", "block"],
  ["switch_body", "block"],
]);

/** Declared outside of the scope that they open. */
const NAMED_OUTSIDE: ReadonlySet<string> = new Set([
  "function_declaration",
  "generator_function_declaration",
  "class_declaration",
  "abstract_class_declaration",
]);

const WANTED = [
  "new_expression",
  "variable_declarator",
  "public_field_definition",
  "assignment_expression",
  "augmented_assignment_expression",
  "update_expression",
  "unary_expression",
  "call_expression",
  "return_statement",
  "arrow_function",
] as const;
/** What only comments that accept findings need. */
const WANTED_FOR_COMMENTS = ["pair", "comment"] as const;
type WantedType = (typeof WANTED | typeof WANTED_FOR_COMMENTS)[number];

/** Looks through a tree once; undefined where it has more nodes than are looked at. */
export function syntaxOf(tree: Tree, hasSuppressions: boolean): Syntax | undefined {
  const wanted = hasSuppressions ? [...WANTED, ...WANTED_FOR_COMMENTS] : WANTED;
  const found = new Map<string, Node[]>(wanted.map((type) => [type, []]));
  const { hasError } = tree.rootNode;
  const scopes = new Scope("function", tree.rootNode);
  let error: Node | undefined;
  let scope = scopes;
  let left = MAX_NODES;
  const around: Scope[] = [];
  const cursor = tree.walk();
  const enter = () => {
    const { nodeType } = cursor;
    if (hasError && error === undefined && (nodeType === "ERROR" || cursor.nodeIsMissing))
      error = cursor.currentNode;
    const kept = found.get(nodeType);
    const kind = SCOPE_KINDS.get(nodeType);
    const declares = declarationsOf(nodeType);
    // The word `class` is called like the class.
    if ((kept ?? kind ?? declares) === undefined || !cursor.nodeIsNamed) return;
    const node = cursor.currentNode;
    kept?.push(node);
    const outer = scope;
    if (kind !== undefined) scope = new Scope(kind, node, outer);
    if (declares === undefined) return;
    const inside = NAMED_OUTSIDE.has(nodeType) ? outer : scope;
    for (const { name, meaning, isHoisted } of declares(node)) {
      const target = isHoisted ? (nearest(inside, "function") ?? inside) : inside;
      target.declare(name, meaning);
    }
  };
  for (let isMore = true; isMore && left >= 0; ) {
    around.push(scope);
    enter();
    left--;
    if (cursor.gotoFirstChild()) continue;
    scope = around.pop() as Scope;
    while (isMore && !cursor.gotoNextSibling()) {
      isMore = cursor.gotoParent();
      if (isMore) scope = around.pop() as Scope;
    }
  }
  cursor.delete();
  return left < 0 ? undefined : { scopes, error, nodes: (type) => found.get(type) ?? [] };
}
