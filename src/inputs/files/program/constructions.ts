import type { Node } from "web-tree-sitter";
import { plain } from "../../../syntax/construct-sites.ts";
import type { Names } from "./names.ts";
import { type ResourceClass, resourceClass } from "./resource-class.ts";
import type { Syntax } from "./syntax.ts";

/** Where a program makes a resource: `new Class(…)`. */
export interface Construction {
  readonly node: Node;
  readonly of: ResourceClass;
  readonly name: Node | undefined;
  /** The argument with its properties; undefined where there is none. */
  readonly properties: Node | undefined;
  readonly options: Node | undefined;
  /** Whether its arguments are a list that is made elsewhere, so that nobody can tell which is which. */
  readonly isSpread: boolean;
}

/** The resources that a file makes, in the order of the text; the names that they are kept under are told of them. */
export function constructionsIn(syntax: Syntax, names: Names): readonly Construction[] {
  const constructions = syntax.nodes("new_expression").flatMap((node): readonly Construction[] => {
    const callee = node.childForFieldName("constructor");
    const imported = callee === null ? undefined : names.imported(callee);
    const of = imported && resourceClass(imported);
    if (of === undefined) return [];
    const given = node.childForFieldName("arguments")?.namedChildren ?? [];
    const list = given.filter(({ type }) => type !== "comment");
    const { name, properties, options } = of.positions;
    return [
      {
        node,
        of,
        name: list[name],
        properties: list[properties],
        options: options === undefined ? undefined : list[options],
        isSpread: list.some(({ type }) => type === "spread_element"),
      },
    ];
  });
  noteNames(syntax, names, new Set(constructions.map(({ node }) => node.id)));
  return constructions;
}

/** Where what a `new` expression makes is kept, by the node and its field that it is kept in. */
const KEEPERS = [
  ["variable_declarator", "name"],
  ["assignment_expression", "left"],
  ["public_field_definition", "name"],
] as const;

function noteNames(syntax: Syntax, names: Names, made: ReadonlySet<number>): void {
  for (const [type, field] of KEEPERS) {
    for (const keeper of syntax.nodes(type)) {
      const value = keeper.childForFieldName(type === "assignment_expression" ? "right" : "value");
      const node = value === null ? undefined : plain(value);
      const target = keeper.childForFieldName(field);
      if (node === undefined || target === null || !made.has(node.id)) continue;
      const named = type === "public_field_definition" ? names.field(target) : names.named(target);
      if (named?.rest.length === 0 && !named.isPartial) named.binding.made.push(node);
    }
  }
}
