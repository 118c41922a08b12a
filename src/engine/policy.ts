import type { z } from "zod";
import type { Facet, View } from "../facets/facet.ts";
import type { Reach } from "../graph/reach.ts";
import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
import type { Confidence, Severity } from "../model/report.ts";

/** What a policy says when it finds something to say. */
export interface Violation<Name extends PropertyKey> {
  /** The fact it is about: names the property, its before and its after in the report. */
  readonly at?: Name;
  /** What will happen to whom, in one sentence. */
  readonly message: string;
  /** What to do instead: the staged way or the safe alternative. */
  readonly fix: string;
  /** Tells several violations on one subject apart where no fact does (a type, a group); part of the finding's identity. */
  readonly about?: string;
  /** Default `high`. A finding of low confidence never blocks. */
  readonly confidence?: Confidence;
  /** Who is hit, where it is not simply everything that depends on the resource. */
  readonly reach?: Reach;
  /** Other changes that the finding is about. */
  readonly related?: readonly Change[];
}

interface Reporter<Name extends PropertyKey> {
  violation(violation: Violation<Name>): void;
  /** A check that could not be decided, and why. Touching an unknown fact says this by itself. */
  undetermined(undecided: { readonly at?: Name; readonly because: string }): void;
}

/** Whether a resource is shared infrastructure, and by what sign. */
export interface Sharing {
  /** The configuration says that the resource is shared although it need not look so, or exempts it. */
  readonly configured: "shared" | "exempt" | undefined;
  /** The tag that marks it as shared by convention (`shared: true`, `tier: platform`), if any. */
  readonly tag: string | undefined;
}

/** What a policy gets for one resource that has its facet. */
export interface CheckContext<Shape, Options> {
  readonly change: Change;
  readonly deployment: Deployment;
  /** The facts as they are; undefined where the resource (or the item of it) does not exist yet. */
  readonly before: View<Shape> | undefined;
  /** The facts as they will be; undefined where it will not exist. */
  readonly after: View<Shape> | undefined;
  /**
   * Those of the named facts (all, when none is named) that the change sets to another value. A fact that cannot be
   * compared because it is known only after apply is reported as undetermined and left out.
   */
  changed(...names: (keyof Shape & string)[]): readonly (keyof Shape & string)[];
  /** Whether the resource stays and none of the facts changes or is unknown: most updates are about something else. */
  readonly keepsFacts: boolean;
  /** Who depends on the resource, directly or not, declared or hidden. */
  readonly reach: Reach;
  /** What the resource itself depends on directly. */
  readonly dependencies: Reach;
  readonly sharing: Sharing;
  /** The same of another resource, such as the one that this is a part of. */
  reachOf(change: Change): Reach;
  sharingOf(change: Change): Sharing;
  readonly options: Options;
  /** Today's date, `YYYY-MM-DD`. */
  readonly today: string;
  readonly report: Reporter<keyof Shape & string>;
}

/** A change that has a facet, as a policy over the whole deployment sees it. */
export interface FacetChange<Shape> {
  readonly change: Change;
  readonly before: View<Shape> | undefined;
  readonly after: View<Shape> | undefined;
  changed(...names: (keyof Shape & string)[]): readonly (keyof Shape & string)[];
}

/** What a policy gets for the deployment as a whole. */
export interface DeploymentContext<Options> {
  readonly deployment: Deployment;
  /** What the deployment touches: everything but `keep` and `read`. */
  readonly touched: readonly Change[];
  /**
   * Whether the change alters behaviour: more than tags and descriptions. Where all that differs is known only after apply
   * it is not said to, and reported as undetermined.
   */
  isBehavioural(change: Change): boolean;
  /** The touched changes that have the facet, one entry per item of the facet. */
  withFacet<Shape>(facet: Facet<Shape>): readonly FacetChange<Shape>[];
  /** All resources of the deployment of a canonical type, untouched ones included. */
  ofType(type: string): readonly Change[];
  regionOf(change: Change): string | undefined;
  reachOf(change: Change): Reach;
  readonly options: Options;
  readonly today: string;
  readonly report: {
    violation(violation: Violation<never> & { readonly on?: Change }): void;
    undetermined(undecided: { readonly because: string; readonly on?: Change }): void;
  };
}

interface PolicyMeta<Schema extends z.ZodType> {
  /** `family/kebab-name`; stable, since waivers and other people's files hold it. */
  readonly id: string;
  /** What holds when the policy is satisfied. */
  readonly title: string;
  readonly severity: Severity;
  /** One sentence: what happens to whom. */
  readonly hazard: string;
  /** Ids of the incident library. */
  readonly incidents?: readonly string[];
  /** Options with their defaults. */
  readonly options?: Schema;
}

/**
 * `change`: compares before with after; undetermined where the host knows no before-state.
 * `state`: looks at what will be, on resources whose facts the deployment creates or changes.
 * `update`: looks at what will be, on every resource the deployment creates or changes in any way.
 */
export type PolicyKind = "change" | "state" | "update";

export interface ResourcePolicy<Shape, Schema extends z.ZodType = z.ZodType> extends PolicyMeta<Schema> {
  readonly kind: PolicyKind;
  /** Called once for each change that has the facet (once per item where a resource has several). */
  readonly each: Facet<Shape>;
  check(context: CheckContext<Shape, z.output<Schema>>): void;
}

export interface DeploymentPolicy<Schema extends z.ZodType = z.ZodType> extends PolicyMeta<Schema> {
  readonly kind: PolicyKind;
  /** Called once for each deployment. */
  checkDeployment(context: DeploymentContext<z.output<Schema>>): void;
}

/** A policy of any facet and options, as packs and the engine hold it. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where policies of all facets and options meet; each is typed where it is defined.
export type Policy = ResourcePolicy<any, any> | DeploymentPolicy<any>;

/** Defines a policy over each resource that has a facet. */
export function definePolicy<Shape, Schema extends z.ZodType>(
  policy: ResourcePolicy<Shape, Schema>,
): ResourcePolicy<Shape, Schema>;
/** Defines a policy over the deployment as a whole. */
export function definePolicy<Schema extends z.ZodType>(
  policy: DeploymentPolicy<Schema>,
): DeploymentPolicy<Schema>;
export function definePolicy(policy: Policy): Policy {
  if (!/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(policy.id)) {
    throw new Error(`The policy id "${policy.id}" is not of the form family/kebab-name.`);
  }
  return policy;
}

/** One policy in a pack. */
export interface PackEntry {
  readonly policy: Policy;
  readonly level: "mandatory" | "advisory" | "off";
}

/** A named set of policies with levels. */
export interface Pack {
  readonly name: string;
  readonly entries: readonly PackEntry[];
}
