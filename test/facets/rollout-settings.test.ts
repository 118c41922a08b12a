import { describe, expect, it } from "vitest";
import { isUnlisted } from "../../src/facets/facet.ts";
import { rolloutSettings } from "../../src/facets/rollout-settings.ts";
import { UNKNOWN, type Value } from "../../src/model/value.ts";

/** The facts of each item, by item, as plain values. */
function settings(type: string, state: Value): Record<string, Record<string, unknown>> {
  const items = rolloutSettings.items(type, state);
  if (isUnlisted(items)) throw new Error(`${items.unlisted} is not known`);
  return Object.fromEntries(
    items.map(({ key, facts }) => [
      key,
      Object.fromEntries(Object.entries(facts).map(([name, field]) => [name, field?.value])),
    ]),
  );
}

describe("scale sets mean the same in every dialect", () => {
  interface Wanted {
    readonly mode?: string;
    readonly batch?: number;
    readonly pause?: string;
    readonly instances?: number;
  }
  const policy = ({ mode, batch, pause }: Wanted) => ({
    ...(mode !== undefined && { mode }),
    ...(batch !== undefined && {
      rollingUpgradePolicy: { maxBatchInstancePercent: batch, pauseTimeBetweenBatches: pause ?? "PT0S" },
    }),
  });
  const terraform = ({ mode, batch, pause, instances }: Wanted) => ({
    upgrade_mode: mode ?? null,
    instances: instances ?? null,
    rolling_upgrade_policy:
      batch === undefined
        ? []
        : [{ max_batch_instance_percent: batch, pause_time_between_batches: pause ?? "PT0S" }],
  });
  const dialects: readonly [string, (wanted: Wanted) => Value][] = [
    ["azurerm_linux_virtual_machine_scale_set", terraform],
    ["azurerm_windows_virtual_machine_scale_set", terraform],
    ["azurerm_orchestrated_virtual_machine_scale_set", terraform],
    [
      "azure-native:compute:VirtualMachineScaleSet",
      (w) => ({
        upgradePolicy: policy(w),
        ...(w.instances !== undefined && { sku: { capacity: w.instances } }),
      }),
    ],
    [
      "Microsoft.Compute/virtualMachineScaleSets",
      (w) => ({
        properties: { upgradePolicy: policy(w) },
        ...(w.instances !== undefined && { sku: { capacity: w.instances } }),
      }),
    ],
  ];

  it.each(dialects)("%s", (type, write) => {
    const of = (wanted: Wanted) => settings(type, write(wanted))[""];
    expect(of({})).toMatchObject({ mode: "on-demand" });
    expect(of({ mode: "Automatic" })).toMatchObject({ mode: "all-at-once" });
    expect(of({ mode: "automatic", instances: 1 })).toMatchObject({ mode: "all-at-once", instances: 1 });
    expect(of({ mode: "Rolling" })).toMatchObject({ mode: "rolling", step: 20, pauseSeconds: 0 });
    expect(of({ mode: "Rolling", batch: 50, pause: "PT5M" })).toMatchObject({ step: 50, pauseSeconds: 300 });
    expect(of({ mode: "Rolling", batch: 50, instances: 2 })).toMatchObject({ step: "one" });
    expect(of({ mode: "Rolling", batch: 50, pause: "soon" })).toMatchObject({ pauseSeconds: UNKNOWN });
    expect(of({ mode: "Sometimes" })).toMatchObject({ mode: UNKNOWN });
  });
});

