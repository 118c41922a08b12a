import type { Node } from "web-tree-sitter";
import { chainOf } from "./chain.ts";
import type { Names } from "./names.ts";
import type { Binding } from "./scopes.ts";

/** A resource of the file that an expression needs, and which of its properties. */
export interface Need {
  /** The `new` expression that makes it. */
  readonly made: Node;
  readonly property: string | undefined;
}

/** What a name, or a way that starts with one, is written as. */
const CHAINS: ReadonlySet<string> = new Set([
  "identifier",
  "shorthand_property_identifier",
  "member_expression",
  "subscript_expression",
]);

/** Constants that one expression may need; more are nobody's. */
const MAX_CONSTANTS = 200;

/** Finds which resources of a file expressions name, by themselves or through constants. */
export class Dependencies {
  readonly #names: Names;
  readonly #found = new Map<
    number,
    { readonly needs: readonly Need[]; readonly constants: readonly Binding[] }
  >();

  constructor(names: Names) {
    this.#names = names;
  }

  /** The resources that any of the expressions needs. */
  of(expressions: readonly (Node | undefined)[]): readonly Need[] {
    const needs: Need[] = [];
    const seen = new Set<Binding>();
    const open = expressions.filter((node) => node !== undefined);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const found = this.#in(node);
      needs.push(...found.needs);
      for (const binding of found.constants) {
        if (seen.has(binding) || seen.size > MAX_CONSTANTS || binding.meaning.kind !== "const") continue;
        seen.add(binding);
        open.push(binding.meaning.value);
      }
    }
    return needs;
  }

  /** What one expression names itself. */
  #in(expression: Node) {
    const known = this.#found.get(expression.id);
    if (known !== undefined) return known;
    const needs: Need[] = [];
    const constants: Binding[] = [];
    const open = [expression];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (!CHAINS.has(node.type)) {
        open.push(...node.namedChildren);
        continue;
      }
      const { base, indices } = chainOf(node);
      const { nodes, rest } = this.#names.made(node);
      for (const made of nodes) needs.push({ made, property: rest[0] });
      open.push(...indices);
      const binding = this.#names.named(base)?.binding;
      if (nodes.length === 0 && binding?.meaning.kind === "const") constants.push(binding);
      if (base.id !== node.id) open.push(base);
    }
    const found = { needs, constants };
    this.#found.set(expression.id, found);
    return found;
  }
}
