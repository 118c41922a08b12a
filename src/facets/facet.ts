import { type Change, providerMajorOf } from "../model/change.ts";
import { noteSecrets } from "../model/secret-texts.ts";
import { Computed, holdsUnknown, Secret, Unknown, type Value } from "../model/value.ts";
import { type Field, ResourceReader } from "./field.ts";

/** The facts of a facet as one dialect gives them; a fact the resource does not have is left out. */
export type Facts<Shape> = {
  readonly [K in keyof Shape]?: Field<NonNullable<Shape[K]>> | Field<Shape[K] | undefined> | undefined;
};

/** One of several things of the same kind in a resource (a route's retries, a listener's certificate). */
export interface Item<Shape> {
  /** Pairs the item's before with its after: a name or a position; empty where the resource is the only item. */
  readonly key: string;
  readonly facts: Facts<Shape>;
}

/** The items stand in a list that is not known yet. */
export interface Unlisted {
  readonly unlisted: string;
}

/**
 * How one type keeps the facts: one set, several items, a list that is unknown, or `undefined` where this resource of the type
 * does not have the facet.
 */
export type Mapping<Shape> = (
  resource: ResourceReader,
) => Facts<Shape> | readonly Item<Shape>[] | Unlisted | undefined;

/** A semantic view of a resource, independent of dialect. */
export interface Facet<Shape> {
  readonly id: string;
  /** The canonical types that can have it, as the facet's table names them. */
  readonly types: readonly string[];
  /** Whether resources of the type can have the facet. */
  covers(type: string): boolean;
  /** The items that a state of a resource of that type has; none where there is no state or no such facet. */
  items(type: string, state: Value | undefined, providerMajor?: number): readonly Item<Shape>[] | Unlisted;
}

/** What a policy reads: plain values. Touching a fact that is unknown ends the check as undetermined. */
export type View<Shape> = { readonly [K in keyof Shape]?: Shape[K] };

/** Thrown by a view when a policy touches what is not known yet; the engine turns it into an Undetermined. */
export class UndeterminedSignal extends Error {
  override readonly name = "UndeterminedSignal";
  readonly path: string;
  readonly because: string;
  constructor(path: string, because = "known after apply") {
    super(`${path}: ${because}`);
    this.path = path;
    this.because = because;
  }
}

/**
 * Defines a facet from its mappings, keyed by canonical type. A Kubernetes type may write a star for its version:
 * `networking.istio.io/ * /VirtualService` without the blanks.
 */
