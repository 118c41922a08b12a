/** One resource of the estate, before and after the plan. */
export interface Resource {
  readonly module: string;
  readonly type: string;
  readonly name: string;
  /** Key of the `for_each` instance. */
  readonly key?: string;
  readonly isChanged: boolean;
  readonly before: object;
  readonly after: object;
  /** Which values are sensitive, in Terraform's form. */
  readonly sensitive: object;
}

type Values = Readonly<Record<string, unknown>>;

const REGIONS = ["westeurope", "northeurope", "eastus", "eastus2", "westus2", "southeastasia"] as const;
const SUBSCRIPTION = "/subscriptions/6f2c1a44-0d3b-4b7e-9c55-2f8f0f6f1b10";

/** How many of each type a site has: many small things around few large ones. */
const MIX = {
  azurerm_resource_group: 1,
  azurerm_virtual_network: 1,
  azurerm_subnet: 4,
  azurerm_user_assigned_identity: 3,
  azurerm_role_assignment: 24,
  azurerm_storage_account: 2,
  azurerm_storage_container: 12,
  azurerm_key_vault: 1,
  azurerm_key_vault_secret: 8,
  azurerm_network_interface: 3,
  azurerm_linux_virtual_machine: 3,
  azurerm_virtual_machine_extension: 3,
  azurerm_linux_virtual_machine_scale_set: 1,
  azurerm_kubernetes_cluster: 1,
  azurerm_dns_a_record: 40,
  azurerm_private_endpoint: 2,
} as const;
type Type = keyof typeof MIX;

export const SITE_SIZE: number = Object.values(MIX).reduce((sum, count) => sum + count, 0);

/** What a resource's values are made of. */
interface Place {
  readonly site: string;
  readonly region: string;
  readonly n: number;
  readonly id: string;
  /** The id of another resource of the site. */
  readonly idOf: (type: Type, n: number) => string;
  /** The name of another resource of the site, as Azure knows it. */
  readonly nameOf: (type: Type, n: number) => string;
}

/** The resources of one site: a module instance with a region of its own. */
export function siteResources(site: number, changes: "some" | "all"): readonly Resource[] {
  const label = `s${String(site).padStart(5, "0")}`;
  const region = REGIONS[site % REGIONS.length] ?? REGIONS[0];
  const nameOf = (type: Type, n: number) =>
    `${type
      .replace(/^azurerm_/, "")
      .replace(/_/g, "")
      .slice(0, 9)}${label}${n}`;
  const idOf = (type: Type, n: number) =>
    `${SUBSCRIPTION}/resourceGroups/rg-${label}/providers/${ARM_TYPES[type]}/${nameOf(type, n)}`;
  const resources: Resource[] = [];
  for (const [type, count] of Object.entries(MIX) as [Type, number][]) {
    for (let n = 0; n < count; n++) {
      const isChanged = changes === "all" || (resources.length + site) % 10 === 0;
      const before: Values = {
        id: idOf(type, n),
        ...VALUES[type]({ site: label, region, n, id: idOf(type, n), idOf, nameOf }),
        tags: TAGS,
        timeouts: null,
      };
      resources.push({
        module: `module.site[${JSON.stringify(label)}]`,
        type,
        name: "this",
        ...(count > 1 && { key: `k${n}` }),
        isChanged,
        before,
        after: isChanged ? { ...before, tags: { ...TAGS, release: "2026.02" }, ...CHANGED[type] } : before,
        sensitive: SENSITIVE[type] ?? {},
      });
    }
  }
  return resources;
}

const TAGS = {
  environment: "production",
  owner: "platform@example.com",
  costCenter: "4711",
  release: "2026.01",
};

/** What a changed resource of a type has changed beside its tags. */
const CHANGED: Partial<Record<Type, Values>> = {
  azurerm_storage_account: { min_tls_version: "TLS1_2", public_network_access_enabled: false },
  azurerm_linux_virtual_machine: { size: "Standard_D8s_v5" },
  azurerm_linux_virtual_machine_scale_set: { instances: 12 },
  azurerm_dns_a_record: { ttl: 60 },
  azurerm_kubernetes_cluster: { kubernetes_version: "1.31.3" },
};

const SENSITIVE: Partial<Record<Type, object>> = {
  azurerm_storage_account: { primary_access_key: true, primary_connection_string: true },
  azurerm_key_vault_secret: { value: true },
  azurerm_kubernetes_cluster: { kube_config_raw: true },
};

