import { describe, expect, it } from "vitest";
import { certificate } from "../../src/facets/certificate.ts";
import { isUnlisted } from "../../src/facets/facet.ts";
import { Secret, UNKNOWN, type Value, type ValueObject } from "../../src/model/value.ts";

/** The renewal of each certificate in a resource. */
function renewals(type: string, state: Value): readonly unknown[] {
  const items = certificate.items(type, state);
  if (isUnlisted(items)) throw new Error(`${items.unlisted} is not known`);
  return items.map(({ facts }) => facts.renewal?.value);
}

const keyVault = (issuer: Value, action: Value | undefined, rest: { [key: string]: Value } = {}) => ({
  ...rest,
  certificate_policy: [
    {
      issuer_parameters: [{ name: issuer }],
      lifetime_action:
        action === undefined
          ? []
          : [{ action: [{ action_type: action }], trigger: [{ lifetime_percentage: 80 }] }],
    },
  ],
});
const PFX = { certificate: [{ contents: new Secret("MIIK"), password: new Secret("pw") }] };

describe("what renews a certificate of a vault", () => {
  it.each([
    ["an integrated issuer and AutoRenew", keyVault("DigiCert", "AutoRenew"), "automatic"],
    ["Self and AutoRenew", keyVault("Self", "AutoRenew"), "automatic"],
    ["an issuer the vault cannot talk to", keyVault("Unknown", "AutoRenew"), "never"],
    ["a mail", keyVault("DigiCert", "EmailContacts"), "notify"],
    ["no action", keyVault("Self", undefined), "never"],
    ["no policy at all", { name: "tls" }, "never"],
    ["an upload", PFX, "imported"],
    ["an upload whose policy only tells", keyVault("Unknown", "EmailContacts", PFX), "imported"],
    [
      "an upload that the vault renews from an integrated issuer",
      keyVault("DigiCert", "AutoRenew", PFX),
      "automatic",
    ],
    ["an upload whose policy is left to the vault", { ...PFX, certificate_policy: UNKNOWN }, "imported"],
    ["a policy that is left to the vault", { certificate_policy: UNKNOWN }, UNKNOWN],
    ["an issuer that is not known yet", keyVault(UNKNOWN, "AutoRenew"), UNKNOWN],
    ["an action that is not known yet", keyVault("Self", UNKNOWN), UNKNOWN],
  ])("%s", (_, state, renewal) => {
    expect(renewals("azurerm_key_vault_certificate", state)).toEqual([renewal]);
  });

  it("reads blocks written plainly as it reads lists of one", () => {
    const plain = {
      certificate_policy: {
        issuer_parameters: { name: "Self" },
        lifetime_action: { action: { action_type: "AutoRenew" } },
      },
    };
    expect(renewals("azurerm_key_vault_certificate", plain)).toEqual(["automatic"]);
  });
});

const PFX_TEXT = new Secret("MIIK");

