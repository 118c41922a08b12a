import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPaths } from "../../src/inputs/read.ts";
import { formatLocation } from "../../src/model/errors.ts";
import { withSources } from "../../src/sources/locate.ts";
import { BLOCKED, directory, firebreak, root, text } from "./support/cli.ts";

/** The configuration behind the plan of the incident: one storage account a region, from a module, and a policy. */
const CONFIGURATION = {
  "infra/main.tf": `resource "azurerm_storage_account" "vmexteastus" {
  name                            = "vmexteastus"
  allow_nested_items_to_be_public = false
}

resource "azurerm_storage_account" "vmextshared" {
  name = "vmextshared"
}
`,
  "infra/policy.tf.json": `{
  "resource": {
    "azurerm_subscription_policy_assignment": {
      "no-public-storage": {
        "policy_definition_id": "13502221-8df0-4414-9937-de9c5c4e396b"
      }
    }
  }
}
`,
};

interface Told {
  readonly findings: readonly { address: string; path: string; source?: { file: string; line?: number } }[];
}

function sourcesOf(report: string): Readonly<Record<string, string | undefined>> {
  const { findings }: Told = JSON.parse(report);
  return Object.fromEntries(
    findings.map(({ address, path, source }) => [`${address} ${path}`, source && formatLocation(source)]),
  );
}

describe("findings from a plan", () => {
  it("point at the lines of the configuration, in every format", () => {
    const cwd = directory({ ...CONFIGURATION, "plan.json": text(BLOCKED) });
    const check = (...args: string[]) =>
      firebreak(["check", "plan.json", "--source", "infra", ...args], { cwd });
    const { code, stdout } = check("--format", "json");
    expect(code).toBe(1);
    expect(sourcesOf(stdout)).toMatchObject({
      "azurerm_storage_account.vmexteastus allow_nested_items_to_be_public": "infra/main.tf:3:3",
      "azurerm_storage_account.vmextshared allow_nested_items_to_be_public": "infra/main.tf:6:1",
      "azurerm_subscription_policy_assignment.no-public-storage policy_definition_id":
        "infra/policy.tf.json:5:9",
    });
    expect(check("--format", "json").stdout).toBe(stdout);
    expect(check().stdout).toContain("(infra/policy.tf.json:5)");
    expect(check("--format", "github").stdout).toContain("::error file=infra/policy.tf.json,line=5,col=9,");
    const [{ results }] = JSON.parse(check("--format", "sarif").stdout).runs;
    const policy = results.find(({ ruleId }: { ruleId: string }) => ruleId === "access/global-scope-change");
    expect(policy.locations[0]).toMatchObject({
      physicalLocation: {
        artifactLocation: { uri: "infra/policy.tf.json" },
        region: { startLine: 5, startColumn: 9 },
      },
      logicalLocations: [{ fullyQualifiedName: "azurerm_subscription_policy_assignment.no-public-storage" }],
    });
    expect(policy.relatedLocations).toEqual([
      {
        physicalLocation: { artifactLocation: { uri: "plan.json" } },
        message: {
          text: "azurerm_subscription_policy_assignment.no-public-storage as it was judged, in plan.json",
        },
      },
    ]);
  });

  it("say the same but for the place without sources, and say where there are none", () => {
    const cwd = directory({ ...CONFIGURATION, "plan.json": text(BLOCKED), "empty/README.md": "" });
    const plain = firebreak(["check", "plan.json", "--format", "json"], { cwd });
    const located = firebreak(["check", "plan.json", "--format", "json", "--source", "infra"], { cwd });
    const withoutPlaces = JSON.parse(located.stdout, (key, value) => (key === "source" ? undefined : value));
    expect(withoutPlaces).toEqual(JSON.parse(plain.stdout));
    const missing = firebreak(["check", "plan.json", "--source", "nowhere"], { cwd });
    expect(missing).toMatchObject({
      code: 2,
      stderr: "firebreak: --source nowhere cannot be read: there is no such file\n",
    });
    const empty = firebreak(["check", "plan.json", "--source", "empty"], { cwd });
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain("--source empty holds neither a Terraform configuration nor");
  });

  it("do so from a package that has nothing beside it", () => {
    const cwd = directory({ ...CONFIGURATION, "plan.json": text(BLOCKED) });
    const installed = directory({ "policies/README.md": "" });
    for (const part of ["package.json", "dist"])
      cpSync(join(root, part), join(installed, part), { recursive: true });
    const args = ["check", "plan.json", "--source", "infra", "--format", "github"];
    const { stdout } = spawnSync(process.execPath, [join(installed, "dist/cli.js"), ...args], {
      cwd,
      encoding: "utf8",
    });
    expect(stdout).toContain("::error file=infra/main.tf,line=3,col=3,");
  });

  it("lead to their line each where there are 2,000 in 100 files", () => {
    const changes = [];
    const files: Record<string, string> = {};
    for (let file = 0; file < 100; file++) {
      let written = "";
      for (let i = 0; i < 20; i++) {
        const name = `s${file}x${i}`;
        written += `resource "azurerm_storage_account" "${name}" {\n  name = "${name}"\n  location = var.location\n  tags = { shared = "true" }\n\n  network_rules {\n    default_action = "Deny"\n    bypass         = ["AzureServices"]\n  }\n  allow_nested_items_to_be_public = false\n}\n\n`;
        const state = { name, location: "eastus", tags: { shared: "true" } };
        changes.push({
          address: `azurerm_storage_account.${name}`,
          mode: "managed",
          type: "azurerm_storage_account",
          name,
          provider_name: "registry.terraform.io/hashicorp/azurerm",
          change: {
            actions: ["update"],
            before: { ...state, allow_nested_items_to_be_public: true },
            after: { ...state, allow_nested_items_to_be_public: false },
            after_unknown: {},
          },
        });
      }
      files[`infra/f${file}.tf`] = written;
    }
    const plan = { format_version: "1.2", terraform_version: "1.11.4", resource_changes: changes };
    const cwd = directory({ ...files, "plan.json": JSON.stringify(plan) });
    const { stdout } = firebreak(["check", "plan.json", "--format", "json", "--source", "infra"], { cwd });
    const places = Object.entries(sourcesOf(stdout)).filter(([about]) => about.startsWith("azurerm_"));
    expect(places).toHaveLength(2000);
    for (const [, place] of places) expect(place).toMatch(/^infra\/f\d+\.tf:\d+:3$/);
  });
});

