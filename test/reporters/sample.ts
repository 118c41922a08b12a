import type { Finding, Report } from "../../src/model/report.ts";
import type { RenderContext } from "../../src/reporters/context.ts";

export const context: RenderContext = { width: 80, colour: false, showUndetermined: false, quiet: false };

/** A finding that flips the public access of a storage account, with whatever a test wants to be different. */
export function finding(over: Partial<Finding> = {}): Finding {
  const policy = over.policy ?? "access/shared-storage-change";
  return {
    policy,
    level: "mandatory",
    severity: "critical",
    confidence: "high",
    state: "open",
    address: "azurerm_storage_account.vmext",
    type: "azurerm_storage_account",
    action: "update",
    path: "public_network_access_enabled",
    before: true,
    after: false,
    message: "37 resources in 2 regions read from this account and lose access at once.",
    fix: "Roll it out to ring canary first.",
    incidents: [],
    fingerprint: "0123456789abcdef0123456789abcdef",
    help: `policies/${policy}.md`,
    ...over,
  };
}

/** A report of these findings over one plan, with counts and verdict as the engine would give them. */
export function report(findings: readonly Finding[] = [], over: Partial<Report> = {}): Report {
  const open = findings.filter((one) => one.state === "open");
  const mandatory = open.filter((one) => one.level === "mandatory").length;
  const { waived = [], undetermined = [] } = over;
  return {
    schemaVersion: 1,
    tool: { name: "firebreak", version: "0.1.0" },
    verdict: mandatory > 0 ? "blocked" : "passed",
    deployments: [
      {
        host: "terraform-plan",
        name: "prod",
        file: "plan.json",
        knows: "before-and-after",
        changes: { create: 1, update: 2, replace: 0, delete: 0, keep: 40 },
      },
    ],
    findings: [...findings],
    undetermined,
    waived,
    problems: [],
    ...over,
    counts: {
      mandatory,
      advisory: open.length - mandatory,
      waived: waived.length,
      undetermined: undetermined.length,
      compliant: 21,
      notApplicable: 4,
      policies: 13,
      resources: 43,
      ...over.counts,
    },
  };
}

/** The change that takes a shared storage account away from its readers, and what else a busy plan brings along. */
export function outage(): Report {
  const source = { file: "main.tf", line: 12, column: 3 };
  const reach = {
    resources: 37,
    hidden: 31,
    regions: ["eastus", "westus"],
    deployments: ["prod"],
    nearest: ["azurerm_virtual_machine_extension.agent"],
  };
  const regions = ["eastus", "northeurope", "southcentralus", "uksouth", "westeurope", "westus"];
  return report(
    [
      finding({
        policy: "access/public-read-removal",
        path: "allow_nested_items_to_be_public",
        message: "9 resources in 2 regions read this storage without credentials and lose it at once.",
        fix: "Give the readers an identity or a private endpoint first, ring by ring; then turn anonymous read off.",
        source,
        fingerprint: "b".repeat(32),
      }),
      finding({
        message:
          "37 resources in 2 regions read from this account, 31 of them through URLs nobody declared. All of them lose access at once; no earlier ring has had this change.",
        fix: "Roll it out to ring canary first, or list the account under `shared: exempt`.",
        reach,
        source,
        incidents: ["azure-2026-02-storage-access"],
      }),
      finding({
        policy: "certificates/no-pinned-version",
        level: "advisory",
        severity: "medium",
        confidence: "medium",
        address: 'module.edge["emea"].azurerm_application_gateway.main',
        type: "azurerm_application_gateway",
        path: "ssl_certificate[0].key_vault_secret_id",
        before: "https://edge-certs.vault.azure.net/secrets/wildcard",
        after: "https://edge-certs.vault.azure.net/secrets/wildcard/2f1c9c3b7f0e4f6c8d5e1a2b3c4d5e6f",
        message:
          "The gateway is pinned to one version of its certificate and keeps serving it after the certificate is renewed.",
        fix: "Refer to the secret without its version.",
        source: { file: "modules/edge/gateway.tf", line: 88 },
        fingerprint: "c".repeat(32),
      }),
      finding({
        policy: "dependencies/blast-radius-budget",
        severity: "high",
        path: "",
        before: null,
        after: null,
        message: "This change reaches 37 of 43 resources; the budget is 10%.",
        fix: "Split the change, or raise `budget.share` for it knowingly.",
        reach,
        source,
        fingerprint: "d".repeat(32),
      }),
      ...regions.map((region, i) =>
        finding({
          policy: "rollout/gradual-update-settings",
          severity: "high",
          address: `azurerm_linux_virtual_machine_scale_set.worker["${region}"]`,
          type: "azurerm_linux_virtual_machine_scale_set",
          path: "rolling_upgrade_policy[0].max_batch_instance_percent",
          before: 20,
          after: 100,
          message:
            "All instances of the scale set are replaced in one batch: while they start, nobody serves.",
          fix: "Keep `max_batch_instance_percent` at 20 or below, with a pause between batches.",
          reach: {
            resources: i === 3 ? 5 : 2,
            hidden: 0,
            regions: [region],
            deployments: ["prod"],
            nearest: [`azurerm_linux_web_app.web["${region}"]`],
          },
          source: { file: "workers.tf", line: 4 },
          fingerprint: `${i}`.repeat(32),
        }),
      ),
    ],
    {
      undetermined: [
        {
          policy: "access/shared-storage-change",
          address: "azurerm_storage_account.logs",
          path: "network_rules[0].default_action",
          because: "known after apply",
        },
        {
          policy: "certificates/auto-rotation",
          address: "azurerm_key_vault_certificate.api",
          path: "certificate_policy[0].lifetime_action",
          because: "known after apply",
        },
        { policy: "rollout/fleet-share", address: "prod", path: "", because: "no before-state" },
      ],
      waived: [
        finding({
          policy: "certificates/auto-rotation",
          state: "waived",
          address: "azurerm_key_vault_certificate.legacy",
          type: "azurerm_key_vault_certificate",
          path: "certificate_policy[0].lifetime_action[0].action[0].action_type",
          before: "AutoRenew",
          after: "EmailContacts",
          message: "Nobody renews this certificate: it runs out and its users fail.",
          fix: "Leave the renewal to the vault.",
          waiver: {
            owner: "team-edge",
            reason: "The issuer cannot renew by itself; the gateway is retired in November.",
            expires: "2026-12-31",
          },
          fingerprint: "e".repeat(32),
        }),
      ],
      problems: [
        {
          severity: "warning",
          message: "The waiver for certificates/auto-rotation runs out in 12 days",
          source: { file: "firebreak.yaml", line: 31 },
        },
      ],
    },
  );
}

/** What a stranger's plan may hold where a name is expected. */
export const HOSTILE =
  "\u001b[31mred\u0007 \u202egnp.exe\u2066 <script>alert(1)</script> a|b `x` @octocat #1 [l](https://evil.example) ]]> \n::error::pwned\r\n##vso[task.setvariable variable=a]b \u0000\ud800 ::add-mask::x";