describe.each<[string, readonly [string, Value][]]>([
  [
    "imported",
    [
      ["azurerm_app_service_certificate", { pfx_blob: PFX_TEXT }],
      ["azure-native:web:Certificate", { pfxBlob: PFX_TEXT }],
      ["Microsoft.Web/certificates", { properties: { pfxBlob: PFX_TEXT } }],
      ["azurerm_container_app_environment_certificate", { certificate_blob_base64: PFX_TEXT }],
      ["azure-native:app:Certificate", { properties: { value: PFX_TEXT } }],
      ["Microsoft.App/managedEnvironments/certificates", { properties: { value: PFX_TEXT } }],
      ["azurerm_application_gateway", { ssl_certificate: [{ name: "a", data: PFX_TEXT }] }],
      ["azure-native:network:ApplicationGateway", { sslCertificates: [{ name: "a", data: PFX_TEXT }] }],
      [
        "Microsoft.Network/applicationGateways",
        { properties: { sslCertificates: [{ name: "a", properties: { data: PFX_TEXT } }] } },
      ],
      ["aws_acm_certificate", { certificate_body: "-----BEGIN", private_key: PFX_TEXT }],
      ["google_compute_ssl_certificate", { certificate: "-----BEGIN" }],
      ["google_certificate_manager_certificate", { self_managed: [{ pem_certificate: "-----BEGIN" }] }],
    ],
  ],
  [
    "managed",
    [
      ["azurerm_app_service_managed_certificate", { custom_hostname_binding_id: "/x" }],
      ["azure-native:web:Certificate", { canonicalName: "www.example.com" }],
      ["azurerm_container_app_environment_managed_certificate", {}],
      ["azure-native:app:ManagedCertificate", {}],
      ["aws_acm_certificate", { validation_method: "DNS", domain_name: "example.com" }],
      ["aws_acm_certificate", { certificate_authority_arn: "arn:aws:acm-pca:::x" }],
      ["google_compute_managed_ssl_certificate", { managed: [{ domains: ["example.com"] }] }],
      ["google_certificate_manager_certificate", { managed: [{ domains: ["example.com"] }] }],
    ],
  ],
  [
    "vault",
    [
      ["azurerm_app_service_certificate", { key_vault_secret_id: "https://v.vault.azure.net/secrets/a" }],
      ["azure-native:web:Certificate", { keyVaultId: "/v", keyVaultSecretName: "a" }],
      [
        "azure-native:app:Certificate",
        {
          properties: {
            certificateKeyVaultProperties: { keyVaultUrl: "https://v.vault.azure.net/secrets/a" },
          },
        },
      ],
    ],
  ],
  [
    "automatic",
    [
      ["azurerm_app_service_certificate_order", {}],
      ["azure-native:certificateregistration:AppServiceCertificateOrder", { autoRenew: true }],
      ["tls_self_signed_cert", { validity_period_hours: 720, early_renewal_hours: 240 }],
      ["cert-manager.io/v1/Certificate", { spec: { secretName: "tls" } }],
      ["cert-manager.io/v1alpha2/Certificate", { spec: { secretName: "tls" } }],
    ],
  ],
  [
    "never",
    [
      ["azurerm_app_service_certificate_order", { auto_renew: false }],
      ["azure-native:certificateregistration:AppServiceCertificateOrder", { autoRenew: false }],
      ["Microsoft.CertificateRegistration/certificateOrders", { properties: { autoRenew: false } }],
      ["tls_self_signed_cert", { validity_period_hours: 8760 }],
      ["tls_locally_signed_cert", { validity_period_hours: 8760, early_renewal_hours: 0 }],
    ],
  ],
  ["notify", [["aws_acm_certificate", { validation_method: "EMAIL" }]]],
])("renewal %s", (renewal, cases) => {
  it.each(cases)("%s %j", (type, state) => expect(renewals(type, state)).toEqual([renewal]));
});

it("does not take a gateway's reference to a vault for a certificate of its own", () => {
  const gateway = { ssl_certificate: [{ name: "a", key_vault_secret_id: UNKNOWN, data: null }] };
  expect(renewals("azurerm_application_gateway", gateway)).toEqual([]);
});

it("does not know an upload that is not known to be one", () => {
  expect(renewals("aws_acm_certificate", { certificate_body: UNKNOWN })).toEqual([UNKNOWN]);
  expect(
    renewals("azurerm_application_gateway", { ssl_certificate: [{ name: "a", data: UNKNOWN }] }),
  ).toEqual([UNKNOWN]);
});

it.each<[string, ValueObject, unknown]>([
  ["azurerm_app_service_certificate", { key_vault_secret_id: UNKNOWN }, "vault"],
  ["azurerm_app_service_certificate", { key_vault_secret_id: UNKNOWN, pfx_blob: null }, "vault"],
  [
    "azurerm_container_app_environment_certificate",
    { certificate_key_vault: [{ key_vault_secret_id: UNKNOWN }] },
    "vault",
  ],
  ["azurerm_app_service_certificate", { pfx_blob: UNKNOWN }, "imported"],
  ["azurerm_app_service_certificate", { pfx_blob: UNKNOWN, key_vault_secret_id: UNKNOWN }, UNKNOWN],
  ["azure-native:web:Certificate", { keyVaultSecretName: UNKNOWN, canonicalName: "a.b" }, UNKNOWN],
])("takes the only place that a certificate can come from for the one: %s %j", (type, state, expected) => {
  expect(renewals(type, state)).toEqual([expected]);
});

it("withholds the material, whether or not the host calls it sensitive", () => {
  const items = certificate.items("azure-native:network:ApplicationGateway", {
    sslCertificates: [{ name: "a", data: "MIIKprivate" }],
  });
  expect(JSON.stringify(items)).not.toContain("MIIKprivate");
});
