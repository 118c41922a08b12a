import type { ArmResource } from "./arm.ts";
import { armId, type JsonObject, SUBSCRIPTION } from "./json.ts";
import type { TerraformResource } from "./terraform.ts";

/**
 * The estate of azure-2026-02-storage-access, as small as it can be and still show the outage: accounts that serve
 * packages to whatever starts a virtual machine, the fleets that name them in URLs only, and one ordinary account.
 */

interface Account {
  readonly name: string;
  readonly region: string;
  /** Serves packages to anybody. */
  readonly isPlatform: boolean;
}

const ACCOUNTS: readonly Account[] = [
  { name: "vmexteastus", region: "eastus", isPlatform: true },
  { name: "vmextwestus", region: "westus", isPlatform: true },
  { name: "vmextshared", region: "westeurope", isPlatform: true },
  { name: "applogseastus", region: "eastus", isPlatform: false },
];

const REGIONS = ["eastus", "westus", "westeurope"] as const;

/** Scale sets, with the account of their own region that they download their agent from. */
const FLEETS = [
  { name: "web-eastus", region: "eastus", account: "vmexteastus" },
  { name: "web-westus", region: "westus", account: "vmextwestus" },
] as const;

function packageUrl(account: string, file: string): string {
  return `https://${account}.blob.core.windows.net/packages/${file}`;
}

function packagesOf(account: string): readonly string[] {
  return [packageUrl(account, "agent-4.2.1.sh"), packageUrl("vmextshared", "certificates-2026.01.tar.gz")];
}

/** The built-in definition "Configure your Storage account public access to be disallowed". */
const DISALLOW_PUBLIC_ACCESS =
  "/providers/Microsoft.Authorization/policyDefinitions/13502221-8df0-4414-9937-de9c5c4e396b";

const STORAGE_BLOB_DATA_CONTRIBUTOR = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`;

const SSH_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZpeHR1cmUgb25seSwgbm90IGEga2V5IHRoYXQgd29ya3M operator";

/** `outage`: the job as it ran. `safe`: the job on the one account that it was meant for. */
export type Version = "outage" | "safe";

export function terraformEstate(version: Version): readonly TerraformResource[] {
  return [
    ...REGIONS.map((region): TerraformResource => {
      const name = `platform-${region}`;
      return {
        type: "azurerm_resource_group",
        name,
        config: { name, location: region },
        computed: { id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}` },
      };
    }),
    ...ACCOUNTS.flatMap((account) => terraformAccount(account, version)),
    ...FLEETS.flatMap(({ name, region, account }) => terraformFleet(name, region, account)),
    ...terraformWebApp("dispatch", "westeurope", {
      WEBSITE_RUN_FROM_PACKAGE: packageUrl("vmextshared", "dispatch-1.9.0.zip"),
    }),
    ...terraformWebApp("shop", "eastus", {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
      LOG_ACCOUNT: "${azurerm_storage_account.applogseastus.name}",
    }),
    {
      type: "azurerm_role_assignment",
      name: "shop-writes-logs",
      config: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
        scope: "${azurerm_storage_account.applogseastus.id}",
        role_definition_name: "Storage Blob Data Contributor",
        principal_id: SHOP_PRINCIPAL,
      },
      computed: { id: roleAssignmentId() },
    },
    ...(version === "outage" ? [terraformAssignment()] : [terraformEndpoint()]),
  ];
}

const SHOP_PRINCIPAL = "00000000-0000-4000-8000-000000005409";

