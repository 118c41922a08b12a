import type { ArmResource } from "./arm.ts";
import { armId, type JsonObject, SUBSCRIPTION } from "./json.ts";
import type { Version } from "./storage-estate.ts";
import type { TerraformResource } from "./terraform.ts";

/**
 * The estate of teams-2020-02-certificate: a sign-in service behind a gateway and a global entry point, both of which
 * present one certificate.
 */

const GROUP = "signin-eastus";
const REGION = "eastus";
const HOST = "signin.example.com";
const VAULT = armId(GROUP, "Microsoft.KeyVault/vaults", "kv-signin");
const SUBNET = `${armId(GROUP, "Microsoft.Network/virtualNetworks", "net-signin")}/subnets/gateway`;
const ADDRESS = armId(GROUP, "Microsoft.Network/publicIPAddresses", "gateway-signin");
const READER = armId(GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "gateway-signin");

/** One version of the certificate, and the certificate as such. */
const PINNED = "0f6f2a3c9d0e4b1fa5a9d1d8c0b7e632";

function secretUri(version: Version): string {
  const uri = "https://kv-signin.vault.azure.net/secrets/signin";
  return version === "outage" ? `${uri}/${PINNED}` : uri;
}

export function terraformSignIn(version: Version): readonly TerraformResource[] {
  return [
    {
      type: "azurerm_resource_group",
      name: GROUP,
      config: { name: GROUP, location: REGION },
      computed: { id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}` },
    },
    {
      type: "azurerm_key_vault",
      name: "signin",
      config: {
        name: "kv-signin",
        resource_group_name: `\${azurerm_resource_group.${GROUP}.name}`,
        location: REGION,
        sku_name: "standard",
        tenant_id: "00000000-0000-4000-8000-000000007e4a",
        rbac_authorization_enabled: true,
        purge_protection_enabled: true,
        soft_delete_retention_days: 90,
      },
      computed: { id: VAULT, vault_uri: "https://kv-signin.vault.azure.net/" },
    },
    {
      type: "azurerm_key_vault_certificate",
      name: "signin",
      config: {
        name: "signin",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
        key_vault_id: "${azurerm_key_vault.signin.id}",
        certificate_policy: {
          issuer_parameters: { name: "DigiCert" },
          key_properties: { exportable: true, key_type: "RSA", key_size: 2048, reuse_key: false },
          lifetime_action: {
            action: { action_type: version === "outage" ? "EmailContacts" : "AutoRenew" },
            trigger: { days_before_expiry: 30 },
          },
          secret_properties: { content_type: "application/x-pkcs12" },
          x509_certificate_properties: {
            subject: `CN=${HOST}`,
            validity_in_months: 3,
            key_usage: ["digitalSignature", "keyEncipherment"],
          },
        },
      },
      computed: { id: "", secret_id: "", versionless_id: "", versionless_secret_id: "", version: "" },
      isNew: true,
    },
    {
      type: "azurerm_application_gateway",
      name: "signin",
      config: {
        name: "signin",
        resource_group_name: `\${azurerm_resource_group.${GROUP}.name}`,
        location: REGION,
        sku: { name: "Standard_v2", tier: "Standard_v2", capacity: 2 },
        identity: { type: "UserAssigned", identity_ids: [READER] },
        gateway_ip_configuration: { name: "gateway", subnet_id: SUBNET },
        frontend_ip_configuration: { name: "public", public_ip_address_id: ADDRESS },
        frontend_port: { name: "https", port: 443 },
        ssl_certificate: { name: "signin", key_vault_secret_id: secretUri(version) },
        http_listener: {
          name: "signin",
          frontend_ip_configuration_name: "public",
          frontend_port_name: "https",
          protocol: "Https",
          host_name: HOST,
          ssl_certificate_name: "signin",
        },
        backend_address_pool: { name: "signin", fqdns: ["signin-eastus.internal.example.com"] },
        backend_http_settings: {
          name: "signin",
          port: 443,
          protocol: "Https",
          cookie_based_affinity: "Disabled",
        },
        request_routing_rule: {
          name: "signin",
          priority: 10,
          rule_type: "Basic",
          http_listener_name: "signin",
          backend_address_pool_name: "signin",
          backend_http_settings_name: "signin",
        },
      },
      computed: { id: "" },
      isNew: true,
    },
    {
      type: "azurerm_cdn_frontdoor_profile",
      name: "signin",
      config: {
        name: "signin",
        resource_group_name: `\${azurerm_resource_group.${GROUP}.name}`,
        sku_name: "Premium_AzureFrontDoor",
      },
      computed: { id: armId(GROUP, "Microsoft.Cdn/profiles", "signin") },
    },
    {
      type: "azurerm_cdn_frontdoor_secret",
      name: "signin",
      config: {
        name: "signin",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
        cdn_frontdoor_profile_id: "${azurerm_cdn_frontdoor_profile.signin.id}",
        secret: {
          customer_certificate: {
            key_vault_certificate_id: secretUri(version).replace("/secrets/", "/certificates/"),
          },
        },
      },
      computed: { id: "" },
      isNew: true,
    },
  ];
}

/** Where no vault's certificates are resources (ARM), the certificate is the one that App Service holds. */
export function armSignIn(version: Version, upload: string): readonly ArmResource[] {
  const isPinned = version === "outage";
  const held: JsonObject = isPinned
    ? { pfxBlob: upload }
    : { keyVaultId: VAULT, keyVaultSecretName: "signin" };
  const gateway = armId(GROUP, "Microsoft.Network/applicationGateways", "signin");
  const part = (kind: string, name: string) => ({ id: `${gateway}/${kind}/${name}` });
  return [
    {
      id: VAULT,
      type: "Microsoft.KeyVault/vaults",
      apiVersion: "2024-11-01",
      body: {
        location: REGION,
        properties: {
          sku: { family: "A", name: "standard" },
          tenantId: "00000000-0000-4000-8000-000000007e4a",
          enableRbacAuthorization: true,
          enablePurgeProtection: true,
          softDeleteRetentionInDays: 90,
        },
      },
    },
    {
      id: armId(GROUP, "Microsoft.Web/certificates", "signin-api"),
      type: "Microsoft.Web/certificates",
      apiVersion: "2024-11-01",
      body: {
        location: REGION,
        properties: { serverFarmId: armId(GROUP, "Microsoft.Web/serverfarms", "signin"), ...held },
      },
      isNew: true,
    },
    {
      id: gateway,
      type: "Microsoft.Network/applicationGateways",
      apiVersion: "2024-05-01",
      body: {
        location: REGION,
        identity: { type: "UserAssigned", userAssignedIdentities: { [READER]: {} } },
        properties: {
          sku: { name: "Standard_v2", tier: "Standard_v2", capacity: 2 },
          gatewayIPConfigurations: [{ name: "gateway", properties: { subnet: { id: SUBNET } } }],
          frontendIPConfigurations: [{ name: "public", properties: { publicIPAddress: { id: ADDRESS } } }],
          frontendPorts: [{ name: "https", properties: { port: 443 } }],
          sslCertificates: [{ name: "signin", properties: { keyVaultSecretId: secretUri(version) } }],
          httpListeners: [
            {
              name: "signin",
              properties: {
                frontendIPConfiguration: part("frontendIPConfigurations", "public"),
                frontendPort: part("frontendPorts", "https"),
                protocol: "Https",
                hostName: HOST,
                sslCertificate: part("sslCertificates", "signin"),
              },
            },
          ],
          backendAddressPools: [
            {
              name: "signin",
              properties: { backendAddresses: [{ fqdn: "signin-eastus.internal.example.com" }] },
            },
          ],
          backendHttpSettingsCollection: [{ name: "signin", properties: { port: 443, protocol: "Https" } }],
          requestRoutingRules: [
            {
              name: "signin",
              properties: {
                priority: 10,
                ruleType: "Basic",
                httpListener: part("httpListeners", "signin"),
                backendAddressPool: part("backendAddressPools", "signin"),
                backendHttpSettings: part("backendHttpSettingsCollection", "signin"),
              },
            },
          ],
        },
      },
      isNew: true,
    },
    {
      id: armId(GROUP, "Microsoft.Cdn/profiles", "signin"),
      type: "Microsoft.Cdn/profiles",
      apiVersion: "2024-09-01",
      body: { location: "Global", sku: { name: "Premium_AzureFrontDoor" }, properties: {} },
    },
    {
      id: armId(GROUP, "Microsoft.Cdn/profiles/secrets", "signin", "signin"),
      type: "Microsoft.Cdn/profiles/secrets",
      apiVersion: "2024-09-01",
      body: {
        properties: {
          parameters: {
            type: "CustomerCertificate",
            secretSource: { id: `${VAULT}/secrets/signin` },
            useLatestVersion: !isPinned,
            ...(isPinned && { secretVersion: PINNED }),
          },
        },
      },
      isNew: true,
    },
  ];
}
