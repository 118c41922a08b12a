import { UNKNOWN, Unknown } from "../../model/value.ts";
import { goSeconds } from "../duration.ts";
import { type Facts, type Item, itemsAt, type Unlisted } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import { type RetryBehaviour, seconds } from "./retries.ts";

/**
 * Retries that a VirtualService sets on its HTTP routes. Routes that set none have the mesh's own two retries and are not
 * judged. The waiting is Envoy's: fully random between nothing and an exponentially growing bound that starts at 25 ms (or
 * at `backoff`) and ends at ten times that.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries
 */
export function istioRetries(r: ResourceReader): readonly Item<RetryBehaviour>[] | Unlisted {
  return itemsAt<RetryBehaviour>(
    r,
    "spec.http",
    (route) => (route.has("retries").value === false ? undefined : routeRetries(route)),
    "name",
  );
}

function routeRetries(route: ResourceReader): Facts<RetryBehaviour> {
  // A number that protobuf leaves out is 0, and 0 turns retries off.
  const retries = route.number("retries.attempts", 0).map<number | "unlimited">((count) => count);
  const first = seconds(route.string("retries.backoff", "25ms"));
  return {
    retries,
    delay: first.map<RetryBehaviour["delay"]>(() => "exponential"),
    delaySeconds: first,
    maxDelaySeconds: first.map((wait) => wait * 10),
    jitter: first.map<RetryBehaviour["jitter"]>(() => "built-in"),
    deadlineSeconds: deadline(route, retries),
  };
}

/**
 * The route's timeout covers all attempts. Without one (the default) a timeout for each attempt still bounds their sum;
 * without either, an attempt may take for ever.
 */
function deadline(
  route: ResourceReader,
  retries: Field<number | "unlimited">,
): Field<RetryBehaviour["deadlineSeconds"]> {
  const whole = route.string("timeout", "0s");
  const each = route.string("retries.perTryTimeout", "0s");
  const at = (value: number | "none" | Unknown) =>
    new Field<RetryBehaviour["deadlineSeconds"]>(whole.path, whole.raw, value);
  if (whole.value instanceof Unknown) return at(UNKNOWN);
  const limit = goSeconds(whole.value);
  if (limit === undefined) return at(UNKNOWN);
  if (limit > 0) return at(limit);
  if (each.value instanceof Unknown || retries.value instanceof Unknown) return at(UNKNOWN);
  const one = goSeconds(each.value);
  if (one === undefined) return at(UNKNOWN);
  if (one <= 0 || retries.value === "unlimited") return at("none");
  return at(one * (retries.value + 1));
}
