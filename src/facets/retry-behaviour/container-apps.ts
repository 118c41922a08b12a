import { UNKNOWN, Unknown } from "../../model/value.ts";
import type { Facts, Item } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { RetryBehaviour } from "./retries.ts";

type Delay = RetryBehaviour["delay"];

/** Where the waits of a retry policy stand in it: the provider flattens what ARM nests, but only for apps. */
interface BackOff {
  readonly first: string;
  readonly longest: string;
}

export const FLAT: BackOff = {
  first: "initialDelayInMilliseconds",
  longest: "maxIntervalInMilliseconds",
};

export const NESTED: BackOff = {
  first: "retryBackOff.initialDelayInMilliseconds",
  longest: "retryBackOff.maxIntervalInMilliseconds",
};

/**
 * How calls to a container app are repeated for their callers: HTTP requests, and TCP connections, about whose waits
 * nothing can be set. https://learn.microsoft.com/azure/container-apps/service-discovery-resiliency
 */
export function appResiliency(r: ResourceReader, backOff: BackOff): readonly Item<RetryBehaviour>[] {
  const items = httpRetries(r, "httpRetryPolicy", backOff, "undocumented");
  const tcp = r.has("tcpRetryPolicy");
  if (tcp.value === false) return items;
  const retries = r
    .number("tcpRetryPolicy.maxConnectAttempts", UNKNOWN)
    .map<number | "unlimited">((attempts) => Math.max(0, attempts - 1));
  return [...items, { key: "tcp", facts: { retries } }];
}

/**
 * How the Dapr sidecar repeats calls to and from a component; its growing waits are random by themselves.
 * https://learn.microsoft.com/azure/container-apps/dapr-component-resiliency
 */
export function componentResiliency(r: ResourceReader): readonly Item<RetryBehaviour>[] {
  return ["inboundPolicy", "outboundPolicy"].flatMap((direction) =>
    httpRetries(r, `${direction}.httpRetryPolicy`, NESTED, "built-in"),
  );
}

function httpRetries(
  r: ResourceReader,
  path: string,
  backOff: BackOff,
  jitter: RetryBehaviour["jitter"],
): readonly Item<RetryBehaviour>[] {
  if (r.has(path).value === false) return [];
  return [{ key: path, facts: httpRetry(r.block(path), backOff, jitter) }];
}

function httpRetry(
  policy: ResourceReader,
  { first, longest }: BackOff,
  jitter: RetryBehaviour["jitter"],
): Facts<RetryBehaviour> {
  const start = policy.number(first);
  const end = policy.number(longest);
  const delay = shape(start, end);
  const inSeconds = (wait: Field<number | undefined>) =>
    wait.map((milliseconds) => (milliseconds === undefined ? UNKNOWN : milliseconds / 1000));
  return {
    retries: policy.number("maxRetries", UNKNOWN).map<number | "unlimited">((count) => count),
    delay,
    delaySeconds: inSeconds(start),
    maxDelaySeconds: inSeconds(end),
    jitter: delay.map((kind) => (kind === "exponential" ? jitter : "undocumented")),
  };
}

/**
 * The wait grows from the first delay to the longest, so that it cannot grow where both are the same. What holds where
 * one of them is left out is not documented: both are required.
 */
function shape(start: Field<number | undefined>, end: Field<number | undefined>): Field<Delay> {
  const at = (field: Field<unknown>, value: Delay | Unknown) =>
    new Field<Delay>(field.path, field.raw, value);
  if (start.value === 0) return at(start, "zero");
  if (start.value instanceof Unknown) return at(start, UNKNOWN);
  if (end.value instanceof Unknown) return at(end, UNKNOWN);
  if (start.value === undefined || end.value === undefined) return at(start, "undocumented");
  return start.value >= end.value ? at(end, "fixed") : at(start, "exponential");
}
