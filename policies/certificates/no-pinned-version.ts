import { certificateReference } from "../../src/facets/certificate-reference.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "certificates/no-pinned-version",
  title: "What presents a certificate follows its latest version",
  hazard:
    "The certificate is renewed in its vault, and callers fail all the same when the old version expires.",
  severity: "high",
  incidents: ["teams-2020-02-certificate"],
  kind: "state",
  each: certificateReference,
  check({ after, report }) {
    if (after?.reference !== "pinned") return;
    report.violation({
      at: "reference",
      message:
        "This names one version of the certificate, so that a renewed one never arrives here and callers fail on the day this version expires.",
      fix: "Refer to the certificate without its version: versionless_secret_id or versionless_id of azurerm_key_vault_certificate, a secret address without its last part, useLatestVersion for Front Door.",
    });
  },
});
