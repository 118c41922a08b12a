/*
 * What the facets have to read from the estate of fixtures/apps as it runs today, from the platform and from the canary
 * ring: by facet, by address and (where a resource has several things of a kind) by item.
 */

/** A fact that the program sets by a reference: it is known after apply. */
export const LATER = "known after apply";

const SUBSCRIPTION = "/subscriptions/4b1e5f3a-6f5e-4e0c-8b0f-2d8f6f1c7a01";
const DEFINITIONS = "/providers/Microsoft.Authorization/policyDefinitions";

/** The faces of API management, by the block that holds their hosts. */
const HOSTS: readonly (readonly [block: string, host: string])[] = [
  ["azurerm_api_management.partners hostname_configuration.proxy", "api.partners.example"],
  ["azurerm_api_management.partners hostname_configuration.management", "manage.partners.example"],
  ["azurerm_api_management.partners hostname_configuration.portal", "portal.partners.example"],
  ["azurerm_api_management.partners hostname_configuration.developer_portal", "developers.partners.example"],
  ["azurerm_api_management.partners hostname_configuration.scm", "scm.partners.example"],
  ["azurerm_api_management_custom_domain.suppliers gateway", "api.suppliers.example"],
  ["azurerm_api_management_custom_domain.suppliers management", "manage.suppliers.example"],
  ["azurerm_api_management_custom_domain.suppliers portal", "portal.suppliers.example"],
  ["azurerm_api_management_custom_domain.suppliers developer_portal", "developers.suppliers.example"],
  ["azurerm_api_management_custom_domain.suppliers scm", "scm.suppliers.example"],
];

type Facts = Readonly<Record<string, unknown>>;

