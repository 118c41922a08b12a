import type { Relations } from "../graph/graph.ts";
import type { Change } from "../model/change.ts";
import type { Problem } from "../model/deployment.ts";
import type { Finding, Undetermined } from "../model/report.ts";
import type { Policy, Sharing } from "./policy.ts";

/** A policy with what the packs and the configuration make of it. */
export interface ActivePolicy {
  readonly policy: Policy;
  readonly level: "mandatory" | "advisory";
  /** Parsed options, defaults filled in. */
  readonly options: unknown;
}

/** What evaluation needs beside deployments and policies. */
export interface EvaluationContext {
  readonly graph: Relations;
  readonly sharing: (change: Change) => Sharing;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Judge untouched resources too. */
  readonly all: boolean;
}

export type RawFinding = Omit<Finding, "fingerprint"> & {
  /** What tells it apart from others on the same subject, for its fingerprint. */
  readonly about?: string;
};

/** What the policies said. */
export interface Evaluation {
  readonly findings: readonly RawFinding[];
  readonly undetermined: readonly Undetermined[];
  readonly problems: readonly Problem[];
  /** Checks that had nothing to say. */
  readonly compliant: number;
  /** Policies that had nothing to look at. */
  readonly notApplicable: number;
  /** Whether any check asked who depends on whom: its answer then rests on more than the resource itself. */
  readonly asksRelations: boolean;
}

/** What one check said; nothing said and nothing undetermined is compliance. */
export interface Outcome {
  readonly findings: RawFinding[];
  readonly undetermined: Undetermined[];
  /** Set by a check that asks who depends on whom. */
  asksRelations: boolean;
}
