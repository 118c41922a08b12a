import { expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import { proposedFixes } from "../../src/cli/fix.ts";
import { edited } from "../../src/fixes/edits.ts";
import { KINDS } from "../../src/inputs/files/kinds.ts";
import type { Tree } from "../../src/inputs/files/tree.ts";
import { Version } from "../../src/inputs/files/version.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import type { Report } from "../../src/model/report.ts";
import { judged } from "../engine/support.ts";

/** The report on a new file that is the only one. */
async function reportOn(file: string, text: string): Promise<Report> {
  const tree: Tree = {
    read: async (path) => (path === file ? { bytes: Buffer.from(text) } : undefined),
    filesIn: async (directory) => (directory === "" ? [file] : []),
  };
  const deployments: Deployment[] = [];
  for (const { name, load } of KINDS) {
    const kind = name.test(file) ? await load() : undefined;
    if (kind?.claims(file))
      deployments.push(...(await kind.read([{ path: file, name: file }], new Version(tree))));
  }
  // Nothing was there before.
  return judged(
    deployments.map((one) => ({ ...one, knows: "before-and-after" })),
    { packs: policies },
  );
}

const ADDRESS = "https://shared.vault.azure.net/secrets/site";
const PINNED = `${ADDRESS}/0123456789abcdef0123456789abcdef`;

/** Files by their names, and how many findings each has; all of them can be fixed. */
const FILES: readonly (readonly [file: string, findings: number, text: string])[] = [
  [
    "main.tf",
    7,
    `resource "azurerm_key_vault_certificate" "site" {
  name         = "site" # é 🔥
  key_vault_id = var.vault
  certificate_policy {
    issuer_parameters { name = "Self" }
  }
}
resource "azurerm_app_service_certificate_order" "site" {
  auto_renew = false
}
resource "azurerm_application_gateway" "edge" {
  ssl_certificate {
    name                = "a"
    key_vault_secret_id = "${PINNED}"
  }
  ssl_certificate {
    name                = "b"
    key_vault_secret_id = azurerm_key_vault_certificate.site.secret_id
  }
}
resource "kubernetes_daemon_set_v1" "agent" {
  spec {
    strategy {
      rolling_update {
        max_unavailable = "100%"
      }
    }
  }
}
resource "kubernetes_manifest" "retries" {
  manifest = {
    apiVersion = "dapr.io/v1alpha1"
    kind       = "Resiliency"
    metadata   = { name = "shop" }
    spec       = { policies = { retries = { orders = { policy = "constant", maxRetries = 3 } } } }
  }
}
`,
  ],
  [
    "deploy.yaml",
    5,
    `# 🔥
apiVersion: dapr.io/v1alpha1
kind: Resiliency
metadata: { name: shop }
spec:
  policies:
    retries:
      orders:
        policy: constant
        maxRetries: 3
      my.orders:
        # as it comes
        maxRetries: 2 # few
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec: { updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 100% } } }
`,
  ],
  [
    "template.json",
    3,
    JSON.stringify(
      {
        $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        contentVersion: "1.0.0.0",
        resources: [
          {
            type: "Microsoft.CertificateRegistration/certificateOrders",
            apiVersion: "2023-12-01",
            name: "site",
            properties: { autoRenew: false },
          },
          {
            type: "Microsoft.Network/applicationGateways",
            apiVersion: "2024-01-01",
            name: "edge",
            properties: { sslCertificates: [{ name: "a", properties: { keyVaultSecretId: PINNED } }] },
          },
          {
            type: "Microsoft.Cdn/profiles/secrets",
            apiVersion: "2024-02-01",
            name: "profile/secret",
            properties: {
              parameters: { type: "CustomerCertificate", useLatestVersion: false, secretVersion: "1" },
            },
          },
        ],
      },
      null,
      "\t",
    ),
  ],
  [
    "Pulumi.yaml",
    4,
    `name: shop
runtime: yaml
resources:
  site:
    type: azure:keyvault:Certificate
    properties:
      keyVaultId: x
      certificatePolicy:
        issuerParameters:
          name: Self # é 🔥
  order:
    type: azure-native:certificateregistration:AppServiceCertificateOrder
    properties: { autoRenew: false }
  edge:
    type: azure:network:ApplicationGateway
    properties:
      sslCertificates:
        - name: b
          keyVaultSecretId: ${PINNED}
  secret:
    type: azure-native:cdn:Secret
    properties:
      parameters: { type: CustomerCertificate, useLatestVersion: false, secretVersion: "1" }
`,
  ],
  [
    "index.ts",
    5,
    `import * as azure from "@pulumi/azure";
import * as native from "@pulumi/azure-native";
import * as k8s from "@pulumi/kubernetes";
const site = new azure.keyvault.Certificate("site", {
  keyVaultId: "x", certificatePolicy: { issuerParameters: { name: "Self" } },
});
new azure.network.ApplicationGateway("edge", {
  sslCertificates: [
    { name: "é 🔥", keyVaultSecretId: site.secretId },
    { name: "b", keyVaultSecretId: "${PINNED}" },
  ],
});
new native.cdn.Secret("secret", {
  parameters: { type: "CustomerCertificate", useLatestVersion: false, secretVersion: "1" },
});
new k8s.apps.v1.DaemonSet("agent", {
  spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "50%" } } },
});
`,
  ],
  [
    "main.ts",
    3,
    `import { ApplicationGateway } from "@cdktf/provider-azurerm/lib/application-gateway";
import { KeyVaultCertificate } from "@cdktf/provider-azurerm/lib/key-vault-certificate";
const site = new KeyVaultCertificate(stack, "site", {
  name: "site",
  keyVaultId: "x",
  certificatePolicy: {
    issuerParameters: { name: "Self" }, // é
  },
});
new ApplicationGateway(stack, "edge", {
  sslCertificate: [
    { name: "a", keyVaultSecretId: site.secretId },
    { name: "b", keyVaultSecretId: "${PINNED}" },
  ],
});
`,
  ],
];

it.each(FILES)("what is fixed in %s is found no more", async (file, count, text) => {
  const before = await reportOn(file, text);
  expect(before.findings).toHaveLength(count);
  const [fix, ...others] = await proposedFixes(before, async () => text);
  expect(others).toEqual([]);
  const after = await reportOn(file, edited(text, fix?.edits ?? []));
  expect(after.findings).toEqual([]);
  expect(after.problems).toEqual(before.problems);
});