function terraformAccount(
  { name, region, isPlatform }: Account,
  version: Version,
): readonly TerraformResource[] {
  const isHit = version === "outage" || name === "applogseastus";
  const isClosed = !isPlatform || version === "outage";
  const container = isPlatform ? "packages" : "logs";
  const id = armId(`platform-${region}`, "Microsoft.Storage/storageAccounts", name);
  return [
    {
      type: "azurerm_storage_account",
      name,
      config: {
        name,
        resource_group_name: `\${azurerm_resource_group.platform-${region}.name}`,
        location: region,
        account_kind: "StorageV2",
        account_tier: "Standard",
        account_replication_type: "ZRS",
        min_tls_version: "TLS1_2",
        allow_nested_items_to_be_public: !isHit,
        public_network_access_enabled: !isHit,
        tags: isPlatform ? { tier: "platform", holds: "vm-extension-packages" } : { team: "shop" },
      },
      computed: {
        id,
        primary_location: region,
        primary_blob_endpoint: `https://${name}.blob.core.windows.net/`,
        primary_blob_host: `${name}.blob.core.windows.net`,
      },
      ...(isHit && { was: { allow_nested_items_to_be_public: true, public_network_access_enabled: true } }),
    },
    {
      type: "azurerm_storage_container",
      name: `${container}-${name}`,
      config: {
        name: container,
        storage_account_id: `\${azurerm_storage_account.${name}.id}`,
        container_access_type: isClosed ? "private" : "blob",
      },
      computed: { id: `${id}/blobServices/default/containers/${container}` },
      ...(isPlatform && isClosed && { was: { container_access_type: "blob" } }),
    },
  ];
}

function terraformFleet(name: string, region: string, account: string): readonly TerraformResource[] {
  const group = `\${azurerm_resource_group.platform-${region}.name}`;
  const network = armId(`platform-${region}`, "Microsoft.Network/virtualNetworks", `net-${region}`);
  return [
    {
      type: "azurerm_virtual_network",
      name: `net-${region}`,
      config: {
        name: `net-${region}`,
        resource_group_name: group,
        location: region,
        address_space: ["10.20.0.0/16"],
      },
      computed: { id: network },
    },
    {
      type: "azurerm_subnet",
      name: `net-${region}-web`,
      config: {
        name: "web",
        resource_group_name: group,
        virtual_network_name: `\${azurerm_virtual_network.net-${region}.name}`,
        address_prefixes: ["10.20.1.0/24"],
      },
      computed: { id: `${network}/subnets/web` },
    },
    {
      type: "azurerm_linux_virtual_machine_scale_set",
      name,
      config: {
        name,
        resource_group_name: group,
        location: region,
        sku: "Standard_D4s_v5",
        instances: 40,
        admin_username: "operator",
        upgrade_mode: "Manual",
        admin_ssh_key: { username: "operator", public_key: SSH_KEY },
        source_image_reference: {
          publisher: "Canonical",
          offer: "ubuntu-24_04-lts",
          sku: "server",
          version: "24.04.202601150",
        },
        os_disk: { caching: "ReadOnly", storage_account_type: "Premium_LRS" },
        network_interface: {
          name: "primary",
          primary: true,
          ip_configuration: {
            name: "internal",
            primary: true,
            subnet_id: `\${azurerm_subnet.net-${region}-web.id}`,
          },
        },
        extension: {
          name: "agent",
          publisher: "Microsoft.Azure.Extensions",
          type: "CustomScript",
          type_handler_version: "2.1",
          settings: JSON.stringify({
            fileUris: packagesOf(account),
            commandToExecute: "sh agent-4.2.1.sh",
          }),
        },
      },
      computed: { id: armId(`platform-${region}`, "Microsoft.Compute/virtualMachineScaleSets", name) },
    },
  ];
}

function terraformWebApp(name: string, region: string, settings: JsonObject): readonly TerraformResource[] {
  const group = `\${azurerm_resource_group.platform-${region}.name}`;
  return [
    {
      type: "azurerm_service_plan",
      name: `plan-${name}`,
      config: {
        name: `plan-${name}`,
        resource_group_name: group,
        location: region,
        os_type: "Linux",
        sku_name: "P1v3",
      },
      computed: { id: armId(`platform-${region}`, "Microsoft.Web/serverFarms", `plan-${name}`) },
    },
    {
      type: "azurerm_linux_web_app",
      name,
      config: {
        name,
        resource_group_name: group,
        location: region,
        service_plan_id: `\${azurerm_service_plan.plan-${name}.id}`,
        app_settings: settings,
        identity: { type: "SystemAssigned" },
        site_config: { always_on: true },
      },
      computed: {
        id: armId(`platform-${region}`, "Microsoft.Web/sites", name),
        default_hostname: `${name}.azurewebsites.net`,
      },
    },
  ];
}

function roleAssignmentId(): string {
  const account = armId("platform-eastus", "Microsoft.Storage/storageAccounts", "applogseastus");
  return `${account}/providers/Microsoft.Authorization/roleAssignments/6f1d2f0e-0c8e-4a57-9d55-0f4a5f7c2b10`;
}

