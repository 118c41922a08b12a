import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileInput, memoryInput } from "../../src/inputs/input.ts";
import { recogniseTerraformState, terraformState } from "../../src/inputs/terraform-state.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { Secret, type ValueObject } from "../../src/model/value.ts";

const STATE = join(import.meta.dirname, "../fixtures/tfstate/terraform.storage.tfstate");

function read(document: unknown, path = "state.json"): Deployment {
  return terraformState.read(memoryInput(path, Buffer.from(JSON.stringify(document))))[0] as Deployment;
}

describe("a state file", () => {
  const [state] = terraformState.read(fileInput(STATE));

  it("is a deployment in which everything stays, named after its stack", () => {
    expect(state).toMatchObject({
      host: "terraform-state",
      name: "storage",
      knows: "before-and-after",
      problems: [],
    });
    expect(state?.changes.map(({ address, action }) => [address, action])).toEqual([
      ["data.azurerm_client_config.tenant", "read"],
      ["azurerm_resource_group.rg", "keep"],
      ["azurerm_storage_account.vmext", "keep"],
      ['azurerm_storage_container.packages["broad"]', "keep"],
      ['azurerm_storage_container.packages["retired"]', "keep"],
      ['module.network["hub"].azurerm_virtual_network.this[0]', "keep"],
    ]);
  });

  it("keeps secrets: those it marks and those that their names tell", () => {
    const account = state?.changes[2]?.after as ValueObject;
    expect(account.primary_access_key).toBeInstanceOf(Secret);
    expect(account.primary_connection_string).toBeInstanceOf(Secret);
    expect(account.public_network_access_enabled).toBe(true);
    expect(JSON.stringify(state)).not.toContain("hunter2");
  });

  it("has direct dependencies only: what another one leads to is left out", () => {
    expect(state?.edges).toEqual([
      { from: "azurerm_storage_account.vmext", to: "azurerm_resource_group.rg" },
      { from: 'azurerm_storage_container.packages["broad"]', to: "azurerm_storage_account.vmext" },
      { from: 'azurerm_storage_container.packages["retired"]', to: "azurerm_storage_account.vmext" },
    ]);
  });

  it("names the provider in each of the ways that versions of Terraform write it", () => {
    const provider = (text: string) =>
      read({
        version: 4,
        resources: [{ mode: "managed", type: "t", name: "n", provider: text, instances: [{}] }],
      }).changes[0]?.provider;
    expect(provider('provider["registry.terraform.io/hashicorp/azurerm"].west')).toEqual({ name: "azurerm" });
    expect(provider('module.a.provider["registry.opentofu.org/hashicorp/aws"]')).toEqual({ name: "aws" });
    expect(provider("provider.google")).toEqual({ name: "google" });
    expect(provider("module.a.provider.google.west")).toEqual({ name: "google" });
  });

  it("hides a set as a whole where the secret has no index in it", () => {
    const instance = {
      attributes: { secret: [{ name: "a", value: "hunter2" }], list: [{ v: "x" }, { v: "y" }] },
      sensitive_attributes: [
        [
          { type: "get_attr", value: "secret" },
          { type: "index", value: { value: { name: "a" }, type: "object" } },
        ],
        [
          { type: "get_attr", value: "list" },
          { type: "index", value: { value: 1, type: "number" } },
          { type: "get_attr", value: "v" },
        ],
      ],
    };
    const deployment = read({
      version: 4,
      resources: [{ mode: "managed", type: "t", name: "n", instances: [instance] }],
    });
    expect(JSON.stringify(deployment.changes[0]?.after)).toBe(
      '{"secret":"(secret)","list":[{"v":"x"},{"v":"(secret)"}]}',
    );
  });

  it("has a problem where a resource has no name", () => {
    expect(read({ version: 4, resources: [{ type: "t" }] })).toMatchObject({
      changes: [],
      problems: [{ severity: "error" }],
    });
  });
});

describe("a shown state", () => {
  const shown = {
    format_version: "1.0",
    terraform_version: "1.13.4",
    values: {
      root_module: {
        resources: [
          {
            address: "aws_s3_bucket.b",
            mode: "managed",
            type: "aws_s3_bucket",
            name: "b",
            provider_name: "registry.terraform.io/hashicorp/aws",
            values: { bucket: "b", note: "hunter2" },
            sensitive_values: { note: true },
            depends_on: ["aws_kms_key.k"],
          },
        ],
        child_modules: [
          {
            address: "module.m",
            resources: [
              {
                address: "module.m.aws_kms_key.k[0]",
                mode: "managed",
                type: "aws_kms_key",
                name: "k",
                index: 0,
                values: { id: "k" },
                depends_on: ["aws_iam_role.r"],
              },
            ],
          },
        ],
      },
    },
  };

  it("reads like the file, modules included", () => {
    const state = read(shown, "envs/prod/state.json");
    expect(state.name).toBe("prod");
    expect(state.changes.map(({ address, action }) => [address, action])).toEqual([
      ["aws_s3_bucket.b", "keep"],
      ["module.m.aws_kms_key.k[0]", "keep"],
    ]);
    expect(JSON.stringify(state.changes[0]?.before)).toBe('{"bucket":"b","note":"(secret)"}');
    expect(state.edges).toEqual([
      { from: "aws_s3_bucket.b", to: "aws_kms_key.k" },
      { from: "module.m.aws_kms_key.k[0]", to: "module.m.aws_iam_role.r" },
    ]);
  });

  it("may be empty", () => {
    expect(read({ format_version: "1.0" }).changes).toEqual([]);
  });
});

describe("a state of another version", () => {
  it.each([
    [
      { version: 3, serial: 1, modules: [] },
      "state.json is a state of version 3, which Terraform 0.11 and older wrote",
    ],
    [
      { version: 5, serial: 1 },
      "state.json is a state of version 5, which this version of Firebreak does not know",
    ],
    [{ serial: 1 }, "state of version (none)"],
    [{ format_version: "2.0", values: {} }, "state.json is a state in format 2.0"],
    [[], "state.json is not a Terraform state"],
  ])("is refused with a reason: %j", (document, message) => {
    expect(() => read(document)).toThrow(message);
  });
});

it("recogniseTerraformState tells states from plans and Pulumi's checkpoints", () => {
  expect(
    recogniseTerraformState(["version", "terraform_version", "serial", "lineage", "outputs", "resources"]),
  ).toBe(true);
  expect(recogniseTerraformState(["version", "serial", "modules"])).toBe(true);
  expect(recogniseTerraformState(["format_version", "terraform_version", "values"])).toBe(true);
  expect(recogniseTerraformState(["format_version"])).toBe(true);
  expect(recogniseTerraformState(["format_version", "terraform_version", "values", "resource_changes"])).toBe(
    false,
  );
  expect(recogniseTerraformState(["version", "deployment"])).toBe(false);
  expect(recogniseTerraformState([])).toBe(false);
});