const binary = ["terraform", "tofu"].find((name) => spawnSync(name, ["version"]).status === 0);
if (binary === undefined && process.env.CI !== undefined)
  throw new Error("neither terraform nor tofu is on PATH");

describe("addresses in a plan", () => {
  it.skipIf(binary === undefined)(
    binary === undefined
      ? "of a real binary: SKIPPED, since neither terraform nor tofu is on PATH"
      : `of a real ${binary} lead to their blocks, through modules with keys and positions`,
    async () => {
      const cwd = directory({
        "env/prod/main.tf": `module "ring" {
  source   = "../../modules/ring"
  for_each = toset(["canary", "broad.eu"])
}
resource "terraform_data" "root" {
  count = 2
  input = "a"
}
data "terraform_remote_state" "none" {
  count   = 0
  backend = "local"
}
`,
        "modules/ring/main.tf": `module "fleet" {
  source = "./fleet"
  count  = 1
}
`,
        "modules/ring/fleet/main.tf.json":
          '{ "resource": { "terraform_data": {\n  "vm": { "input": "x" } } } }\n',
      });
      mkdirSync(join(cwd, ".git"));
      const prod = join(cwd, "env/prod");
      const run = (...args: readonly string[]) =>
        execFileSync(binary ?? "", [`-chdir=${prod}`, ...args], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", TF_CLI_ARGS: "" },
        });
      run("init", "-input=false");
      run("plan", "-input=false", "-out=tfplan");
      writeFileSync(join(cwd, "plan.json"), run("show", "-json", "tfplan"));
      const { deployments } = await readPaths([join(cwd, "plan.json")]);
      const [one] = (await withSources(deployments, prod)).deployments;
      const places = one?.changes.map((change) => {
        const place = one.locate?.(change, "input");
        return [change.address, place && formatLocation(place).replace(/^.*?(?=env\/|modules\/)/, "")];
      });
      expect(Object.fromEntries(places ?? [])).toEqual({
        'module.ring["broad.eu"].module.fleet[0].terraform_data.vm': "modules/ring/fleet/main.tf.json:2:11",
        'module.ring["canary"].module.fleet[0].terraform_data.vm': "modules/ring/fleet/main.tf.json:2:11",
        "terraform_data.root[0]": "env/prod/main.tf:7:3",
        "terraform_data.root[1]": "env/prod/main.tf:7:3",
      });
    },
  );
});

