/**
 * By which texts a resource can be recognised inside other resources' texts: its id, its host names, its name. One
 * table, by canonical type in lower case; what is not in it is recognised by its id, ARN and self link alone.
 */
export interface IdentityRule {
  /** Properties that hold the resource's own name, the first that is there. */
  readonly name?: readonly string[];
  /** Properties whose values are host names or URLs of the resource. */
  readonly endpoints?: readonly string[];
  /** Properties whose values identify it as ids do. */
  readonly ids?: readonly string[];
  /** Host names that follow from the name, `{}` standing for it. */
  readonly hosts?: readonly string[];
  /** Ids that follow from the name. */
  readonly derivedIds?: readonly string[];
  /** Properties of other resources that take this resource's bare name. */
  readonly namedBy?: readonly string[];
  /** What stands before this resource's bare name in connection strings, in lower case. */
  readonly namedBehind?: string;
  /** Properties that hold the parent's name or id, where hosts are those of the parent and the name is a path below. */
  readonly parent?: readonly string[];
}

/** Properties by which every resource tells its own identity. */
export const GENERIC_IDS: readonly string[] = ["id", "arn", "self_link", "selfLink"];

/** Properties that tell where a resource is. */
export const REGION_KEYS: readonly string[] = [
  "location",
  "region",
  "zone",
  "availability_zone",
  "availabilityZone",
];

// Host names of storage services: learn.microsoft.com/azure/storage/common/storage-account-overview (standard endpoints).
const STORAGE_HOSTS = ["blob", "file", "queue", "table", "dfs"].map(
  (service) => `{}.${service}.core.windows.net`,
);
const STORAGE_ACCOUNT: IdentityRule = {
  name: ["name", "accountName", "account_name"],
  hosts: STORAGE_HOSTS,
  endpoints: ["blob", "file", "queue", "table", "dfs", "web"].flatMap((service) => [
    `primary_${service}_endpoint`,
    `primary_${service}_host`,
    `secondary_${service}_endpoint`,
    `secondary_${service}_host`,
  ]),
  namedBy: ["storage_account_name", "storageAccountName", "accountName", "account_name", "storage_account"],
  // learn.microsoft.com/azure/storage/common/storage-configure-connection-string
  namedBehind: "accountname=",
};
const STORAGE_CONTAINER: IdentityRule = {
  name: ["name", "containerName"],
  parent: ["storage_account_name", "storage_account_id", "accountName"],
  hosts: STORAGE_HOSTS.slice(0, 1).concat("{}.dfs.core.windows.net"),
};
const KEY_VAULT: IdentityRule = {
  name: ["name", "vaultName"],
  endpoints: ["vault_uri"],
  hosts: ["{}.vault.azure.net"],
};
const VAULT_ITEM: IdentityRule = { ids: ["versionless_id", "secret_id", "versionless_secret_id"] };
const REGISTRY: IdentityRule = {
  name: ["name", "registryName"],
  endpoints: ["login_server", "loginServer"],
  hosts: ["{}.azurecr.io"],
};
const IDENTITY: IdentityRule = { ids: ["principal_id", "client_id", "principalId", "clientId"] };
const MESSAGING: IdentityRule = {
  name: ["name", "namespaceName"],
  endpoints: ["endpoint", "serviceBusEndpoint"],
  hosts: ["{}.servicebus.windows.net"],
};
// S3: docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html (virtual-hosted and path style).
const S3_BUCKET: IdentityRule = {
  name: ["bucket"],
  endpoints: ["bucket_domain_name", "bucket_regional_domain_name", "website_endpoint"],
  hosts: ["{}.s3.amazonaws.com", "s3.amazonaws.com/{}"],
  derivedIds: ["arn:aws:s3:::{}", "s3://{}"],
  namedBy: ["bucket", "bucket_name", "s3_bucket", "s3_bucket_name"],
};
// Cloud Storage: cloud.google.com/storage/docs/request-endpoints.
const GCS_BUCKET: IdentityRule = {
  name: ["name"],
  hosts: ["{}.storage.googleapis.com", "storage.googleapis.com/{}", "storage.cloud.google.com/{}"],
  derivedIds: ["gs://{}"],
  namedBy: ["bucket", "bucket_name", "source_archive_bucket", "gcs_bucket"],
};

