// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's

import { globSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import publicReadRemoval from "../../../../policies/access/public-read-removal.ts";
import sharedStorageChange from "../../../../policies/access/shared-storage-change.ts";
import autoRotation from "../../../../policies/certificates/auto-rotation.ts";
import gradualUpdateSettings from "../../../../policies/rollout/gradual-update-settings.ts";
import { readDocument } from "../../../documents/support/markdown.ts";
import { readChange } from "../../../support/files.ts";
import { runOver } from "../../../support/harness.ts";
import { actions, deployment, diff } from "./support.ts";

const VERSIONS =
  'terraform {\n  required_providers {\n    azurerm = { source = "hashicorp/azurerm", version = "~> 4.0" }\n  }\n}\n';

describe("two versions of a configuration", () => {
  const ACCOUNT = (anonymous: string) => `${VERSIONS}
resource "azurerm_storage_account" "vmext" {
  name                            = "vmext"
  location                        = "eastus"
  allow_nested_items_to_be_public = ${anonymous}
}
resource "azurerm_virtual_machine_extension" "agent" {
  name     = "agent"
  settings = jsonencode({ fileUris = ["https://vmext.blob.core.windows.net/agent/install.sh"] })
}
`;

  it("show anonymous read that is taken away, at its line", async () => {
    const deployments = await diff({ "main.tf": ACCOUNT("true") }, { "main.tf": ACCOUNT("false") });
    expect(actions(deployments)).toEqual({ "azurerm_storage_account.vmext": "update" });
    const { findings } = runOver(publicReadRemoval, deployments, {});
    expect(findings.map(({ address, path }) => [address, path])).toEqual([
      ["azurerm_storage_account.vmext", "allow_nested_items_to_be_public"],
    ]);
    const [one] = deployments;
    const change = one?.changes.find(({ action }) => action === "update");
    expect(change && one?.locate?.(change, "allow_nested_items_to_be_public")).toEqual({
      file: "main.tf",
      line: 10,
      column: 3,
    });
  });

  it("show access to shared storage that changes, and nothing where only the layout does", async () => {
    const shared = { shared: [{ address: "**" }] };
    const changed = await diff(
      { "main.tf": ACCOUNT("true") },
      { "main.tf": ACCOUNT("true\n  public_network_access_enabled   = false") },
    );
    expect(runOver(sharedStorageChange, changed, shared).findings).toHaveLength(1);
    const laidOut = ACCOUNT("true # as before").replaceAll("   =", " =");
    expect(actions(await diff({ "main.tf": ACCOUNT("true") }, { "main.tf": laidOut }))).toEqual({});
  });

  it("leave undetermined what depends on a variable, and see that its default changed", async () => {
    const text = (preset: string) =>
      `variable "public" {\n  default = ${preset}\n}\n${ACCOUNT("var.public")}`;
    const deployments = await diff({ "main.tf": text("true") }, { "main.tf": text("false") });
    expect(actions(deployments)).toEqual({ "azurerm_storage_account.vmext": "update" });
    const said = runOver(publicReadRemoval, deployments, {});
    expect(said.findings).toEqual([]);
    expect(said.undetermined.length).toBeGreaterThan(0);
  });

  it("judge the variable where a file gives its value", async () => {
    const text = `variable "public" {\n  default = true\n}\n${ACCOUNT("var.public")}`;
    const deployments = await diff(
      { "main.tf": text, "prod.tfvars": "public = true\n" },
      { "main.tf": text, "prod.tfvars": "public = false\n" },
    );
    expect(deployments.map(({ name }) => name)).toEqual(["(root) (prod.tfvars)"]);
    expect(runOver(publicReadRemoval, deployments, {}).findings).toHaveLength(1);
  });

  it("show a certificate that stops rotating", async () => {
    const text = (action: string) => `
resource "azurerm_key_vault_certificate" "edge" {
  name         = "edge"
  key_vault_id = azurerm_key_vault.main.id
  certificate_policy {
    issuer_parameters {
      name = "DigiCert"
    }
    lifetime_action {
      action {
        action_type = "${action}"
      }
      trigger {
        days_before_expiry = 30
      }
    }
  }
}
`;
    const deployments = await diff(
      { "main.tf": VERSIONS + text("AutoRenew") },
      { "main.tf": VERSIONS + text("EmailContacts") },
    );
    const { findings } = runOver(autoRotation, deployments, {});
    expect(findings.map(({ address }) => address)).toEqual(["azurerm_key_vault_certificate.edge"]);
  });

  it("show upgrade settings of clusters and scale sets that become abrupt, in modules too", async () => {
    const main = `${VERSIONS}module "fleet" {\n  source   = "./fleet"\n  for_each = toset(["eu", "us"])\n}\n`;
    const fleet = (surge: string, batch: number) => `
resource "azurerm_kubernetes_cluster" "aks" {
  name     = "aks"
  location = "eastus"
  default_node_pool {
    name       = "system"
    node_count = 10
    upgrade_settings {
      max_surge = "${surge}"
    }
  }
}
resource "azurerm_linux_virtual_machine_scale_set" "vmss" {
  name         = "vmss"
  location     = "eastus"
  instances    = 20
  upgrade_mode = "Rolling"
  rolling_upgrade_policy {
    max_batch_instance_percent              = ${batch}
    max_unhealthy_instance_percent          = 20
    max_unhealthy_upgraded_instance_percent = 20
    pause_time_between_batches              = "PT5M"
  }
}
`;
    const deployments = await diff(
      { "main.tf": main, "fleet/main.tf": fleet("10%", 10) },
      { "main.tf": `${main}# changed\n`, "fleet/main.tf": fleet("100%", 100) },
    );
    const { findings } = runOver(gradualUpdateSettings, deployments, {});
    const addresses = new Set(findings.map(({ address }) => address));
    expect([...addresses].sort()).toEqual([
      "azurerm_kubernetes_cluster.aks",
      "azurerm_linux_virtual_machine_scale_set.vmss",
      'module.fleet["eu"].azurerm_kubernetes_cluster.aks',
      'module.fleet["eu"].azurerm_linux_virtual_machine_scale_set.vmss',
      'module.fleet["us"].azurerm_kubernetes_cluster.aks',
      'module.fleet["us"].azurerm_linux_virtual_machine_scale_set.vmss',
    ]);
  });

  it("take a resource that moved to another file of the directory, or is said to have moved, for the same", async () => {
    const resource = 'resource "a_b" "c" {\n  v = 1\n}\n';
    expect(await diff({ "a.tf": resource }, { "b.tf": resource }, { "a.tf": "b.tf" }).then(actions)).toEqual(
      {},
    );
    const moved = `${resource.replace('"c"', '"d"')}moved {\n  from = a_b.c\n  to   = a_b.d\n}\n`;
    expect(await diff({ "a.tf": resource }, { "a.tf": moved }).then(actions)).toEqual({});
  });

  it("take a directory that was renamed for the same", async () => {
    const resource = (v: number) => `resource "a_b" "c" {\n  v = ${v}\n}\n`;
    const deployments = await diff(
      { "old/main.tf": resource(1), "old/more.tf": "locals {}\n" },
      { "new/main.tf": resource(2), "new/more.tf": "locals {}\n" },
      { "old/main.tf": "new/main.tf", "old/more.tf": "new/more.tf" },
    );
    expect(deployments.map(({ name }) => name)).toEqual(["new"]);
    expect(actions(deployments)).toEqual({ "a_b.c": "update" });
  });

  it("do not take what a broken file hides for deleted", async () => {
    const resource = 'resource "a_b" "c" {\n  v = 1\n}\n';
    const [one] = await diff({ "main.tf": resource }, { "main.tf": resource.replace('"a_b"', "= {") });
    expect(one?.problems).toMatchObject([{ severity: "error", source: { file: "main.tf", line: 1 } }]);
    expect(one?.changes.map(({ action }) => action)).not.toContain("delete");
  });

  it("show that a module from elsewhere is called otherwise", async () => {
    const call = (version: string) =>
      `module "m" {\n  source = "Azure/x/azurerm"\n  version = "${version}"\n}\n`;
    const { deployments } = await readChange({ "main.tf": call("1.0") }, { "main.tf": call("2.0") });
    expect(deployments.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([
      "(root): module.m changes, and its resources are written elsewhere, so nothing is said about them; judge a plan to see them.",
    ]);
    const same = await readChange({ "main.tf": call("1.0") }, { "main.tf": `${call("1.0")}# same\n` });
    expect(same.deployments.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it("are the same to themselves, whatever is computed in them", async () => {
    const expression = fc.constantFrom(
      "var.x",
      "local.y",
      '"a-${var.x}"',
      "f(local.y, each.key)",
      "[for v in var.x : v if v]",
      "{ a = var.x, b = a_b.other.id }",
      "var.x ? 1 : 2",
      "module.m.out",
      "<<EOT\n${var.x}\nEOT",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(expression, { minLength: 1, maxLength: 6 }), async (expressions) => {
        const body = expressions.map((one, i) => `  p${i} = ${one}\n`).join("");
        const text = `locals {\n  y = g(var.x)\n}\nresource "a_b" "c" {\n${body}}\nresource "a_b" "other" {}\n`;
        const same = await diff({ "main.tf": text }, { "main.tf": `# more\n${text}` });
        expect(actions(same)).toEqual({});
        const other = await diff(
          { "main.tf": text },
          { "main.tf": text.replace("{\n  p0 = ", "{\n  p0 = h(1) != ") },
        );
        expect(actions(other)).toEqual({ "a_b.c": "update" });
      }),
      { numRuns: 40 },
    );
  });
});

describe("the policies' documents", () => {
  it.each(globSync("policies/*/*.md"))("%s has HCL that is read without a problem", async (path) => {
    for (const { info, text, at } of readDocument(path).blocks) {
      if (info[0] !== "hcl") continue;
      const { problems, changes } = await deployment(text);
      expect(problems, at).toEqual([]);
      expect(changes.length, at).toBeGreaterThan(0);
    }
  });
});
