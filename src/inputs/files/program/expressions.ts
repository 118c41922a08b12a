import type { Node } from "web-tree-sitter";
import { expressionText } from "./expression-text.ts";
import type { Names } from "./names.ts";
import type { Binding } from "./scopes.ts";

/** Enough for what people write; what is behind it tells nothing. */
const MAX_DEFINITIONS = 30;
const MAX_LENGTH = 20_000;
/** Characters of definitions in the texts of all expressions of a file. */
const MAX_LENGTH_IN_ALL = 4_000_000;

/** Expressions as texts that differ where what they stand for may. */
export class Expressions {
  readonly #names: Names;
  readonly #definitions = new Map<Binding, { readonly text: string; readonly needs: readonly Binding[] }>();

  #left = MAX_LENGTH_IN_ALL;

  constructor(names: Names) {
    this.#names = names;
  }

  /** The expression, with the definitions of the constants that it needs: who changes one of those changes its value. */
  textOf(node: Node): string {
    const needed = new Set(this.#needsOf(node));
    let text = expressionText(node);
    for (const binding of needed) {
      if (needed.size > MAX_DEFINITIONS || text.length > MAX_LENGTH || this.#left < 0) break;
      const definition = this.#definitionOf(binding);
      this.#left -= definition.text.length;
      text += `; ${binding.name} = ${definition.text}`;
      for (const other of definition.needs) needed.add(other);
    }
    return text;
  }

  #definitionOf(binding: Binding): { readonly text: string; readonly needs: readonly Binding[] } {
    const known = this.#definitions.get(binding);
    if (known !== undefined) return known;
    const { meaning, changes } = binding;
    const nodes = [...(meaning.kind === "const" ? [meaning.value] : []), ...changes];
    const definition = {
      text: nodes.map(expressionText).join("; "),
      needs: nodes.flatMap((node) => this.#needsOf(node)),
    };
    this.#definitions.set(binding, definition);
    return definition;
  }

  /** The constants of the file that an expression names; what is a resource is compared by itself. */
  #needsOf(node: Node): readonly Binding[] {
    const identifiers = [node, ...node.descendantsOfType(["identifier", "shorthand_property_identifier"])];
    return identifiers.flatMap((one) => {
      const binding = this.#names.named(one)?.binding;
      const isConstant = binding?.meaning.kind === "const" && binding.made.length === 0;
      return isConstant && this.#names.imported(one) === undefined ? [binding] : [];
    });
  }
}
