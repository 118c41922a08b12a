import type { Value } from "../../../src/model/value.ts";
import type { ChangeSpec } from "../../support/harness.ts";

/** One storage account as each dialect writes it, with the settings that the tests turn. */
export interface Settings {
  readonly publicNetwork?: boolean | Value;
  readonly anonymous?: boolean;
  readonly keys?: boolean;
  readonly deny?: boolean;
  readonly ips?: readonly string[];
  readonly tags?: Value;
}

type Dialect = (settings: Settings) => Value;

const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/vmext";
const account = { name: "vmext", id };

export const DIALECTS: readonly {
  readonly type: string;
  readonly of: Dialect;
  readonly container: string;
}[] = [
  {
    type: "azurerm_storage_account",
    container: "azurerm_storage_container",
    of: ({ publicNetwork = true, anonymous = true, keys = true, deny = false, ips = [], tags = {} }) => ({
      ...account,
      location: "westeurope",
      public_network_access_enabled: publicNetwork,
      allow_nested_items_to_be_public: anonymous,
      shared_access_key_enabled: keys,
      network_rules: [{ default_action: deny ? "Deny" : "Allow", bypass: ["AzureServices"], ip_rules: ips }],
      tags,
    }),
  },
  {
    type: "azure-native:storage:StorageAccount",
    container: "azure-native:storage:BlobContainer",
    of: ({ publicNetwork = true, anonymous = true, keys = true, deny = false, ips = [], tags = {} }) => ({
      ...account,
      accountName: "vmext",
      location: "westeurope",
      publicNetworkAccess:
        typeof publicNetwork === "boolean" ? (publicNetwork ? "Enabled" : "Disabled") : publicNetwork,
      allowBlobPublicAccess: anonymous,
      allowSharedKeyAccess: keys,
      networkRuleSet: {
        defaultAction: deny ? "Deny" : "Allow",
        ipRules: ips.map((iPAddressOrRange) => ({ iPAddressOrRange })),
      },
      tags,
    }),
  },
  {
    type: "Microsoft.Storage/storageAccounts",
    container: "Microsoft.Storage/storageAccounts/blobServices/containers",
    of: ({ publicNetwork = true, anonymous = true, keys = true, deny = false, ips = [], tags = {} }) => ({
      ...account,
      location: "westeurope",
      tags,
      properties: {
        publicNetworkAccess:
          typeof publicNetwork === "boolean" ? (publicNetwork ? "Enabled" : "Disabled") : publicNetwork,
        allowBlobPublicAccess: anonymous,
        allowSharedKeyAccess: keys,
        networkAcls: { defaultAction: deny ? "Deny" : "Allow", ipRules: ips.map((value) => ({ value })) },
      },
    }),
  },
];

/** A container of the account in the dialect of `type`. */
export function container(type: string, access: "blob" | "private", name = "packages"): Value {
  if (type.startsWith("azurerm")) {
    return { name, storage_account_name: "vmext", container_access_type: access };
  }
  const publicAccess = access === "blob" ? "Blob" : "None";
  if (type.startsWith("azure-native")) return { accountName: "vmext", containerName: name, publicAccess };
  return {
    name: `vmext/default/${name}`,
    id: `${id}/blobServices/default/containers/${name}`,
    properties: { publicAccess },
  };
}

/** A VM extension that downloads from the account by its address. */
export function reader(name: string, location = "westeurope"): ChangeSpec {
  const state = {
    name,
    location,
    settings: '{"fileUris":["https://vmext.blob.core.windows.net/packages/setup.sh"]}',
  };
  return {
    type: "azurerm_virtual_machine_extension",
    address: `azurerm_virtual_machine_extension.${name}`,
    before: state,
    after: state,
  };
}

/** Something that uses the account by its name, with a key or an identity, never anonymously. */
export function client(name: string): ChangeSpec {
  const state = { name, location: "westeurope", storage_account_name: "vmext" };
  return {
    type: "azurerm_linux_function_app",
    address: `azurerm_linux_function_app.${name}`,
    before: state,
    after: state,
  };
}
