import { isObject, type Json, type JsonObject, overlay, print } from "./json.ts";

/** A resource as its program writes it, with references as templates (`${azurerm_subnet.web.id}`). */
export interface TerraformResource {
  readonly type: string;
  readonly name: string;
  readonly config: JsonObject;
  /** What the provider adds. Of a resource that is created, it is known after apply. */
  readonly computed?: JsonObject;
  /** What the change sets to something else: the properties as they were. */
  readonly was?: JsonObject;
  readonly isNew?: boolean;
}

/** Blocks that hold one thing: CDKTF and Pulumi write it plainly, plans and states as a list of one. */
const BLOCKS: ReadonlySet<string> = new Set([
  "action",
  "admin_ssh_key",
  "backend_address_pool",
  "backend_http_settings",
  "certificate_policy",
  "customer_certificate",
  "extension",
  "frontend_ip_configuration",
  "frontend_port",
  "gateway_ip_configuration",
  "http_listener",
  "identity",
  "ip_configuration",
  "issuer_parameters",
  "key_properties",
  "lifetime_action",
  "network_interface",
  "os_disk",
  "private_service_connection",
  "request_routing_rule",
  "secret",
  "secret_properties",
  "site_config",
  "sku",
  "source_image_reference",
  "ssl_certificate",
  "trigger",
  "x509_certificate_properties",
]);

const PROVIDER = "registry.terraform.io/hashicorp/azurerm";
const VERSION = "4.55.0";

/** `terraform show -json` of a plan. */
export function terraformPlan(resources: readonly TerraformResource[]): string {
  const estate = new Estate(resources);
  return print({
    format_version: "1.2",
    terraform_version: "1.13.4",
    planned_values: { root_module: { resources: resources.map((one) => estate.planned(one)) } },
    resource_changes: resources.map((one) => estate.resourceChange(one)),
    configuration: {
      provider_config: { azurerm: { name: "azurerm", full_name: PROVIDER, version_constraint: "~> 4.0" } },
      root_module: {
        resources: resources.map(({ type, name, config }) => ({
          address: `${type}.${name}`,
          mode: "managed",
          type,
          name,
          provider_config_key: "azurerm",
          expressions: Object.fromEntries(
            Object.entries(config).map(([key, value]) => [key, expression(value, key)]),
          ),
          schema_version: 0,
        })),
      },
    },
    timestamp: "2026-02-02T18:00:00Z",
    applyable: true,
    complete: true,
    errored: false,
  });
}

/** A state file, as it was before the change. */
export function terraformState(resources: readonly TerraformResource[]): string {
  const estate = new Estate(resources);
  return print({
    version: 4,
    terraform_version: "1.13.4",
    serial: 118,
    lineage: "9f1c0f5c-6f0b-4d0e-9d5b-4b8f6f2f6a10",
    outputs: {},
    resources: resources
      .filter((one) => one.isNew !== true)
      .map((one) => ({
        mode: "managed",
        type: one.type,
        name: one.name,
        provider: `provider["${PROVIDER}"]`,
        instances: [
          {
            schema_version: 0,
            attributes: estate.before(one),
            sensitive_attributes: [],
            dependencies: dependenciesOf(one),
          },
        ],
      })),
    check_results: null,
  });
}

/** The files of a `cdktf.out` directory with one stack. */
export function cdktfOut(
  stack: string,
  resources: readonly TerraformResource[],
): Readonly<Record<string, string>> {
  const version = "0.21.0";
  const byType = Map.groupBy(resources, (one) => one.type);
  return {
    "manifest.json": print({
      version,
      stacks: {
        [stack]: {
          name: stack,
          constructPath: stack,
          workingDirectory: `stacks/${stack}`,
          synthesizedStackPath: `stacks/${stack}/cdk.tf.json`,
          annotations: [],
          dependencies: [],
        },
      },
    }),
    [`stacks/${stack}/cdk.tf.json`]: print({
      "//": { metadata: { backend: "azurerm", stackName: stack, version }, outputs: {} },
      provider: { azurerm: [{ features: [{}] }] },
      resource: Object.fromEntries(
        [...byType].map(([type, members]) => [
          type,
          Object.fromEntries(
            members.map(({ name, config }) => [
              name,
              { "//": { metadata: { path: `${stack}/${name}`, uniqueId: name } }, ...config },
            ]),
          ),
        ]),
      ),
      terraform: { required_providers: { azurerm: { source: "hashicorp/azurerm", version: VERSION } } },
    }),
  };
}

class Estate {
  readonly #byAddress: ReadonlyMap<string, TerraformResource>;

  constructor(resources: readonly TerraformResource[]) {
    this.#byAddress = new Map(resources.map((one) => [`${one.type}.${one.name}`, one]));
  }

