import type { Node } from "web-tree-sitter";
import { type Chain, chainOf } from "./chain.ts";
import { requiredModule } from "./declarations.ts";
import type { Binding, Scope } from "./scopes.ts";

/** Something that a module exports. */
export interface Imported {
  readonly module: string;
  readonly path: readonly string[];
}

/** What an expression leads to by names: the name that it starts with, and the names behind it. */
export interface Named {
  readonly binding: Binding;
  readonly rest: readonly string[];
  /** Whether the way goes on where nobody can tell. */
  readonly isPartial: boolean;
}

/** The `new` expressions that may have made what an expression names, and the names behind it. */
export interface Made {
  readonly nodes: readonly Node[];
  readonly rest: readonly string[];
  /** Whether the way goes on where nobody can tell. */
  readonly isPartial: boolean;
}

/** Constants may be set to one another; longer ways are nobody's. */
const MAX_HOPS = 20;

/** What the names of one file stand for. */
export class Names {
  readonly #scopes: Scope;

  constructor(scopes: Scope) {
    this.#scopes = scopes;
  }

  /** The name, or the property of `this`, that an expression starts with; undefined where it starts otherwise. */
  named(node: Node): Named | undefined {
    return this.#namedBy(chainOf(node));
  }

  /** The property of `this` that a field of a class declares. */
  field(name: Node): Named | undefined {
    const binding = this.#scopes.member(name.text, name.startIndex);
    return binding && { binding, rest: [], isPartial: false };
  }

  /** What an expression takes out of an imported module; undefined for anything else. */
  imported(node: Node): Imported | undefined {
    let at = node;
    let path: readonly string[] = [];
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const chain = chainOf(at);
      if (chain.isPartial) return undefined;
      path = [...chain.names, ...path];
      const module = requiredModule(chain.base);
      if (module !== undefined) return { module, path };
      const meaning = this.#resolved(chain.base)?.meaning;
      if (meaning === undefined || meaning.kind === "other") return undefined;
      path = [...meaning.path, ...path];
      if (meaning.kind === "import") return { module: meaning.module, path };
      at = meaning.value;
    }
    return undefined;
  }

  /** `JSON.stringify`: what an expression takes out of something that the language has, and no name of the file hides. */
  global(node: Node): string | undefined {
    const { base, names, isPartial } = chainOf(node);
    if (isPartial || base.type !== "identifier" || this.#resolved(base) !== undefined) return undefined;
    return [base.text, ...names].join(".");
  }

  /** The `new` expressions that may have made what an expression names, and the names behind it. */
  made(node: Node): Made {
    let at = node;
    let isPartial = false;
    let rest: readonly string[] = [];
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const chain = chainOf(at);
      // Behind an index that is worked out, no name is known.
      if (chain.isPartial) rest = [];
      isPartial ||= chain.isPartial;
      if (chain.base.type === "new_expression")
        return { nodes: [chain.base], rest: [...chain.names, ...rest], isPartial };
      const named = this.#namedBy(chain);
      if (named === undefined) break;
      const { binding } = named;
      rest = [...named.rest, ...rest];
      if (binding.made.length > 0) return { nodes: binding.made, rest, isPartial };
      if (binding.meaning.kind !== "const") break;
      rest = [...binding.meaning.path, ...rest];
      at = binding.meaning.value;
    }
    return { nodes: [], rest, isPartial };
  }

  #namedBy({ base, names, isPartial }: Chain): Named | undefined {
    if (base.type === "this") {
      const [name, ...rest] = names;
      const binding = name === undefined ? undefined : this.#scopes.member(name, base.startIndex);
      return binding && { binding, rest, isPartial };
    }
    const binding = this.#resolved(base);
    return binding && { binding, rest: names, isPartial };
  }

  #resolved(base: Node): Binding | undefined {
    const isName = base.type === "identifier" || base.type === "shorthand_property_identifier";
    return isName ? this.#scopes.resolve(base.text, base.startIndex) : undefined;
  }
}
