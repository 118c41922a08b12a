import type { SourceLocation } from "../model/change.ts";
import type { Level } from "../model/report.ts";

/** A finding that somebody accepted, for a time. */
export interface Waiver {
  /** Policy id, or a glob over ids, as it was written. */
  readonly policy: string;
  /** Address glob, as it was written. */
  readonly address: string;
  readonly coversPolicy: (id: string) => boolean;
  readonly coversAddress: (address: string) => boolean;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
  /** Where it is written. */
  readonly source?: SourceLocation;
}

/** What counts as shared infrastructure here, beside what the graph shows. */
export interface SharedRule {
  readonly coversAddress?: (address: string) => boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** Not shared, whatever the graph shows. */
  readonly exempt?: boolean;
}

/** What the configuration says about one policy. */
export interface PolicySetting {
  readonly level?: Level;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly source?: SourceLocation;
}

/** The configuration as the engine uses it; `firebreak.yaml` is one way to fill it. */
export interface Settings {
  readonly policies: Readonly<Record<string, PolicySetting>>;
  readonly shared: readonly SharedRule[];
  readonly waivers: readonly Waiver[];
  /** Ids of all policies that there are, whether this run has them or not; absent where nobody can tell. */
  readonly knownPolicies?: readonly string[];
  /** Whether an undecided mandatory check stops the run. */
  readonly onUndetermined: "report" | "block";
}

export const NO_SETTINGS: Settings = { policies: {}, shared: [], waivers: [], onUndetermined: "report" };
