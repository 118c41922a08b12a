import { describe, expect, it } from "vitest";
import { directory, firebreak } from "./support/cli.ts";
import type { Report } from "./support/terraform.ts";

/*
 * What a configuration leaves out is what the provider makes of it, and that depends on its version:
 * `allow_nested_items_to_be_public` of azurerm_storage_account is true up to azurerm 4.x and false from 5.0 on
 * (the provider's 5.0 upgrade guide).
 */

const PROVIDER = "registry.terraform.io/hashicorp/azurerm";
const ACCOUNT = { name: "assets", account_tier: "Standard", account_replication_type: "LRS" };
const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/assets";
const CONTAINER = { name: "public", storage_account_id: ID, container_access_type: "blob" };

/** A synthesised stack with an account, from which anybody may read, bound to a version of the provider. */
function synth(version: string, account: object = ACCOUNT): string {
  return JSON.stringify({
    terraform: { required_providers: { azurerm: { source: "hashicorp/azurerm", version } } },
    resource: {
      azurerm_storage_account: { assets: account },
      azurerm_storage_container: {
        public: { ...CONTAINER, storage_account_id: `\${azurerm_storage_account.assets.id}` },
      },
    },
  });
}

/** What `terraform apply` keeps: it writes each property out, whatever the configuration leaves to the provider. */
function state(isPublic: boolean): string {
  const resource = (type: string, name: string, attributes: object) => ({
    mode: "managed",
    type,
    name,
    provider: `provider["${PROVIDER}"]`,
    instances: [{ schema_version: 4, attributes }],
  });
  const account = { ...ACCOUNT, id: ID, allow_nested_items_to_be_public: isPublic };
  return JSON.stringify({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "6d0f31b1-4a45-4e3b-9c0c-0c8c4ad3bd12",
    resources: [
      resource("azurerm_storage_account", "assets", account),
      resource("azurerm_storage_container", "public", { ...CONTAINER, id: `${ID}/public` }),
    ],
  });
}

/** A plan that leaves out again what an account had written; hand-made plans say null, Terraform asks the provider. */
function plan(constraint: string): string {
  const change = (type: string, name: string, before: object, after: object | undefined) => ({
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: PROVIDER,
    change: { actions: [after === undefined ? "no-op" : "update"], before, after: after ?? before },
  });
  const account = { ...ACCOUNT, id: ID };
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: [
      change(
        "azurerm_storage_account",
        "assets",
        { ...account, [PROPERTY]: true },
        { ...account, [PROPERTY]: null },
      ),
      change("azurerm_storage_container", "public", { ...CONTAINER, id: `${ID}/public` }, undefined),
    ],
    configuration: {
      provider_config: { azurerm: { name: "azurerm", full_name: PROVIDER, version_constraint: constraint } },
    },
    complete: true,
  });
}

const lock = (version: string) => `provider "${PROVIDER}" {\n  version = "${version}"\n}\n`;

const REMOVAL = "access/public-read-removal";
const PROPERTY = "allow_nested_items_to_be_public";

function checked(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { stdout } = firebreak(["check", ...args, "--format", "json", "--show-undetermined"], {
    cwd: directory(files),
  });
  const report = JSON.parse(stdout) as Report;
  return {
    found: report.findings.map(({ policy, address }) => `${policy} ${address}`),
    undecided: report.undetermined.map(({ policy, address, path }) => `${policy} ${address} ${path}`),
    changes: report.deployments[0]?.changes,
  };
}

const compared = (before: string, after: string) =>
  checked(
    { "before/cdk.tf.json": before, "prod/cdk.tf.json": after },
    "prod/cdk.tf.json",
    "--before",
    "before/cdk.tf.json",
  );

describe("a synth that only binds a newer provider", () => {
  it("takes away what the older one allowed by default", () => {
    const { found, changes } = compared(synth("4.55.0"), synth("5.2.0"));
    expect(found).toContain(`${REMOVAL} azurerm_storage_account.assets`);
    expect(changes).toMatchObject({ update: 1, keep: 1 });
  });

  it("changes nothing within one major version, or where the property is written out", () => {
    const nothing = { found: [], undecided: [], changes: { update: 0, keep: 2 } };
    const open = { ...ACCOUNT, [PROPERTY]: true };
    const closed = { ...ACCOUNT, [PROPERTY]: false };
    expect(compared(synth("4.55.0"), synth("~> 4.73"))).toMatchObject(nothing);
    expect(compared(synth("4.55.0", open), synth("5.2.0", open))).toMatchObject(nothing);
    expect(compared(synth("4.55.0", closed), synth("5.2.0", closed))).toMatchObject(nothing);
    // Another text with the same meaning: an update that no policy minds.
    expect(compared(synth("4.55.0", closed), synth("5.2.0"))).toMatchObject({ found: [], undecided: [] });
  });

  it("is undetermined where the version may be any: a default is not guessed", () => {
    const { found, undecided } = compared(synth("4.55.0"), synth(">= 4.0"));
    expect(found).toEqual([]);
    expect(undecided).toContain(`${REMOVAL} azurerm_storage_account.assets ${PROPERTY}`);
  });
});

describe("a synth with the state before it", () => {
  const comparedWith = (isPublic: boolean, version: string) =>
    checked(
      { "terraform.tfstate": state(isPublic), "prod/cdk.tf.json": synth(version) },
      "prod/cdk.tf.json",
      "--before",
      "terraform.tfstate",
    );

  it("compares what is written in the state with the default of the provider that it binds", () => {
    expect(comparedWith(true, "5.2.0").found).toContain(`${REMOVAL} azurerm_storage_account.assets`);
    expect(comparedWith(true, "4.55.0").found).toEqual([]);
    expect(comparedWith(false, "5.2.0").found).toEqual([]);
  });
});

describe("a plan that leaves a default to its provider", () => {
  const judged = (constraint: string, lockFile?: string) =>
    checked(
      { "plan.json": plan(constraint), ...(lockFile !== undefined && { ".terraform.lock.hcl": lockFile }) },
      "plan.json",
    );

  it("is judged by the version that the constraint leaves, or that the lock file beside it names", () => {
    for (const closing of [
      judged("~> 5.0"),
      judged(">= 4.0", lock("5.2.0")),
      judged("~> 5.0", lock("4.55.0")),
    ]) {
      expect(closing.found).toContain(`${REMOVAL} azurerm_storage_account.assets`);
      expect(closing.undecided).toEqual([]);
    }
    for (const staying of [judged("~> 4.1"), judged(">= 4.0", lock("4.55.0"))]) {
      expect(staying).toMatchObject({ found: [], undecided: [] });
    }
  });

  it("is undetermined where neither tells the version", () => {
    for (const unknown of [judged(">= 4.0"), judged(">= 4.0", lock("3.117.0"))]) {
      expect(unknown.found).toEqual([]);
      expect(unknown.undecided).toContain(`${REMOVAL} azurerm_storage_account.assets ${PROPERTY}`);
    }
  });
});
