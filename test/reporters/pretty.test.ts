import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import pretty from "../../src/reporters/pretty.ts";
import { columns } from "../../src/reporters/text.ts";
import { context, finding, HOSTILE, outage, report } from "./sample.ts";

const show = (of: Report, over = {}) => pretty(of, { ...context, ...over });

describe("the terminal report", () => {
  it("reads like a good compiler's", () => {
    expect(show(outage())).toMatchInlineSnapshot(`
      "✖ access/shared-storage-change                              critical · mandatory
        azurerm_storage_account.vmext (main.tf:12)
        public_network_access_enabled: true → false
        37 resources in 2 regions read from this account, 31 of them through URLs
        nobody declared. All of them lose access at once; no earlier ring has had this
        change.
        hits   azurerm_virtual_machine_extension.agent and 36 more
        reach  eastus and westus
        fix    Roll it out to ring canary first, or list the account under
               \`shared: exempt\`.
               firebreak explain access/shared-storage-change
        also   access/public-read-removal (critical, mandatory)
               allow_nested_items_to_be_public: true → false
               9 resources in 2 regions read this storage without credentials and lose
               it at once.
               fix: Give the readers an identity or a private endpoint first, ring by
               ring; then turn anonymous read off.
        also   dependencies/blast-radius-budget (high, mandatory)

      ✖ rollout/gradual-update-settings                               high · mandatory
        6 instances of azurerm_linux_virtual_machine_scale_set.worker (workers.tf:4)
        ["eastus"], ["northeurope"], ["southcentralus"] and 3 more
        rolling_upgrade_policy[0].max_batch_instance_percent: 20 → 100
        All instances of the scale set are replaced in one batch: while they start,
        nobody serves.
        hits   azurerm_linux_web_app.web["uksouth"] and 4 more
        reach  up to 5 resources depend on each, in eastus, northeurope,
               southcentralus, uksouth and 2 more
        fix    Keep \`max_batch_instance_percent\` at 20 or below, with a pause between
               batches.
               firebreak explain rollout/gradual-update-settings

      ⚠ certificates/no-pinned-version           medium · advisory · medium confidence
        module.edge["emea"].azurerm_application_gateway.main
        (modules/edge/gateway.tf:88)
        ssl_certificate[0].key_vault_secret_id:
            "https://edge-certs.vault.azure.net/secrets/wildcard"
          → "https://edge-certs.vault.azure.net/secrets/wildcard/
            2f1c9c3b7f0e4f6c8d5e1a2b3c4d5e6f"
        The gateway is pinned to one version of its certificate and keeps serving it
        after the certificate is renewed.
        fix    Refer to the secret without its version.
               firebreak explain certificates/no-pinned-version

      ⚠ warning: The waiver for certificates/auto-rotation runs out in 12 days
        (firebreak.yaml:31)

      ? 3 checks could not be decided: known after apply (2), no before-state (1) ·
        --show-undetermined lists them

      1 finding waived
        certificates/auto-rotation · azurerm_key_vault_certificate.legacy
          team-edge until 2026-12-31: The issuer cannot renew by itself; the gateway
          is retired in November.

      judged: prod (terraform-plan, plan.json)
      blocked: 9 mandatory, 1 advisory · 43 resources (1 create, 2 update)
               13 policies (4 not applicable) · 3 undetermined · 1 waived · 1 warning
      "
    `);
  });

  it("uses a wide terminal, up to 120 columns", () => {
    const lines = show(outage(), { width: 300 }).split("\n");
    expect(lines[0]).toHaveLength(120);
    expect(lines[0]).toMatch(/^✖ access\/shared-storage-change {2,}critical · mandatory$/);
  });

  it.each([0, 12, 40, 57, 80, 100, 120, 500, Number.NaN])("keeps to a width of %d", (width) => {
    const limit = Math.min(Math.max(width || 80, 40), 120);
    for (const showUndetermined of [false, true]) {
      for (const line of show(outage(), { width, showUndetermined }).split("\n")) {
        expect(columns(line)).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/\s$/);
      }
    }
  });

  it("lists what could not be decided when asked", () => {
    const shown = show(outage(), { showUndetermined: true });
    expect(shown).toContain("  rollout/fleet-share · prod\n    no before-state\n");
    expect(shown).not.toContain("--show-undetermined");
  });

  it("says only findings and the summary when quiet", () => {
    const shown = show(outage(), { quiet: true });
    expect(shown).not.toMatch(/could not be decided|team-edge|runs out|judged/);
    expect(shown.trimEnd().split("\n\n").at(-1)).toMatch(/^blocked: 9 mandatory/);
  });

  it("tells errors even when quiet, since they are why nothing is passed", () => {
    const shown = show(
      report([], {
        verdict: "incomplete",
        problems: [
          {
            severity: "error",
            message: "plan.json ends in the middle",
            source: { file: "plan.json", line: 7 },
          },
        ],
      }),
      { quiet: true },
    );
    expect(shown).toMatchInlineSnapshot(`
      "✖ error: plan.json ends in the middle (line 7)

      incomplete: 1 error, so nothing is passed
                  43 resources (1 create, 2 update) · 13 policies (4 not applicable)
      "
    `);
  });

  it("shows a pass with what it rests on", () => {
    expect(show(report())).toMatchInlineSnapshot(`
      "judged: prod (terraform-plan, plan.json)
      passed: 21 checks found nothing · 43 resources (1 create, 2 update)
              13 policies (4 not applicable)
      "
    `);
  });

  it("names further policies on the same fact, and tells further facts with their fix", () => {
    const shown = show(
      report([
        finding(),
        finding({ policy: "x/same-fact", severity: "high", message: "said already" }),
        finding({
          policy: "x/other-fact",
          severity: "low",
          path: "min_tls_version",
          message: "old clients fail",
          fix: "Wait.",
        }),
      ]),
    );
    expect(shown).toContain("  also   x/same-fact (high, mandatory)\n");
    expect(shown).not.toContain("said already");
    expect(shown).toContain(
      "min_tls_version: true → false\n         old clients fail\n         fix: Wait.\n",
    );
  });

  it("tells each fact and each fix once, whoever sees it too", () => {
    const on = (policy: string, path: string) => finding({ policy, path, message: `${path} is lost` });
    const shown = show(report([on("x/one", "a"), on("x/one", "b"), on("x/two", "a"), on("x/two", "b")]));
    expect(shown).toContain(
      "  also   x/one (critical, mandatory)\n         b: true → false\n         b is lost\n",
    );
    expect(shown.match(/x\/two/g)).toHaveLength(1);
    expect(shown.match(/Roll it out/g)).toHaveLength(1);
  });

  it("says who is hit, as far as the policy's sentence does not", () => {
    const reach = {
      resources: 3,
      hidden: 3,
      regions: ["eu", "us"],
      deployments: ["prod", "shop"],
      nearest: ["vm.a", "vm.b"],
    };
    const tell = (message: string) => show(report([finding({ message, reach })]), { width: 120 });
    expect(tell("All is lost.")).toContain(
      "  hits   vm.a, vm.b and 1 more\n  reach  3 resources in eu and us depend on it, across the deployments prod and shop, all of them through text that\n         nobody declared\n",
    );
    expect(tell("3 resources in eu and us lose access through URLs nobody declared.")).toContain(
      "  reach  across the deployments prod and shop\n",
    );
    const one = { resources: 1, hidden: 1, regions: ["eu"], deployments: ["prod"], nearest: ["vm.a"] };
    expect(show(report([finding({ message: "1 resource in eu loses access.", reach: one })]))).toContain(
      "  hits   vm.a\n  reach  nobody declared this dependency, a text holds it\n",
    );
  });

  it("shows a crashed policy once", () => {
    const crash = finding({ path: "", before: null, after: null, message: "The policy crashed here." });
    const problems: Report["problems"] = [
      { severity: "error", message: `${crash.address}: ${crash.message}` },
    ];
    expect(show(report([crash], { problems })).match(/crashed/g)).toHaveLength(1);
  });

  it("says what happens to a resource as such", () => {
    const gone = finding({ action: "delete", path: "", before: null, after: null });
    expect(show(report([gone]))).toContain("  azurerm_storage_account.vmext will be deleted\n");
  });

  it.each([
    [null, "Deny", 'x: (not set) → "Deny"'],
    ["Allow", null, 'x: "Allow" → (removed)'],
    ["(secret)", "(known after apply)", "x: (secret) → (known after apply)"],
    [["a"], { b: 1 }, 'x: ["a"] → {"b":1}'],
    ["Automatic", "Automatic", 'x: "Automatic" (as before)'],
  ])("tells values: %j → %j", (before, after, line) => {
    expect(show(report([finding({ path: "x", before, after })]))).toContain(`  ${line}\n`);
  });

  it("tells a new resource's value without a before", () => {
    const made = finding({ action: "create", path: "x", before: null, after: "EmailContacts" });
    expect(show(report([made]))).toContain('  x: "EmailContacts"\n');
  });

  it("cuts long values so that their difference is still seen", () => {
    const long = (tail: string) => `${"a".repeat(400)}${tail}${"b".repeat(400)}`;
    const shown = show(report([finding({ before: long("X"), after: long("Y") })]), { width: 120 });
    expect(shown).toMatch(/…a{12}Xb+\s/);
    expect(shown).toMatch(/→ …a{12}Yb+\s/);
    expect(shown.length).toBeLessThan(2000);
  });

  it("names the deployment where there are several", () => {
    const [one] = report().deployments;
    if (one === undefined) throw new Error("the sample has a deployment");
    const several = report([finding({ deployment: "prod" })], {
      deployments: [one, { ...one, name: "test", knows: "after-only" }],
    });
    expect(show(several)).toContain("azurerm_storage_account.vmext in prod\n");
    expect(show(several)).toContain("judged: prod (terraform-plan, plan.json) and test");
    expect(show(several, { width: 100 })).toContain("test (terraform-plan, plan.json, no before-state)");
  });
});

