import type { Change, SourceLocation } from "./change.ts";

export const HOSTS = [
  "terraform-plan",
  "terraform-state",
  "cdktf-synth",
  "pulumi-preview",
  "pulumi-state",
  "arm-what-if",
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
  /** Each instance refers to the instance with its own key (`each.key`, `count.index`). */
  readonly sameKey?: boolean;
}

/** Something that could not be read, decided or finished; it never counts as a pass. */
export interface Problem {
  readonly message: string;
  readonly source?: SourceLocation;
  /** `error` makes the run incomplete; `warning` is only said. */
  readonly severity: "error" | "warning";
}

/** Everything one host proposes to do in one go. */
export interface Deployment {
  readonly host: HostName;
  /** Stack, workspace or directory. */
  readonly name: string;
  readonly knows: "before-and-after" | "after-only";
  /** `keep` included: the graph needs what stays. */
  readonly changes: readonly Change[];
  readonly edges: readonly Edge[];
  readonly problems: readonly Problem[];
}
