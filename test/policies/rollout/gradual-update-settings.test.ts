import { describe, expect, it } from "vitest";
import policy from "../../../policies/rollout/gradual-update-settings.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

const SCALE_SET = "azurerm_linux_virtual_machine_scale_set";
const rolling = (batch: Value, pause: Value = "PT5M", rest: { [key: string]: Value } = {}): Value => ({
  name: "web",
  upgrade_mode: "Rolling",
  rolling_upgrade_policy: [{ max_batch_instance_percent: batch, pause_time_between_batches: pause }],
  ...rest,
});
const native = (mode: string): Value => ({ upgradePolicy: { mode }, sku: { capacity: 10 } });
const deployment = (replicas: Value, strategy: { [key: string]: Value }): ChangeSpec => ({
  type: "apps/v1/Deployment",
  after: { metadata: { name: "web" }, spec: { replicas, strategy } },
});
const daemonSet = (maxUnavailable: Value): ChangeSpec => ({
  type: "apps/v1/DaemonSet",
  after: { metadata: { name: "agent" }, spec: { updateStrategy: { rollingUpdate: { maxUnavailable } } } },
});
const CLUSTER = "azurerm_kubernetes_cluster";
const NATIVE_CLUSTER = "azure-native:containerservice:ManagedCluster";

function paths(changes: readonly ChangeSpec[], options = {}) {
  const { findings, undetermined } = run(policy, { changes, options });
  return { found: findings.map(({ path }) => path), open: undetermined.map(({ path }) => path) };
}

describe("an update goes everywhere at once", () => {
  it.each<[string, ChangeSpec, string]>([
    [
      "in Automatic mode",
      { type: SCALE_SET, after: { upgrade_mode: "Automatic", instances: 10 } },
      "upgrade_mode",
    ],
    [
      "in Automatic mode, natively",
      { type: "azure-native:compute:VirtualMachineScaleSet", after: native("Automatic") },
      "upgradePolicy.mode",
    ],
    [
      "when something else of the scale set changes",
      {
        type: SCALE_SET,
        before: { upgrade_mode: "Automatic", sku: "Standard_D2s_v5" },
        after: { upgrade_mode: "Automatic", sku: "Standard_D4s_v5" },
      },
      "upgrade_mode",
    ],
    [
      "after a replacement, in a module instance",
      {
        type: SCALE_SET,
        address: 'module.web["eu"].azurerm_linux_virtual_machine_scale_set.this',
        action: "replace",
        before: { upgrade_mode: "Manual" },
        after: { upgrade_mode: "Automatic" },
      },
      "upgrade_mode",
    ],
    [
      "in large batches",
      { type: SCALE_SET, after: rolling(50) },
      "rolling_upgrade_policy.max_batch_instance_percent",
    ],
    [
      "without a pause",
      { type: SCALE_SET, after: rolling(20, "PT0S") },
      "rolling_upgrade_policy.pause_time_between_batches",
    ],
    ["when all replicas are stopped first", deployment(3, { type: "Recreate" }), "spec.strategy.type"],
    [
      "when half of the replicas may be away",
      deployment(4, { rollingUpdate: { maxUnavailable: "50%" } }),
      "spec.strategy.rollingUpdate.maxUnavailable",
    ],
    ["on every node", daemonSet("100%"), "spec.updateStrategy.rollingUpdate.maxUnavailable"],
    [
      "on every node of a pool",
      {
        type: "azurerm_kubernetes_cluster_node_pool",
        after: { node_count: 6, upgrade_settings: [{ max_surge: "100%" }] },
      },
      "upgrade_settings.max_surge",
    ],
    [
      "on a whole cluster at any hour",
      {
        type: CLUSTER,
        after: { automatic_upgrade_channel: "rapid", default_node_pool: [{ name: "a", node_count: 3 }] },
      },
      "automatic_upgrade_channel",
    ],
  ])("%s", (_, change, path) => expect(paths([change])).toEqual({ found: [path], open: [] }));
});

describe("nothing is said", () => {
  it.each<[string, ChangeSpec]>([
    ["of Manual mode", { type: SCALE_SET, after: { upgrade_mode: "Manual" } }],
    ["of the default mode", { type: "azure-native:compute:VirtualMachineScaleSet", after: {} }],
    ["of small batches with pauses", { type: SCALE_SET, after: rolling(20) }],
    ["of one machine at a time", { type: SCALE_SET, after: rolling(50, "PT5M", { instances: 2 }) }],
    ["of a single machine", { type: SCALE_SET, after: { upgrade_mode: "Automatic", instances: 1 } }],
    ["of one replica that is recreated", deployment(1, { type: "Recreate" })],
    ["of Kubernetes' defaults", deployment(8, {})],
    ["of one of two replicas at a time", deployment(2, { rollingUpdate: { maxUnavailable: 1 } })],
    ["of one daemon at a time", daemonSet(1)],
    ["of a tenth of the daemons at a time", daemonSet("10%")],
    [
      "of a cluster with a window",
      {
        type: CLUSTER,
        after: {
          automatic_upgrade_channel: "stable",
          maintenance_window_auto_upgrade: [{ frequency: "Weekly" }],
          default_node_pool: [{ name: "a", node_count: 3 }],
        },
      },
    ],
    [
      "of a cluster that is upgraded by hand",
      { type: CLUSTER, after: { default_node_pool: [{ name: "a" }] } },
    ],
    [
      "when batches become small",
      { type: SCALE_SET, before: { upgrade_mode: "Automatic" }, after: rolling(20) },
    ],
    ["when the scale set goes", { type: SCALE_SET, before: { upgrade_mode: "Automatic" } }],
    [
      "of what the deployment does not touch",
      { type: SCALE_SET, before: { upgrade_mode: "Automatic" }, after: { upgrade_mode: "Automatic" } },
    ],
  ])("%s", (_, change) => expect(paths([change])).toEqual({ found: [], open: [] }));
});

it.each<[string, ChangeSpec, string]>([
  ["a mode known after apply", { type: SCALE_SET, after: { upgrade_mode: UNKNOWN } }, "upgrade_mode"],
  ["a fixed number of daemons", daemonSet(5), "spec.updateStrategy.rollingUpdate.maxUnavailable"],
  ["replicas known after apply", deployment(UNKNOWN, { type: "Recreate" }), "spec.replicas"],
])("leaves open %s", (_, change, path) => expect(paths([change])).toEqual({ found: [], open: [path] }));

describe("a window that is a resource of its own", () => {
  const cluster: ChangeSpec = {
    type: NATIVE_CLUSTER,
    address: "cluster",
    after: { autoUpgradeProfile: { upgradeChannel: "rapid" } },
  };
  it("is looked for among what depends on the cluster", () => {
    const window = {
      type: "azure-native:containerservice:MaintenanceConfiguration",
      address: "window",
      after: { configName: "aksManagedAutoUpgradeSchedule" },
    };
    const said = run(policy, { changes: [cluster, window], edges: [{ from: "window", to: "cluster" }] });
    expect(said.findings).toEqual([]);
  });
  it("may be part of another deployment, so that its absence blocks nobody", () => {
    const said = run(policy, { changes: [cluster] });
    expect(said.findings).toMatchObject([{ path: "autoUpgradeProfile.upgradeChannel", level: "advisory" }]);
  });
});

it("takes the limits it is given", () => {
  const change = { type: SCALE_SET, after: rolling(50, "PT0S") };
  expect(paths([change], { machinePercent: 50, minPauseSeconds: 0 }).found).toEqual([]);
  expect(paths([daemonSet("15%")], { daemonPercent: 10 }).found).toHaveLength(1);
});
