import { describe, expect, it } from "vitest";
import boundedRetries from "../../../policies/clients/bounded-retries.ts";
import exponentialBackoff from "../../../policies/clients/exponential-backoff.ts";
import jitter from "../../../policies/clients/jitter.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

const DAPR = "dapr.io/v1alpha1/Resiliency";
const dapr = (retries: { [name: string]: Value }): Value => ({ spec: { policies: { retries } } });
const calls = (policy: Value): ChangeSpec => ({ type: DAPR, after: dapr({ calls: policy }) });
const CALLS = "spec.policies.retries.calls";

const app = (first: Value, longest: Value, maxRetries: Value = 3): ChangeSpec => ({
  type: "azure-native:app:AppResiliency",
  after: {
    httpRetryPolicy: { maxRetries, initialDelayInMilliseconds: first, maxIntervalInMilliseconds: longest },
  },
});
const armApp = (first: Value, longest: Value, maxRetries: Value = 3): ChangeSpec => ({
  type: "Microsoft.App/containerApps/resiliencyPolicies",
  after: {
    properties: {
      httpRetryPolicy: {
        maxRetries,
        retryBackOff: { initialDelayInMilliseconds: first, maxIntervalInMilliseconds: longest },
      },
    },
  },
});
const istio = (route: { [key: string]: Value }): ChangeSpec => ({
  type: "networking.istio.io/v1/VirtualService",
  after: { spec: { hosts: ["shop"], http: [route] } },
});

const GROWING = { policy: "exponential", maxInterval: "15s", maxRetries: 3 };
const CONSTANT = { policy: "constant", duration: "5s", maxRetries: 3 };

/** The paths of what the policy found and of what it could not decide. */
function paths(policy: Parameters<typeof run>[0], change: ChangeSpec, options = {}) {
  const { findings, undetermined } = run(policy, { changes: [change], options });
  return { found: findings.map(({ path }) => path), open: undetermined.map(({ path }) => path) };
}

describe("clients/exponential-backoff", () => {
  it.each<[string, ChangeSpec, string]>([
    ["waits 5 s each time", calls(CONSTANT), `${CALLS}.policy`],
    ["waits 5 s each time when nothing is said", calls({}), `${CALLS}.policy`],
    ["does not wait", calls({ ...CONSTANT, duration: "0s" }), `${CALLS}.duration`],
    ["cannot wait longer than at first", app(1000, 1000), "httpRetryPolicy.maxIntervalInMilliseconds"],
    [
      "cannot wait longer than at first, in ARM",
      armApp(1000, 1000),
      "properties.httpRetryPolicy.retryBackOff.maxIntervalInMilliseconds",
    ],
    [
      "stops waiting longer",
      { type: DAPR, before: dapr({ calls: GROWING }), after: dapr({ calls: CONSTANT }) },
      `${CALLS}.policy`,
    ],
    [
      "is replaced by one that does not wait longer, in a module instance",
      {
        type: "azure-native:app:AppResiliency",
        address: 'module.shop["eu"].app.resiliency',
        action: "replace",
        before: app(100, 1000).after ?? null,
        after: app(0, 1000).after ?? null,
      },
      "httpRetryPolicy.initialDelayInMilliseconds",
    ],
  ])("finds a client that %s", (_, change, path) => {
    expect(paths(exponentialBackoff, change)).toEqual({ found: [path], open: [] });
  });

  it.each<[string, ChangeSpec]>([
    ["waits longer each time", calls(GROWING)],
    ["waits as Envoy does", istio({ retries: { attempts: 3, perTryTimeout: "2s" } })],
    ["waits up to 10 s", armApp(1000, 10_000)],
    ["does not retry", calls({ ...CONSTANT, maxRetries: 0 })],
    [
      "starts to wait longer",
      { type: DAPR, before: dapr({ calls: CONSTANT }), after: dapr({ calls: GROWING }) },
    ],
    ["goes away", { type: DAPR, before: dapr({ calls: CONSTANT }) }],
    [
      "was like that before, beside another that changes",
      {
        type: DAPR,
        before: dapr({ calls: CONSTANT, others: CONSTANT }),
        after: dapr({ calls: CONSTANT, others: GROWING }),
      },
    ],
    [
      "only opens connections",
      { type: "azure-native:app:AppResiliency", after: { tcpRetryPolicy: { maxConnectAttempts: 3 } } },
    ],
  ])("says nothing of one that %s", (_, change) => {
    expect(paths(exponentialBackoff, change)).toEqual({ found: [], open: [] });
  });

  it("leaves open what it cannot know", () => {
    expect(paths(exponentialBackoff, calls({ policy: UNKNOWN }))).toEqual({
      found: [],
      open: [`${CALLS}.policy`],
    });
    const said = run(exponentialBackoff, { changes: [app(null, null)] });
    expect(said.undetermined).toMatchObject([
      { because: "the waits are left to the service, which does not document them" },
    ]);
  });

  it("names the pace", () => {
    const { findings } = run(exponentialBackoff, { changes: [calls({ ...CONSTANT, duration: "250ms" })] });
    expect(findings[0]?.message).toBe(
      "Every call that fails is repeated at the same pace each time, every 250 ms, so that a service in trouble gets all its callers' load again and again and cannot recover.",
    );
  });
});

