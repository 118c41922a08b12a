import type { Action, Change } from "../../model/change.ts";
import type { Deployment, Directives } from "../../model/deployment.ts";
import type { Value } from "../../model/value.ts";
import { movedAddress } from "./addresses.ts";

/** A resource that exists, and what it is. */
export interface Existing {
  readonly change: Change;
  readonly value: Value;
}

/** What exists according to a deployment, by the address that it has after the moves. */
export function existingIn(before: Deployment, moved: Directives["moved"]): Map<string, Existing> {
  const existing = new Map<string, Existing>();
  for (const change of before.changes) {
    // What a plan creates does not exist before it; what a synth is given as before does.
    const value = before.knows === "after-only" ? change.after : change.before;
    if (value === undefined || change.action === "read") continue;
    const target = movedAddress(change.address, moved);
    if (!existing.has(target) || target === change.address) existing.set(target, { change, value });
  }
  return existing;
}

/** The change with another fate. Readers' changes may be class instances, so the members are named one by one. */
export function changeOf(
  change: Change,
  address: string,
  action: Action,
  before: Value | undefined,
  after: Value | undefined,
): Change {
  const { name, type, nativeType, provider, stack, source, spell } = change;
  return {
    address,
    name,
    type,
    nativeType,
    action,
    before,
    after,
    ...(provider && { provider }),
    ...(stack !== undefined && { stack }),
    ...(source && { source }),
    ...(spell && { spell }),
  };
}
