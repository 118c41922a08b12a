import { describe, expect, it } from "vitest";
import policy from "../../../policies/certificates/no-pinned-version.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

const LATEST = "https://v.vault.azure.net/secrets/site";
const PINNED = `${LATEST}/0123456789abcdef0123456789abcdef`;
const GATEWAY = "azurerm_application_gateway";
const gateway = (...uris: Value[]): Value => ({
  name: "gw",
  ssl_certificate: uris.map((uri, index) => ({ name: `listener${index}`, key_vault_secret_id: uri })),
});
const api = (uri: string) => ({
  properties: { hostnameConfigurations: [{ hostName: "api.example.com", keyVaultId: uri }] },
});

const judge = (...changes: ChangeSpec[]) => run(policy, { changes });

describe("a version is named", () => {
  it.each<[string, ChangeSpec, string]>([
    [
      "by a new gateway",
      { type: GATEWAY, after: gateway(LATEST, PINNED) },
      "ssl_certificate[1].key_vault_secret_id",
    ],
    [
      "instead of the latest",
      { type: GATEWAY, before: gateway(LATEST), after: gateway(PINNED) },
      "ssl_certificate[0].key_vault_secret_id",
    ],
    [
      "by an API gateway",
      { type: "Microsoft.ApiManagement/service", before: api(LATEST), after: api(PINNED) },
      "properties.hostnameConfigurations[0].keyVaultId",
    ],
    [
      "by Front Door, in its replacement",
      {
        type: "azure-native:cdn:Secret",
        action: "replace",
        before: { parameters: { type: "CustomerCertificate", useLatestVersion: true } },
        after: { parameters: { type: "CustomerCertificate", useLatestVersion: false, secretVersion: "1" } },
      },
      "parameters.useLatestVersion",
    ],
    [
      "in a module instance",
      {
        type: "azurerm_app_service_certificate",
        address: 'module.site["eu"].azurerm_app_service_certificate.this[0]',
        after: { key_vault_secret_id: PINNED },
      },
      "key_vault_secret_id",
    ],
  ])("%s", (_, change, path) => {
    const { findings } = judge(change);
    expect(findings.map((finding) => finding.path)).toEqual([path]);
  });
});

describe("nothing is said", () => {
  it.each<[string, ChangeSpec]>([
    ["of the latest", { type: GATEWAY, after: gateway(LATEST) }],
    ["when the version goes", { type: GATEWAY, before: gateway(PINNED), after: gateway(LATEST) }],
    ["when the gateway goes", { type: GATEWAY, before: gateway(PINNED) }],
    ["of an old sin", { type: GATEWAY, before: gateway(PINNED, LATEST), after: gateway(PINNED) }],
    [
      "of uploads, which auto-rotation judges",
      { type: GATEWAY, after: { ssl_certificate: [{ name: "a", data: "x" }] } },
    ],
  ])("%s", (_, change) => expect(judge(change)).toMatchObject({ findings: [], undetermined: [] }));
});

it("does not decide what is known only after apply", () => {
  const said = judge({ type: GATEWAY, after: gateway(UNKNOWN) });
  expect(said).toMatchObject({
    findings: [],
    undetermined: [{ path: "ssl_certificate[0].key_vault_secret_id" }],
  });
});
