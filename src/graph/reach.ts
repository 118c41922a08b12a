import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import type { ReachSummary } from "../model/report.ts";

/** How one resource comes to depend on another. */
export type Via =
  /** a host name or URL of it */
  | "endpoint"
  /** its id, ARN or self link */
  | "id"
  /** its name, under a property that takes such names */
  | "name"
  /** a key, connection string or token of it */
  | "credential"
  /** declared, but nothing tells what is used */
  | "reference";

/** From what tells most of a dependency to what tells least. */
const TELLING: readonly (Via | undefined)[] = [
  "endpoint",
  "credential",
  "id",
  "name",
  "reference",
  undefined,
];

/** The one of two that says more of how a resource depends on another. */
export function moreTelling(a: Via | undefined, b: Via | undefined): Via | undefined {
  return TELLING.indexOf(a) <= TELLING.indexOf(b) ? a : b;
}

/** A resource that depends on a changed one. */
export interface Dependent {
  readonly change: Change;
  readonly deployment: Deployment;
  /** 1 for those that depend directly. */
  readonly hops: number;
  readonly via: Via;
  /** No chain of declarations leads there: the dependency was found in a resource's text. */
  readonly hidden: boolean;
  /** Region, where known. */
  readonly region: string | undefined;
  /** It is a part of the changed resource (a container of an account) or manages access to it, not a user of it. */
  readonly isPart: boolean;
}

/** Who depends on a changed resource (its blast radius), as an ordered set of resources. */
export class Reach {
  readonly dependents: readonly Dependent[];
  /** Deployments that are declared to come after the change's own, of which nothing tells what they use of it. */
  readonly waiting: readonly string[];
  constructor(dependents: readonly Dependent[], waiting: readonly string[] = []) {
    this.dependents = dependents;
    this.waiting = waiting;
  }

  get size(): number {
    return this.dependents.length;
  }
  get isEmpty(): boolean {
    return this.dependents.length === 0;
  }
  get hidden(): number {
    return this.dependents.filter((one) => one.hidden).length;
  }
  get regions(): readonly string[] {
    return distinct(this.dependents.map((one) => one.region));
  }
  get deployments(): readonly string[] {
    return distinct(this.dependents.map((one) => one.deployment.name));
  }
  get addresses(): readonly string[] {
    return this.dependents.map((one) => one.change.address);
  }

  where(test: (dependent: Dependent) => boolean): Reach {
    return new Reach(this.dependents.filter(test), this.waiting);
  }
  /** Those that depend on it without another in between. */
  get direct(): Reach {
    return this.where((one) => one.hops === 1);
  }
  /** Those that use it, directly or through others, without its own parts. */
  get users(): Reach {
    return this.where((one) => !one.isPart);
  }
  /**
   * Those that read from it directly. `anonymous`: by its address and without a credential, as far as their text shows.
   */
  readers(options: { anonymous?: boolean } = {}): Reach {
    return this.where(
      (one) => one.hops === 1 && !one.isPart && (options.anonymous ? one.via === "endpoint" : true),
    );
  }

  /** Addresses of the nearest; of those equally near, users before parts, in the order of their addresses. */
  nearest(limit: number): string[] {
    return [...this.dependents]
      .sort(
        (a, b) =>
          a.hops - b.hops ||
          Number(a.isPart) - Number(b.isPart) ||
          (a.change.address < b.change.address ? -1 : 1),
      )
      .slice(0, limit)
      .map((one) => one.change.address);
  }

  /** `37 resources in 2 regions`; `1 resource in eastus`. */
  describe(): string {
    const regions = this.regions;
    const where =
      regions.length === 0
        ? ""
        : regions.length === 1
          ? ` in ${regions[0]}`
          : ` in ${regions.length} regions`;
    return `${this.size} ${this.size === 1 ? "resource" : "resources"}${where}`;
  }

  summary(): ReachSummary {
    return {
      resources: this.size,
      hidden: this.hidden,
      regions: [...this.regions],
      deployments: [...this.deployments],
      nearest: this.nearest(5),
      ...(this.waiting.length > 0 && { waiting: [...this.waiting] }),
    };
  }
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
