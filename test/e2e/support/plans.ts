/** A resource change as `terraform show -json` writes it; what is left out follows from the rest. */
export interface PlannedResource {
  readonly address?: string;
  readonly type?: string;
  readonly actions?: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly afterUnknown?: object;
}

/** A plan with these changes. */
export function plan(resources: readonly PlannedResource[], more: object = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.9.8",
    resource_changes: resources.map((resource, i) => {
      const { type = "azurerm_storage_account", before = null, after = null, afterUnknown = {} } = resource;
      const { address = `${type}.example${i}` } = resource;
      const actions = resource.actions ?? [before === null ? "create" : after === null ? "delete" : "update"];
      return {
        address,
        mode: "managed",
        type,
        name: address.split(".").at(-1),
        provider_name: "registry.terraform.io/hashicorp/azurerm",
        change: {
          actions,
          before,
          after,
          after_unknown: afterUnknown,
          before_sensitive: {},
          after_sensitive: {},
        },
      };
    }),
    configuration: {
      provider_config: {
        azurerm: {
          name: "azurerm",
          full_name: "registry.terraform.io/hashicorp/azurerm",
          version_constraint: "~> 4.0",
        },
      },
      root_module: {},
    },
    ...more,
  });
}

/** A storage account that is closed to the public while a machine downloads from it: blocked by several policies. */
export function closingPlan(name = "vmext"): string {
  const account = {
    id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/${name}`,
    name,
    location: "westeurope",
    primary_blob_endpoint: `https://${name}.blob.core.windows.net/`,
    allow_nested_items_to_be_public: true,
    public_network_access_enabled: true,
    tags: { shared: "true" },
  };
  const settings = JSON.stringify({ fileUris: [`https://${name}.blob.core.windows.net/packages/agent.zip`] });
  const extension = { name: "agent", location: "westeurope", settings };
  return plan([
    {
      address: "azurerm_storage_account.vmext",
      before: account,
      after: { ...account, public_network_access_enabled: false, allow_nested_items_to_be_public: false },
    },
    {
      address: "azurerm_virtual_machine_extension.agent",
      type: "azurerm_virtual_machine_extension",
      actions: ["no-op"],
      before: extension,
      after: extension,
    },
  ]);
}

/** Nothing that any policy minds. */
export function harmlessPlan(): string {
  return plan([
    {
      type: "azurerm_resource_group",
      after: { name: "rg-example", location: "westeurope", tags: { a: "b" } },
    },
  ]);
}
