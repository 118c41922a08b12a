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

/** Collects edges between nodes (dense integers). Behind the resources come hubs: joints of many-to-many edges. */
export class Collector {
  #from = new Int32Array(1024);
  #to = new Int32Array(1024);
  #kind = new Uint8Array(1024);
  #count = 0;
  #nodes: number;
  readonly #resources: number;
  /** The declared edges by where they start, and those that start at a hub by where they end. */
  #declared: { readonly from: EdgeList; readonly hubsOf: EdgeList } | undefined;

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

  /**
   * Whether a declared edge says that `from` depends on `to`, by itself or as one of several behind a hub. To be asked once
   * all declared ones are there.
   */
  isDeclared(from: number, to: number): boolean {
    this.#declared ??= {
      from: this.by("from", (edge) => this.#isDeclaredAt(edge)),
      hubsOf: this.by(
        "to",
        (edge) => this.#isDeclaredAt(edge) && (this.#from[edge] as number) >= this.#resources,
      ),
    };
    const { from: targets, hubsOf } = this.#declared;
    const { ends } = targets;
    for (let i = targets.start(from); i < targets.start(from + 1); i++) {
      const target = ends[i] as number;
      if (target === to || (target >= this.#resources && hubsOf.has(to, target))) return true;
    }
    return false;
  }

  #isDeclaredAt(edge: number): boolean {
    return (this.#kind[edge] as number) < HIDDEN;
  }

  /** The edges, or those that are wanted, grouped by one of their ends, in the order they were added (compressed sparse rows). */
  by(end: "from" | "to", isWanted?: (edge: number) => boolean): EdgeList {
    const near = end === "from" ? this.#from : this.#to;
    const far = end === "from" ? this.#to : this.#from;
    const starts = new Int32Array(this.#nodes + 1);
    for (let i = 0; i < this.#count; i++) {
      if (isWanted?.(i) === false) continue;
      const row = (near[i] as number) + 1;
      starts[row] = (starts[row] as number) + 1;
    }
    for (let node = 0; node < this.#nodes; node++) {
      starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
    }
    const next = starts.slice();
    const ends = new Int32Array(starts[this.#nodes] as number);
    const kinds = new Uint8Array(ends.length);
    for (let i = 0; i < this.#count; i++) {
      if (isWanted?.(i) === false) continue;
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
  readonly ends: Int32Array;
  readonly #kinds: Uint8Array;
  constructor(starts: Int32Array, ends: Int32Array, kinds: Uint8Array) {
    this.#starts = starts;
    this.ends = ends;
    this.#kinds = kinds;
  }

  each(node: number, visit: (neighbour: number, edge: EdgeKind) => void): void {
    const end = this.#starts[node + 1] as number;
    for (let i = this.#starts[node] as number; i < end; i++) {
      visit(this.ends[i] as number, KINDS[this.#kinds[i] as number] as EdgeKind);
    }
  }

  /** Where the neighbours of a node start among `ends`; they go up to where those of the next node start. */
  start(node: number): number {
    return this.#starts[node] as number;
  }

  has(node: number, neighbour: number): boolean {
    for (let i = this.start(node); i < this.start(node + 1); i++) if (this.ends[i] === neighbour) return true;
    return false;
  }
}
