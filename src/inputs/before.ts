import { withoutKeys } from "../model/address.ts";
import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import { isObject, UNKNOWN, type Value } from "../model/value.ts";
import { changeOf, type Existing, existingIn } from "./before/existing.ts";
import { type BeforeOptions, Merge, resolvedAfter } from "./before/merge.ts";
import { type Pairs, pair } from "./before/pairing.ts";

/**
 * Makes deployments that only know what is to be aware of what is: `before` holds states, older synths or plans (of a plan
 * counts what exists before it, not what it would make).
 *
 * - A resource in both is updated where a property that is configured differs, else kept. That an update needs a new
 *   object (`replace`) cannot be told without the provider's schema, so it is never said here.
 * - The after of an update is what is configured, with the existing object's ids, names and host names (before/identity.ts).
 *   Any other property the configuration leaves out stands for the provider's default and is absent.
 * - A reference to what exists is resolved by it (Merge.attribute), in whatever stack of the configuration that is.
 * - One that is only configured is created, one that only exists is deleted; inside of a module that the host does not
 *   show, nothing is known of the after.
 *
 * A deployment that knows both sides by itself gains only what stays: a preview may leave out what it does not touch.
 */
export function withBefore(
  after: readonly Deployment[],
  before: readonly Deployment[],
  options: BeforeOptions = {},
  ahead: MergesAhead = new Map(),
): Deployment[] {
  return compareWith(after, pair(after, before), options, ahead);
}

/** The same where it is known already which before belongs to which deployment. */
export function compareWith(
  after: readonly Deployment[],
  { beforeOf, problems }: Pairs,
  options: BeforeOptions,
  ahead: MergesAhead = new Map(),
): Deployment[] {
  const merges = mergesOf(after, beforeOf, options, ahead);
  const resolvers = resolversOf(after, merges);
  return after.map((one) => {
    const other = beforeOf.get(one);
    const merged =
      other === undefined || isUnread(one)
        ? resolvedAlone(one, resolvers.get(one))
        : mergeOne(one, other, merges.get(one));
    const said = [...(other?.problems ?? []), ...(problems.get(one) ?? [])];
    return said.length === 0 ? merged : { ...merged, problems: [...merged.problems, ...said] };
  });
}

/** Comparisons that were made ahead, by the changes of the deployment. */
export type MergesAhead = Map<readonly Change[], Merge>;

/** Compares a deployment that refers to no other with the before of its name, while the others are not known yet. */
export function mergeAhead(
  one: Deployment,
  before: readonly Deployment[],
  options: BeforeOptions,
  ahead: MergesAhead,
): void {
  const [other, ...others] = before.filter(({ name }) => name === one.name);
  if (other === undefined || others.length > 0) return;
  const merges = mergesOf([one], new Map([[one, other]]), options, ahead);
  resolversOf([one], merges);
  for (const merge of merges.values()) {
    merge.changes();
    ahead.set(one.changes, merge);
  }
}

/** A stack that could not be read has no resources and no directives; that does not mean that all are to be deleted. */
function isUnread(deployment: Deployment): boolean {
  return (
    deployment.knows === "after-only" &&
    deployment.changes.length === 0 &&
    deployment.directives === undefined
  );
}

/** The comparison of each configuration with its before. */
function mergesOf(
  after: readonly Deployment[],
  beforeOf: ReadonlyMap<Deployment, Deployment>,
  options: BeforeOptions,
  ahead: MergesAhead,
): ReadonlyMap<Deployment, Merge> {
  const merges = new Map<Deployment, Merge>();
  for (const one of after) {
    const other = beforeOf.get(one);
    if (other === undefined || one.knows !== "after-only" || isUnread(one)) continue;
    const known = ahead.get(one.changes);
    merges.set(one, known?.before === other ? known : new Merge(one, other, options));
  }
  return merges;
}

/** Joins the comparisons of each configuration's parts: what resolves the references between them, where anything can. */
function resolversOf(
  after: readonly Deployment[],
  merges: ReadonlyMap<Deployment, Merge>,
): ReadonlyMap<Deployment, Merge["resolve"]> {
  const resolvers = new Map<Deployment, Merge["resolve"]>();
  for (const [configuration, parts] of Map.groupBy(after, (one) => one.configuration)) {
    const byName = new Map(parts.map((one) => [one.name, merges.get(one)]));
    if (![...byName.values()].some((merge) => merge?.knowsAttributes)) continue;
    const resolve = configuration?.resolvedBy(
      (name, address, attribute) => byName.get(name)?.attribute(address, attribute) ?? UNKNOWN,
    );
    for (const one of parts) {
      resolvers.set(one, resolve);
      const merge = merges.get(one);
      if (merge !== undefined) merge.resolve = resolve;
    }
  }
  return resolvers;
}

/** A stack of which nothing exists may refer to others of which something does. */
function resolvedAlone(one: Deployment, resolve: Merge["resolve"]): Deployment {
  if (resolve === undefined) return one;
  const changes = one.changes.map((change) => {
    const { after } = change;
    return after === undefined ? change : { ...change, after: resolvedAfter(change, after, resolve) };
  });
  return { ...one, changes };
}

function mergeOne(after: Deployment, before: Deployment, merge: Merge | undefined): Deployment {
  const changes = merge?.changes() ?? [
    ...after.changes,
    ...untouched(after, existingIn(before, after.directives?.moved ?? [])),
  ];
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
