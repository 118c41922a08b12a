import { withoutKeys } from "../../model/address.ts";
import type { Change } from "../../model/change.ts";
import type { Edge } from "../../model/deployment.ts";

/** A data source or an ephemeral resource, in whatever module. */
const MAY_BE_UNSHOWN = /(?:^|\.)(?:data|ephemeral)\.[^.]+\.[^.]+$/;

/**
 * The edges past what a plan configures but does not list among its changes: data sources that could be read while
 * planning, and ephemeral resources. Who depends on one of those depends on what it is made from.
 */
export function pastUnshown(edges: readonly Edge[], changes: readonly Change[]): readonly Edge[] {
  const unshown = new Set<string>();
  for (const { from, to } of edges) {
    for (const end of [withoutKeys(from), withoutKeys(to)]) if (MAY_BE_UNSHOWN.test(end)) unshown.add(end);
  }
  if (unshown.size === 0) return edges;
  for (const { address } of changes) unshown.delete(withoutKeys(address));
  const behind = Map.groupBy(edges, ({ from }) => withoutKeys(from));
  const past = new Map<string, Edge>();
  for (const edge of edges) {
    if (unshown.has(withoutKeys(edge.from))) continue;
    for (const one of follow(edge)) {
      past.set(`${one.from}\n${one.to}\n${one.attribute}\n${one.sameKey}`, one);
    }
  }
  return [...past.values()];

  /** The edge itself, or those to what is behind its end; it passes each address once. */
  function follow(edge: Edge): readonly Edge[] {
    const found: Edge[] = [];
    const passed = new Set<string>();
    const open = [edge];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const end = withoutKeys(at.to);
      if (!unshown.has(end)) found.push(at);
      else if (!passed.has(end)) {
        passed.add(end);
        for (const next of behind.get(end) ?? []) open.push(joined(at, next));
      }
    }
    return found;
  }
}

/** What is taken from a data source is the property of what it shows. */
function joined(first: Edge, second: Edge): Edge {
  const { from, attribute, sameKey } = first;
  return {
    from,
    to: second.to,
    ...(attribute !== undefined && { attribute }),
    ...(sameKey === true && second.sameKey === true && { sameKey }),
  };
}