/** What makes the job recurring: whoever opens an account again has it closed again, in the whole subscription. */
function terraformAssignment(): TerraformResource {
  const scope = `/subscriptions/${SUBSCRIPTION}`;
  return {
    type: "azurerm_subscription_policy_assignment",
    name: "no-public-storage",
    config: {
      name: "no-public-storage",
      display_name: "Storage accounts allow no public access",
      subscription_id: scope,
      policy_definition_id: DISALLOW_PUBLIC_ACCESS,
      location: "eastus",
      enforce: true,
      parameters: JSON.stringify({ effect: { value: "Modify" } }),
      identity: { type: "SystemAssigned" },
    },
    computed: { id: `${scope}/providers/Microsoft.Authorization/policyAssignments/no-public-storage` },
    isNew: true,
  };
}

/** The private way to the account, in place before the public one is closed. */
function terraformEndpoint(): TerraformResource {
  return {
    type: "azurerm_private_endpoint",
    name: "applogs-blob",
    config: {
      name: "applogs-blob",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
      resource_group_name: "${azurerm_resource_group.platform-eastus.name}",
      location: "eastus",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
      subnet_id: "${azurerm_subnet.net-eastus-web.id}",
      private_service_connection: {
        name: "applogs-blob",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Terraform's language
        private_connection_resource_id: "${azurerm_storage_account.applogseastus.id}",
        subresource_names: ["blob"],
        is_manual_connection: false,
      },
    },
    computed: { id: armId("platform-eastus", "Microsoft.Network/privateEndpoints", "applogs-blob") },
  };
}

export function armEstate(version: Version): readonly ArmResource[] {
  return [
    ...ACCOUNTS.flatMap((account) => armAccount(account, version)),
    ...FLEETS.flatMap(({ name, region, account }) => armFleet(name, region, account)),
    ...armWebApp("dispatch", "westeurope", {
      name: "WEBSITE_RUN_FROM_PACKAGE",
      value: packageUrl("vmextshared", "dispatch-1.9.0.zip"),
    }),
    ...armWebApp("shop", "eastus", { name: "LOG_ACCOUNT", value: "applogseastus" }),
    {
      id: roleAssignmentId(),
      type: "Microsoft.Authorization/roleAssignments",
      apiVersion: "2022-04-01",
      body: {
        scope: armId("platform-eastus", "Microsoft.Storage/storageAccounts", "applogseastus"),
        properties: {
          roleDefinitionId: STORAGE_BLOB_DATA_CONTRIBUTOR,
          principalId: SHOP_PRINCIPAL,
          principalType: "ServicePrincipal",
        },
      },
    },
    ...(version === "outage" ? [armAssignment()] : [armEndpoint()]),
  ];
}

function armAccount({ name, region, isPlatform }: Account, version: Version): readonly ArmResource[] {
  const isHit = version === "outage" || name === "applogseastus";
  const isClosed = !isPlatform || version === "outage";
  const id = armId(`platform-${region}`, "Microsoft.Storage/storageAccounts", name);
  return [
    {
      id,
      type: "Microsoft.Storage/storageAccounts",
      apiVersion: "2024-01-01",
      body: {
        location: region,
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        tags: isPlatform ? { tier: "platform", holds: "vm-extension-packages" } : { team: "shop" },
        properties: {
          minimumTlsVersion: "TLS1_2",
          allowBlobPublicAccess: !isHit,
          publicNetworkAccess: isHit ? "Disabled" : "Enabled",
        },
      },
      ...(isHit && { was: { properties: { allowBlobPublicAccess: true, publicNetworkAccess: "Enabled" } } }),
    },
    {
      id: `${id}/blobServices/default/containers/${isPlatform ? "packages" : "logs"}`,
      type: "Microsoft.Storage/storageAccounts/blobServices/containers",
      apiVersion: "2024-01-01",
      body: { properties: { publicAccess: isClosed ? "None" : "Blob" } },
      ...(isPlatform && isClosed && { was: { properties: { publicAccess: "Blob" } } }),
    },
  ];
}

