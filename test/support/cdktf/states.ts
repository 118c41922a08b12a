import { at, type Block, isJsonObject, type Json, type SynthesisedStack } from "./apps.ts";

/*
 * What an apply of a synth leaves behind, written as Terraform writes it: every block as a list, references replaced by
 * what they stand for, and beside what is configured what the provider computes.
 */

const SUBSCRIPTION = "/subscriptions/4b1e5f3a-6f5e-4e0c-8b0f-2d8f6f1c7a01";

/** Properties that are maps or documents: everything else that is an object is a block. */
const NOT_BLOCKS = new Set(["tags", "metadata", "manifest"]);

type Attributes = Readonly<Record<string, Json>>;

/** Properties that the provider computes, where a reader could stumble over them or others refer to them. */
const COMPUTED: Readonly<Record<string, (own: Attributes, stack: string) => Attributes>> = {
  azurerm_storage_account: ({ name }) => ({
    primary_blob_endpoint: `https://${name}.blob.core.windows.net/`,
    primary_blob_host: `${name}.blob.core.windows.net`,
    primary_web_endpoint: `https://${name}.z13.web.core.windows.net/`,
    https_traffic_only_enabled: true,
    min_tls_version: "TLS1_2",
    // The service has rules for every account, whether or not any are configured.
    network_rules: [
      {
        default_action: "Allow",
        bypass: ["AzureServices"],
        ip_rules: [],
        virtual_network_subnet_ids: [],
        private_link_access: [],
      },
    ],
  }),
  azurerm_key_vault: ({ name }) => ({ vault_uri: `https://${name}.vault.azure.net/` }),
  azurerm_key_vault_certificate: ({ name }) => {
    const secret = `https://estate-certificates.vault.azure.net/secrets/${name}`;
    return {
      version: VERSION,
      secret_id: `${secret}/${VERSION}`,
      versionless_secret_id: secret,
      // What the vault makes up for a certificate that is uploaded without a policy.
      certificate_policy: [
        {
          issuer_parameters: [{ name: "Unknown" }],
          lifetime_action: [
            { action: [{ action_type: "EmailContacts" }], trigger: [{ lifetime_percentage: 80 }] },
          ],
        },
      ],
    };
  },
  // A role is given by its name or by its id, and stored with both.
  azurerm_role_assignment: () => ({
    role_definition_name: "Storage Blob Data Reader",
    role_definition_id:
      "/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    principal_type: "ServicePrincipal",
  }),
  azurerm_storage_container: () => ({ has_immutability_policy: false, metadata: {} }),
  azurerm_kubernetes_cluster: ({ name }) => ({
    fqdn: `${name}.hcp.azmk8s.io`,
    kubernetes_version: "1.33",
    node_os_upgrade_channel: "NodeImage",
  }),
  azurerm_user_assigned_identity: () => ({
    principal_id: "44444444-5c8e-4d0b-8a3f-1f8a1f3d2b04",
    client_id: "55555555-5c8e-4d0b-8a3f-1f8a1f3d2b05",
  }),
  azurerm_public_ip: (_, stack) => ({ ip_address: `203.0.113.${stack.length}` }),
  azurerm_cdn_frontdoor_endpoint: ({ name }) => ({ host_name: `${name}-b7e6dc6d.z01.azurefd.net` }),
};

const VERSION = "7e0a5f1c2a554a2b9d0e0f3b5c9d1a11";

/** The state files of an app's stacks, by name. */
export function statesOf(stacks: readonly SynthesisedStack[]): Readonly<Record<string, string>> {
  const app = new AppliedApp(stacks);
  return Object.fromEntries(
    stacks.map((stack) => [`${stack.name}.tfstate`, JSON.stringify(app.stateOf(stack))]),
  );
}

class AppliedApp {
  readonly #stacks: readonly SynthesisedStack[];
  constructor(stacks: readonly SynthesisedStack[]) {
    this.#stacks = stacks;
  }

