import { describe, expect, it } from "vitest";
import { isUnlisted } from "../../src/facets/facet.ts";
import { retryBehaviour } from "../../src/facets/retry-behaviour.ts";
import { UNKNOWN, type Value } from "../../src/model/value.ts";

/** The facts of each item, by item, as plain values. */
function behaviour(type: string, state: Value): Record<string, Record<string, unknown>> {
  const items = retryBehaviour.items(type, state);
  if (isUnlisted(items)) return { unlisted: { path: items.unlisted } };
  return Object.fromEntries(
    items.map(({ key, facts }) => [
      key,
      Object.fromEntries(Object.entries(facts).map(([name, field]) => [name, field?.value])),
    ]),
  );
}

describe("Dapr", () => {
  const retry = (policy: Value, name = "calls") =>
    behaviour("dapr.io/v1alpha1/Resiliency", { spec: { policies: { retries: { [name]: policy } } } })[
      `spec.policies.retries.${name}`
    ];

  it("retries every 5 s without end when nothing is said", () => {
    expect(retry({})).toEqual({
      retries: "unlimited",
      delay: "fixed",
      delaySeconds: 5,
      maxDelaySeconds: 5,
      jitter: "none",
    });
  });
  it("spreads its exponential waits", () => {
    expect(retry({ policy: "exponential", maxInterval: "15s", maxRetries: 3 })).toEqual({
      retries: 3,
      delay: "exponential",
      maxDelaySeconds: 15,
      jitter: "built-in",
    });
    expect(retry({ policy: "exponential" })).toMatchObject({ retries: "unlimited", maxDelaySeconds: 60 });
  });
  it.each<[Value, object]>([
    [{ maxRetries: 0 }, { retries: 0 }],
    [{ maxRetries: -1 }, { retries: "unlimited" }],
    [{ duration: "0s" }, { delay: "zero" }],
    [{ duration: "10ms" }, { delay: "fixed", delaySeconds: 0.01 }],
    [{ duration: "soon" }, { delay: "fixed", delaySeconds: UNKNOWN }],
    [{ policy: "fibonacci" }, { delay: UNKNOWN, jitter: UNKNOWN }],
    [{ policy: UNKNOWN }, { delay: UNKNOWN, jitter: UNKNOWN, retries: "unlimited" }],
    [UNKNOWN, { retries: UNKNOWN, delay: UNKNOWN }],
  ])("%j", (policy, facts) => expect(retry(policy)).toMatchObject(facts));

  it("keeps at least three retries of its own policies", () => {
    expect(retry({ maxRetries: -1 }, "DaprBuiltInServiceRetries")).toMatchObject({ retries: 3 });
    expect(retry({ maxRetries: 9 }, "DaprBuiltInServiceRetries")).toMatchObject({ retries: 9 });
  });
  it("reads names with dots, and names of every object", () => {
    expect(retry({ maxRetries: 2 }, "a.b")).toMatchObject({ retries: 2 });
    expect(retry({ maxRetries: 2 }, "constructor")).toMatchObject({ retries: 2 });
  });
  it("says when it cannot list the policies", () => {
    const state = { spec: { policies: UNKNOWN } };
    expect(behaviour("dapr.io/v1alpha1/Resiliency", state)).toEqual({
      unlisted: { path: "spec.policies.retries" },
    });
  });
});

