import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cdktfManifest, recogniseManifest } from "../../../src/inputs/cdktf/manifest.ts";
import { fileInput } from "../../../src/inputs/input.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { UNKNOWN } from "../../../src/model/value.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/cdktf");

function read(directory: string): readonly Deployment[] {
  return cdktfManifest.read(fileInput(join(directory, "manifest.json")));
}

describe.each(["cdktf.out", "cdktn.out"])("%s, as the synthesiser wrote it", (name) => {
  const [fleet, storage] = read(join(FIXTURES, name));

  it("is one deployment a stack, in the order of the manifest, each knowing what goes before it", () => {
    expect([fleet, storage].map((one) => [one?.name, one?.dependsOn])).toEqual([
      ["fleet-eastus", ["storage"]],
      ["storage", []],
    ]);
  });

  it("shows what each stack is to be", () => {
    expect(storage?.changes.map((change) => change.address)).toEqual([
      "azurerm_firewall.firewall",
      "azurerm_key_vault.vault",
      "azurerm_resource_group.rg",
      "azurerm_storage_account.vmext",
      "azurerm_storage_blob.indexes[0]",
      "azurerm_storage_blob.indexes[1]",
      'azurerm_storage_container.packages["canary"]',
      'azurerm_storage_container.packages["broad"]',
      "data.azurerm_client_config.tenant",
    ]);
    expect(storage?.changes[3]).toMatchObject({
      provider: { name: "azurerm", major: 4 },
      stack: "storage",
      after: {
        location: "eastus",
        resource_group_name: "extensions",
        public_network_access_enabled: false,
        network_rules: { default_action: "Deny", bypass: ["AzureServices"] },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: what an escaped template stands for
        tags: { tier: "platform", note: "costs ${5}" },
      },
    });
    expect(storage?.changes[0]?.after).toMatchObject({
      ip_configuration: [{ name: "hub", cidr: "10.0.0.0/24" }],
    });
    expect(storage?.changes[6]?.after).toMatchObject({
      name: "packages-canary",
      storage_account_id: UNKNOWN,
    });
    expect(JSON.stringify(storage?.changes[0]?.after)).toContain('"signing":"(secret)"');
    expect(storage?.directives?.ignored).toEqual(new Map([["azurerm_storage_account.vmext", ["tags"]]]));
  });

  it("follows references through the state of another stack to the resource there", () => {
    expect(fleet?.crossEdges).toEqual([
      {
        from: "azurerm_linux_virtual_machine_scale_set.fleet",
        deployment: "storage",
        to: "azurerm_storage_account.vmext",
        attribute: "primary_blob_endpoint",
      },
    ]);
  });
});

describe("a manifest that is not as the synthesiser wrote it", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "synth-"));
    cpSync(join(FIXTURES, "cdktf.out"), join(directory, "out"), { recursive: true });
    writeFileSync(join(directory, "outside.tf.json"), '{"resource":{"aws_s3_bucket":{"b":{}}}}');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function withStack(stack: object): readonly Deployment[] {
    writeFileSync(
      join(directory, "out/manifest.json"),
      JSON.stringify({ version: "0.21.0", stacks: { prod: { name: "prod", ...stack } } }),
    );
    return read(join(directory, "out"));
  }

  it.each([
    ["a path upwards", "../outside.tf.json"],
    ["a path upwards through a directory", "stacks/../../outside.tf.json"],
  ])("is not followed outside of its directory: %s", (_, synthesizedStackPath) => {
    const [deployment] = withStack({ synthesizedStackPath });
    expect(deployment?.changes).toEqual([]);
    expect(deployment?.problems[0]).toMatchObject({
      severity: "error",
      message: expect.stringContaining("leads out of"),
    });
  });

  it("is not followed outside of its directory: an absolute path or a symbolic link", () => {
    expect(
      withStack({ synthesizedStackPath: join(directory, "outside.tf.json") })[0]?.problems[0]?.message,
    ).toContain("leads out of");
    mkdirSync(join(directory, "out/stacks/linked"));
    symlinkSync(join(directory, "outside.tf.json"), join(directory, "out/stacks/linked/cdk.tf.json"));
    expect(
      withStack({ synthesizedStackPath: "stacks/linked/cdk.tf.json" })[0]?.problems[0]?.message,
    ).toContain("leads out of");
  });

  it("has a problem for a stack whose file is missing or HCL, and no changes", () => {
    expect(withStack({ synthesizedStackPath: "stacks/gone/cdk.tf.json" })[0]?.problems[0]?.message).toContain(
      "there is no such file",
    );
    writeFileSync(join(directory, "out/stacks/cdk.tf"), "");
    expect(withStack({ synthesizedStackPath: "stacks/cdk.tf" })[0]?.problems[0]?.message).toContain(
      "synthesise without --hcl",
    );
  });

  it("passes on the errors that the app itself reports", () => {
    const annotations = [
      { level: "@cdktf/error", message: "no backend", constructPath: "prod" },
      { level: "@cdktf/warn", message: "old" },
    ];
    const [deployment] = withStack({ synthesizedStackPath: "stacks/storage/cdk.tf.json", annotations });
    expect(deployment?.problems.map((problem) => problem.message)).toContain(
      "prod: the app reports an error: no backend.",
    );
    expect(JSON.stringify(deployment?.problems)).not.toContain("old");
  });

  it("is refused without stacks", () => {
    writeFileSync(join(directory, "out/manifest.json"), '{"version":"1","stacks":{}}');
    expect(() => read(join(directory, "out"))).toThrow("lists no stacks");
    writeFileSync(join(directory, "out/manifest.json"), '{"version":"1","stacks":[]}');
    expect(() => read(join(directory, "out"))).toThrow("is not the manifest of a CDKTF app");
  });
});

it("recogniseManifest knows a manifest by its keys", () => {
  expect(recogniseManifest(["stacks", "version"])).toBe(true);
  expect(recogniseManifest(["version", "resources"])).toBe(false);
});

it("says so where a plan lies beside a stack, since that tells more", () => {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-plans-"));
  try {
    cpSync(join(FIXTURES, "cdktf.out"), folder, { recursive: true });
    const said = () => read(folder).map(({ problems }) => problems.map(({ message }) => message));
    const before = said();
    writeFileSync(join(folder, "stacks/fleet-eastus/plan"), "PK");
    writeFileSync(join(folder, "stacks/storage/explanation.txt"), "");
    expect(said()).toEqual([
      [
        ...(before[0] ?? []),
        `fleet-eastus: there is a plan beside the synth, ${join(folder, "stacks/fleet-eastus/plan")}. It tells more: judge what \`terraform show -json plan\` prints.`,
      ],
      before[1],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
