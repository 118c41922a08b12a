import {
  type Facet,
  facetOf,
  type ItemOfChange,
  isUnlisted,
  type Unlisted,
  type View,
  viewOf,
} from "../facets/facet.ts";
import type { Field } from "../facets/field.ts";
import type { Reach } from "../graph/reach.ts";
import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import { Computed, sameValue, type Value } from "../model/value.ts";
import type { EvaluationContext } from "./evaluation.ts";
import type { Sharing } from "./policy.ts";

/** One item of a facet in a change, as facts and, made when a policy asks, as the views of them that policies read. */
export class JudgedItem<Shape> {
  readonly facts: ItemOfChange<Shape>;
  #before: View<Shape> | undefined;
  #after: View<Shape> | undefined;
  #areSame: boolean | undefined;

  constructor(facts: ItemOfChange<Shape>) {
    this.facts = facts;
  }

  get before(): View<Shape> | undefined {
    this.#before ??= this.facts.before && viewOf(this.facts.before);
    return this.#before;
  }

  get after(): View<Shape> | undefined {
    this.#after ??= this.facts.after && viewOf(this.facts.after);
    return this.#after;
  }

  /** Whether the facts are all the same before and after: known, or written as the same expression. */
  get areSame(): boolean {
    this.#areSame ??= areSame(this.facts);
    return this.#areSame;
  }
}

function areSame<Shape>({ before, after }: ItemOfChange<Shape>): boolean {
  if (before === undefined || after === undefined) return false;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Shape>;
  for (const name of names) {
    const was: Field<unknown> | undefined = before[name];
    const will: Field<unknown> | undefined = after[name];
    const isSame = sameValue(was?.value as Value | undefined, will?.value as Value | undefined);
    // Whatever an expression comes to, it does so before and after.
    if (!isSame && !(will?.raw instanceof Computed && sameValue(was?.raw, will.raw))) return false;
  }
  return true;
}

/** A changed resource under several policies: what more than one of them asks is found out once, when the first asks. */
export class JudgedResource {
  readonly change: Change;
  readonly deployment: Deployment;
  readonly #context: EvaluationContext;
  readonly #items = new Map<string, readonly JudgedItem<unknown>[] | Unlisted>();
  readonly #reaches = new Map<Change, Reach>();
  #dependencies: Reach | undefined;
  #sharing: Sharing | undefined;

  constructor(change: Change, deployment: Deployment, context: EvaluationContext) {
    this.change = change;
    this.deployment = deployment;
    this.#context = context;
  }

  /** The items of a facet; or the path of the list that is not known yet. */
  itemsOf<Shape>(facet: Facet<Shape>): readonly JudgedItem<Shape>[] | Unlisted {
    let items = this.#items.get(facet.id);
    if (items === undefined) {
      const found = facetOf(facet, this.change);
      items = isUnlisted(found) ? found : found.map((facts) => new JudgedItem(facts));
      this.#items.set(facet.id, items);
    }
    return items as readonly JudgedItem<Shape>[] | Unlisted;
  }

  get reach(): Reach {
    return this.reachOf(this.change);
  }

  /** Who depends on another resource, often the one that this is a part of. */
  reachOf(other: Change): Reach {
    let reach = this.#reaches.get(other);
    if (reach === undefined) {
      reach = this.#context.graph.reachOf(other);
      this.#reaches.set(other, reach);
    }
    return reach;
  }

  get dependencies(): Reach {
    this.#dependencies ??= this.#context.graph.dependenciesOf(this.change);
    return this.#dependencies;
  }

  get sharing(): Sharing {
    this.#sharing ??= this.#context.sharing(this.change);
    return this.#sharing;
  }
}