describe("Istio", () => {
  const routes = (...http: Value[]) =>
    Object.values(behaviour("networking.istio.io/v1/VirtualService", { spec: { hosts: ["a"], http } }));

  it("waits as Envoy does", () => {
    expect(routes({ retries: { attempts: 3, perTryTimeout: "2s" } })).toEqual([
      {
        retries: 3,
        delay: "exponential",
        delaySeconds: 0.025,
        maxDelaySeconds: 0.25,
        jitter: "built-in",
        deadlineSeconds: 8,
      },
    ]);
  });
  it.each<[Value, object]>([
    [{ timeout: "5s", retries: { attempts: 3, perTryTimeout: "2s" } }, { deadlineSeconds: 5 }],
    [{ retries: { attempts: 3 } }, { deadlineSeconds: "none" }],
    [{ timeout: "0s", retries: { attempts: 3 } }, { deadlineSeconds: "none" }],
    [{ timeout: UNKNOWN, retries: { attempts: 3 } }, { deadlineSeconds: UNKNOWN }],
    [{ timeout: "soon", retries: { attempts: 3 } }, { deadlineSeconds: UNKNOWN }],
    [{ retries: { attempts: UNKNOWN, perTryTimeout: "1s" } }, { retries: UNKNOWN, deadlineSeconds: UNKNOWN }],
    [{ retries: { attempts: 3, backoff: "1s" } }, { delaySeconds: 1, maxDelaySeconds: 10 }],
    [{ retries: { retryOn: "5xx" } }, { retries: 0 }],
  ])("%j", (route, facts) => expect(routes(route)).toMatchObject([facts]));

  it("leaves routes to the mesh that say nothing", () =>
    expect(routes({ route: [] }, { timeout: "1s" })).toEqual([]));
  it("covers every version of the API", () => {
    const state = { spec: { http: [{ retries: { attempts: 1 } }] } };
    for (const version of ["v1", "v1beta1", "v1alpha3"]) {
      expect(behaviour(`networking.istio.io/${version}/VirtualService`, state)).toHaveProperty([
        "spec.http#0",
      ]);
    }
  });
});

describe("Container Apps", () => {
  const app = (maxRetries: Value, first?: Value, longest?: Value): readonly Value[] => [
    {
      httpRetryPolicy: {
        maxRetries,
        initialDelayInMilliseconds: first ?? null,
        maxIntervalInMilliseconds: longest ?? null,
      },
    },
    {
      properties: {
        httpRetryPolicy: {
          maxRetries,
          retryBackOff: {
            initialDelayInMilliseconds: first ?? null,
            maxIntervalInMilliseconds: longest ?? null,
          },
        },
      },
    },
  ];
  const types = ["azure-native:app:AppResiliency", "Microsoft.App/containerApps/resiliencyPolicies"];

  it.each<[readonly Value[], object]>([
    [app(3, 1000, 10_000), { retries: 3, delay: "exponential", delaySeconds: 1, maxDelaySeconds: 10 }],
    [app(3, 1000, 1000), { delay: "fixed" }],
    [app(3, 0, 1000), { delay: "zero" }],
    [app(3), { delay: "undocumented", jitter: "undocumented", delaySeconds: UNKNOWN }],
    [app(UNKNOWN, 1000, UNKNOWN), { retries: UNKNOWN, delay: UNKNOWN, jitter: UNKNOWN }],
  ])("mean the same flattened and nested: %j", (states, facts) => {
    for (const [index, state] of states.entries()) {
      expect(behaviour(types[index] ?? "", state).httpRetryPolicy).toMatchObject(facts);
    }
  });
  it("do not say whether apps' retries are spread, and leave components' to Dapr", () => {
    const [flat] = app(3, 1000, 10_000);
    expect(behaviour("azure-native:app:AppResiliency", flat ?? {}).httpRetryPolicy).toMatchObject({
      jitter: "undocumented",
    });
    const back = { initialDelayInMilliseconds: 1000, maxIntervalInMilliseconds: 10_000 };
    const state = { outboundPolicy: { httpRetryPolicy: { maxRetries: 3, retryBackOff: back } } };
    const expected = {
      "outboundPolicy.httpRetryPolicy": { retries: 3, delay: "exponential", jitter: "built-in" },
    };
    expect(behaviour("azure-native:app:DaprComponentResiliencyPolicy", state)).toMatchObject(expected);
    expect(
      behaviour("Microsoft.App/managedEnvironments/daprComponents/resiliencyPolicies", { properties: state }),
    ).toMatchObject(expected);
  });
  it("count connection attempts without the first", () => {
    expect(
      behaviour("azure-native:app:AppResiliency", { tcpRetryPolicy: { maxConnectAttempts: 3 } }),
    ).toEqual({
      tcp: { retries: 2 },
    });
  });
});