  before(one: TerraformResource): JsonObject {
    return overlay(this.#resolved(one), asBlocks(one.was ?? {}));
  }

  planned(one: TerraformResource): JsonObject {
    return {
      address: `${one.type}.${one.name}`,
      mode: "managed",
      type: one.type,
      name: one.name,
      provider_name: PROVIDER,
      schema_version: 0,
      values: this.#after(one),
      sensitive_values: {},
    };
  }

  resourceChange(one: TerraformResource): JsonObject {
    const action = one.isNew === true ? "create" : one.was === undefined ? "no-op" : "update";
    return {
      address: `${one.type}.${one.name}`,
      mode: "managed",
      type: one.type,
      name: one.name,
      provider_name: PROVIDER,
      change: {
        actions: [action],
        before: one.isNew === true ? null : this.before(one),
        after: this.#after(one),
        after_unknown: one.isNew === true ? this.#unknown(one) : {},
        before_sensitive: one.isNew === true ? false : {},
        after_sensitive: {},
      },
    };
  }

  #after(one: TerraformResource): JsonObject {
    if (one.isNew !== true) return this.#resolved(one);
    return Object.fromEntries(
      Object.entries(this.#configured(one)).filter(([key]) => !(key in this.#unknown(one))),
    );
  }

  /** What is known after apply: what the provider adds, and what refers to that. */
  #unknown(one: TerraformResource): JsonObject {
    const referring = Object.entries(one.config).filter(([, value]) => this.#dependsOnNew(value));
    return Object.fromEntries(
      [...Object.keys(one.computed ?? {}), ...referring.map(([key]) => key)].map((key) => [key, true]),
    );
  }

  #dependsOnNew(value: Json): boolean {
    return referencesIn(value).some((reference) => {
      const target = this.#target(reference);
      return target.one.isNew === true && !(target.attribute in target.one.config);
    });
  }

  #resolved(one: TerraformResource): JsonObject {
    return { ...(one.computed ?? {}), ...this.#configured(one) };
  }

  #configured(one: TerraformResource): JsonObject {
    return asBlocks(
      Object.fromEntries(Object.entries(one.config).map(([key, value]) => [key, this.#evaluated(value)])),
    );
  }

  #evaluated(value: Json): Json {
    if (typeof value === "string")
      return value.replace(/\$\{([^}]+)\}/g, (_, reference: string) => this.#text(reference));
    if (Array.isArray(value)) return value.map((item: Json) => this.#evaluated(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#evaluated(item)]));
  }

  #text(reference: string): string {
    const { one, attribute } = this.#target(reference);
    const value = one.computed?.[attribute] ?? one.config[attribute];
    if (typeof value !== "string") throw new Error(`${reference} is no text`);
    return String(this.#evaluated(value));
  }

  #target(reference: string): { one: TerraformResource; attribute: string } {
    const [type, name, attribute = ""] = reference.split(".");
    const one = this.#byAddress.get(`${type}.${name}`);
    if (one === undefined) throw new Error(`nothing has the address ${type}.${name}`);
    return { one, attribute };
  }
}

function asBlocks(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (isObject(item)) return [key, BLOCKS.has(key) ? [asBlocks(item)] : asBlocks(item)];
      if (Array.isArray(item)) return [key, item.map((one: Json) => (isObject(one) ? asBlocks(one) : one))];
      return [key, item];
    }),
  );
}

/** An expression as a plan's configuration tells it: its value, or what it refers to. */
function expression(value: Json, key: string): Json {
  if (isObject(value)) {
    const isBlock = BLOCKS.has(key);
    const below = Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, expression(item, name)]),
    );
    if (isBlock) return [below];
  }
  const references = referencesIn(value);
  if (references.length === 0) return { constant_value: value };
  return {
    references: references.flatMap((reference) => [reference, reference.split(".").slice(0, 2).join(".")]),
  };
}

function dependenciesOf(one: TerraformResource): readonly string[] {
  const addresses = referencesIn(one.config).map((reference) => reference.split(".").slice(0, 2).join("."));
  return [...new Set(addresses)].sort();
}

export function referencesIn(value: Json): readonly string[] {
  if (typeof value === "string") {
    return [...value.matchAll(/\$\{([^}]+)\}/g)].map((found) => found[1] as string);
  }
  if (Array.isArray(value)) return value.flatMap((item: Json) => referencesIn(item));
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/** The resource's values with references resolved, as they were and as they will be; for hosts that bridge the provider. */
export function resolvedStates(
  resources: readonly TerraformResource[],
): readonly { readonly one: TerraformResource; readonly before: JsonObject; readonly after: JsonObject }[] {
  const estate = new Estate(resources);
  return resources.map((one) => ({
    one,
    before: estate.before(one),
    after: estate.before({ ...one, was: {} }),
  }));
}