describe("clients/jitter", () => {
  it.each<[string, ChangeSpec]>([
    ["retries at a constant pace", calls(CONSTANT)],
    [
      "loses its randomness",
      { type: DAPR, before: dapr({ calls: GROWING }), after: dapr({ calls: CONSTANT }) },
    ],
  ])("finds a client that %s", (_, change) => {
    expect(paths(jitter, change)).toEqual({ found: [`${CALLS}.policy`], open: [] });
  });

  it.each<[string, ChangeSpec]>([
    ["has randomness built in", calls(GROWING)],
    ["has Envoy's randomness", istio({ retries: { attempts: 3, perTryTimeout: "2s" } })],
    ["does not wait, which exponential-backoff finds", calls({ ...CONSTANT, duration: "0s" })],
    ["does not retry", calls({ ...CONSTANT, maxRetries: 0 })],
    ["gains randomness", { type: DAPR, before: dapr({ calls: CONSTANT }), after: dapr({ calls: GROWING }) }],
    ["goes away", { type: DAPR, before: dapr({ calls: CONSTANT }) }],
  ])("says nothing of one that %s", (_, change) => {
    expect(paths(jitter, change)).toEqual({ found: [], open: [] });
  });

  it("leaves open what is not documented or not known yet", () => {
    expect(paths(jitter, armApp(1000, 10_000)).found).toEqual([]);
    expect(run(jitter, { changes: [armApp(1000, 10_000)] }).undetermined).toMatchObject([
      { because: "the service does not document whether it spreads its retries" },
    ]);
    expect(paths(jitter, calls({ policy: UNKNOWN })).open).toEqual([`${CALLS}.policy`]);
  });
});

describe("clients/bounded-retries", () => {
  it.each<[string, ChangeSpec, string]>([
    ["never stops when nothing is said", calls({}), `${CALLS}.maxRetries`],
    ["never stops", calls({ ...GROWING, maxRetries: -1 }), `${CALLS}.maxRetries`],
    ["retries 10 times", calls({ ...GROWING, maxRetries: 10 }), `${CALLS}.maxRetries`],
    ["retries 15 times", app(1000, 10_000, 15), "httpRetryPolicy.maxRetries"],
    ["retries 15 times, in ARM", armApp(1000, 10_000, 15), "properties.httpRetryPolicy.maxRetries"],
    [
      "opens connections 10 times",
      { type: "azure-native:app:AppResiliency", after: { tcpRetryPolicy: { maxConnectAttempts: 10 } } },
      "tcpRetryPolicy.maxConnectAttempts",
    ],
    ["may wait for ever", istio({ retries: { attempts: 3 } }), "spec.http[0].timeout"],
    [
      "loses its limit",
      { type: DAPR, before: dapr({ calls: GROWING }), after: dapr({ calls: { policy: "exponential" } }) },
      `${CALLS}.maxRetries`,
    ],
  ])("finds a client that %s", (_, change, path) => {
    expect(paths(boundedRetries, change)).toEqual({ found: [path], open: [] });
  });

  it.each<[string, ChangeSpec]>([
    ["retries 3 times", calls(GROWING)],
    ["retries 5 times", app(1000, 10_000, 5)],
    ["does not retry", calls({ maxRetries: 0 })],
    ["has turned retries off", istio({ retries: { attempts: 0 } })],
    ["has a timeout for each attempt", istio({ retries: { attempts: 3, perTryTimeout: "2s" } })],
    ["has a timeout for all of them", istio({ timeout: "10s", retries: { attempts: 3 } })],
    ["leaves retries to the mesh", istio({ route: [] })],
    ["gains a limit", { type: DAPR, before: dapr({ calls: {} }), after: dapr({ calls: GROWING }) }],
    ["goes away", { type: DAPR, before: dapr({ calls: {} }) }],
  ])("says nothing of one that %s", (_, change) => {
    expect(paths(boundedRetries, change)).toEqual({ found: [], open: [] });
  });

  it("leaves open what is known only after apply", () => {
    expect(paths(boundedRetries, calls({ ...GROWING, maxRetries: UNKNOWN })).open).toEqual([
      `${CALLS}.maxRetries`,
    ]);
  });
  it("takes the limits it is given", () => {
    expect(paths(boundedRetries, calls(GROWING), { maxRetries: 2 }).found).toHaveLength(1);
    expect(paths(boundedRetries, calls({ ...GROWING, maxRetries: 10 }), { maxRetries: 10 }).found).toEqual(
      [],
    );
    expect(
      paths(boundedRetries, istio({ retries: { attempts: 3 } }), { requireDeadline: false }).found,
    ).toEqual([]);
  });
});