const ARM_TYPES: Readonly<Record<Type, string>> = {
  azurerm_resource_group: "Microsoft.Resources/resourceGroups",
  azurerm_virtual_network: "Microsoft.Network/virtualNetworks",
  azurerm_subnet: "Microsoft.Network/virtualNetworks/vnet/subnets",
  azurerm_user_assigned_identity: "Microsoft.ManagedIdentity/userAssignedIdentities",
  azurerm_role_assignment: "Microsoft.Authorization/roleAssignments",
  azurerm_storage_account: "Microsoft.Storage/storageAccounts",
  azurerm_storage_container: "Microsoft.Storage/storageAccounts/sa/blobServices/default/containers",
  azurerm_key_vault: "Microsoft.KeyVault/vaults",
  azurerm_key_vault_secret: "Microsoft.KeyVault/vaults/kv/secrets",
  azurerm_network_interface: "Microsoft.Network/networkInterfaces",
  azurerm_linux_virtual_machine: "Microsoft.Compute/virtualMachines",
  azurerm_virtual_machine_extension: "Microsoft.Compute/virtualMachines/vm/extensions",
  azurerm_linux_virtual_machine_scale_set: "Microsoft.Compute/virtualMachineScaleSets",
  azurerm_kubernetes_cluster: "Microsoft.ContainerService/managedClusters",
  azurerm_dns_a_record: "Microsoft.Network/dnsZones/example.com/A",
  azurerm_private_endpoint: "Microsoft.Network/privateEndpoints",
};

const located = ({ site, region }: Place) => ({ location: region, resource_group_name: `rg-${site}` });
const uuid = (site: string, n: number) =>
  `00000000-0000-4000-8${n.toString().padStart(3, "0")}-00000000${site.slice(2)}`;

