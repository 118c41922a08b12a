import type { Via } from "./reach.ts";

const VIAS: readonly Via[] = ["endpoint", "id", "name", "credential", "reference"];
const HIDDEN = 8;

/** What an edge is, beside its ends. */
export interface EdgeKind {
  readonly via: Via;
  readonly hidden: boolean;
}

const KINDS: readonly EdgeKind[] = [false, true].flatMap((hidden) => {
  const kinds = VIAS.map((via) => ({ via, hidden }));
  return hidden
    ? kinds
    : [...kinds, ...new Array<EdgeKind>(HIDDEN - VIAS.length).fill({ via: "reference", hidden })];
});

interface DeclaredPairs {
  readonly pairs: ReadonlySet<number>;
  readonly hubsOf: ReadonlyMap<number, readonly number[]>;
}

/** Two dense node numbers as one exact number. */
function pairKey(from: number, to: number): number {
  return from * 2 ** 26 + to;
}

/** Collects edges between nodes (dense integers). Behind the resources come hubs: joints of many-to-many edges. */
export class Collector {
  #from = new Int32Array(1024);
  #to = new Int32Array(1024);
  #kind = new Uint8Array(1024);
  #count = 0;
  #nodes: number;
  readonly #resources: number;
  #declared: DeclaredPairs | undefined;

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.#resources = nodes;
  }

  get nodeCount(): number {
    return this.#nodes;
  }

  /** A node that stands for several others, so that n × m edges become n + m. */
  addHub(): number {
    return this.#nodes++;
  }

  /** `from` depends on `to`. */
  add(from: number, to: number, via: Via, hidden: boolean): void {
    if (from === to) return;
    if (this.#count === this.#from.length) {
      this.#from = grown(this.#from, new Int32Array(this.#count * 2));
      this.#to = grown(this.#to, new Int32Array(this.#count * 2));
      this.#kind = grown(this.#kind, new Uint8Array(this.#count * 2));
    }
    this.#from[this.#count] = from;
    this.#to[this.#count] = to;
    this.#kind[this.#count] = VIAS.indexOf(via) + (hidden ? HIDDEN : 0);
    this.#count++;
  }

  /** Whether an edge added so far says that `from` depends on `to`, by itself or as one of several behind a hub. */
  isDeclared(from: number, to: number): boolean {
    this.#declared ??= this.#pairs();
    const { pairs, hubsOf } = this.#declared;
    if (pairs.has(pairKey(from, to))) return true;
    return hubsOf.get(to)?.some((hub) => pairs.has(pairKey(from, hub))) === true;
  }

  /** The declared edges as a set, and the hubs that each node is behind: made once, when all of them are there. */
  #pairs(): DeclaredPairs {
    const pairs = new Set<number>();
    const hubsOf = new Map<number, number[]>();
    for (let i = 0; i < this.#count; i++) {
      if ((this.#kind[i] as number) >= HIDDEN) continue;
      const from = this.#from[i] as number;
      const to = this.#to[i] as number;
      pairs.add(pairKey(from, to));
      if (from < this.#resources) continue;
      const hubs = hubsOf.get(to);
      if (hubs === undefined) hubsOf.set(to, [from]);
      else hubs.push(from);
    }
    return { pairs, hubsOf };
  }

  /** The edges grouped by one of their ends, in the order they were added (compressed sparse rows). */
  by(end: "from" | "to"): EdgeList {
    const near = end === "from" ? this.#from : this.#to;
    const far = end === "from" ? this.#to : this.#from;
    const starts = new Int32Array(this.#nodes + 1);
    for (let i = 0; i < this.#count; i++) {
      const row = (near[i] as number) + 1;
      starts[row] = (starts[row] as number) + 1;
    }
    for (let node = 0; node < this.#nodes; node++) {
      starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
    }
    const next = starts.slice();
    const ends = new Int32Array(this.#count);
    const kinds = new Uint8Array(this.#count);
    for (let i = 0; i < this.#count; i++) {
      const slot = next[near[i] as number] as number;
      next[near[i] as number] = slot + 1;
      ends[slot] = far[i] as number;
      kinds[slot] = this.#kind[i] as number;
    }
    return new EdgeList(starts, ends, kinds);
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Edges grouped by node. */
export class EdgeList {
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #kinds: Uint8Array;
  constructor(starts: Int32Array, ends: Int32Array, kinds: Uint8Array) {
    this.#starts = starts;
    this.#ends = ends;
    this.#kinds = kinds;
  }

  each(node: number, visit: (neighbour: number, edge: EdgeKind) => void): void {
    const end = this.#starts[node + 1] as number;
    for (let i = this.#starts[node] as number; i < end; i++) {
      visit(this.#ends[i] as number, KINDS[this.#kinds[i] as number] as EdgeKind);
    }
  }
}
