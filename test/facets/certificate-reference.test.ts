import { describe, expect, it } from "vitest";
import { certificateReference, referenceOf } from "../../src/facets/certificate-reference.ts";
import { isUnlisted } from "../../src/facets/facet.ts";
import { Pending } from "../../src/model/pending.ts";
import { Secret, UNKNOWN, type Value } from "../../src/model/value.ts";

const LATEST = "https://v.vault.azure.net/secrets/site";
const PINNED = `${LATEST}/0123456789abcdef0123456789abcdef`;

function references(type: string, state: Value): readonly unknown[] {
  const items = certificateReference.items(type, state);
  if (isUnlisted(items)) return [items.unlisted];
  return items.map(({ facts }) => facts.reference?.value);
}

describe("addresses of a vault", () => {
  it.each([
    [LATEST, "latest"],
    [`${LATEST}/`, "latest"],
    ["https://v.vault.azure.cn/certificates/site", "latest"],
    [PINNED, "pinned"],
    [PINNED.toUpperCase().replace("HTTPS", "https"), "pinned"],
    ["https://v.vault.usgovcloudapi.net/certificates/site/0123456789abcdef0123456789abcdef", "pinned"],
  ])("%s", (uri, reference) => expect(referenceOf(uri)).toBe(reference));

  it.each([
    "",
    "/subscriptions/x/y",
    "https://v.vault.azure.net/",
    "https://v.vault.azure.net/secrets/a/b/c",
  ])("%j is none", (uri) => expect(referenceOf(uri)).toBe(UNKNOWN));
});

/** Every dialect's way to write a reference to an address. */
const DIALECTS: readonly [string, (uri: Value) => Value][] = [
  ["azurerm_application_gateway", (uri) => ({ ssl_certificate: [{ name: "a", key_vault_secret_id: uri }] })],
  [
    "azure-native:network:ApplicationGateway",
    (uri) => ({ sslCertificates: [{ name: "a", keyVaultSecretId: uri }] }),
  ],
  [
    "Microsoft.Network/applicationGateways",
    (uri) => ({ properties: { sslCertificates: [{ name: "a", properties: { keyVaultSecretId: uri } }] } }),
  ],
  [
    "azurerm_cdn_frontdoor_secret",
    (uri) => ({ secret: [{ customer_certificate: [{ key_vault_certificate_id: uri }] }] }),
  ],
  [
    "azurerm_api_management",
    (uri) => ({ hostname_configuration: [{ proxy: [{ host_name: "a.b", key_vault_certificate_id: uri }] }] }),
  ],
  [
    "azurerm_api_management",
    (uri) => ({ hostname_configuration: { developer_portal: [{ host_name: "a.b", key_vault_id: uri }] } }),
  ],
  ["azurerm_api_management_custom_domain", (uri) => ({ gateway: [{ host_name: "a.b", key_vault_id: uri }] })],
  [
    "azure-native:apimanagement:ApiManagementService",
    (uri) => ({ hostnameConfigurations: [{ hostName: "a.b", type: "Proxy", keyVaultId: uri }] }),
  ],
  [
    "Microsoft.ApiManagement/service",
    (uri) => ({ properties: { hostnameConfigurations: [{ hostName: "a.b", keyVaultId: uri }] } }),
  ],
  ["azurerm_app_service_certificate", (uri) => ({ key_vault_secret_id: uri })],
  [
    "azurerm_container_app_environment_certificate",
    (uri) => ({ certificate_key_vault: [{ key_vault_secret_id: uri }] }),
  ],
  [
    "azure-native:app:Certificate",
    (uri) => ({ properties: { certificateKeyVaultProperties: { keyVaultUrl: uri } } }),
  ],
  [
    "Microsoft.App/managedEnvironments/certificates",
    (uri) => ({ properties: { certificateKeyVaultProperties: { keyVaultUrl: uri } } }),
  ],
];

it.each(DIALECTS)("%s tells a version from none", (type, write) => {
  expect(references(type, write(PINNED))).toEqual(["pinned"]);
  expect(references(type, write(LATEST))).toEqual(["latest"]);
  expect(references(type, write(UNKNOWN))).toEqual([UNKNOWN]);
});

it.each<[string, string, unknown]>([
  ["azurerm_key_vault_certificate", "secret_id", "pinned"],
  ["azurerm_key_vault_certificate", "id", "pinned"],
  ["azurerm_key_vault_certificate", "versionless_secret_id", "latest"],
  ["azurerm_key_vault_certificate", "versionless_id", "latest"],
  ["azurerm_key_vault_secret", "id", "pinned"],
  ["azurerm_key_vault_secret", "versionless_id", "latest"],
  ["azurerm_key_vault_certificate", "thumbprint", UNKNOWN],
  ["azurerm_key_vault", "id", UNKNOWN],
  ["__proto__", "constructor", UNKNOWN],
])("what will be %s.%s is told by its name", (type, name, expected) => {
  const pending = new Pending({ type, name }, false);
  expect(references("azurerm_app_service_certificate", { key_vault_secret_id: pending })).toEqual([expected]);
});

it.each<[string, Value, readonly unknown[]]>([
  [
    "azure-native:cdn:Secret",
    { parameters: { type: "CustomerCertificate", useLatestVersion: true } },
    ["latest"],
  ],
  [
    "azure-native:cdn:Secret",
    { parameters: { type: "CustomerCertificate", useLatestVersion: false } },
    ["pinned"],
  ],
  [
    "azure-native:cdn:Secret",
    { parameters: { type: "CustomerCertificate", secretVersion: "1" } },
    ["pinned"],
  ],
  ["azure-native:cdn:Secret", { parameters: { type: "CustomerCertificate" } }, [UNKNOWN]],
  ["azure-native:cdn:Secret", { parameters: { type: "UrlSigningKey", secretVersion: "1" } }, []],
  [
    "Microsoft.Cdn/profiles/secrets",
    { properties: { parameters: { type: "CustomerCertificate", useLatestVersion: false } } },
    ["pinned"],
  ],
  ["azure-native:web:Certificate", { keyVaultSecretName: "site" }, ["latest"]],
  ["azure-native:web:Certificate", { pfxBlob: new Secret("x") }, ["inline"]],
  ["azurerm_app_service_certificate", { pfx_blob: new Secret("x") }, ["inline"]],
  ["azurerm_application_gateway", { ssl_certificate: [{ name: "a", data: new Secret("x") }] }, ["inline"]],
  ["azurerm_application_gateway", { trusted_root_certificate: [{ name: "a", data: "x" }] }, []],
  ["azurerm_application_gateway", { ssl_certificate: UNKNOWN }, ["ssl_certificate"]],
  ["azurerm_api_management", { hostname_configuration: [{ proxy: [{ host_name: "a.b" }] }] }, []],
  ["azurerm_api_management", { name: "api" }, []],
])("%s %j", (type, state, expected) => expect(references(type, state)).toEqual(expected));

it("follows one certificate by its name when the order of a set changes", () => {
  const keys = (names: readonly string[]) => {
    const items = certificateReference.items("azurerm_application_gateway", {
      ssl_certificate: names.map((name) => ({ name, key_vault_secret_id: LATEST })),
    });
    return isUnlisted(items) ? [] : items.map(({ key }) => key);
  };
  expect(keys(["b", "a"])).toEqual([...keys(["a", "b"])].reverse());
});
