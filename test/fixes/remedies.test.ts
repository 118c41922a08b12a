import { describe, expect, it } from "vitest";
import { type FindingSpec, fixed } from "./support.ts";

const RENEWAL: FindingSpec = {
  policy: "certificates/auto-rotation",
  type: "azurerm_key_vault_certificate",
  path: "certificate_policy.lifetime_action",
  fact: { name: "renewal", after: "never" },
};

const VERSION = "0123456789abcdef0123456789abcdef";
const ADDRESS = "https://shared.vault.azure.net/secrets/site";
const PINNED: FindingSpec = {
  policy: "certificates/no-pinned-version",
  type: "azurerm_application_gateway",
  path: "ssl_certificate[0].key_vault_secret_id",
  after: `${ADDRESS}/${VERSION}`,
};

const certificate = (policy: string) => `# Überall dasselbe 🔥
resource "azurerm_key_vault_certificate" "site" {
    name = "site" # the name

    certificate_policy {
${policy}    }
}
`;

describe("a Key Vault certificate that nothing renews", () => {
  it("gets a lifetime action in HCL, in the file's own indentation", async () => {
    const text = certificate(`        issuer_parameters {
            name = "DigiCert" # of the shop
        } # signed there
        # the end
`);
    expect(await fixed({ ...RENEWAL, at: "resource" }, text)).toBe(
      certificate(`        issuer_parameters {
            name = "DigiCert" # of the shop
        } # signed there
        lifetime_action {
            action {
                action_type = "AutoRenew"
            }
            trigger {
                lifetime_percentage = 80
            }
        }
        # the end
`),
    );
  });

  it("keeps CRLF, and stands apart from an attribute", async () => {
    const text = certificate(`        issuer_parameters {
            name = "Self"
        }
        tags = {}
`).replaceAll("\n", "\r\n");
    const result = await fixed({ ...RENEWAL, at: "certificate_policy" }, text);
    expect(result).toContain("tags = {}\r\n\r\n        lifetime_action {\r\n            action {\r\n");
    expect(result?.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  it.each([
    [
      "an issuer that the vault cannot talk to",
      `        issuer_parameters {\n            name = "Unknown"\n        }\n`,
    ],
    [
      "an issuer that is worked out",
      `        issuer_parameters {\n            name = var.issuer\n        }\n`,
    ],
    ["no issuer", "        tags = {}\n"],
    ["nothing in its policy", ""],
    [
      "actions that are made from a list",
      `        issuer_parameters {\n            name = "Self"\n        }\n        dynamic "lifetime_action" {\n            for_each = var.actions\n            content {}\n        }\n`,
    ],
    [
      "an action already",
      `        issuer_parameters {\n            name = "Self"\n        }\n        lifetime_action {\n        }\n`,
    ],
    [
      "a syntax error beside it",
      `        issuer_parameters {\n            name = "Self"\n        }\n        x = = 3\n`,
    ],
    [
      "two policies",
      `        issuer_parameters {\n            name = "Self"\n        }\n    }\n    certificate_policy {\n`,
    ],
    [
      "its brace on the same line",
      `        issuer_parameters {\n            name = "Self"\n        } }\n    certificate_other {\n`,
    ],
  ])("is left alone with %s", async (_, policy) => {
    expect(await fixed({ ...RENEWAL, at: "resource" }, certificate(policy))).toBeUndefined();
  });

  it("is left alone where somebody chose to be told by mail", async () => {
    const text = certificate(`        issuer_parameters {\n            name = "Self"\n        }\n`);
    const told: FindingSpec = { ...RENEWAL, fact: { name: "renewal", after: "notify" } };
    expect(await fixed({ ...told, at: "resource" }, text)).toBeUndefined();
    expect(await fixed({ ...RENEWAL, at: "Überall" }, text)).toBeUndefined();
    expect(await fixed({ ...RENEWAL, at: "resource", type: "azurerm_key_vault" }, text)).toBeUndefined();
  });

  it("gets a lifetime action in CDKTF and in Pulumi, as each spells it", async () => {
    const cdktf = (action: string) => `
// наш сертификат 🔥
new KeyVaultCertificate(this, 'site', {
  name: 'site',
  certificatePolicy: {
    issuerParameters: { name: 'Self' }, // its own${action}
  },
} satisfies Config);
`;
    expect(await fixed({ ...RENEWAL, at: "certificatePolicy" }, cdktf(""), "main.ts")).toBe(
      cdktf(
        "\n    lifetimeAction: [{ action: { actionType: 'AutoRenew' }, trigger: { lifetimePercentage: 80 } }],",
      ),
    );
    const pulumi = (action: string) =>
      `const site = new azure.keyvault.Certificate("site", { certificatePolicy: { issuerParameters: { name: "Self" }${action} } });\n`;
    const spec = {
      ...RENEWAL,
      type: "azure:keyvault/certificate:Certificate",
      path: "certificatePolicy.lifetimeActions",
    };
    const action =
      ', lifetimeActions: [{ action: { actionType: "AutoRenew" }, trigger: { lifetimePercentage: 80 } }]';
    expect(await fixed({ ...spec, at: "const" }, pulumi(""), "index.js")).toBe(pulumi(action));
    expect(await fixed({ ...spec, at: "new" }, pulumi(", ...more"), "index.js")).toBeUndefined();
  });

  it("gets a lifetime action in Pulumi's YAML", async () => {
    const program = (action: string) => `name: shop
runtime: yaml
resources:
    site:
        type: azure:keyvault:Certificate
        properties:
            certificatePolicy:
                # who signs
                issuerParameters:
                    name: Self # the vault itself${action}
    other: { type: "azure:keyvault:Secret", properties: {} }
`;
    const spec = {
      ...RENEWAL,
      type: "azure:keyvault/certificate:Certificate",
      path: "certificatePolicy.lifetimeActions",
    };
    expect(await fixed({ ...spec, at: "site:" }, program(""), "Pulumi.yaml")).toBe(
      program(`
                lifetimeActions:
                    - action:
                          actionType: AutoRenew
                      trigger:
                          lifetimePercentage: 80`),
    );
  });
});

describe("an order of App Service", () => {
  const spec = (type: string, path: string): FindingSpec => ({
    policy: "certificates/auto-rotation",
    type,
    path,
    fact: { name: "renewal", after: "never" },
  });

  it.each([
    [
      "main.tf",
      spec("azurerm_app_service_certificate_order", "auto_renew"),
      (value: string) =>
        `resource "azurerm_app_service_certificate_order" "site" {\n  auto_renew = ${value} # why?\n}\n`,
    ],
    [
      "site.json",
      spec("Microsoft.CertificateRegistration/certificateOrders", "properties.autoRenew"),
      (value: string) =>
        `{"resources": [\n\t{ "type": "Microsoft.CertificateRegistration/certificateOrders", "apiVersion": "2023-12-01",\n\t  "properties": { "é": "🔥", "autoRenew" : ${value} } }\n]}`,
    ],
    [
      "Pulumi.yaml",
      spec("azure-native:certificateregistration:AppServiceCertificateOrder", "autoRenew"),
      (value: string) =>
        `resources:\n  o:\n    type: azure-native:certificateregistration:AppServiceCertificateOrder\n    properties: { autoRenew: ${value} }\n`,
    ],
    [
      "index.ts",
      spec("azure-native:certificateregistration:AppServiceCertificateOrder", "autoRenew"),
      (value: string) => `new cr.AppServiceCertificateOrder(\`o\`, { autoRenew: ${value} as const });`,
    ],
  ] as const)("renews itself (%s)", async (file, about, text) => {
    const at = /auto_?renew/i.exec(text("false"))?.[0] ?? "";
    expect(await fixed({ ...about, at }, text("false"), file)).toBe(text("true"));
    expect(await fixed({ ...about, at }, text("true"), file)).toBeUndefined();
  });
});

describe("an address that names a version", () => {
  const gateway = (address: string) => `resource "azurerm_application_gateway" "edge" {
  ssl_certificate {
    name                = "other"
    key_vault_secret_id = "${ADDRESS}"
  }
  ssl_certificate {
    name                = "site"
    key_vault_secret_id = "${address}" # as of today
  }
}
`;

  it("loses it, in the block that the path counts", async () => {
    const spec = { ...PINNED, path: "ssl_certificate[1].key_vault_secret_id", at: "resource" };
    expect(await fixed(spec, gateway(`${ADDRESS}/${VERSION}`))).toBe(gateway(ADDRESS));
    expect(await fixed(spec, gateway(`${ADDRESS}/${VERSION}/`))).toBeUndefined();
    expect(await fixed({ ...spec, after: `${ADDRESS}/${VERSION}/` }, gateway(`${ADDRESS}/${VERSION}/`))).toBe(
      gateway(ADDRESS),
    );
    expect(await fixed({ ...PINNED, at: "resource" }, gateway(`${ADDRESS}/${VERSION}`))).toBeUndefined();
    const computed = `${ADDRESS}/$\{var.version}`;
    expect(await fixed({ ...spec, after: computed }, gateway(computed))).toBeUndefined();
  });

  it("loses it in templates and programs", async () => {
    const template = (address: string) =>
      `{"resources":[{"type":"Microsoft.Network/applicationGateways","apiVersion":"2024-01-01","properties":{"sslCertificates":[{"name":"a"},{"name":"ß","properties":{"keyVaultSecretId":"${address}"}}]}}]}`;
    const inTemplate: FindingSpec = {
      ...PINNED,
      type: "Microsoft.Network/applicationGateways",
      path: "properties.sslCertificates[1].properties.keyVaultSecretId",
      at: "ß",
    };
    expect(await fixed(inTemplate, template(`${ADDRESS}/${VERSION}`), "edge.json")).toBe(template(ADDRESS));
    const program = (address: string) =>
      `new network.ApplicationGateway("edge", { sslCertificates: [{ keyVaultSecretId: '${address}' }] });`;
    const inProgram = {
      ...PINNED,
      type: "azure-native:network:ApplicationGateway",
      path: "sslCertificates[0].keyVaultSecretId",
    };
    expect(await fixed(inProgram, program(`${ADDRESS}/${VERSION}`), "index.mts")).toBe(program(ADDRESS));
  });

  it("stays where another address would replace what exists", async () => {
    const text = (address: string) =>
      `resource "azurerm_app_service_certificate" "site" {\n  key_vault_secret_id = "${address}"\n}\n`;
    const spec: FindingSpec = {
      ...PINNED,
      type: "azurerm_app_service_certificate",
      path: "key_vault_secret_id",
    };
    expect(await fixed({ ...spec, action: "update" }, text(`${ADDRESS}/${VERSION}`))).toBeUndefined();
    expect(await fixed({ ...spec, action: "create" }, text(`${ADDRESS}/${VERSION}`))).toBe(text(ADDRESS));
    const domain = (address: string) =>
      `new azure.apimanagement.CustomDomain("d", { gateways: [{ keyVaultId: "${address}" }] });`;
    const inPlace: FindingSpec = {
      ...spec,
      action: "update",
      type: "azure:apimanagement/customDomain:CustomDomain",
      path: "gateways[0].keyVaultId",
    };
    expect(await fixed(inPlace, domain(`${ADDRESS}/${VERSION}`), "i.ts")).toBe(domain(ADDRESS));
    expect(
      await fixed(
        { ...PINNED, action: "update", path: "ssl_certificate[1].key_vault_secret_id" },
        gateway(`${ADDRESS}/${VERSION}`),
      ),
    ).toBe(gateway(ADDRESS));
  });
});

describe("an attribute of the current version", () => {
  const inHcl = (value: string) =>
    `resource "azurerm_application_gateway" "edge" {\n  ssl_certificate {\n    key_vault_secret_id = ${value}\n  }\n}\n`;
  const reference: FindingSpec = { ...PINNED, after: "(known after apply)" };

  it.each([
    [
      "azurerm_key_vault_certificate.site.secret_id",
      "azurerm_key_vault_certificate.site.versionless_secret_id",
    ],
    [
      'data.azurerm_key_vault_certificate.site["a b"].secret_id',
      'data.azurerm_key_vault_certificate.site["a b"].versionless_secret_id',
    ],
    ["azurerm_key_vault_secret.site[0].id", "azurerm_key_vault_secret.site[0].versionless_id"],
  ])("becomes the one without it: %s", async (before, after) => {
    expect(await fixed(reference, inHcl(before))).toBe(inHcl(after));
  });

  it.each([
    "azurerm_key_vault_secret.site.secret_id",
    "azurerm_key_vault_certificate.site.thumbprint",
    "azurerm_key_vault_certificate.site.constructor",
    "module.certificates.secret_id",
    "local.secret_id",
    'coalesce(azurerm_key_vault_certificate.site.secret_id, "")',
    "azurerm_key_vault_certificate.site[*].secret_id[0]",
  ])("stays where that is not certain: %s", async (value) => {
    expect(await fixed(reference, inHcl(value))).toBeUndefined();
  });

  it("becomes the one without it in programs, where the file tells what it belongs to", async () => {
    const cdktf = (made: string, attribute: string) =>
      `const site = ${made};\nnew ApplicationGateway(this, "edge", { sslCertificate: [{ keyVaultSecretId: site.${attribute} }] });\n`;
    const at = "new ApplicationGateway";
    for (const made of [
      'new KeyVaultCertificate(this, "site", {})',
      'new keyVaultCertificate.KeyVaultCertificate(this, "site", {})',
      'new azure.keyvault.Certificate("site", {})',
    ]) {
      expect(await fixed({ ...reference, at }, cdktf(made, "secretId"), "main.ts")).toBe(
        cdktf(made, "versionlessSecretId"),
      );
    }
    for (const made of [
      'new Certificate(this, "site")',
      "make()",
      'new azure.appservice.Certificate("a", {})',
    ]) {
      expect(await fixed({ ...reference, at }, cdktf(made, "secretId"), "main.ts")).toBeUndefined();
    }
    const twice = `${cdktf('new KeyVaultCertificate(this, "site", {})', "secretId")}{ const site = other; }`;
    expect(await fixed({ ...reference, at }, twice, "main.ts")).toBeUndefined();
  });

  it("becomes the one without it in Pulumi's YAML", async () => {
    const program = (attribute: string) =>
      `resources:\n  site:\n    type: azure:keyvault/certificate:Certificate\n  edge:\n    type: azure:network:ApplicationGateway\n    properties:\n      sslCertificates:\n        - name: site\n          keyVaultSecretId: "\${site.${attribute}}" # é\n`;
    const spec = {
      ...reference,
      type: "azure:network/applicationGateway:ApplicationGateway",
      path: "sslCertificates[0].keyVaultSecretId",
      at: "keyVaultSecretId",
    };
    expect(await fixed(spec, program("secretId"), "Pulumi.yaml")).toBe(program("versionlessSecretId"));
    expect(await fixed(spec, program("thumbprint"), "Pulumi.yaml")).toBeUndefined();
  });
});

describe("a secret of Front Door", () => {
  const spec = (path: string): FindingSpec => ({
    policy: "certificates/no-pinned-version",
    type: "azure-native:cdn:Secret",
    path: `parameters.${path}`,
    fact: { name: "reference", after: "pinned" },
    at: "parameters",
  });
  const yaml = (parameters: string) =>
    `resources:\n  s:\n    type: azure-native:cdn:Secret\n    properties:\n      parameters:\n        type: CustomerCertificate\n${parameters}`;
  const typescript = (parameters: string) =>
    `new cdn.Secret("s", { parameters: { type: "CustomerCertificate", ${parameters} } });`;

  it("is switched to the latest version, which takes the other away", async () => {
    const both = yaml(`        useLatestVersion: false\n        secretVersion: ${VERSION}\n`);
    const latest = yaml("        useLatestVersion: true\n");
    expect(await fixed(spec("useLatestVersion"), both, "Pulumi.yaml")).toBe(latest);
    expect(
      await fixed(spec("secretVersion"), yaml(`        secretVersion: "${VERSION}"\n`), "Pulumi.yaml"),
    ).toBe(latest);
    expect(
      await fixed(
        spec("useLatestVersion"),
        typescript(`secretVersion: "a", useLatestVersion: false`),
        "i.ts",
      ),
    ).toBe(typescript("useLatestVersion: true"));
    expect(
      await fixed(
        spec("useLatestVersion"),
        typescript(`useLatestVersion: false, secretVersion: "a"`),
        "i.ts",
      ),
    ).toBe(typescript("useLatestVersion: true"));
  });

  it("stays where a comment speaks of the version, or it is worked out", async () => {
    const told = yaml(
      `        useLatestVersion: false\n        secretVersion: ${VERSION} # pinned for the audit\n`,
    );
    expect(await fixed(spec("useLatestVersion"), told, "Pulumi.yaml")).toBeUndefined();
    expect(
      await fixed(spec("useLatestVersion"), typescript("useLatestVersion: flag"), "i.ts"),
    ).toBeUndefined();
    expect(
      await fixed(
        { ...spec("useLatestVersion"), action: "update" },
        typescript("useLatestVersion: false"),
        "i.ts",
      ),
    ).toBeUndefined();
  });
});

describe.each(["clients/exponential-backoff", "clients/jitter"])("retries of Dapr (%s)", (policy) => {
  const spec = (path: string): FindingSpec => ({ policy, type: "dapr.io/v1alpha1/Resiliency", path });
  const manifest = (retries: string) => `apiVersion: v1
kind: Service
---
apiVersion: dapr.io/v1alpha1
kind: Resiliency
metadata: { name: shop }
spec:
  policies:
    retries:
${retries}`;

  it("become exponential, written or left to the default", async () => {
    const at = "Resiliency";
    const text = (word: string) =>
      manifest(`      my.orders:\n        policy: ${word} # é\n        duration: 1s\n`);
    const path = "spec.policies.retries.my.orders.policy";
    expect(await fixed({ ...spec(path), at }, text("constant"), "shop.yaml")).toBe(text("exponential"));
    expect(await fixed({ ...spec(path), at }, text('"constant"'), "shop.yml")).toBe(text('"exponential"'));
    expect(
      await fixed(
        { ...spec("spec.policies.retries.orders.duration"), at },
        manifest("      orders:\n        # at once\n        duration: 0s # now\n"),
        "shop.yaml",
      ),
    ).toBe(
      manifest("      orders:\n        # at once\n        duration: 0s # now\n        policy: exponential\n"),
    );
    expect(
      await fixed(
        { ...spec("spec.policies.retries.orders.policy"), at },
        manifest("      orders: { maxRetries: 3 }"),
        "shop.yaml",
      ),
    ).toBe(manifest("      orders: { maxRetries: 3, policy: exponential }"));
  });

  it("become exponential in JSON and in a kubernetes_manifest", async () => {
    const json = (word: string) =>
      `{ "apiVersion": "dapr.io/v1alpha1", "kind": "Resiliency", "spec": { "policies": { "retries": {\n\t"a": {\n\t\t"maxRetries": 3${word}\n\t}\n} } } }`;
    expect(await fixed(spec("spec.policies.retries.a.policy"), json(""), "a.json")).toBe(
      json(',\n\t\t"policy": "exponential"'),
    );
    const hcl = (word: string) =>
      `resource "kubernetes_manifest" "shop" {\n  manifest = {\n    spec = { policies = { retries = { a = {\n      maxRetries = 3 # few\n${word}    } } } }\n  }\n}\n`;
    const inHcl = { policy, type: "kubernetes_manifest", path: "manifest.spec.policies.retries.a.policy" };
    expect(await fixed(inHcl, hcl(""))).toBe(hcl('      policy = "exponential"\n'));
  });

  it("stay where the policy is worked out, shared or another", async () => {
    const path = "spec.policies.retries.orders.policy";
    for (const retries of [
      "      orders: &orders { policy: constant }\n      others: *orders\n",
      "      others: &o { policy: constant }\n      orders: *o\n",
      "      orders: { <<: { policy: constant } }\n",
      "      orders: { policy: !custom constant }\n",
      "      orders: { policy: linear }\n",
      "      orders:\n",
      "      orders: { policy: constant\n",
    ])
      expect(
        await fixed({ ...spec(path), at: "Resiliency" }, manifest(retries), "shop.yaml"),
      ).toBeUndefined();
  });
});

describe("a DaemonSet that updates many at once", () => {
  const spec: FindingSpec = {
    policy: "rollout/gradual-update-settings",
    type: "apps/v1/DaemonSet",
    path: "spec.updateStrategy.rollingUpdate.maxUnavailable",
    fact: { name: "step", after: 100 },
  };

  it("updates one at a time", async () => {
    const yaml = (value: string) =>
      `apiVersion: apps/v1\nkind: DaemonSet\nspec:\n  updateStrategy:\n    rollingUpdate:\n      maxUnavailable:   ${value}   # all\n`;
    expect(await fixed(spec, yaml("100%"), "agent.yaml")).toBe(yaml("1"));
    expect(await fixed(spec, yaml("'100%'"), "agent.yaml")).toBe(yaml("1"));
    const hcl = (value: string) =>
      `resource "kubernetes_daemon_set_v1" "agent" {\n  spec {\n    strategy {\n      rolling_update {\n        max_unavailable = ${value}\n      }\n    }\n  }\n}\n`;
    const typed = {
      ...spec,
      type: "kubernetes_daemon_set_v1",
      path: "spec.strategy.rolling_update.max_unavailable",
    };
    expect(await fixed(typed, hcl('"50%"'))).toBe(hcl('"1"'));
    const pulumi = (value: string) =>
      `new k8s.apps.v1.DaemonSet("a", { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: ${value} } } } });`;
    expect(await fixed({ ...spec, type: "kubernetes:apps/v1:DaemonSet" }, pulumi('"50%"'), "i.ts")).toBe(
      pulumi("1"),
    );
  });

  it("is left alone where the number is worked out, and other workloads are", async () => {
    const hcl = `resource "kubernetes_deployment_v1" "web" {\n  spec {\n    strategy {\n      rolling_update {\n        max_unavailable = "60%"\n      }\n    }\n  }\n}\n`;
    const path = "spec.strategy.rolling_update.max_unavailable";
    expect(await fixed({ ...spec, type: "kubernetes_deployment_v1", path }, hcl)).toBeUndefined();
    const yaml = `apiVersion: apps/v1\nkind: DaemonSet\nspec: { updateStrategy: { rollingUpdate: { maxUnavailable: [1] } } }\n`;
    expect(await fixed(spec, yaml, "agent.yaml")).toBeUndefined();
  });
});

describe("files", () => {
  it.each(["cdk.tf.json", "main.tofu.json", "main.bicep", "types.d.ts", "main.py"])(
    "of %s get no fixes",
    async (file) => {
      expect(await fixed(PINNED, "{}", file)).toBeUndefined();
    },
  );
});
