import { withoutKeys } from "../model/address.ts";
import type { Action, Change } from "../model/change.ts";
import type { Deployment, Directives } from "../model/deployment.ts";
import { emptyObject, isObject, UNKNOWN, type Value } from "../model/value.ts";
import { isWithin, movedAddress } from "./before/addresses.ts";
import { configurationsDiffer, differs } from "./before/compare.ts";
import { withIdentity } from "./before/identity.ts";
import { pair } from "./before/pairing.ts";

export interface BeforeOptions {
  /**
   * Whether an update means something although nothing that is configured differs: a property that is left out stands for
   * the provider's default, which readers do not know and facets do. Without it such a resource is kept.
   */
  readonly isChange?: (update: Change) => boolean;
}

/**
 * Makes deployments that only know what is to be aware of what is: `before` holds states, older synths or plans (of a plan
 * counts what exists before it, not what it would make).
 *
 * - A resource in both is updated where a property that is configured differs, else kept. That an update needs a new
 *   object (`replace`) cannot be told without the provider's schema, so it is never said here.
 * - The after of an update is what is configured, with the existing object's ids, names and host names (before/identity.ts).
 *   Any other property the configuration leaves out stands for the provider's default and is absent.
 * - One that is only configured is created, one that only exists is deleted; inside of a module that the host does not
 *   show, nothing is known of the after.
 *
 * A deployment that knows both sides by itself gains only what stays: a preview may leave out what it does not touch.
 */
export function withBefore(
  after: readonly Deployment[],
  before: readonly Deployment[],
  options: BeforeOptions = {},
): Deployment[] {
  const { beforeOf, problems } = pair(after, before);
  return after.map((one) => {
    const other = beforeOf.get(one);
    const merged = other === undefined || isUnread(one) ? one : mergeOne(one, other, options);
    const said = [...(other?.problems ?? []), ...(problems.get(one) ?? [])];
    return said.length === 0 ? merged : { ...merged, problems: [...merged.problems, ...said] };
  });
}

/** A stack that could not be read has no resources and no directives; that does not mean that all are to be deleted. */
function isUnread(deployment: Deployment): boolean {
  return (
    deployment.knows === "after-only" &&
    deployment.changes.length === 0 &&
    deployment.directives === undefined
  );
}

/** A resource that exists, and what it is. */
interface Existing {
  readonly change: Change;
  readonly value: Value;
}

function mergeOne(after: Deployment, before: Deployment, options: BeforeOptions): Deployment {
  const moved = after.directives?.moved ?? [];
  const existing = new Map<string, Existing>();
  for (const change of before.changes) {
    // What a plan creates does not exist before it; what a synth is given as before does.
    const value = before.knows === "after-only" ? change.after : change.before;
    if (value === undefined || change.action === "read") continue;
    const target = movedAddress(change.address, moved);
    if (!existing.has(target) || target === change.address) existing.set(target, { change, value });
  }
  const changes =
    after.knows === "after-only"
      ? new Merge(after, before, existing, options).changes()
      : [...after.changes, ...untouched(after, existing)];
  const added = new Set<string>();
  const known = new Set(after.changes.map((change) => change.address));
  for (const change of changes) if (!known.has(change.address)) added.add(change.address);
  const addedGroups = new Set([...added].map(withoutKeys));
  // Where the host tells no dependencies at all, those of the state are the best that is known.
  const edges = before.edges.filter(
    (edge) =>
      after.tellsDependencies === false ||
      added.has(edge.from) ||
      (!known.has(edge.from) && addedGroups.has(edge.from)),
  );
  return {
    ...after,
    knows: "before-and-after",
    changes,
    edges: [...after.edges, ...edges],
    ...(before.tellsDependencies !== false && { tellsDependencies: true }),
  };
}

/** What exists and a preview does not mention: it stays as it is. */
function untouched(after: Deployment, existing: ReadonlyMap<string, Existing>): readonly Change[] {
  const addresses = new Set(after.changes.map((change) => change.address));
  // A renamed resource is in the preview under its new address, with the id of the old one.
  const ids = new Set(after.changes.flatMap((change) => idKeys(change, change.before)));
  const stays: Change[] = [];
  for (const [address, { change, value }] of existing) {
    if (addresses.has(address) || idKeys(change, value).some((key) => ids.has(key))) continue;
    stays.push(changeOf(change, address, "keep", value, value));
  }
  return stays;
}

function idKeys(change: Change, value: Value | undefined): readonly string[] {
  const id = isObject(value) && Object.hasOwn(value, "id") ? value.id : undefined;
  return typeof id === "string" && id !== "" ? [`${change.type} ${id}`] : [];
}