describe("clusters and their node pools", () => {
  it("mean the same in every dialect", () => {
    const pool = { surge: "50%", count: 10 };
    const native = { name: "system", count: pool.count, upgradeSettings: { maxSurge: pool.surge } };
    const terraform = settings("azurerm_kubernetes_cluster", {
      automatic_upgrade_channel: "rapid",
      default_node_pool: [
        { name: "system", node_count: pool.count, upgrade_settings: [{ max_surge: pool.surge }] },
      ],
    });
    const azureNative = settings("azure-native:containerservice:ManagedCluster", {
      autoUpgradeProfile: { upgradeChannel: "rapid" },
      agentPoolProfiles: [native],
    });
    const arm = settings("Microsoft.ContainerService/managedClusters", {
      properties: { autoUpgradeProfile: { upgradeChannel: "rapid" }, agentPoolProfiles: [native] },
    });
    const expected = [{ autoUpgrade: "rapid" }, { mode: "rolling", of: "nodes", instances: 10, step: 50 }];
    for (const items of [terraform, azureNative, arm]) expect(Object.values(items)).toMatchObject(expected);
  });

  it("knows where windows stand", () => {
    const window = (state: Value) => settings("azurerm_kubernetes_cluster", state).cluster?.maintenanceWindow;
    expect(window({})).toBe(false);
    expect(window({ maintenance_window: [{ allowed: [] }] })).toBe(true);
    expect(window({ maintenance_window_auto_upgrade: { frequency: "Weekly" } })).toBe(true);
    expect(window({ maintenance_window_auto_upgrade: UNKNOWN })).toBe(UNKNOWN);
    expect(settings("azure-native:containerservice:ManagedCluster", {}).cluster).toMatchObject({
      autoUpgrade: "none",
      maintenanceWindow: "elsewhere",
    });
  });

  it.each<[Value, unknown]>([
    [{}, 10],
    [{ node_count: 3 }, "one"],
    [{ node_count: 3, upgrade_settings: [{ max_surge: "33%" }] }, "one"],
    [{ node_count: 3, upgrade_settings: [{ max_surge: "100%" }] }, 100],
    [{ node_count: 3, upgrade_settings: [{ max_surge: "1" }] }, "one"],
    [{ node_count: 4, upgrade_settings: [{ max_surge: "2" }] }, 50],
    [{ upgrade_settings: [{ max_surge: "2" }] }, "uncounted"],
    [{ node_count: UNKNOWN, upgrade_settings: [{ max_surge: "2" }] }, UNKNOWN],
    [{ node_count: 10, upgrade_settings: [{ max_surge: "0", max_unavailable: "50%" }] }, 50],
    [{ node_count: 10, upgrade_settings: [{ max_surge: UNKNOWN, max_unavailable: "10%" }] }, UNKNOWN],
    [
      { auto_scaling_enabled: true, node_count: 50, min_count: 2, upgrade_settings: [{ max_surge: "2" }] },
      100,
    ],
    [{ upgrade_settings: [{ max_surge: "many" }] }, UNKNOWN],
  ])("a pool %j takes %s", (state, step) => {
    expect(settings("azurerm_kubernetes_cluster_node_pool", state)[""]).toMatchObject({ step });
  });

  it("reads pools that are resources of their own", () => {
    const pool = { count: 4, upgradeSettings: { maxSurge: "50%" } };
    expect(settings("azure-native:containerservice:AgentPool", pool)[""]).toMatchObject({ step: 50 });
    expect(
      settings("Microsoft.ContainerService/managedClusters/agentPools", { properties: pool })[""],
    ).toMatchObject({ step: 50 });
  });
});

describe("workloads mean the same as a manifest and in Terraform", () => {
  interface Wanted {
    readonly type?: string;
    readonly unavailable?: string | number;
    readonly replicas?: Value;
  }
  const manifest = ({ type, unavailable, replicas }: Wanted) => ({
    spec: {
      ...(replicas !== undefined && { replicas }),
      ...((type ?? unavailable) !== undefined && {
        strategy: {
          ...(type !== undefined && { type }),
          ...(unavailable !== undefined && { rollingUpdate: { maxUnavailable: unavailable } }),
        },
      }),
    },
  });
  const terraform = ({ type, unavailable, replicas }: Wanted) => ({
    spec: [
      {
        replicas: typeof replicas === "number" ? String(replicas) : (replicas ?? null),
        strategy:
          (type ?? unavailable) === undefined
            ? []
            : [
                {
                  type: type ?? null,
                  rolling_update: unavailable === undefined ? [] : [{ max_unavailable: String(unavailable) }],
                },
              ],
      },
    ],
  });

  it.each<[string, (wanted: Wanted) => Value]>([
    ["apps/v1/Deployment", manifest],
    ["kubernetes_deployment", terraform],
    ["kubernetes_deployment_v1", terraform],
  ])("%s", (type, write) => {
    const of = (wanted: Wanted) => settings(type, write(wanted))[""];
    expect(of({})).toMatchObject({ mode: "rolling", instances: 1, step: "one" });
    expect(of({ replicas: 8 })).toMatchObject({ step: 25 });
    expect(of({ replicas: 3, unavailable: "50%" })).toMatchObject({ step: "one" });
    expect(of({ replicas: 4, unavailable: "50%" })).toMatchObject({ step: 50 });
    expect(of({ replicas: 4, unavailable: 3 })).toMatchObject({ step: 75 });
    expect(of({ replicas: UNKNOWN, unavailable: "100%" })).toMatchObject({ step: 100 });
    expect(of({ replicas: UNKNOWN, unavailable: 3 })).toMatchObject({ step: UNKNOWN });
    expect(of({ replicas: 4, type: "Recreate" })).toMatchObject({ mode: "all-at-once", instances: 4 });
  });

  const daemonManifest = ({ type, unavailable }: Wanted) => ({
    spec: {
      updateStrategy:
        manifest({ ...(type && { type }), ...(unavailable && { unavailable }) }).spec.strategy ?? null,
    },
  });
  it.each<[string, (wanted: Wanted) => Value]>([
    ["apps/v1/DaemonSet", daemonManifest],
    ["kubernetes_daemonset", terraform],
    ["kubernetes_daemon_set_v1", terraform],
  ])("%s", (type, write) => {
    const of = (wanted: Wanted) => settings(type, write(wanted))[""];
    expect(of({})).toMatchObject({ mode: "rolling", of: "daemons", step: "one" });
    expect(of({ unavailable: 1 })).toMatchObject({ step: "one" });
    expect(of({ unavailable: "100%" })).toMatchObject({ step: 100 });
    expect(of({ unavailable: 5 })).toMatchObject({ step: "uncounted" });
    expect(of({ type: "OnDelete" })).toMatchObject({ mode: "on-demand" });
  });
});