export function defineFacet<Shape>(
  id: string,
  mappings: Readonly<Record<string, Mapping<Shape>>>,
): Facet<Shape> {
  const byKey = new Map(Object.entries(mappings).map(([type, mapping]) => [type.toLowerCase(), mapping]));
  const known = new Map<string, Mapping<Shape> | undefined>();
  const find = (type: string): Mapping<Shape> | undefined => {
    if (!known.has(type)) {
      const key = type.toLowerCase();
      known.set(
        type,
        byKey.get(key) ??
          byKey.get(key.replace(/\/v\d[^/]*\/|^v\d[^/]*\//, (v) => v.replace(/v\d[^/]*/, "*"))),
      );
    }
    return known.get(type);
  };
  return {
    id,
    types: Object.keys(mappings),
    covers: (type) => find(type) !== undefined,
    items(type, state, providerMajor) {
      if (state === undefined || state === null) return [];
      if (state instanceof Unknown) return { unlisted: "" };
      const found = find(type)?.(new ResourceReader(state, type, providerMajor));
      if (found === undefined) return [];
      if (Array.isArray(found)) return found as readonly Item<Shape>[];
      if (isUnlisted(found)) return found;
      return [{ key: "", facts: found as Facts<Shape> }];
    },
  };
}

export function isUnlisted(found: object): found is Unlisted {
  return "unlisted" in found && typeof found.unlisted === "string";
}

/**
 * Items from the list (or single block) at `path`, one for each element that `read` gives facts for. `key` names the
 * property that identifies an element; without it elements pair by position.
 */
export function itemsAt<Shape>(
  resource: ResourceReader,
  path: string,
  read: (block: ResourceReader, index: number) => Facts<Shape> | undefined,
  key?: string,
): readonly Item<Shape>[] | Unlisted {
  const blocks = resource.blocks(path);
  if (blocks instanceof Unknown) return { unlisted: resource.pathOf(path) };
  const items: Item<Shape>[] = [];
  for (const [index, block] of blocks.entries()) {
    const facts = read(block, index);
    if (facts === undefined) continue;
    const name = key === undefined ? undefined : block.string(key).value;
    items.push({ key: typeof name === "string" ? `${path}:${name}` : `${path}#${index}`, facts });
  }
  return items;
}

/** The items of several lists of one resource as one list; unlisted as soon as one of them is. */
export function joinItems<Shape>(
  ...lists: readonly (readonly Item<Shape>[] | Unlisted)[]
): readonly Item<Shape>[] | Unlisted {
  const items: Item<Shape>[] = [];
  for (const list of lists) {
    if (isUnlisted(list)) return list;
    items.push(...list);
  }
  return items;
}

/** The view of facts that policies read: their values, or a signal where one is not known. */
export function viewOf<Shape>(facts: Facts<Shape>): View<Shape> {
  return new Proxy(facts, READING) as unknown as View<Shape>;
}

const READING: ProxyHandler<Facts<object>> = {
  get(facts: Readonly<Record<PropertyKey, unknown>>, name) {
    const field = facts[name] as Field<unknown> | undefined;
    if (field?.value instanceof Unknown) throw new UndeterminedSignal(field.path, whyUnknown(field));
    // Most facts are plain words.
    if (typeof field?.raw === "object") noteSecrets(field.raw);
    return field?.value;
  },
  // A fact that is given as undefined is not there.
  getOwnPropertyDescriptor: (facts: Readonly<Record<PropertyKey, unknown>>, name) =>
    facts[name] === undefined ? undefined : Reflect.getOwnPropertyDescriptor(facts, name),
  set: () => false,
};

/** Why a fact is unknown, for the person who reads it; `was` is what it was before. */
export function whyUnknown(field: Field<unknown>, was?: Field<unknown>): string {
  if (field.raw === undefined) return "not written, and its default is not known here";
  if (field.raw instanceof Computed || was?.raw instanceof Computed) {
    const before = was === undefined ? "" : `${shown(was)} → `;
    return `written as ${before}${shown(field)}, which is worked out elsewhere`;
  }
  return holdsUnknown(field.raw) ? "known after apply" : "its content could not be understood";
}

function shown({ raw }: Field<unknown>): string {
  if (raw === undefined || raw === null) return "nothing";
  return typeof raw === "object"
    ? String(raw instanceof Unknown || raw instanceof Secret ? raw : "(…)")
    : JSON.stringify(raw);
}

/** One item of a facet in a change: what it was and what it will be. */
export interface ItemOfChange<Shape> {
  readonly before: Facts<Shape> | undefined;
  readonly after: Facts<Shape> | undefined;
}

/** The facet's items of a change, before paired with after; or the path of the list that is not known yet. */
export function facetOf<Shape>(
  facet: Facet<Shape>,
  change: Change,
): readonly ItemOfChange<Shape>[] | Unlisted {
  const before = facet.items(change.type, change.before, providerMajorOf(change, "before"));
  const after = facet.items(change.type, change.after, providerMajorOf(change, "after"));
  if (isUnlisted(after)) return after;
  if (isUnlisted(before)) return before;
  const unpaired = new Map(before.map((item) => [item.key, item.facts]));
  const pairs: ItemOfChange<Shape>[] = after.map((item) => {
    const was = unpaired.get(item.key);
    unpaired.delete(item.key);
    return { before: was, after: item.facts };
  });
  for (const facts of unpaired.values()) pairs.push({ before: facts, after: undefined });
  return pairs;
}
