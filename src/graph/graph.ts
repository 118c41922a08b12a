import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import { declaredEdges } from "./declared.ts";
import { Collector, type EdgeList } from "./edges.ts";
import { hiddenEdges } from "./hidden.ts";
import { isContainerOnly, isPartType } from "./identities.ts";
import { type Dependent, Reach, type Via } from "./reach.ts";
import { Texts } from "./texts.ts";

/**
 * Who depends on whom among all resources of a run, declared or hidden. Resources are dense integers and edges typed
 * arrays, so that a plan of tens of thousands of resources costs megabytes and one walk costs what it visits.
 */
export class Graph {
  readonly #changes: readonly Change[];
  readonly #deploymentOf: readonly Deployment[];
  readonly #numberOf: ReadonlyMap<Change, number>;
  readonly #texts: Texts;
  readonly #dependents: EdgeList;
  readonly #dependencies: EdgeList;
  /** The walk that last saw a node: one array for all walks, never cleared. */
  readonly #seen: Int32Array;
  #walk = 0;

  constructor(deployments: readonly Deployment[]) {
    const changes: Change[] = [];
    const deploymentOf: Deployment[] = [];
    for (const deployment of deployments) {
      for (const change of deployment.changes) {
        changes.push(change);
        deploymentOf.push(deployment);
      }
    }
    this.#changes = changes;
    this.#deploymentOf = deploymentOf;
    this.#numberOf = new Map(changes.map((change, number) => [change, number]));
    this.#texts = new Texts(changes);
    const edges = new Collector(changes.length);
    declaredEdges(deployments, this.#numberOf, edges);
    hiddenEdges(changes, this.#texts, edges);
    this.#dependents = edges.by("to");
    this.#dependencies = edges.by("from");
    this.#seen = new Int32Array(edges.nodeCount);
  }

  regionOf(change: Change): string | undefined {
    const number = this.#numberOf.get(change);
    return number === undefined ? undefined : this.#texts.regionOf(number);
  }

  /** Everything that depends on the resource, directly or not, nearest first. */
  reachOf(change: Change): Reach {
    // What is inside a resource group does not depend on its settings, only on its being there.
    const isGone = change.action === "delete" || change.action === "replace";
    if (isContainerOnly(change.type) && !isGone) return new Reach([]);
    return this.#collect(change, this.#dependents, Number.POSITIVE_INFINITY);
  }

  /** What the resource depends on directly. */
  dependenciesOf(change: Change): Reach {
    return this.#collect(change, this.#dependencies, 1);
  }

  #collect(start: Change, edges: EdgeList, maxHops: number): Reach {
    const origin = this.#numberOf.get(start);
    if (origin === undefined) return new Reach([]);
    this.#walk++;
    this.#seen[origin] = this.#walk;
    const found: Dependent[] = [];
    let frontier = [{ node: origin, via: undefined as Via | undefined, hidden: false }];
    for (let hops = 1; frontier.length > 0 && hops <= maxHops; hops++) {
      const next: typeof frontier = [];
      // A hub (see edges.ts) is not a resource: what lies behind it is as near as the hub itself.
      const queue = [...frontier];
      for (const { node, via, hidden } of queue) {
        edges.each(node, (neighbour, edge) => {
          if (this.#seen[neighbour] === this.#walk) return;
          this.#seen[neighbour] = this.#walk;
          const step = { node: neighbour, via: via ?? edge.via, hidden: hidden || edge.hidden };
          if (neighbour >= this.#changes.length) {
            queue.push(step);
            return;
          }
          const change = this.#changes[neighbour] as Change;
          if (change.action === "delete" && edges === this.#dependents) return; // nobody is left there to be hit
          found.push({
            change,
            deployment: this.#deploymentOf[neighbour] as Deployment,
            hops,
            via: step.via as Via,
            hidden: step.hidden,
            region: this.#texts.regionOf(neighbour),
            isPart: isPartType(change.type),
          });
          next.push(step);
        });
      }
      frontier = next;
    }
    return new Reach(found);
  }
}
