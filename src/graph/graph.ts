import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import { declaredEdges } from "./declared.ts";
import { Collector, type EdgeList } from "./edges.ts";
import { hiddenEdges } from "./hidden.ts";
import { isContainerOnly, isPartType } from "./identities.ts";
import { type Dependent, moreTelling, Reach, type Via } from "./reach.ts";
import { Texts } from "./texts.ts";

/** Who depends on whom, as the engine asks it. */
export interface Relations {
  regionOf(change: Change): string | undefined;
  /** Everything that depends on the resource, directly or not, nearest first. */
  reachOf(change: Change): Reach;
  /** What the resource depends on directly. */
  dependenciesOf(change: Change): Reach;
}

/**
 * Who depends on whom among all resources of a run, declared or hidden. Resources are dense integers and edges typed
 * arrays, so that a plan of tens of thousands of resources costs megabytes and one walk costs what it visits.
 */
export class Graph implements Relations {
  readonly #changes: readonly Change[];
  readonly #deploymentOf: readonly Deployment[];
  readonly #numberOf: ReadonlyMap<Change, number>;
  readonly #texts: Texts;
  readonly #dependents: EdgeList;
  readonly #dependencies: EdgeList;
  /** By deployment, those that are declared to come right after it. */
  readonly #next: ReadonlyMap<string, readonly string[]>;
  /** The walk that last saw a node, and its place among the steps of that walk: arrays for all walks, never cleared. */
  readonly #seen: Int32Array;
  readonly #places: Int32Array;
  #walks = 0;

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
    const numberOf = new Map<Change, number>();
    for (let number = 0; number < changes.length; number++) numberOf.set(changes[number] as Change, number);
    this.#numberOf = numberOf;
    this.#texts = new Texts(changes);
    const edges = new Collector(changes.length);
    declaredEdges(deployments, edges);
    hiddenEdges(changes, this.#texts, edges);
    this.#next = nextOf(deployments);
    this.#dependents = edges.by("to");
    this.#dependencies = edges.by("from");
    this.#seen = new Int32Array(edges.nodeCount);
    this.#places = new Int32Array(edges.nodeCount);
  }

  regionOf(change: Change): string | undefined {
    const number = this.#numberOf.get(change);
    return number === undefined ? undefined : this.#texts.regionOf(number);
  }

  reachOf(change: Change): Reach {
    // What is inside a resource group does not depend on its settings, only on its being there.
    const isGone = change.action === "delete" || change.action === "replace";
    if (isContainerOnly(change.type) && !isGone) return NOBODY;
    const reach = this.#collect(change, this.#dependents, Number.POSITIVE_INFINITY);
    return this.#next.size === 0 ? reach : new Reach(reach.dependents, this.#waitingFor(change, reach));
  }

  /** The deployments that come after the change's own, directly or not, beside those that it is known to reach. */
  #waitingFor(change: Change, reach: Reach): readonly string[] {
    const number = this.#numberOf.get(change);
    if (number === undefined) return [];
    const own = (this.#deploymentOf[number] as Deployment).name;
    const found = new Set([own]);
    for (const name of found) for (const next of this.#next.get(name) ?? []) found.add(next);
    found.delete(own);
    for (const name of reach.deployments) found.delete(name);
    return [...found].sort();
  }

  dependenciesOf(change: Change): Reach {
    return this.#collect(change, this.#dependencies, 1);
  }

  #collect(start: Change, edges: EdgeList, maxHops: number): Reach {
    const origin = this.#numberOf.get(start);
    if (origin === undefined || edges.start(origin) === edges.start(origin + 1)) return NOBODY;
    const steps = this.#walk(origin, edges, maxHops, true);
    // Whoever also depends on it by declarations alone does not do so in hiding, however long that way is.
    const declared = steps.some((step) => step.hidden)
      ? new Set(this.#walk(origin, edges, maxHops, false).map((step) => step.node))
      : undefined;
    const found: Dependent[] = [];
    for (const { node, hops, via, hidden } of steps) {
      const change = this.#changes[node];
      if (change === undefined || node === origin) continue;
      found.push({
        change,
        deployment: this.#deploymentOf[node] as Deployment,
        hops,
        via: via ?? "reference",
        hidden: hidden && declared?.has(node) !== true,
        region: this.#texts.regionOf(node),
        isPart: isPartType(change.type),
      });
    }
    return new Reach(found);
  }

  /** Everything that the edges lead to, level by level; of several ways of one length the most telling counts. */
  #walk(origin: number, edges: EdgeList, maxHops: number, alsoHidden: boolean): readonly Step[] {
    const isDownstream = edges === this.#dependents;
    const isHub = (node: number) => node >= this.#changes.length;
    const endsAtContainers = isDownstream && !isContainerOnly((this.#changes[origin] as Change).type);
    this.#walks++;
    const steps: Step[] = [];
    const reach = (step: Step) => {
      this.#seen[step.node] = this.#walks;
      this.#places[step.node] = steps.push(step) - 1;
      return step;
    };
    let level = [reach({ node: origin, hops: 0, via: undefined, hidden: false })];
    for (let hops = 1; level.length > 0 && hops <= maxHops; hops++) {
      const next: Step[] = [];
      // A hub (see edges.ts) is not a resource: what lies behind it is as near as the hub itself.
      const queue = [...level];
      for (const step of queue) {
        edges.each(step.node, (node, edge) => {
          if (edge.hidden && !alsoHidden) return;
          // The edge that joins a hub with its members tells nothing.
          const via = step.via ?? (isHub(isDownstream ? node : step.node) ? undefined : edge.via);
          const hidden = step.hidden || edge.hidden;
          if (this.#seen[node] === this.#walks) {
            const known = steps[this.#places[node] as number] as Step;
            if (known.hops !== hops) return;
            known.via = moreTelling(known.via, via);
            known.hidden &&= hidden;
            return;
          }
          const change = this.#changes[node];
          if (change === undefined) {
            queue.push(reach({ node, hops, via, hidden }));
            return;
          }
          if (change.action === "delete" && isDownstream) return; // nobody is left there to be hit
          const found = reach({ node, hops, via, hidden });
          // A group that depends on the origin does not pass that on to what is inside it.
          if (!(endsAtContainers && isContainerOnly(change.type))) next.push(found);
        });
      }
      level = next;
    }
    return steps;
  }
}

const NOBODY = new Reach([]);

function nextOf(deployments: readonly Deployment[]): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>();
  for (const { name, dependsOn = [] } of deployments) {
    for (const earlier of dependsOn) next.set(earlier, [...(next.get(earlier) ?? []), name]);
  }
  return next;
}

/** A node on a walk; via and hidden are those of the best way of this length found so far. */
interface Step {
  readonly node: number;
  readonly hops: number;
  via: Via | undefined;
  hidden: boolean;
}