/** A program with one stack a region, in the bindings of CDKTF or of its successor. */
function program(library: string, isPublic: boolean): Readonly<Record<string, string>> {
  return {
    "package.json": '{ "type": "module" }\n',
    "main.ts": `import { App } from "${library}";
import { RingStack } from "./src/ring-stack.ts";

const app = new App();
for (const region of ["eastus", "westus"]) new RingStack(app, \`production-\${region}\`, region);
app.synth();
`,
    "src/ring-stack.ts": `import { AzurermProvider } from "@${library}/provider-azurerm/lib/provider/index.js";
import { StorageAccount } from "@${library}/provider-azurerm/lib/storage-account/index.js";
import { TerraformStack } from "${library}";
import type { Construct } from "constructs";

export class RingStack extends TerraformStack {
  constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AzurermProvider(this, "azurerm", { features: [{}] });
    new StorageAccount(this, "packages", {
      name: \`vmext\${region}\`,
      resourceGroupName: "platform",
      location: region,
      accountTier: "Standard",
      accountReplicationType: "LRS",
      tags: { shared: "true" },
      allowNestedItemsToBePublic: ${isPublic},
    });
  }
}
`,
  };
}

describe.each(["cdktf", "cdktn"])("findings from a real synth of %s", (library) => {
  it("point at the TypeScript lines, in every format", () => {
    const cwd = directory();
    symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"), "junction");
    const synth = (isPublic: boolean) => {
      for (const [file, content] of Object.entries(program(library, isPublic))) {
        mkdirSync(join(cwd, file, ".."), { recursive: true });
        writeFileSync(join(cwd, file), content);
      }
      execFileSync(process.execPath, ["main.ts"], {
        cwd,
        env: { ...process.env, CHECKPOINT_DISABLE: "1" },
        stdio: "pipe",
      });
    };
    synth(true);
    renameSync(join(cwd, "cdktf.out"), join(cwd, "before"));
    synth(false);
    const check = (...args: string[]) =>
      firebreak(["check", "cdktf.out", "--before", "before", ...args], { cwd });
    const json = check("--source", ".", "--format", "json");
    expect(json.code).toBe(1);
    expect(sourcesOf(json.stdout)).toEqual({
      "azurerm_storage_account.packages allow_nested_items_to_be_public": "src/ring-stack.ts:17:7",
    });
    expect(check("--source", ".").stdout).toContain("(src/ring-stack.ts:17)");
    expect(check("--source", ".", "--format", "github").stdout).toContain(
      "::error file=src/ring-stack.ts,line=17,col=7,",
    );
    // A directory that is named absolutely, as runners do, is named relative to here in what is uploaded.
    const [{ results }] = JSON.parse(check("--source", cwd, "--format", "sarif").stdout).runs;
    for (const { locations, relatedLocations } of results) {
      expect(locations[0].physicalLocation).toEqual({
        artifactLocation: { uri: "src/ring-stack.ts" },
        region: { startLine: 17, startColumn: 7 },
      });
      expect(relatedLocations[0].physicalLocation.artifactLocation.uri).toBe("cdktf.out/manifest.json");
    }
  });
});
