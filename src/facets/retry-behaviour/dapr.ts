import { isObject, Secret, UNKNOWN, Unknown } from "../../model/value.ts";
import type { Facts, Item, Unlisted } from "../facet.ts";
import { Field, ResourceReader } from "../field.ts";
import { type RetryBehaviour, seconds } from "./retries.ts";

const RETRIES = "spec.policies.retries";

/** Names that override Dapr's own policies: it keeps at least three retries for these, whatever the override says. */
const BUILT_IN = /^DaprBuiltIn\w*Retries$/;
const LEAST_OF_BUILT_IN = 3;

/**
 * Named retry policies of a Dapr Resiliency. Defaults: constant, 5 s apart, without end (-1); exponential: random between
 * half and one and a half of the grown wait, up to 60 s.
 * https://docs.dapr.io/operations/resiliency/policies/retries/retries-overview/
 */
export function daprRetries(r: ResourceReader): readonly Item<RetryBehaviour>[] | Unlisted {
  const value = r.value(RETRIES);
  const named = value instanceof Secret ? value.reveal() : value;
  if (named instanceof Unknown) return { unlisted: r.pathOf(RETRIES) };
  if (!isObject(named)) return [];
  // Read by name and not by path, since a name may hold dots.
  return Object.entries(named).map(([name, policy]) => {
    const path = `${r.pathOf(RETRIES)}.${name}`;
    return { key: path, facts: daprRetry(name, new ResourceReader(policy, r.type, r.providerMajor, path)) };
  });
}

function daprRetry(name: string, policy: ResourceReader): Facts<RetryBehaviour> {
  const retries = policy.number("maxRetries", -1).map<number | "unlimited">((count) => {
    if (BUILT_IN.test(name)) return Math.max(count, LEAST_OF_BUILT_IN);
    return count < 0 ? "unlimited" : count;
  });
  const kind = policy.string("policy", "constant");
  if (kind.is("exponential").value === true) {
    return {
      retries,
      delay: kind.map<RetryBehaviour["delay"]>(() => "exponential"),
      maxDelaySeconds: seconds(policy.string("maxInterval", "60s")),
      jitter: kind.map<RetryBehaviour["jitter"]>(() => "built-in"),
    };
  }
  const wait = seconds(policy.string("duration", "5s"));
  const isConstant = kind.is("constant").value === true;
  return {
    retries,
    delay: isConstant
      ? fixedOrZero(kind, wait)
      : new Field<RetryBehaviour["delay"]>(kind.path, kind.raw, UNKNOWN),
    delaySeconds: wait,
    maxDelaySeconds: wait,
    jitter: kind.map<RetryBehaviour["jitter"]>(() => (isConstant ? "none" : UNKNOWN)),
  };
}

/** Waiting always as long, or not at all. Without a known length it is still no backoff: fixed. */
function fixedOrZero(kind: Field<string>, wait: Field<number>): Field<RetryBehaviour["delay"]> {
  return wait.value === 0
    ? new Field<RetryBehaviour["delay"]>(wait.path, wait.raw, "zero")
    : kind.map<RetryBehaviour["delay"]>(() => "fixed");
}