const RULES: Readonly<Record<string, IdentityRule>> = {
  azurerm_storage_account: STORAGE_ACCOUNT,
  "azure-native:storage:storageaccount": STORAGE_ACCOUNT,
  "microsoft.storage/storageaccounts": STORAGE_ACCOUNT,
  azurerm_storage_container: STORAGE_CONTAINER,
  "azure-native:storage:blobcontainer": STORAGE_CONTAINER,
  azurerm_key_vault: KEY_VAULT,
  "azure-native:keyvault:vault": KEY_VAULT,
  "microsoft.keyvault/vaults": KEY_VAULT,
  azurerm_key_vault_certificate: VAULT_ITEM,
  azurerm_key_vault_secret: VAULT_ITEM,
  azurerm_key_vault_key: VAULT_ITEM,
  azurerm_container_registry: REGISTRY,
  "azure-native:containerregistry:registry": REGISTRY,
  "microsoft.containerregistry/registries": REGISTRY,
  azurerm_user_assigned_identity: IDENTITY,
  "azure-native:managedidentity:userassignedidentity": IDENTITY,
  azuread_application: IDENTITY,
  azuread_service_principal: IDENTITY,
  azurerm_servicebus_namespace: MESSAGING,
  "azure-native:servicebus:namespace": MESSAGING,
  "microsoft.servicebus/namespaces": MESSAGING,
  azurerm_eventhub_namespace: MESSAGING,
  "azure-native:eventhub:namespace": MESSAGING,
  "microsoft.eventhub/namespaces": MESSAGING,
  azurerm_linux_web_app: { endpoints: ["default_hostname"] },
  azurerm_windows_web_app: { endpoints: ["default_hostname"] },
  azurerm_linux_function_app: { endpoints: ["default_hostname"] },
  azurerm_windows_function_app: { endpoints: ["default_hostname"] },
  azurerm_cdn_frontdoor_endpoint: { endpoints: ["host_name"] },
  azurerm_cdn_endpoint: { endpoints: ["fqdn"] },
  azurerm_mssql_server: {
    name: ["name"],
    endpoints: ["fully_qualified_domain_name"],
    hosts: ["{}.database.windows.net"],
  },
  azurerm_postgresql_flexible_server: { endpoints: ["fqdn"] },
  azurerm_mysql_flexible_server: { endpoints: ["fqdn"] },
  azurerm_redis_cache: { endpoints: ["hostname"] },
  azurerm_cosmosdb_account: { endpoints: ["endpoint"] },
  azurerm_app_configuration: { endpoints: ["endpoint"] },
  azurerm_kubernetes_cluster: { endpoints: ["fqdn", "private_fqdn"] },
  aws_s3_bucket: S3_BUCKET,
  google_storage_bucket: GCS_BUCKET,
  aws_db_instance: { endpoints: ["endpoint", "address"] },
  aws_rds_cluster: { endpoints: ["endpoint", "reader_endpoint"] },
  aws_lb: { endpoints: ["dns_name"] },
  aws_alb: { endpoints: ["dns_name"] },
  aws_elasticache_cluster: { endpoints: ["cluster_address"] },
  aws_cloudfront_distribution: { endpoints: ["domain_name"] },
  google_sql_database_instance: { ids: ["connection_name"] },
  google_service_account: { ids: ["unique_id"] },
};

const NOTHING: IdentityRule = {};

/** Answers that are found once for each type: a run asks tens of thousands of times about a few dozen types. */
function perType<Answer>(find: (type: string) => Answer): (type: string) => Answer {
  const known = new Map<string, Answer>();
  return (type) => {
    let answer = known.get(type);
    if (answer === undefined) {
      answer = find(type);
      known.set(type, answer);
    }
    return answer;
  };
}

export const identityRule: (type: string) => IdentityRule = perType(
  (type) => RULES[type.toLowerCase()] ?? NOTHING,
);

/** Types whose `account_name` is that of an account of their own service. */
const OTHER_ACCOUNTS = /cosmos|documentdb|batch|cognitive|netapp|automation|datalake(store|analytics)/i;

/** Whether a property of a resource of type `by` takes the bare name of a resource of type `named`. */
export function takesName(key: string, by: string, named: string): boolean {
  if (!NAMED_BY.has(key) || identityRule(named).namedBy?.includes(key) !== true) return false;
  return !(/^account_?name$/i.test(key) && OTHER_ACCOUNTS.test(by));
}

/**
 * Whether an id tells its resource wherever it stands: a path, an ARN, or generated. Many providers use the name as the
 * id (`worker`, `production`), and that is a word like any other.
 */
export function isDistinctive(id: string): boolean {
  return /[/:@]|[0-9a-f]{8}|^[A-Z0-9]{10,}$|^\d{6,}$/.test(id);
}

/** Whether a property may hold a resource by such an id: `role` that of a role, `function_name` that of a function. */
export function takesId(key: string, named: string): boolean {
  const words = named.replace(/_v\d+$/, "").match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g);
  const noun = words?.at(-1)?.toLowerCase().replace(/s$/, "");
  return noun !== undefined && noun.length > 2 && key.toLowerCase().includes(noun);
}

/** Every property name under which somebody's bare name may stand. */
const NAMED_BY: ReadonlySet<string> = new Set(Object.values(RULES).flatMap((rule) => rule.namedBy ?? []));

/** Resources that only group others: what is inside does not depend on how they are set, only on their being there. */
export const isContainerOnly: (type: string) => boolean = perType((type) =>
  CONTAINERS.has(type.toLowerCase()),
);
const CONTAINERS: ReadonlySet<string> = new Set([
  "azurerm_resource_group",
  "azure-native:resources:resourcegroup",
  "microsoft.resources/resourcegroups",
  "azurerm_subscription",
  "google_project",
  "google_folder",
  "aws_organizations_account",
  "v1/namespace",
  "kubernetes_namespace",
  "kubernetes_namespace_v1",
  "pulumi:pulumi:stack",
]);

/**
 * Resources that are a part of another or manage access to it, rather than use it: a container of an account, a role
 * assignment, a lock. They depend on it, but nobody reads through them.
 */
export const isPartType: (type: string) => boolean = perType((type) => PART.test(type));
const PART =
  /role_?assignment|management_?lock|\/locks$|diagnostic_?setting|private_?endpoint|policy_?(assignment|exemption|remediation)|_iam_(member|binding|policy)$|storage_(blob|container|share|queue|table|management_policy|account_network_rules|account_customer_managed_key|account_static_website|encryption_scope|data_lake_gen2_filesystem)$|storage:(blob|blobcontainer|fileshare|queue|table|managementpolicy|blobserviceproperties|storageaccountstaticwebsite)|storageaccounts\/|s3_bucket_|s3_object|storage_bucket_|metric_?alert|advanced_threat_protection/i;