export const EXPECTED: Readonly<Record<string, Readonly<Record<string, Facts>>>> = {
  "scope-access": {
    "azurerm_role_assignment.fleet-reads": {
      kind: "role",
      scope: `${SUBSCRIPTION}/resourceGroups/platform`,
      span: "one resource group",
      isWide: false,
      setting: "Storage Blob Data Reader",
      recipients: LATER,
      condition: "",
      touchesStorage: true,
      isCertain: true,
    },
    "azurerm_role_assignment.investigators": {
      kind: "role",
      scope: `${SUBSCRIPTION}/resourceGroups/evidence`,
      span: "one resource group",
      isWide: false,
      setting: "Storage Blob Data Reader",
      recipients: ["11111111-5c8e-4d0b-8a3f-1f8a1f3d2b01"],
      condition:
        "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'evidence'",
      touchesStorage: true,
      isCertain: true,
    },
    "azurerm_pim_active_role_assignment.storage-operators": {
      kind: "role",
      scope: `${SUBSCRIPTION}/resourceGroups/platform`,
      span: "one resource group",
      isWide: false,
      setting: "Storage Blob Data Owner",
      recipients: ["22222222-5c8e-4d0b-8a3f-1f8a1f3d2b02"],
      condition: "",
      touchesStorage: true,
      isCertain: true,
    },
    "azurerm_pim_eligible_role_assignment.storage-emergency": {
      kind: "role",
      scope: SUBSCRIPTION,
      span: "the whole subscription",
      isWide: true,
      setting: "Storage Blob Data Owner",
      recipients: ["33333333-5c8e-4d0b-8a3f-1f8a1f3d2b03"],
      condition: "",
      touchesStorage: true,
      isCertain: true,
    },
    "azurerm_management_group_policy_assignment.private-network": {
      kind: "policy-assignment",
      scope: "/providers/Microsoft.Management/managementGroups/estate",
      span: "a whole management group",
      isWide: true,
      setting: `${DEFINITIONS}/b2982f36-99f2-4db5-8eff-283140c09693`,
      isActive: false,
      isStaged: true,
      touchesStorage: true,
      isCertain: true,
    },
    "azurerm_subscription_policy_assignment.no-public-access": {
      kind: "policy-assignment",
      scope: LATER,
      span: "the whole subscription",
      isWide: true,
      setting: `${DEFINITIONS}/4fa4b6c0-31ca-4c0d-b10d-24b96f62a751`,
      isActive: false,
      isStaged: true,
      touchesStorage: true,
      isCertain: true,
    },
    "azurerm_resource_group_policy_assignment.no-shared-keys": {
      kind: "policy-assignment",
      scope: LATER,
      span: "one resource group",
      isWide: false,
      setting: `${DEFINITIONS}/8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54`,
      isActive: true,
      isStaged: true,
      touchesStorage: true,
      isCertain: true,
    },
  },
  "storage-access": {
    "azurerm_storage_account.scratch": {
      kind: "account",
      publicNetwork: true,
      keyAccess: false,
      anonymousAllowed: true,
      website: false,
    },
    "azurerm_storage_account.audit": {
      kind: "account",
      publicNetwork: true,
      keyAccess: true,
      anonymousAllowed: false,
      website: true,
    },
    "azurerm_storage_account.packages": {
      kind: "account",
      publicNetwork: true,
      keyAccess: false,
      anonymousAllowed: true,
      website: false,
    },
    "azurerm_storage_account.reports": {
      kind: "account",
      publicNetwork: true,
      keyAccess: true,
      anonymousAllowed: true,
      website: false,
      defaultAllow: false,
      trustedServices: true,
      ipRules: ["198.51.100.7"],
      subnetRules: LATER,
      resourceRules: [
        `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.Search/searchServices/reports`,
      ],
    },
    "azurerm_storage_container.extensions": { kind: "container", anonymousRead: true, website: false },
    "azurerm_storage_container.monthly": { kind: "container", anonymousRead: false, website: false },
    "azurerm_storage_account_network_rules.audit-rules": {
      kind: "rules",
      defaultAllow: false,
      trustedServices: false,
      ipRules: ["198.51.100.0/28"],
      subnetRules: LATER,
      resourceRules: [`${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.Purview/accounts/audit`],
    },
    "azurerm_storage_account_static_website.catalogue": { kind: "website", website: true },
    "azurerm_private_endpoint.audit-endpoint": { kind: "private-endpoint", privatePath: true },
  },
  certificate: {
    ...ofHosts(({ v1 }) => ({ [v1]: { renewal: "imported" } })),
    "azurerm_key_vault_certificate.partner": { renewal: "imported", issuer: "unknown" },
    "azurerm_key_vault_certificate.wildcard": { renewal: "automatic", issuer: "integrated" },
    "azurerm_app_service_certificate_order.shop": { renewal: "automatic" },
    "azurerm_app_service_certificate.archive": { renewal: "imported" },
    "azurerm_app_service_certificate.intranet": { renewal: "vault" },
    "azurerm_app_service_certificate.payroll": { renewal: "vault" },
    "azurerm_app_service_managed_certificate.forms": { renewal: "managed" },
    "azurerm_container_app_environment_certificate.accounts": { renewal: "vault" },
    "azurerm_container_app_environment_certificate.legacy": { renewal: "imported" },
    "azurerm_container_app_environment_certificate.search": { renewal: "vault" },
    "azurerm_container_app_environment_managed_certificate.status": { renewal: "managed" },
    "azurerm_application_gateway.gateway ssl_certificate:legacy": { renewal: "imported" },
  },
  "certificate-reference": {
    "azurerm_api_management.partners hostname_configuration.proxy:api.estate.example": {
      reference: "latest",
    },
    ...ofHosts(({ now, v2, v1 }) => ({
      [now]: { reference: "latest" },
      [v2]: { reference: "latest" },
      [v1]: { reference: "inline", inline: true },
    })),
    "azurerm_application_gateway.gateway ssl_certificate:wildcard": { reference: "latest" },
    "azurerm_application_gateway.gateway ssl_certificate:partner": { reference: "latest" },
    "azurerm_application_gateway.gateway ssl_certificate:legacy": { reference: "inline", inline: true },
    "azurerm_application_gateway.gateway trusted_root_certificate:backends": { reference: "latest" },
    "azurerm_cdn_frontdoor_secret.front-certificate secret.customer_certificate#0": { reference: "latest" },
    "azurerm_app_service_certificate.archive": { reference: "inline", inline: true },
    "azurerm_app_service_certificate.intranet": { reference: "latest" },
    "azurerm_app_service_certificate.payroll": { reference: "latest" },
    "azurerm_container_app_environment_certificate.accounts": { reference: "latest" },
    "azurerm_container_app_environment_certificate.legacy": { reference: "inline", inline: true },
    "azurerm_container_app_environment_certificate.search": { reference: "latest" },
  },
  "rollout-settings": {
    "azurerm_linux_virtual_machine_scale_set.web": {
      mode: "rolling",
      of: "virtual machines",
      instances: 10,
      step: 20,
      pauseSeconds: 600,
    },
    "azurerm_windows_virtual_machine_scale_set.jobs": {
      mode: "rolling",
      of: "virtual machines",
      instances: 6,
      step: "one",
      pauseSeconds: 300,
    },
    "azurerm_orchestrated_virtual_machine_scale_set.reports": {
      mode: "rolling",
      of: "virtual machines",
      instances: 5,
      step: "one",
      pauseSeconds: 900,
    },
    "azurerm_kubernetes_cluster.cluster_aks_AB606D92 cluster": {
      autoUpgrade: "patch",
      maintenanceWindow: true,
    },
    "azurerm_kubernetes_cluster.cluster_aks_AB606D92 default_node_pool:system": {
      mode: "rolling",
      of: "nodes",
      instances: 3,
      step: "one",
    },
    "azurerm_kubernetes_cluster_node_pool.cluster_apps_FA584321": {
      mode: "rolling",
      of: "nodes",
      instances: 6,
      step: "one",
    },
    "azurerm_kubernetes_cluster_node_pool.cluster_batch_52DB4EAE": {
      mode: "rolling",
      of: "nodes",
      instances: 10,
      step: 20,
    },
  },
};

/** What holds for the three hosts that each face has. */
function ofHosts(
  expect: (host: { now: string; v2: string; v1: string }) => Readonly<Record<string, Facts>>,
): Readonly<Record<string, Facts>> {
  return Object.assign(
    {},
    ...HOSTS.map(([block, host]) =>
      expect({ now: `${block}:${host}`, v2: `${block}:v2.${host}`, v1: `${block}:v1.${host}` }),
    ),
  );
}
