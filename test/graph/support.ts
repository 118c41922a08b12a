import { Graph } from "../../src/graph/graph.ts";
import type { Via } from "../../src/graph/reach.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment, Edge } from "../../src/model/deployment.ts";
import type { Value } from "../../src/model/value.ts";
import { change } from "../support/harness.ts";

type Properties = { readonly [key: string]: Value };

/** A resource that exists; its address says its type. Others of its states and actions in `rest`. */
export function resource(address: string, properties: Properties = {}, rest: Partial<Change> = {}): Change {
  const type = /(?:^|\.)([a-z]+_\w+)\.[^.]+$/.exec(address)?.[1] ?? address;
  return { ...change({ address, type, before: properties, after: properties }), ...rest };
}

export function deploymentOf(
  changes: readonly Change[],
  edges: readonly (Edge | readonly [from: string, to: string])[] = [],
  name = "test",
): Deployment {
  const all = edges.map((edge) => ("from" in edge ? edge : { from: edge[0], to: edge[1] }));
  return { host: "terraform-plan", name, knows: "before-and-after", changes, edges: all, problems: [] };
}

/** Who depends on a resource, as `address` → `via`, hidden dependencies with a star. */
export function reachOf(
  address: string,
  deployments: Deployment | readonly Deployment[],
): Record<string, string> {
  const all = Array.isArray(deployments)
    ? (deployments as readonly Deployment[])
    : [deployments as Deployment];
  const of = all.flatMap((one) => one.changes).find((one) => one.address === address);
  if (of === undefined) throw new Error(`there is no ${address}`);
  const found = new Graph(all).reachOf(of).dependents;
  return Object.fromEntries(
    found.map((one) => [
      one.change.address,
      `${one.hidden ? "*" : ""}${one.via}${one.hops > 1 ? ` ${one.hops}` : ""}`,
    ]),
  );
}

export type Expected = `${"" | "*"}${Via}` | undefined;