/** The values of each type, with the properties that the provider (azurerm 4) writes into a plan. */
const VALUES: Readonly<Record<Type, (place: Place) => Values>> = {
  azurerm_resource_group: ({ site, region }) => ({ name: `rg-${site}`, location: region, managed_by: "" }),
  azurerm_virtual_network: (place) => ({
    ...located(place),
    name: place.nameOf("azurerm_virtual_network", place.n),
    address_space: ["10.12.0.0/16"],
    bgp_community: "",
    ddos_protection_plan: [],
    dns_servers: ["10.12.0.4", "10.12.0.5"],
    edge_zone: "",
    encryption: [],
    flow_timeout_in_minutes: 0,
    guid: uuid(place.site, 1),
  }),
  azurerm_subnet: (place) => ({
    name: place.nameOf("azurerm_subnet", place.n),
    resource_group_name: `rg-${place.site}`,
    virtual_network_name: place.nameOf("azurerm_virtual_network", 0),
    address_prefixes: [`10.12.${place.n}.0/24`],
    default_outbound_access_enabled: true,
    delegation: [],
    private_endpoint_network_policies: "Enabled",
    private_link_service_network_policies_enabled: true,
    service_endpoint_policy_ids: [],
    service_endpoints: ["Microsoft.Storage", "Microsoft.KeyVault"],
  }),
  azurerm_user_assigned_identity: (place) => ({
    ...located(place),
    name: place.nameOf("azurerm_user_assigned_identity", place.n),
    client_id: uuid(place.site, 10 + place.n),
    principal_id: uuid(place.site, 20 + place.n),
    tenant_id: uuid("s00000", 30),
  }),
  azurerm_role_assignment: (place) => ({
    name: uuid(place.site, 40 + place.n),
    condition: "",
    condition_version: "",
    delegated_managed_identity_resource_id: "",
    description: "",
    principal_id: uuid(place.site, 20 + (place.n % 2)),
    principal_type: "ServicePrincipal",
    role_definition_id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${uuid("s00000", 50 + place.n)}`,
    role_definition_name: "Storage Blob Data Reader",
    scope: place.idOf("azurerm_storage_account", place.n % 2),
    skip_service_principal_aad_check: null,
  }),
  azurerm_storage_account: (place) => storageAccount(place, place.nameOf("azurerm_storage_account", place.n)),
  azurerm_storage_container: (place) => {
    const account = place.nameOf("azurerm_storage_account", place.n % 2);
    return {
      name: `releases-${place.n}`,
      container_access_type: place.n === 0 ? "blob" : "private",
      default_encryption_scope: "$account-encryption-key",
      encryption_scope_override_enabled: true,
      has_immutability_policy: false,
      has_legal_hold: false,
      metadata: {},
      resource_manager_id: place.id,
      storage_account_id: place.idOf("azurerm_storage_account", place.n % 2),
      storage_account_name: account,
    };
  },
  azurerm_key_vault: (place) => {
    const name = place.nameOf("azurerm_key_vault", place.n);
    return {
      ...located(place),
      name,
      access_policy: [0, 1].map((n) => ({
        application_id: "",
        certificate_permissions: ["Get", "List"],
        key_permissions: ["Get", "WrapKey", "UnwrapKey"],
        object_id: uuid(place.site, 20 + n),
        secret_permissions: ["Get", "List"],
        storage_permissions: [],
        tenant_id: uuid("s00000", 30),
      })),
      enable_rbac_authorization: false,
      enabled_for_deployment: false,
      enabled_for_disk_encryption: true,
      enabled_for_template_deployment: false,
      network_acls: [
        {
          bypass: "AzureServices",
          default_action: "Deny",
          ip_rules: ["203.0.113.0/24"],
          virtual_network_subnet_ids: [place.idOf("azurerm_subnet", 0)],
        },
      ],
      public_network_access_enabled: true,
      purge_protection_enabled: true,
      sku_name: "standard",
      soft_delete_retention_days: 90,
      tenant_id: uuid("s00000", 30),
      vault_uri: `https://${name}.vault.azure.net/`,
    };
  },
  azurerm_key_vault_secret: (place) => {
    const vault = `https://${place.nameOf("azurerm_key_vault", 0)}.vault.azure.net/secrets/connection-${place.n}`;
    return {
      name: `connection-${place.n}`,
      content_type: "text/plain",
      expiration_date: null,
      key_vault_id: place.idOf("azurerm_key_vault", 0),
      not_before_date: null,
      resource_id: place.id,
      value: `Server=tcp:sql-${place.site}.database.windows.net;Password=generated-for-the-benchmark-${place.n}`,
      version: uuid(place.site, 60).replaceAll("-", ""),
      versionless_id: vault,
    };
  },
  azurerm_network_interface: (place) => ({
    ...located(place),
    name: place.nameOf("azurerm_network_interface", place.n),
    accelerated_networking_enabled: true,
    applied_dns_servers: [],
    auxiliary_mode: "",
    auxiliary_sku: "",
    dns_servers: [],
    edge_zone: "",
    internal_dns_name_label: "",
    internal_domain_name_suffix: `${place.site}.internal.cloudapp.net`,
    ip_configuration: [
      {
        gateway_load_balancer_frontend_ip_configuration_id: "",
        name: "internal",
        primary: true,
        private_ip_address: `10.12.0.${10 + place.n}`,
        private_ip_address_allocation: "Dynamic",
        private_ip_address_version: "IPv4",
        public_ip_address_id: "",
        subnet_id: place.idOf("azurerm_subnet", 0),
      },
    ],
    ip_forwarding_enabled: false,
    mac_address: "00-22-48-00-00-01",
    private_ip_address: `10.12.0.${10 + place.n}`,
    private_ip_addresses: [`10.12.0.${10 + place.n}`],
    virtual_machine_id: place.idOf("azurerm_linux_virtual_machine", place.n),
  }),
  azurerm_linux_virtual_machine: (place) => ({
    ...located(place),
    ...machine(place),
    name: place.nameOf("azurerm_linux_virtual_machine", place.n),
    allow_extension_operations: true,
    availability_set_id: "",
    bypass_platform_safety_checks_on_user_schedule_enabled: false,
    computer_name: `vm-${place.site}-${place.n}`,
    disk_controller_type: "SCSI",
    network_interface_ids: [place.idOf("azurerm_network_interface", place.n)],
    patch_mode: "ImageDefault",
    private_ip_address: `10.12.0.${10 + place.n}`,
    size: "Standard_D4s_v5",
    virtual_machine_id: uuid(place.site, 70 + place.n),
  }),
  azurerm_virtual_machine_extension: (place) => ({
    name: "bootstrap",
    auto_upgrade_minor_version: true,
    automatic_upgrade_enabled: false,
    failure_suppression_enabled: false,
    protected_settings: null,
    protected_settings_from_key_vault: [],
    provision_after_extensions: [],
    publisher: "Microsoft.Azure.Extensions",
    settings: JSON.stringify({
      fileUris: [
        `https://${place.nameOf("azurerm_storage_account", 0)}.blob.core.windows.net/releases-0/bootstrap.sh`,
      ],
      commandToExecute: `bash bootstrap.sh --site ${place.site}`,
    }),
    type: "CustomScript",
    type_handler_version: "2.1",
    virtual_machine_id: place.idOf("azurerm_linux_virtual_machine", place.n),
  }),
  azurerm_linux_virtual_machine_scale_set: (place) => ({
    ...located(place),
    ...machine(place),
    name: place.nameOf("azurerm_linux_virtual_machine_scale_set", place.n),
    automatic_instance_repair: [{ action: "", enabled: true, grace_period: "PT30M" }],
    automatic_os_upgrade_policy: [{ disable_automatic_rollback: false, enable_automatic_os_upgrade: true }],
    extension: [
      {
        name: "health",
        publisher: "Microsoft.ManagedServices",
        settings: JSON.stringify({ protocol: "https", port: 443, requestPath: "/health" }),
        type: "ApplicationHealthLinux",
        type_handler_version: "1.0",
      },
    ],
    health_probe_id: "",
    instances: 10,
    network_interface: [
      {
        name: "nic",
        primary: true,
        ip_configuration: [{ name: "internal", primary: true, subnet_id: place.idOf("azurerm_subnet", 1) }],
      },
    ],
    overprovision: true,
    rolling_upgrade_policy: [
      {
        cross_zone_upgrades_enabled: false,
        max_batch_instance_percent: 20,
        max_unhealthy_instance_percent: 20,
        max_unhealthy_upgraded_instance_percent: 5,
        maximum_surge_instances_enabled: false,
        pause_time_between_batches: "PT5M",
        prioritize_unhealthy_instances_enabled: true,
      },
    ],
    single_placement_group: false,
    sku: "Standard_D4s_v5",
    unique_id: uuid(place.site, 80),
    upgrade_mode: "Rolling",
    zones: ["1", "2", "3"],
  }),
  azurerm_kubernetes_cluster: (place) => ({
    ...located(place),
    name: place.nameOf("azurerm_kubernetes_cluster", place.n),
    automatic_upgrade_channel: "patch",
    azure_policy_enabled: true,
    cost_analysis_enabled: false,
    default_node_pool: [
      {
        auto_scaling_enabled: true,
        max_count: 12,
        max_pods: 110,
        min_count: 3,
        name: "system",
        node_labels: {},
        only_critical_addons_enabled: true,
        os_disk_size_gb: 128,
        os_sku: "AzureLinux",
        type: "VirtualMachineScaleSets",
        upgrade_settings: [
          { drain_timeout_in_minutes: 30, max_surge: "33%", node_soak_duration_in_minutes: 5 },
        ],
        vm_size: "Standard_D8s_v5",
        vnet_subnet_id: place.idOf("azurerm_subnet", 1),
        zones: ["1", "2", "3"],
      },
    ],
    dns_prefix: place.site,
    fqdn: `${place.site}-dns.hcp.${place.region}.azmk8s.io`,
    identity: [
      {
        identity_ids: [place.idOf("azurerm_user_assigned_identity", 0)],
        principal_id: "",
        tenant_id: "",
        type: "UserAssigned",
      },
    ],
    kube_config_raw: `apiVersion: v1\nclusters:\n- cluster:\n    server: https://${place.site}-dns.hcp.${place.region}.azmk8s.io:443\n`,
    kubernetes_version: "1.30.7",
    local_account_disabled: true,
    network_profile: [
      {
        dns_service_ip: "10.0.0.10",
        load_balancer_sku: "standard",
        network_plugin: "azure",
        network_policy: "cilium",
        outbound_type: "loadBalancer",
        pod_cidr: "10.244.0.0/16",
        service_cidr: "10.0.0.0/16",
      },
    ],
    node_resource_group: `MC_rg-${place.site}`,
    oidc_issuer_enabled: true,
    private_cluster_enabled: true,
    role_based_access_control_enabled: true,
    sku_tier: "Standard",
    workload_identity_enabled: true,
  }),
  azurerm_dns_a_record: (place) => ({
    name: `app${place.n}-${place.site}`,
    fqdn: `app${place.n}-${place.site}.example.com.`,
    records: [`203.0.113.${place.n}`],
    resource_group_name: "rg-dns",
    target_resource_id: "",
    ttl: 300,
    zone_name: "example.com",
  }),
  azurerm_private_endpoint: (place) => ({
    ...located(place),
    name: place.nameOf("azurerm_private_endpoint", place.n),
    custom_dns_configs: [
      {
        fqdn: `${place.nameOf("azurerm_storage_account", place.n)}.blob.core.windows.net`,
        ip_addresses: ["10.12.1.7"],
      },
    ],
    custom_network_interface_name: "",
    ip_configuration: [],
    private_dns_zone_group: [],
    private_service_connection: [
      {
        is_manual_connection: false,
        name: "blob",
        private_connection_resource_alias: "",
        private_connection_resource_id: place.idOf("azurerm_storage_account", place.n),
        private_ip_address: "10.12.1.7",
        request_message: "",
        subresource_names: ["blob"],
      },
    ],
    subnet_id: place.idOf("azurerm_subnet", 1),
  }),
};

