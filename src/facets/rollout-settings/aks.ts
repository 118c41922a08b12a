import { Unknown } from "../../model/value.ts";
import { type Facts, isUnlisted, itemsAt, type Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import { larger, type RolloutSettings, stepOf } from "./settings.ts";

/** What a node pool's settings are called. */
export interface PoolNames {
  readonly count: string;
  readonly autoscaling: string;
  readonly minimum: string;
  readonly surge: string;
  readonly unavailable: string;
}

export const TERRAFORM_POOL: PoolNames = {
  count: "node_count",
  autoscaling: "auto_scaling_enabled",
  minimum: "min_count",
  surge: "upgrade_settings.max_surge",
  unavailable: "upgrade_settings.max_unavailable",
};

export const NATIVE_POOL: PoolNames = {
  count: "count",
  autoscaling: "enableAutoScaling",
  minimum: "minCount",
  surge: "upgradeSettings.maxSurge",
  unavailable: "upgradeSettings.maxUnavailable",
};

/**
 * As many nodes are drained at a time as the surge adds, and as may be unavailable on top. AKS rounds percentages up.
 * https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling
 */
export function poolRollout(pool: ResourceReader, names: PoolNames): Facts<RolloutSettings> {
  const autoscaled = pool.boolean(names.autoscaling, false).value === true;
  const nodes = pool.number(autoscaled ? names.minimum : names.count);
  const surge = stepOf(pool.string(names.surge, "10%"), nodes, Math.ceil);
  const unavailable = stepOf(pool.string(names.unavailable, "0"), nodes, Math.ceil);
  return {
    mode: pool.constant<RolloutSettings["mode"]>("rolling"),
    of: pool.constant<RolloutSettings["of"]>("nodes"),
    instances: nodes,
    step: larger(surge, unavailable),
  };
}

/** What a cluster's settings are called. */
export interface ClusterNames {
  readonly channel: string;
  /** The blocks of which any one is a window for upgrades; none where windows are resources of their own. */
  readonly windows: readonly string[];
  readonly pools: string;
  readonly pool: PoolNames;
}

/** A cluster upgrades itself (one item) and replaces the nodes of its pools (one item each). */
export function clusterRollout(names: ClusterNames): Mapping<RolloutSettings> {
  return (r) => {
    const pools = itemsAt<RolloutSettings>(r, names.pools, (pool) => poolRollout(pool, names.pool), "name");
    if (isUnlisted(pools)) return pools;
    const facts = { autoUpgrade: r.string(names.channel, "none"), maintenanceWindow: windowOf(r, names) };
    return [{ key: "cluster", facts }, ...pools];
  };
}

function windowOf(r: ResourceReader, names: ClusterNames): Field<boolean | "elsewhere"> {
  const [first, ...others] = names.windows.map((path) => r.has(path));
  if (first === undefined) return r.constant("elsewhere");
  const best = [first, ...others].find((window) => window.value === true || window.value instanceof Unknown);
  return new Field<boolean | "elsewhere">((best ?? first).path, (best ?? first).raw, (best ?? first).value);
}

/** Types that hold a maintenance window of a cluster, where windows are resources of their own. */
const WINDOWS = new Set([
  "azure-native:containerservice:maintenanceconfiguration",
  "microsoft.containerservice/managedclusters/maintenanceconfigurations",
]);

/** Whether resources of the type give a cluster a maintenance window. */
export function isMaintenanceWindow(type: string): boolean {
  return WINDOWS.has(type.toLowerCase());
}
