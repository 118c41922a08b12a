import { UNKNOWN, Unknown } from "../../model/value.ts";
import { documentReader } from "../document.ts";
import type { Facts, Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { StorageAccess } from "../storage-access.ts";

/*
 * Names: schema of the azurerm provider (4.55, and the upgrade guides to 3.0 and 5.0), @pulumi/azure-native 3.28, the ARM
 * reference of Microsoft.Storage. Service defaults: a rule set has defaultAction `Allow` and bypass `AzureServices`
 * (azure.mgmt.storage NetworkRuleSet); keys are accepted and the public network is open unless the account says otherwise.
 */

type AccountFacts = Facts<StorageAccess>;

/** Where one dialect keeps a rule set, relative to the block that holds it. */
interface RuleNames {
  readonly defaultAction: string;
  readonly bypass: (rules: ResourceReader) => Field<boolean>;
  readonly ip: (rules: ResourceReader) => Field<readonly string[]>;
  readonly subnet: (rules: ResourceReader) => Field<readonly string[]>;
  readonly resource: (rules: ResourceReader) => Field<readonly string[]>;
}

const TERRAFORM_RULES: RuleNames = {
  defaultAction: "default_action",
  // Computed where it is not written: an unknown or empty set is what the service has, at first AzureServices.
  bypass: (rules) =>
    rules.value("bypass") instanceof Unknown
      ? new Field(rules.pathOf("bypass"), undefined, true)
      : rules.strings("bypass").map((words) => words.length === 0 || words.some(isTrusted)),
  ip: (rules) => rules.strings("ip_rules").map(sorted),
  subnet: (rules) => rules.strings("virtual_network_subnet_ids").map(sorted),
  resource: (rules) => listOf(rules, "private_link_access", "endpoint_resource_id"),
};

const nativeRules = (ip: string, subnet: string): RuleNames => ({
  defaultAction: "defaultAction",
  bypass: (rules) => rules.string("bypass", "AzureServices").map((words) => words.split(",").some(isTrusted)),
  ip: (rules) => listOf(rules, "ipRules", ip),
  subnet: (rules) => listOf(rules, "virtualNetworkRules", subnet),
  resource: (rules) => listOf(rules, "resourceAccessRules", "resourceId"),
});
const NATIVE_RULES = nativeRules("iPAddressOrRange", "virtualNetworkResourceId");
const ARM_RULES = nativeRules("value", "id");

function isTrusted(word: string): boolean {
  return word.trim().toLowerCase() === "azureservices";
}

function sorted(list: readonly string[]): readonly string[] {
  return [...list].sort();
}

/** One property of each element of a list of blocks. */
function listOf(resource: ResourceReader, path: string, key: string): Field<readonly string[]> {
  const blocks = resource.blocks(path);
  const raw = resource.value(path);
  if (blocks instanceof Unknown) return new Field<readonly string[]>(resource.pathOf(path), raw, UNKNOWN);
  const texts: string[] = [];
  for (const block of blocks) {
    const text = block.string(key).value;
    if (text instanceof Unknown) return new Field<readonly string[]>(resource.pathOf(path), raw, UNKNOWN);
    if (text !== undefined) texts.push(text);
  }
  return new Field(resource.pathOf(path), raw ?? [], sorted(texts));
}

/**
 * The facts of a rule set. None where the account says nothing of network rules: providers then leave alone what the
 * service has, so that taking the block out of a program does not open the account again (azurerm_storage_account,
 * `network_rules`: going from Deny to Allow means writing the block, not removing it).
 */
function ruleFacts(resource: ResourceReader, path: string, names: RuleNames): AccountFacts {
  const isWritten = path === "" || resource.has(path).value !== false;
  if (!isWritten) return {};
  const rules = path === "" ? resource : resource.block(path);
  return {
    defaultAllow: rules.string(names.defaultAction, "Allow").isNot("Deny"),
    trustedServices: names.bypass(rules),
    ipRules: names.ip(rules),
    subnetRules: names.subnet(rules),
    resourceRules: names.resource(rules),
  };
}

function terraformAccount(r: ResourceReader): AccountFacts {
  return {
    kind: r.constant("account"),
    publicNetwork: r.boolean("public_network_access_enabled", true),
    keyAccess: r.boolean("shared_access_key_enabled", true),
    anonymousAllowed: terraformAnonymous(r),
    website: r.has("static_website"),
    ...ruleFacts(r, "network_rules", TERRAFORM_RULES),
  };
}

/** `allow_blob_public_access` (off unless set) until 2.x; then `allow_nested_items_to_be_public`, on until 4.x, off from 5.0. */
function terraformAnonymous(r: ResourceReader): Field<boolean> {
  const isOld = r.providerMajor !== undefined && r.providerMajor < 3;
  if (isOld || r.has("allow_blob_public_access").value !== false)
    return r.boolean("allow_blob_public_access", false);
  return r.boolean("allow_nested_items_to_be_public", r.since(5, false, true));
}

/** ARM and azure-native share names below the account, but for the rule set. */
function armAccount(r: ResourceReader, at: string, rulesPath: string, rules: RuleNames): AccountFacts {
  return {
    kind: r.constant("account"),
    publicNetwork: r.string(`${at}publicNetworkAccess`, "Enabled").is("Enabled"),
    keyAccess: r.boolean(`${at}allowSharedKeyAccess`, true),
    anonymousAllowed: r.boolean(`${at}allowBlobPublicAccess`, false),
    ...ruleFacts(r, `${at}${rulesPath}`, rules),
  };
}

function container(name: Field<string | undefined>, access: Field<string>): AccountFacts {
  return {
    kind: new Field("", "container", "container"),
    anonymousRead: access.is("blob", "container"),
    website: name.map((text) => text?.split("/").at(-1) === "$web"),
  };
}

const armContainer: Mapping<StorageAccess> = (r) =>
  container(r.string("name"), r.string("properties.publicAccess", "None"));

/** Sub-resources of a storage account that a private endpoint can stand for (learn: private-link/private-endpoint-overview). */
const STORAGE_GROUP = /^(blob|file|queue|table|dfs|web)(_secondary)?$/;

/** A private endpoint, where it is one of a storage account. */
function privateEndpoint(
  connections: readonly ResourceReader[] | Unknown,
  target: string,
  groups: string,
  r: ResourceReader,
): AccountFacts | undefined {
  if (connections instanceof Unknown) return undefined;
  const isStorage = connections.some((connection) => {
    const id = connection.string(target).value;
    if (typeof id === "string") return /\/microsoft\.storage\/storageaccounts\//i.test(id);
    const names = connection.strings(groups).value;
    return !(names instanceof Unknown) && names.some((name) => STORAGE_GROUP.test(name));
  });
  if (!isStorage) return undefined;
  return { kind: r.constant("private-endpoint"), privatePath: r.constant(true) };
}

/** Every connection under the first of the paths that has any; manual ones wait for somebody's approval but count the same. */
function connectionsAt(r: ResourceReader, ...paths: readonly string[]): readonly ResourceReader[] | Unknown {
  const found: ResourceReader[] = [];
  for (const path of paths) {
    const blocks = r.blocks(path);
    if (blocks instanceof Unknown) return UNKNOWN;
    found.push(...blocks);
  }
  return found;
}

const armPrivateEndpoint: Mapping<StorageAccess> = (r) =>
  privateEndpoint(
    connectionsAt(
      r,
      "properties.privateLinkServiceConnections",
      "properties.manualPrivateLinkServiceConnections",
    ),
    "properties.privateLinkServiceId",
    "properties.groupIds",
    r,
  );

const ARM: Readonly<Record<string, Mapping<StorageAccess>>> = {
  "Microsoft.Storage/storageAccounts": (r) => armAccount(r, "properties.", "networkAcls", ARM_RULES),
  "Microsoft.Storage/storageAccounts/blobServices/containers": armContainer,
  "Microsoft.Network/privateEndpoints": armPrivateEndpoint,
};
const ARM_BY_TYPE = new Map(Object.entries(ARM).map(([type, mapping]) => [type.toLowerCase(), mapping]));

/** `azapi_resource` holds any ARM resource: `type` says which and in which API version, `body` is the resource. */
const azapi: Mapping<StorageAccess> = (r) => {
  const type = r.string("type").value;
  if (typeof type !== "string") return undefined;
  return ARM_BY_TYPE.get((type.split("@", 1)[0] ?? "").toLowerCase())?.(documentReader(r, "body"));
};

export const azureStorage: Readonly<Record<string, Mapping<StorageAccess>>> = {
  azurerm_storage_account: terraformAccount,
  azurerm_storage_container: (r) => container(r.string("name"), r.string("container_access_type", "private")),
  azurerm_storage_account_network_rules: (r) => ({
    kind: r.constant("rules"),
    ...ruleFacts(r, "", TERRAFORM_RULES),
  }),
  azurerm_storage_account_static_website: (r) => ({ kind: r.constant("website"), website: r.constant(true) }),
  azurerm_private_endpoint: (r) =>
    privateEndpoint(
      r.blocks("private_service_connection"),
      "private_connection_resource_id",
      "subresource_names",
      r,
    ),
  azapi_resource: azapi,
  "azure-native:storage:StorageAccount": (r) => armAccount(r, "", "networkRuleSet", NATIVE_RULES),
  "azure-native:storage:BlobContainer": (r) =>
    container(r.string("containerName"), r.string("publicAccess", "None")),
  "azure-native:storage:StorageAccountStaticWebsite": (r) => ({
    kind: r.constant("website"),
    website: r.constant(true),
  }),
  "azure-native:network:PrivateEndpoint": (r) =>
    privateEndpoint(
      connectionsAt(r, "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"),
      "privateLinkServiceId",
      "groupIds",
      r,
    ),
  ...ARM,
};
