import type { Change, SourceLocation } from "./change.ts";
import type { Suppression } from "./suppression.ts";
import type { Value } from "./value.ts";

export const HOSTS = [
  "terraform-plan",
  "terraform-state",
  "cdktf-synth",
  "pulumi-preview",
  "pulumi-analyzer",
  "pulumi-state",
  "arm-what-if",
  "git-diff",
] as const;
export type HostName = (typeof HOSTS)[number];

/**
 * A declared dependency between two resources of one deployment, by address. An end that is a configuration address
 * without instance key stands for all its instances.
 */
export interface Edge {
  /** The one that depends. */
  readonly from: string;
  /** The one depended upon. */
  readonly to: string;
  /** The property of `to` that is used, where the host tells it (`primary_blob_endpoint`, `id`). */
  readonly attribute?: string;
  /** Each instance refers to the instance with its own key (`each.key`, `count.index`). */
  readonly sameKey?: boolean;
}

/** A declared dependency on a resource of another deployment that is read together with this one. */
export interface CrossEdge {
  readonly from: string;
  /** Name of the other deployment. */
  readonly deployment: string;
  /** Address in the other deployment. */
  readonly to: string;
  /** As of an Edge. */
  readonly attribute?: string;
}

/** What a configuration says about its resources beside their properties: needed to compare it with what exists. */
export interface Directives {
  /** Addresses of modules that are used but whose resources the host does not show. */
  readonly hiddenModules: readonly string[];
  /** Resources or modules that have another address since. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Addresses that are dropped from the state while the object stays. */
  readonly forgotten: readonly string[];
  /** By address without instance key: properties whose drift is left alone, or all of them. */
  readonly ignored: ReadonlyMap<string, readonly string[] | "all">;
  /** Addresses without instance key whose instances only the host's engine can tell. */
  readonly openInstances: readonly string[];
}

/** What an attribute of a deployment's resource is, as far as what exists tells; UNKNOWN where it does not. */
export type AttributeLookup = (deployment: string, address: string, attribute: string) => Value;

/** What deployments are made from: one configuration, whose parts refer to one another. */
export interface Configuration {
  /**
   * Reads the configuration again, with attributes that it does not set itself. Gives what one of its changes will be then;
   * undefined for a change of something else.
   */
  resolvedBy(lookup: AttributeLookup): (change: Change) => Value | undefined;
}

/** Something that could not be read, decided or finished; it never counts as a pass. */
export interface Problem {
  readonly message: string;
  readonly source?: SourceLocation;
  /** `error` makes the run incomplete; `warning` is only said. */
  readonly severity: "error" | "warning";
  /** Whether something that its file describes may not have been seen; an error means that unless this says otherwise. */
  readonly hides?: boolean;
}

/** Everything one host proposes to do in one go. */
export interface Deployment {
  readonly host: HostName;
  /** Stack, workspace or directory. */
  readonly name: string;
  /** The document it was read from, as the user named it; absent for standard input. */
  readonly file?: string;
  readonly knows: "before-and-after" | "after-only";
  /** `keep` included: the graph needs what stays. */
  readonly changes: readonly Change[];
  readonly edges: readonly Edge[];
  /** False where the host names no dependencies, so that having no edges tells nothing. */
  readonly tellsDependencies?: boolean;
  readonly problems: readonly Problem[];
  /** Dependencies on other deployments read together with this one. */
  readonly crossEdges?: readonly CrossEdge[];
  /** Names of deployments that go before this one. */
  readonly dependsOn?: readonly string[];
  /** Only of a configuration, and only where it could be read. */
  readonly directives?: Directives;
  /** The same object for all deployments of one configuration. */
  readonly configuration?: Configuration;
  /** Of a synth: where each resource is in the tree of constructs (`stack/scope/id`), by address without instance key. */
  readonly constructPaths?: ReadonlyMap<string, string>;
  /**
   * Where a property of a change is written, as the host spells it; an empty one stands for the resource. Only where the
   * sources are known, and undefined where they do not tell for certain.
   */
  readonly locate?: (change: Change, property: string) => SourceLocation | undefined;
  /** Findings that comments in its files accept. */
  readonly suppressions?: readonly Suppression[];
}
