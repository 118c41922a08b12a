import { describe, expect, it } from "vitest";
import policy from "../../../policies/certificates/auto-rotation.ts";
import { Secret, UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

const vault = (action: Value, issuer = "DigiCert"): Value => ({
  name: "site",
  certificate_policy: [
    {
      issuer_parameters: [{ name: issuer }],
      lifetime_action: [{ action: [{ action_type: action }], trigger: [{ days_before_expiry: 30 }] }],
    },
  ],
});
const KEY_VAULT = "azurerm_key_vault_certificate";
const judge = (...changes: ChangeSpec[]) => run(policy, { changes });

describe("a certificate that nobody renews", () => {
  it.each<[string, ChangeSpec, string]>([
    [
      "is only announced by mail",
      { type: KEY_VAULT, after: vault("EmailContacts") },
      "certificate_policy.lifetime_action[0].action.action_type",
    ],
    [
      "loses its renewal",
      { type: KEY_VAULT, before: vault("AutoRenew"), after: vault("EmailContacts") },
      "certificate_policy.lifetime_action[0].action.action_type",
    ],
    [
      "has an issuer that the vault cannot talk to",
      { type: KEY_VAULT, after: vault("AutoRenew", "Unknown") },
      "certificate_policy.issuer_parameters.name",
    ],
    [
      "is uploaded",
      { type: "azure-native:web:Certificate", after: { pfxBlob: new Secret("MIIK") } },
      "pfxBlob",
    ],
    [
      "is uploaded in the place of one of a vault",
      {
        type: "azure-native:web:Certificate",
        action: "replace",
        before: { keyVaultSecretName: "site" },
        after: { pfxBlob: new Secret("MIIK") },
      },
      "pfxBlob",
    ],
    [
      "is ordered without renewal",
      { type: "azurerm_app_service_certificate_order", after: { auto_renew: false } },
      "auto_renew",
    ],
    [
      "stands in a module instance",
      {
        type: "aws_acm_certificate",
        address: 'module.site["eu"].aws_acm_certificate.this',
        after: { validation_method: "EMAIL" },
      },
      "validation_method",
    ],
    [
      "is made by the tls provider",
      { type: "tls_self_signed_cert", after: { validity_period_hours: 8760 } },
      "early_renewal_hours",
    ],
  ])("%s", (_, change, path) => {
    const { findings } = judge(change);
    expect(findings).toMatchObject([
      { path, level: "mandatory", address: change.address ?? `${change.type}.example` },
    ]);
  });

  it("is told with those that depend on it", () => {
    const said = run(policy, {
      changes: [
        { type: KEY_VAULT, address: "c", after: vault("EmailContacts") },
        {
          type: "azurerm_application_gateway",
          address: "gateway",
          after: { name: "gw", location: "eastus" },
        },
      ],
      edges: [{ from: "gateway", to: "c" }],
    });
    expect(said.findings[0]?.message).toBe(
      "Nobody renews this certificate unless somebody acts on a mail in time, and everything that presents it (1 resource in eastus) fails on the day it expires.",
    );
  });
});

describe("nothing is said", () => {
  it.each<[string, ChangeSpec]>([
    ["of one that the vault renews", { type: KEY_VAULT, after: vault("AutoRenew") }],
    ["of one that the vault signs itself", { type: KEY_VAULT, after: vault("AutoRenew", "Self") }],
    ["when renewal is added", { type: KEY_VAULT, before: vault("EmailContacts"), after: vault("AutoRenew") }],
    ["when one is deleted", { type: KEY_VAULT, before: vault("EmailContacts") }],
    [
      "of an old sin",
      {
        type: KEY_VAULT,
        before: vault("EmailContacts"),
        after: { ...(vault("EmailContacts") as object), tags: { team: "a" } },
      },
    ],
    ["of cert-manager's", { type: "cert-manager.io/v1/Certificate", after: { spec: { secretName: "tls" } } }],
    ["of managed ones", { type: "azure-native:app:ManagedCertificate", after: {} }],
    [
      "of an authority's own certificate",
      { type: "tls_self_signed_cert", after: { validity_period_hours: 87_600, is_ca_certificate: true } },
    ],
  ])("%s", (_, change) => expect(judge(change)).toMatchObject({ findings: [], undetermined: [] }));
});

it("does not decide what is known only after apply", () => {
  const said = judge({ type: KEY_VAULT, after: vault(UNKNOWN) });
  expect(said.findings).toEqual([]);
  expect(said.undetermined).toMatchObject([
    { path: "certificate_policy.lifetime_action[0].action.action_type" },
  ]);
});

it("accepts foreign issuers where a job renews their certificates", () => {
  const changes = [{ type: KEY_VAULT, after: vault("AutoRenew", "Unknown") }];
  expect(run(policy, { changes, options: { renewedElsewhere: true } }).findings).toEqual([]);
});

it("never shows the material", () => {
  const said = judge({
    type: "azure-native:network:ApplicationGateway",
    after: { sslCertificates: [{ name: "a", data: "MIIKprivate" }] },
  });
  expect(said.findings).toHaveLength(1);
  expect(JSON.stringify(said)).not.toContain("MIIKprivate");
});
