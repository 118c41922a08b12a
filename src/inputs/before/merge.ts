import { withoutKeys } from "../../model/address.ts";
import type { Change } from "../../model/change.ts";
import type { Deployment, Directives } from "../../model/deployment.ts";
import { NEW } from "../../model/pending.ts";
import { holdsUnknown, isObject, UNKNOWN, type Value } from "../../model/value.ts";
import { isWithin } from "./addresses.ts";
import { configurationsDiffer, differs } from "./compare.ts";
import { changeOf, type Existing, existingIn } from "./existing.ts";
import { isIdentity, withIdentity } from "./identity.ts";
import { ignoring } from "./ignoring.ts";

export interface BeforeOptions {
  /**
   * Whether an update means something although nothing that is configured differs: a property that is left out stands for
   * the provider's default, which readers do not know and facets do. Without it such a resource is kept.
   */
  readonly isChange?: (update: Change) => boolean;
}

/** A resource that is configured, and what it is now if it exists. */
interface Pair {
  readonly change: Change;
  readonly existing: Existing | undefined;
}

interface Compared {
  readonly change: Change;
  /** It stays as it is for certain: all that is configured is known, and is there already. */
  readonly stays: boolean;
}

/** Compares one configuration with what exists. */
export class Merge {
  /** What the configuration is compared with. */
  readonly before: Deployment;
  /** What exists are objects with all their attributes, not an older configuration of them. */
  readonly knowsAttributes: boolean;
  /** Gives what a resource is configured to be where its references are resolved; undefined where they cannot be. */
  resolve: ((change: Change) => Value | undefined) | undefined;
  readonly #pairs: readonly Pair[];
  readonly #byAddress: ReadonlyMap<string, Pair>;
  /** What exists and is not configured. */
  readonly #gone: ReadonlyMap<string, Existing>;
  readonly #compared = new Map<Pair, Compared>();
  readonly #options: BeforeOptions;
  readonly #directives: Directives | undefined;
  /** By provider, of the configuration. */
  readonly #majors: ReadonlyMap<string | undefined, number | undefined>;
  /** What each resource refers to; only of two configurations, which are compared by that. */
  readonly #targets: { readonly after: Targets; readonly before: Targets } | undefined;

  constructor(after: Deployment, before: Deployment, options: BeforeOptions) {
    this.before = before;
    this.knowsAttributes = before.knows !== "after-only";
    this.#options = options;
    this.#directives = after.directives;
    const existing = existingIn(before, after.directives?.moved ?? []);
    this.#pairs = paired(after, existing);
    this.#byAddress = new Map(this.#pairs.map((pair) => [pair.change.address, pair]));
    this.#gone = existing;
    this.#majors = new Map(after.changes.map(({ provider }) => [provider?.name, provider?.major]));
    this.#targets = this.knowsAttributes ? undefined : { after: targetsOf(after), before: targetsOf(before) };
  }

