import { defineFacet } from "./facet.ts";
import { appResiliency, componentResiliency, FLAT, NESTED } from "./retry-behaviour/container-apps.ts";
import { daprRetries } from "./retry-behaviour/dapr.ts";
import { istioRetries } from "./retry-behaviour/istio.ts";
import type { RetryBehaviour } from "./retry-behaviour/retries.ts";

export type { RetryBehaviour } from "./retry-behaviour/retries.ts";

/** What a client, or the proxy that calls for it, does when a call fails. One item for each policy or route. */
export const retryBehaviour = defineFacet<RetryBehaviour>("retry-behaviour", {
  "azure-native:app:AppResiliency": (r) => appResiliency(r, FLAT),
  "Microsoft.App/containerApps/resiliencyPolicies": (r) => appResiliency(r.block("properties"), NESTED),
  "azure-native:app:DaprComponentResiliencyPolicy": componentResiliency,
  "Microsoft.App/managedEnvironments/daprComponents/resiliencyPolicies": (r) =>
    componentResiliency(r.block("properties")),
  "dapr.io/*/Resiliency": daprRetries,
  "networking.istio.io/*/VirtualService": istioRetries,
});
