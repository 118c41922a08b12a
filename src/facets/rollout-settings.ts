import { defineFacet } from "./facet.ts";
import { clusterRollout, NATIVE_POOL, poolRollout, TERRAFORM_POOL } from "./rollout-settings/aks.ts";
import { nativeScaleSet, terraformScaleSet } from "./rollout-settings/scale-set.ts";
import type { RolloutSettings } from "./rollout-settings/settings.ts";
import { daemonSetRollout, deploymentRollout } from "./rollout-settings/workload.ts";

export { isMaintenanceWindow } from "./rollout-settings/aks.ts";
export type { RolloutSettings } from "./rollout-settings/settings.ts";

const terraformDeployment = deploymentRollout("rolling_update.max_unavailable");
const terraformDaemonSet = daemonSetRollout("spec.strategy", "rolling_update.max_unavailable");

/** How resources that consist of equal instances bring an update of themselves to those. */
export const rolloutSettings = defineFacet<RolloutSettings>("rollout-settings", {
  azurerm_linux_virtual_machine_scale_set: terraformScaleSet,
  azurerm_windows_virtual_machine_scale_set: terraformScaleSet,
  azurerm_orchestrated_virtual_machine_scale_set: terraformScaleSet,
  "azure-native:compute:VirtualMachineScaleSet": (r) => nativeScaleSet(r, r),
  "Microsoft.Compute/virtualMachineScaleSets": (r) => nativeScaleSet(r, r.block("properties")),

  azurerm_kubernetes_cluster: clusterRollout({
    channel: "automatic_upgrade_channel",
    windows: ["maintenance_window_auto_upgrade", "maintenance_window"],
    pools: "default_node_pool",
    pool: TERRAFORM_POOL,
  }),
  azurerm_kubernetes_cluster_node_pool: (r) => poolRollout(r, TERRAFORM_POOL),
  "azure-native:containerservice:ManagedCluster": clusterRollout({
    channel: "autoUpgradeProfile.upgradeChannel",
    windows: [],
    pools: "agentPoolProfiles",
    pool: NATIVE_POOL,
  }),
  "azure-native:containerservice:AgentPool": (r) => poolRollout(r, NATIVE_POOL),
  "Microsoft.ContainerService/managedClusters": clusterRollout({
    channel: "properties.autoUpgradeProfile.upgradeChannel",
    windows: [],
    pools: "properties.agentPoolProfiles",
    pool: NATIVE_POOL,
  }),
  "Microsoft.ContainerService/managedClusters/agentPools": (r) =>
    poolRollout(r.block("properties"), NATIVE_POOL),

  "apps/*/Deployment": deploymentRollout("rollingUpdate.maxUnavailable"),
  "apps/*/DaemonSet": daemonSetRollout("spec.updateStrategy", "rollingUpdate.maxUnavailable"),
  kubernetes_deployment: terraformDeployment,
  kubernetes_deployment_v1: terraformDeployment,
  kubernetes_daemonset: terraformDaemonSet,
  kubernetes_daemon_set_v1: terraformDaemonSet,
});