function armFleet(name: string, region: string, account: string): readonly ArmResource[] {
  const network = armId(`platform-${region}`, "Microsoft.Network/virtualNetworks", `net-${region}`);
  return [
    {
      id: network,
      type: "Microsoft.Network/virtualNetworks",
      apiVersion: "2024-05-01",
      body: {
        location: region,
        properties: {
          addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
          subnets: [{ name: "web", properties: { addressPrefix: "10.20.1.0/24" } }],
        },
      },
    },
    {
      id: armId(`platform-${region}`, "Microsoft.Compute/virtualMachineScaleSets", name),
      type: "Microsoft.Compute/virtualMachineScaleSets",
      apiVersion: "2024-11-01",
      body: {
        location: region,
        sku: { name: "Standard_D4s_v5", tier: "Standard", capacity: 40 },
        properties: {
          orchestrationMode: "Uniform",
          upgradePolicy: { mode: "Manual" },
          virtualMachineProfile: {
            networkProfile: {
              networkInterfaceConfigurations: [
                {
                  name: "primary",
                  properties: {
                    primary: true,
                    ipConfigurations: [
                      {
                        name: "internal",
                        properties: { primary: true, subnet: { id: `${network}/subnets/web` } },
                      },
                    ],
                  },
                },
              ],
            },
            extensionProfile: {
              extensions: [
                {
                  name: "agent",
                  properties: {
                    publisher: "Microsoft.Azure.Extensions",
                    type: "CustomScript",
                    typeHandlerVersion: "2.1",
                    settings: { fileUris: packagesOf(account), commandToExecute: "sh agent-4.2.1.sh" },
                  },
                },
              ],
            },
          },
        },
      },
    },
  ];
}

function armWebApp(
  name: string,
  region: string,
  setting: { readonly name: string; readonly value: string },
): readonly ArmResource[] {
  const plan = armId(`platform-${region}`, "Microsoft.Web/serverfarms", `plan-${name}`);
  return [
    {
      id: plan,
      type: "Microsoft.Web/serverfarms",
      apiVersion: "2024-11-01",
      body: { location: region, kind: "linux", sku: { name: "P1v3" }, properties: { reserved: true } },
    },
    {
      id: armId(`platform-${region}`, "Microsoft.Web/sites", name),
      type: "Microsoft.Web/sites",
      apiVersion: "2024-11-01",
      body: {
        location: region,
        kind: "app,linux",
        identity: { type: "SystemAssigned" },
        properties: { serverFarmId: plan, siteConfig: { alwaysOn: true, appSettings: [setting] } },
      },
    },
  ];
}

function armAssignment(): ArmResource {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/no-public-storage`,
    type: "Microsoft.Authorization/policyAssignments",
    apiVersion: "2024-05-01",
    body: {
      location: "eastus",
      identity: { type: "SystemAssigned" },
      scope: `/subscriptions/${SUBSCRIPTION}`,
      properties: {
        displayName: "Storage accounts allow no public access",
        policyDefinitionId: DISALLOW_PUBLIC_ACCESS,
        enforcementMode: "Default",
        parameters: { effect: { value: "Modify" } },
      },
    },
    isNew: true,
  };
}

function armEndpoint(): ArmResource {
  const network = armId("platform-eastus", "Microsoft.Network/virtualNetworks", "net-eastus");
  return {
    id: armId("platform-eastus", "Microsoft.Network/privateEndpoints", "applogs-blob"),
    type: "Microsoft.Network/privateEndpoints",
    apiVersion: "2024-05-01",
    body: {
      location: "eastus",
      properties: {
        subnet: { id: `${network}/subnets/web` },
        privateLinkServiceConnections: [
          {
            name: "applogs-blob",
            properties: {
              privateLinkServiceId: armId(
                "platform-eastus",
                "Microsoft.Storage/storageAccounts",
                "applogseastus",
              ),
              groupIds: ["blob"],
            },
          },
        ],
      },
    },
  };
}

/** The name that a program gives a resource: its own, or with its account's where the name alone says too little. */
export function logicalName({ id, type }: ArmResource): string {
  const segments = id.split("/");
  const name = segments.at(-1) ?? id;
  if (type.endsWith("/containers")) return `${name}-${segments.at(-5)}`;
  return type === "Microsoft.Authorization/roleAssignments" ? "shop-writes-logs" : name;
}