  stateOf(stack: SynthesisedStack): Json {
    return {
      version: 4,
      terraform_version: "1.11.4",
      serial: 12,
      lineage: `00000000-0000-0000-0000-${stack.name.padStart(12, "0").slice(0, 12)}`,
      outputs: {},
      resources: stack.resources.map((block) => ({
        mode: "managed",
        type: block.type,
        name: block.name,
        provider: `provider["registry.terraform.io/hashicorp/${block.type.replace(/_.*/, "")}"]`,
        instances: [
          {
            schema_version: 0,
            attributes: this.#attributesOf(stack, block),
            sensitive_attributes: [],
            dependencies: [...dependenciesOf(stack, block)],
          },
        ],
      })),
      check_results: null,
    };
  }

  #attributesOf(stack: SynthesisedStack, { type, name, body }: Block): Attributes {
    const written = Object.entries(isJsonObject(body) ? body : {})
      .filter(([key]) => key !== "//")
      .map(([key, value]) => [key, this.#stored(stack, key, value)] as const);
    const own = Object.fromEntries(written);
    return { id: idOf(stack, type, name), timeouts: null, ...COMPUTED[type]?.(own, stack.name), ...own };
  }

  #stored(stack: SynthesisedStack, key: string, json: Json): Json {
    if (typeof json === "string") return this.#resolved(stack, json);
    if (NOT_BLOCKS.has(key)) return json;
    if (Array.isArray(json)) return json.map((item: Json) => this.#block(stack, key, item));
    return isJsonObject(json) ? [this.#block(stack, key, json)] : json;
  }

  #block(stack: SynthesisedStack, key: string, json: Json): Json {
    if (!isJsonObject(json)) return this.#stored(stack, key, json);
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [name, this.#stored(stack, name, value)]),
    );
  }

  /** A text with what its references stand for. */
  #resolved(stack: SynthesisedStack, text: string): Json {
    const whole = /^\$\{([\w.-]+)\}$/.exec(text)?.[1];
    if (whole !== undefined) return this.#value(stack, whole);
    return text.replace(/\$\{([\w.-]+)\}/g, (_, reference: string) => String(this.#value(stack, reference)));
  }

  #value(stack: SynthesisedStack, reference: string): Json {
    const [root = "", name = "", ...rest] = reference.split(".");
    if (root === "var") return `the value of ${name}`;
    if (root === "data" && name === "terraform_remote_state") return this.#output(rest);
    if (root === "data") return SUBSCRIPTION;
    const block = stack.resources.find((one) => one.type === root && one.name === name);
    const value = block === undefined ? undefined : this.#attributesOf(stack, block)[rest[0] ?? "id"];
    if (value === undefined) throw new Error(`${stack.name}: nothing is known of ${reference}`);
    return value;
  }

  #output([input = "", , output = ""]: readonly string[]): Json {
    const stack = this.#stacks.find((one) => input === `cross-stack-reference-input-${one.name}`);
    const value = at(stack?.document, "output", output, "value");
    if (stack === undefined || typeof value !== "string")
      throw new Error(`there is no output ${input} ${output}`);
    return this.#resolved(stack, value);
  }
}

/** The ids that readers look into: their types have to be Azure's own. */
const ID_TYPES: Readonly<Record<string, string>> = {
  azurerm_storage_account: "Microsoft.Storage/storageAccounts",
  azurerm_key_vault: "Microsoft.KeyVault/vaults",
  azurerm_user_assigned_identity: "Microsoft.ManagedIdentity/userAssignedIdentities",
};

function idOf(stack: SynthesisedStack, type: string, name: string): string {
  const group = `${SUBSCRIPTION}/resourceGroups/${stack.name}`;
  if (type === "azurerm_resource_group") return group;
  return `${group}/providers/${ID_TYPES[type] ?? `Microsoft.Estate/${type}`}/${name}`;
}

/** All that a resource depends on in its stack, through others too: so a state says it. */
function dependenciesOf(
  stack: SynthesisedStack,
  block: Block,
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const [, type, name] of JSON.stringify(block.body).matchAll(/\$\{(\w+)\.([\w-]+)\./g)) {
    const target = stack.resources.find((one) => one.type === type && one.name === name);
    const address = `${type}.${name}`;
    if (target === undefined || found.has(address)) continue;
    found.add(address);
    dependenciesOf(stack, target, found);
  }
  return found;
}
