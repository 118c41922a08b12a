import type { Node } from "web-tree-sitter";

/** What a name stands for, as far as its declaration tells. */
export type Meaning =
  /** What `path` leads to in the value: `const { a } = value`. */
  | { readonly kind: "const"; readonly value: Node; readonly path: readonly string[] }
  | { readonly kind: "import"; readonly module: string; readonly path: readonly string[] }
  /** A parameter, a variable that can be set again, a function, a class; or it is declared twice. */
  | { readonly kind: "other" };

/** A name where it is declared. */
export class Binding {
  readonly name: string;
  readonly meaning: Meaning;
  /** What changes the object behind the name, or hands it to somebody who may. */
  readonly changes: Node[] = [];
  /** The `new` expressions whose objects it stands for. */
  readonly made: Node[] = [];

  constructor(name: string, meaning: Meaning) {
    this.name = name;
    this.meaning = meaning;
  }
}

type ScopeKind = "function" | "class" | "block";

/** A part of the text that names are declared in. */
export class Scope {
  readonly kind: ScopeKind;
  readonly outer: Scope | undefined;
  readonly #start: number;
  readonly #end: number;
  /** In the order of the text. */
  readonly #inner: Scope[] = [];
  readonly #names = new Map<string, Binding>();

  constructor(kind: ScopeKind, { startIndex, endIndex }: Node, outer?: Scope) {
    this.kind = kind;
    this.outer = outer;
    this.#start = startIndex;
    this.#end = endIndex;
    if (outer !== undefined) outer.#inner.push(this);
  }

  /** Declares a name here. One that is declared twice stands for nothing in particular. */
  declare(name: string, meaning: Meaning): void {
    const isKnown = this.#names.has(name);
    this.#names.set(name, new Binding(name, isKnown ? { kind: "other" } : meaning));
  }

  /** What the name stands for at that place of the text; undefined where nothing in the file declares it. */
  resolve(name: string, at: number): Binding | undefined {
    for (let scope: Scope | undefined = this.#innermost(at); scope !== undefined; scope = scope.outer) {
      const binding = scope.#names.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  /** The property of the object that `this` is at that place; made known here where it is not. */
  member(name: string, at: number): Binding | undefined {
    const owner = nearest(this.#innermost(at), "class");
    if (owner === undefined) return undefined;
    const key = `this.${name}`;
    if (!owner.#names.has(key)) owner.#names.set(key, new Binding(key, { kind: "other" }));
    return owner.#names.get(key);
  }

  #innermost(at: number): Scope {
    let scope: Scope = this;
    for (;;) {
      const inner = lastStartingBy(scope.#inner, at);
      if (inner === undefined || at >= inner.#end) return scope;
      scope = inner;
    }

    function lastStartingBy(scopes: readonly Scope[], place: number): Scope | undefined {
      let [low, high] = [0, scopes.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((scopes[middle] as Scope).#start <= place) low = middle + 1;
        else high = middle;
      }
      return scopes[low - 1];
    }
  }
}

/** The scope of that kind around a place; for `function`, the whole file counts as one. */
export function nearest(from: Scope, kind: "function" | "class"): Scope | undefined {
  let scope: Scope | undefined = from;
  while (scope !== undefined && scope.kind !== kind) scope = scope.outer;
  return scope;
}