  changes(): readonly Change[] {
    const changes = this.#pairs.map((pair) => this.#compare(pair).change);
    for (const [address, { change, value }] of this.#gone) {
      // A configuration knows its own; a state does not, and is read by the provider that the new one names.
      const major = this.knowsAttributes ? this.#majors.get(change.provider?.name) : undefined;
      const gone = changeOf(change, address, "delete", value, undefined);
      const provider =
        change.provider === undefined || major === undefined
          ? {}
          : { provider: { ...change.provider, major } };
      changes.push({ ...gone, ...provider, ...this.#fateOf(address) });
    }
    return changes;
  }

  /**
   * What an attribute that a resource does not configure itself is: what it was where it only says which object that is, or
   * where the object stays as it is; NEW where there is no such object yet; else UNKNOWN.
   */
  attribute(address: string, name: string): Value {
    const pair = this.#byAddress.get(address);
    // The values of a manifest are those of the object in it, not attributes.
    if (!this.knowsAttributes || pair === undefined || pair.change.type !== pair.change.nativeType)
      return UNKNOWN;
    const { change, existing } = pair;
    if (existing === undefined) return change.action === "create" ? NEW : UNKNOWN;
    const { value } = existing;
    if (!isObject(value) || !Object.hasOwn(value, name)) return UNKNOWN;
    return isIdentity(name) || this.#compare(pair).stays ? (value[name] ?? UNKNOWN) : UNKNOWN;
  }

  /** What happens to a resource that exists and is not configured: deleted, unless something else is said. */
  #fateOf(address: string): Partial<Change> {
    if (this.#directives?.forgotten.some((outer) => isWithin(address, outer))) return { action: "forget" };
    if (this.#directives?.hiddenModules.some((outer) => isWithin(address, outer))) {
      return { action: "update", deferred: true, after: UNKNOWN };
    }
    return {};
  }

  #compare(pair: Pair): Compared {
    const known = this.#compared.get(pair);
    if (known !== undefined) return known;
    // Whoever asks while it is being worked out is part of a circle.
    this.#compared.set(pair, { change: pair.change, stays: false });
    const compared = this.#comparison(pair.change, pair.existing);
    this.#compared.set(pair, compared);
    return compared;
  }

  #comparison(change: Change, existing: Existing | undefined): Compared {
    if (change.action === "read" || change.after === undefined) return { change, stays: false };
    const resolved = resolvedAfter(change, change.after, this.knowsAttributes ? this.resolve : undefined);
    if (existing === undefined) return { change: { ...change, after: resolved }, stays: false };
    const ignored = this.#directives?.ignored.get(withoutKeys(change.address));
    const configured = ignored === "all" ? existing.value : ignoring(resolved, existing.value, ignored ?? []);
    const after = this.knowsAttributes ? withIdentity(configured, existing.value) : configured;
    const update = {
      ...changeOf(change, change.address, "update", existing.value, after),
      // Two configurations may be written for different versions, and so leave out different defaults.
      ...(!this.knowsAttributes && { providerBefore: existing.change.provider }),
    };
    const isChanged = () =>
      this.#differs(configured, existing) ||
      // Two configurations that say the same mean the same, unless they are read by different defaults.
      ((this.knowsAttributes || change.provider?.major !== existing.change.provider?.major) &&
        this.#options.isChange?.(update) === true);
    if (ignored !== "all" && isChanged()) return { change: update, stays: false };
    const kept = changeOf(change, change.address, "keep", existing.value, existing.value);
    return { change: kept, stays: !holdsUnknown(configured) };
  }

  #differs(configured: Value, existing: Existing): boolean {
    if (this.#targets === undefined) return differs(configured, existing.value);
    if (configurationsDiffer(configured, existing.value)) return true;
    // Between two configurations, another reference is another value, though neither is known.
    if (!holdsUnknown(configured) && !holdsUnknown(existing.value)) return false;
    const address = withoutKeys(existing.change.address);
    return this.#targets.after.get(address) !== this.#targets.before.get(address);
  }
}

/** The after of a change with its references resolved, where some are open and somebody can. */
export function resolvedAfter(change: Change, after: Value, resolve: Merge["resolve"]): Value {
  return resolve === undefined || !holdsUnknown(after) ? after : (resolve(change) ?? after);
}

/** What is configured, each with what exists of it, which is taken out of `existing`. */
function paired(after: Deployment, existing: Map<string, Existing>): readonly Pair[] {
  const open = new Set(after.directives?.openInstances ?? []);
  return after.changes.flatMap((change): readonly Pair[] => {
    if (change.action === "read") return [{ change, existing: undefined }];
    if (!open.has(change.address)) return [{ change, existing: take(existing, change.address) }];
    const instances = [...existing.keys()].filter((address) => withoutKeys(address) === change.address);
    if (instances.length === 0) return [{ change, existing: undefined }];
    return instances.map((address) => ({
      change: { ...change, address },
      existing: take(existing, address),
    }));
  });
}

/** The existing resource with that address; `count` added or removed does not make it another one. */
function take(existing: Map<string, Existing>, address: string): Existing | undefined {
  const bare = address.endsWith("[0]") ? address.slice(0, -3) : `${address}[0]`;
  const key = existing.has(address) ? address : bare;
  const found = existing.get(key);
  existing.delete(key);
  return found;
}

/** By address without instance key, what a resource refers to, as one text to compare. */
type Targets = ReadonlyMap<string, string>;

/** What each resource refers to, in its own deployment and in others. */
function targetsOf(deployment: Deployment): Targets {
  const targets = new Map<string, Set<string>>();
  const add = (from: string, target: string) => {
    const address = withoutKeys(from);
    const known = targets.get(address);
    if (known === undefined) targets.set(address, new Set([target]));
    else known.add(target);
  };
  for (const { from, to, attribute } of deployment.edges) add(from, `${to} ${attribute}`);
  for (const { from, deployment: other, to, attribute } of deployment.crossEdges ?? [])
    add(from, `${other} ${to} ${attribute}`);
  return new Map([...targets].map(([address, set]) => [address, [...set].sort().join("\n")]));
}