/** Compares one configuration with what exists. */
class Merge {
  readonly #after: Deployment;
  readonly #isConfiguration: boolean;
  readonly #existing: Map<string, Existing>;
  readonly #options: BeforeOptions;
  readonly #directives: Directives | undefined;
  readonly #targets: {
    readonly after: ReadonlyMap<string, string>;
    readonly before: ReadonlyMap<string, string>;
  };

  constructor(
    after: Deployment,
    before: Deployment,
    existing: Map<string, Existing>,
    options: BeforeOptions,
  ) {
    this.#after = after;
    this.#isConfiguration = before.knows === "after-only";
    this.#existing = existing;
    this.#options = options;
    this.#directives = after.directives;
    this.#targets = { after: targetsOf(after), before: targetsOf(before) };
  }

  changes(): readonly Change[] {
    const open = new Set(this.#directives?.openInstances ?? []);
    const changes = this.#after.changes.flatMap((change): readonly Change[] => {
      if (change.action === "read") return [change];
      if (!open.has(change.address)) return [this.#compared(change, this.#take(change.address))];
      const instances = [...this.#existing.keys()].filter(
        (address) => withoutKeys(address) === change.address,
      );
      if (instances.length === 0) return [change];
      return instances.map((address) => this.#compared({ ...change, address }, this.#take(address)));
    });
    const majors = new Map(this.#after.changes.map(({ provider }) => [provider?.name, provider?.major]));
    for (const [address, { change, value }] of this.#existing) {
      // A configuration knows its own; a state does not, and is read by the provider that the new one names.
      const major = this.#isConfiguration ? undefined : majors.get(change.provider?.name);
      const gone = changeOf(change, address, "delete", value, undefined);
      const provider =
        change.provider === undefined || major === undefined
          ? {}
          : { provider: { ...change.provider, major } };
      changes.push({ ...gone, ...provider, ...this.#fateOf(address) });
    }
    return changes;
  }

  /** What happens to a resource that exists and is not configured: deleted, unless something else is said. */
  #fateOf(address: string): Partial<Change> {
    if (this.#directives?.forgotten.some((outer) => isWithin(address, outer))) return { action: "forget" };
    if (this.#directives?.hiddenModules.some((outer) => isWithin(address, outer))) {
      return { action: "update", deferred: true, after: UNKNOWN };
    }
    return {};
  }

  /** The existing resource with that address; `count` added or removed does not make it another one. */
  #take(address: string): Existing | undefined {
    const bare = address.endsWith("[0]") ? address.slice(0, -3) : `${address}[0]`;
    const key = this.#existing.has(address) ? address : bare;
    const found = this.#existing.get(key);
    this.#existing.delete(key);
    return found;
  }

  #compared(change: Change, existing: Existing | undefined): Change {
    if (existing === undefined || change.after === undefined) return change;
    const ignored = this.#directives?.ignored.get(withoutKeys(change.address));
    const configured =
      ignored === "all" ? existing.value : ignoring(change.after, existing.value, ignored ?? []);
    const after = this.#isConfiguration ? configured : withIdentity(configured, existing.value);
    const update = {
      ...changeOf(change, change.address, "update", existing.value, after),
      // Two configurations may be written for different versions, and so leave out different defaults.
      ...(this.#isConfiguration && { providerBefore: existing.change.provider }),
    };
    if (ignored !== "all" && (this.#differs(configured, existing) || this.#options.isChange?.(update)))
      return update;
    return changeOf(change, change.address, "keep", existing.value, existing.value);
  }

  #differs(configured: Value, existing: Existing): boolean {
    if (!this.#isConfiguration) return differs(configured, existing.value);
    // Between two configurations, another reference is another value, though neither is known.
    const address = withoutKeys(existing.change.address);
    return (
      configurationsDiffer(configured, existing.value) ||
      this.#targets.after.get(address) !== this.#targets.before.get(address)
    );
  }
}

/** What each resource refers to, in its own deployment and in others, as one text to compare. */
function targetsOf(deployment: Deployment): ReadonlyMap<string, string> {
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

/** The change with another fate. Readers' changes may be class instances, so the members are named one by one. */
function changeOf(
  change: Change,
  address: string,
  action: Action,
  before: Value | undefined,
  after: Value | undefined,
): Change {
  const { name, type, nativeType, provider, stack, source, spell } = change;
  return {
    address,
    name,
    type,
    nativeType,
    action,
    before,
    after,
    ...(provider && { provider }),
    ...(stack !== undefined && { stack }),
    ...(source && { source }),
    ...(spell && { spell }),
  };
}

/** The configured value with the existing one at every path that `ignore_changes` names (`tags`, `tags["owner"]`, `a[0].b`). */
function ignoring(configured: Value, existing: Value, paths: readonly string[]): Value {
  return paths.reduce((value, path) => {
    const steps = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
      ([, text, index, name]) => text ?? index ?? name ?? "",
    );
    return replaced(value, existing, steps);
  }, configured);
}

function replaced(value: Value, existing: Value | undefined, steps: readonly string[]): Value {
  const [step, ...rest] = steps;
  if (step === undefined) return existing ?? null;
  if (Array.isArray(existing) && !Array.isArray(value)) existing = existing[0];
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      String(i) === step ? replaced(item, Array.isArray(existing) ? existing[i] : existing, rest) : item,
    );
  }
  if (!isObject(value)) return value;
  const copy = Object.assign(emptyObject(), value);
  const below = isObject(existing) && Object.hasOwn(existing, step) ? existing[step] : undefined;
  copy[step] = rest.length === 0 ? (below ?? null) : replaced(copy[step] ?? null, below, rest);
  return copy;
}
