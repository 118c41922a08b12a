import type { Value } from "./value.ts";

/** What the host will do to a resource. `keep` stays as it is: the graph needs it, policies do not judge it. */
export const ACTIONS = ["create", "update", "replace", "delete", "import", "forget", "read", "keep"] as const;
export type Action = (typeof ACTIONS)[number];

/** Where something stands in a source file; lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** The provider that a resource belongs to, as far as the host tells. Defaults depend on the major version. */
export interface Provider {
  readonly name: string;
  readonly major?: number;
}

/** One resource's before → after. Values are in the canonical dialect of `type`. */
export interface Change {
  /** The host's own identity: Terraform address, Pulumi URN, ARM id, file#path. */
  readonly address: string;
  /** Logical name, without ring or stack. */
  readonly name: string;
  /** Canonical type, such as `azurerm_storage_account`, `azure-native:storage:StorageAccount` or `apps/v1/Deployment`. */
  readonly type: string;
  /** The type as the host spells it, for messages. */
  readonly nativeType: string;
  readonly action: Action;
  /** The host cannot say yet whether or how it will act (Terraform `deferred_changes`). */
  readonly deferred?: boolean;
  /** `undefined`: did not exist, or the host does not know (see `Deployment.knows`). */
  readonly before: Value | undefined;
  /** `undefined`: will not exist. */
  readonly after: Value | undefined;
  readonly provider?: Provider | undefined;
  /** The provider of the state before, where that was written for another one: two configurations that are compared. */
  readonly providerBefore?: Provider | undefined;
  /** The stack, workspace or deployment inside the host's output, where one output holds several. */
  readonly stack?: string;
  readonly source?: SourceLocation;
  /** The host's own spelling of a canonical property path; absent where both are the same. */
  readonly spell?: (path: string) => string;
  /**
   * The JSON text of what the resource says of itself, as UTF-8: searched for names of other resources. Readers that
   * hold the host's bytes give them as they are; others leave it out and the text is made from the values.
   */
  readonly text?: () => readonly JsonText[];
}

/** JSON text as UTF-8: a part of some bytes, often of a large block that holds many. */
export interface JsonText {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The major version of the provider that a state was written for, which decides what it leaves out; undefined if unknown. */
export function providerMajorOf(change: Change, state: "before" | "after"): number | undefined {
  const provider = state === "before" ? (change.providerBefore ?? change.provider) : change.provider;
  return provider?.major;
}

/** Whether the deployment touches the resource at all. */
export function isTouched(change: Change): boolean {
  return change.action !== "keep" && change.action !== "read";
}