/** What a machine and a scale set have in common. */
function machine(place: Place): Values {
  return {
    additional_capabilities: [],
    admin_password: null,
    admin_ssh_key: [
      {
        public_key: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${place.site.repeat(6)} platform@example.com`,
        username: "platform",
      },
    ],
    admin_username: "platform",
    boot_diagnostics: [
      { storage_account_uri: `https://${place.nameOf("azurerm_storage_account", 1)}.blob.core.windows.net/` },
    ],
    custom_data: null,
    disable_password_authentication: true,
    encryption_at_host_enabled: true,
    eviction_policy: "",
    identity: [
      {
        identity_ids: [place.idOf("azurerm_user_assigned_identity", 1)],
        principal_id: "",
        tenant_id: "",
        type: "UserAssigned",
      },
    ],
    os_disk: [
      {
        caching: "ReadWrite",
        diff_disk_settings: [],
        disk_encryption_set_id: "",
        disk_size_gb: 64,
        storage_account_type: "Premium_LRS",
        write_accelerator_enabled: false,
      },
    ],
    priority: "Regular",
    provision_vm_agent: true,
    proximity_placement_group_id: "",
    secure_boot_enabled: true,
    source_image_reference: [
      { offer: "ubuntu-24_04-lts", publisher: "Canonical", sku: "server", version: "latest" },
    ],
    vtpm_enabled: true,
  };
}

function storageAccount(place: Place, name: string): Values {
  const endpoints = Object.fromEntries(
    ["blob", "dfs", "file", "queue", "table", "web"].flatMap((service) => [
      [`primary_${service}_endpoint`, `https://${name}.${service}.core.windows.net/`],
      [`primary_${service}_host`, `${name}.${service}.core.windows.net`],
      [`secondary_${service}_endpoint`, ""],
      [`secondary_${service}_host`, ""],
    ]),
  );
  return {
    ...located(place),
    ...endpoints,
    name,
    access_tier: "Hot",
    account_kind: "StorageV2",
    account_replication_type: "ZRS",
    account_tier: "Standard",
    allow_nested_items_to_be_public: true,
    allowed_copy_scope: "",
    azure_files_authentication: [],
    blob_properties: [
      {
        change_feed_enabled: false,
        container_delete_retention_policy: [{ days: 7 }],
        cors_rule: [],
        delete_retention_policy: [{ days: 7, permanent_delete_enabled: false }],
        last_access_time_enabled: false,
        versioning_enabled: true,
      },
    ],
    cross_tenant_replication_enabled: false,
    default_to_oauth_authentication: false,
    dns_endpoint_type: "Standard",
    https_traffic_only_enabled: true,
    infrastructure_encryption_enabled: false,
    is_hns_enabled: false,
    large_file_share_enabled: true,
    local_user_enabled: true,
    min_tls_version: "TLS1_0",
    network_rules: [
      {
        bypass: ["AzureServices"],
        default_action: "Allow",
        ip_rules: [],
        private_link_access: [],
        virtual_network_subnet_ids: [place.idOf("azurerm_subnet", 0)],
      },
    ],
    nfsv3_enabled: false,
    primary_access_key: `${name}${"k".repeat(64)}==`,
    primary_connection_string: `DefaultEndpointsProtocol=https;AccountName=${name};AccountKey=${name}${"k".repeat(64)}==;EndpointSuffix=core.windows.net`,
    primary_location: place.region,
    public_network_access_enabled: true,
    queue_encryption_key_type: "Service",
    sftp_enabled: false,
    shared_access_key_enabled: true,
    table_encryption_key_type: "Service",
  };
}

const reference = (...references: string[]) => ({ references });

/** What `configuration` says of a type's properties: constants are left out, references are what makes the graph. */
const EXPRESSIONS: Readonly<Record<Type, Values>> = {
  azurerm_resource_group: { location: reference("var.region") },
  azurerm_virtual_network: {
    resource_group_name: reference("azurerm_resource_group.this.name", "azurerm_resource_group.this"),
  },
  azurerm_subnet: {
    virtual_network_name: reference("azurerm_virtual_network.this.name", "azurerm_virtual_network.this"),
  },
  azurerm_user_assigned_identity: {
    resource_group_name: reference("azurerm_resource_group.this.name", "azurerm_resource_group.this"),
  },
  azurerm_role_assignment: {
    principal_id: reference(
      'azurerm_user_assigned_identity.this["k0"].principal_id',
      'azurerm_user_assigned_identity.this["k0"]',
      "azurerm_user_assigned_identity.this",
    ),
    scope: reference(
      'azurerm_storage_account.this["k0"].id',
      'azurerm_storage_account.this["k0"]',
      "azurerm_storage_account.this",
    ),
  },
  azurerm_storage_account: {
    resource_group_name: reference("azurerm_resource_group.this.name", "azurerm_resource_group.this"),
    network_rules: [
      {
        virtual_network_subnet_ids: reference(
          'azurerm_subnet.this["k0"].id',
          'azurerm_subnet.this["k0"]',
          "azurerm_subnet.this",
        ),
      },
    ],
  },
  azurerm_storage_container: { storage_account_id: reference("azurerm_storage_account.this", "each.value") },
  azurerm_key_vault: {
    resource_group_name: reference("azurerm_resource_group.this.name", "azurerm_resource_group.this"),
  },
  azurerm_key_vault_secret: {
    key_vault_id: reference("azurerm_key_vault.this.id", "azurerm_key_vault.this"),
  },
  azurerm_network_interface: {
    ip_configuration: [{ subnet_id: reference('azurerm_subnet.this["k0"].id', "azurerm_subnet.this") }],
  },
  azurerm_linux_virtual_machine: {
    network_interface_ids: reference("azurerm_network_interface.this", "each.key"),
    identity: [{ identity_ids: reference("azurerm_user_assigned_identity.this") }],
  },
  azurerm_virtual_machine_extension: {
    virtual_machine_id: reference("azurerm_linux_virtual_machine.this", "each.key"),
  },
  azurerm_linux_virtual_machine_scale_set: {
    resource_group_name: reference("azurerm_resource_group.this.name", "azurerm_resource_group.this"),
  },
  azurerm_kubernetes_cluster: {
    identity: [{ identity_ids: reference("azurerm_user_assigned_identity.this") }],
  },
  azurerm_dns_a_record: { records: reference("var.addresses") },
  azurerm_private_endpoint: {
    subnet_id: reference('azurerm_subnet.this["k1"].id', "azurerm_subnet.this"),
    private_service_connection: [
      { private_connection_resource_id: reference("azurerm_storage_account.this", "each.key") },
    ],
  },
};

export const CONFIGURATION: object = {
  provider_config: {
    azurerm: {
      name: "azurerm",
      full_name: "registry.terraform.io/hashicorp/azurerm",
      version_constraint: "~> 4.12",
    },
  },
  root_module: {
    module_calls: {
      site: {
        source: "./modules/site",
        for_each_expression: reference("local.sites"),
        expressions: { region: reference("each.value") },
        module: {
          resources: (Object.keys(MIX) as Type[]).map((type) => ({
            address: `${type}.this`,
            mode: "managed",
            type,
            name: "this",
            provider_config_key: "azurerm",
            expressions: EXPRESSIONS[type],
            schema_version: 0,
            ...(MIX[type] > 1 && { for_each_expression: reference("local.instances") }),
          })),
          variables: { region: {}, addresses: {} },
        },
      },
    },
    variables: { environment: { default: "production" } },
  },
};