describe("colour and links", () => {
  it("are there only when asked for, and change nothing else", () => {
    const plain = show(outage());
    const coloured = show(outage(), { colour: true });
    expect(plain).not.toContain("\u001b");
    expect(coloured).toContain("\u001b[1;31m✖");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for.
    expect(coloured.replace(/\u001b\[[0-9;]*m/g, "")).toBe(plain);
  });

  it("link a policy only to a web page", () => {
    const rule = (help: string) => ({ "access/shared-storage-change": { title: "t", hazard: "h", help } });
    const linked = show(report([finding()]), {
      hyperlinks: true,
      rules: rule("https://example.test/p.html"),
    });
    expect(linked).toContain(
      "\u001b]8;;https://example.test/p.html\u001b\\access/shared-storage-change\u001b]8;;\u001b\\",
    );
    for (const help of ["policies/a.md", "javascript:alert(1)", "https://a\u001b\\b"]) {
      expect(show(report([finding()]), { hyperlinks: true, rules: rule(help) })).not.toContain("\u001b");
    }
  });
});

it("shows a hostile name as what it is", () => {
  const shown = show(report([finding({ address: HOSTILE })]), { width: 120 });
  expect(shown).toContain("\\x1b[31mred\\x07 \\u{202e}gnp.exe");
  expect(shown).toContain("#\\x23vso[task");
});

describe("the terminal report of less than everything", () => {
  it("says how to have changes judged where it only knows what is to be", () => {
    const synth = { host: "cdktf-synth", name: "web", knows: "after-only", changes: { create: 1 } } as const;
    const preview = { host: "arm-what-if", name: "web", knows: "after-only", changes: {} } as const;
    expect(show(report([], { deployments: [synth] }))).toContain(
      "judged: web (cdktf-synth, no before-state)\n--before gives the state to compare with; a plan of each stack tells more than\nits synth\n",
    );
    expect(show(report([], { deployments: [preview] }))).toContain(
      "\n--before gives the state to compare with\n",
    );
    expect(show(report([], { deployments: [{ ...synth, knows: "before-and-after" }] }))).not.toContain(
      "--before",
    );
  });

  it("names who is declared to come after, as such", () => {
    const reach = { resources: 0, hidden: 0, regions: [], deployments: [], nearest: [] };
    const said = (over: object) => show(report([finding({ reach: { ...reach, ...over } })]));
    expect(said({ waiting: ["shop", "web"] })).toContain(
      "\n  then   shop and web, declared to deploy after it\n",
    );
    expect(said({ resources: 1, nearest: ["a.b"], waiting: ["shop"] })).toContain(
      "\n  then   shop, declared to deploy after it\n",
    );
    expect(said({ resources: 1, nearest: ["a.b"] })).not.toContain("then ");
  });

  it("names an address once that several deployments have", () => {
    const nearest = ["vm.web", "vm.web", "vm.web", "vm.job", "vm.other"];
    const reach = { resources: 9, hidden: 0, regions: [], deployments: ["a", "b", "c"], nearest };
    expect(show(report([finding({ reach })]))).toContain(
      "hits   vm.web (in 3 deployments), vm.job, vm.other and 4 more\n",
    );
  });
});
