import { readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { Repository, temporaryFolder } from "../support/repository.ts";
import { firebreak } from "./support/cli.ts";

/** A storage account that two fleets boot from, in one of the languages; `access` is what is changed about it. */
interface Estate {
  readonly file: string;
  readonly text: (access: string) => string;
  readonly open: string;
  readonly closed: string;
  /** What the finding points at. */
  readonly key: string;
}

const ESTATES: Readonly<Record<string, Estate>> = {
  HCL: {
    file: "prod/main.tf",
    open: "true",
    closed: "false",
    key: "public_network_access_enabled",
    text: (access) => `# Größe: alles
resource "azurerm_storage_account" "packages" {
  name     = "vmpackages"
  location = "westeurope"
    public_network_access_enabled = ${access}
}
${["westeurope", "eastus"]
  .map(
    (region) => `
resource "azurerm_linux_virtual_machine_scale_set" "${region}" {
  name     = "fleet-${region}"
  location = "${region}"
  upgrade_mode = "Rolling"
  rolling_upgrade_policy {
    max_batch_instance_percent = 10
    max_unhealthy_instance_percent = 10
    max_unhealthy_upgraded_instance_percent = 5
    pause_time_between_batches = "PT5M"
  }
  user_data = base64encode("curl \${azurerm_storage_account.packages.primary_blob_endpoint}agent.tar.gz")
}
`,
  )
  .join("")}`,
  },
  "Terraform's JSON": {
    file: "prod/main.tf.json",
    open: "true",
    closed: "false",
    key: '"public_network_access_enabled"',
    text: (access) => `{
  "resource": {
    "azurerm_storage_account": {
      "packages": { "name": "vmpackages", "location": "westeurope",
        "public_network_access_enabled": ${access} }
    },
    "azurerm_linux_virtual_machine": {
      "a": { "name": "a", "location": "westeurope", "user_data": "https://vmpackages.blob.core.windows.net/agent" },
      "b": { "name": "b", "location": "eastus", "user_data": "https://vmpackages.blob.core.windows.net/agent" }
    }
  }
}
`,
  },
  "Pulumi YAML": {
    file: "infra/Pulumi.yaml",
    open: "Enabled",
    closed: "Disabled",
    key: "publicNetworkAccess",
    text: (access) => `name: estate
runtime: yaml
resources:
  packages:
    type: azure-native:storage:StorageAccount
    properties:
      accountName: vmpackages
      location: westeurope
      publicNetworkAccess: ${access}
  one:
    type: azure-native:compute:VirtualMachine
    properties: { vmName: one, location: westeurope, userData: "https://vmpackages.blob.core.windows.net/agent" }
  two:
    type: azure-native:compute:VirtualMachine
    properties: { vmName: two, location: eastus, userData: "https://vmpackages.blob.core.windows.net/agent" }
`,
  },
  "an ARM template": {
    file: "storage.json",
    open: "Enabled",
    closed: "Disabled",
    key: '"publicNetworkAccess"',
    text: (access) => `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    { "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "vmpackages", "location": "westeurope",
      "kind": "StorageV2", "sku": { "name": "Standard_ZRS" },
      "properties": {
        "publicNetworkAccess": "${access}"
      } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2024-03-01", "name": "one", "location": "westeurope",
      "properties": { "userData": "https://vmpackages.blob.core.windows.net/agent" } },
    { "type": "Microsoft.Compute/virtualMachines", "apiVersion": "2024-03-01", "name": "two", "location": "eastus",
      "properties": { "userData": "https://vmpackages.blob.core.windows.net/agent" } }
  ]
}
`,
  },
  "a Pulumi program": {
    file: "program/index.ts",
    open: '"Enabled"',
    closed: '"Disabled"',
    key: "publicNetworkAccess",
    text: (access) => `import * as azure from "@pulumi/azure-native";

const packages = new azure.storage.StorageAccount("packages", {
  accountName: "vmpackages",
  location: "westeurope",
  publicNetworkAccess: ${access},
});
for (const zone of [1, 2]) console.log(zone);
new azure.compute.VirtualMachine("one", { vmName: "one", location: "westeurope", userData: "https://vmpackages.blob.core.windows.net/agent" });
new azure.compute.VirtualMachine("two", { vmName: "two", location: "eastus", userData: "https://vmpackages.blob.core.windows.net/agent" });
`,
  },
  "a CDKTF program": {
    file: "app/main.ts",
    open: "true",
    closed: "false",
    key: "publicNetworkAccessEnabled",
    text: (
      access,
    ) => `import { LinuxVirtualMachine } from "@cdktf/provider-azurerm/lib/linux-virtual-machine";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { TerraformStack } from "cdktf";

export class Estate extends TerraformStack {
  constructor(scope, id) {
    super(scope, id);
    new StorageAccount(this, "packages", {
      name: "vmpackages", location: "westeurope",
      publicNetworkAccessEnabled: ${access},
    });
    new LinuxVirtualMachine(this, "one", { name: "one", location: "westeurope", userData: "https://vmpackages.blob.core.windows.net/agent" });
    new LinuxVirtualMachine(this, "two", { name: "two", location: "eastus", userData: "https://vmpackages.blob.core.windows.net/agent" });
  }
}
`,
  },
};

interface Run {
  readonly code: number | null;
  readonly report: Report;
  readonly stderr: string;
}

function check(repository: Repository, ...args: readonly string[]): Run {
  const { code, stdout, stderr } = firebreak(["check", ...args, "--format", "json"], {
    cwd: repository.folder,
  });
  return { code, report: JSON.parse(stdout) as Report, stderr };
}

/** Line and column of a text in a file, from 1. */
function placeOf(content: string, key: string): { line: number; column: number } {
  const lines = content.slice(0, content.indexOf(key)).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

function found({ report }: Run, policy: string) {
  return report.findings.filter((one) => one.policy === policy);
}

const SHARED = "access/shared-storage-change";

describe.each(Object.entries(ESTATES))("storage that others read, in %s", (_, estate) => {
  const { file, text, open, closed, key } = estate;

  it("is not closed by a commit: the finding names file, line and column", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open) });
    repository.stage({ [file]: text(closed) });
    const run = check(repository, "--staged");
    expect(run.report.problems).toEqual([]);
    expect(found(run, SHARED)).toEqual([
      expect.objectContaining({
        level: "mandatory",
        action: "update",
        source: { file, ...placeOf(text(closed), key) },
      }),
    ]);
    expect(run.code).toBe(1);
    expect(found(run, SHARED)[0]?.reach?.resources).toBe(2);
  });

  it("stays as it is when it is only moved and written otherwise", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open), "notes.md": "x" });
    repository.stage({ [file]: text(open).replace(/\n/, "\n\n\n"), "notes.md": "y" });
    const run = check(repository, "--staged");
    expect([run.report.findings, run.report.problems, run.code]).toEqual([[], [], 0]);
  });
});

describe("a commit", () => {
  const estate = ESTATES["HCL"] as Estate;
  const { file, text, open, closed, key } = estate;

  it("is judged by what is staged, not by what is on disk", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open) });
    repository.write({ [file]: text(closed) });
    expect(check(repository, "--staged")).toMatchObject({ code: 0, report: { findings: [] } });
    expect(check(repository, "--worktree").code).toBe(1);
    repository.git("add", "--all");
    repository.write({ [file]: text(open) });
    expect(check(repository, "--staged").code).toBe(1);
    expect(check(repository, "--worktree").code).toBe(0);
  });

  it("may be the first, and has a before of nothing then", () => {
    const repository = Repository.create().stage({ [file]: text(closed) });
    const { report, code } = check(repository, "--staged");
    expect(report.deployments).toEqual([
      expect.objectContaining({
        host: "git-diff",
        knows: "before-and-after",
        changes: expect.objectContaining({ create: 3, update: 0, delete: 0 }),
      }),
    ]);
    expect([report.findings, code]).toEqual([[], 0]);
  });

  it("may rename the file or its directory along with the change", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open) });
    repository.git("mv", "prod", "production");
    repository.stage({ "production/main.tf": text(closed) });
    const run = check(repository, "--staged");
    expect(found(run, SHARED).map(({ source }) => source)).toEqual([
      { file: "production/main.tf", ...placeOf(text(closed), key) },
    ]);
  });

  it("may move a resource to another file of the module", () => {
    const repository = Repository.create();
    const whole = text(open);
    const cut = whole.indexOf("resource", whole.indexOf("resource") + 1);
    repository.commit({ [file]: whole });
    repository.stage({ [file]: whole.slice(cut), "prod/storage.tf": whole.slice(0, cut) });
    expect(check(repository, "--staged")).toMatchObject({ code: 0, report: { findings: [] } });
  });

  it("with a broken file is incomplete, and everything else in it is judged", () => {
    const repository = Repository.create();
    repository.commit({
      [file]: text(open),
      "prod/other.tf": 'resource "azurerm_subnet" "a" {\n  name = "a"\n}\n',
    });
    repository.stage({ "prod/other.tf": 'resource "azurerm_subnet" "a" {\n  name = = "a"\n}\n' });
    const broken = check(repository, "--staged");
    expect(broken.code).toBe(3);
    expect(broken.report.problems).toEqual([
      expect.objectContaining({
        severity: "error",
        source: expect.objectContaining({ file: "prod/other.tf", line: 2 }),
      }),
    ]);
    expect(broken.report.deployments[0]?.changes).toMatchObject({ delete: 0, create: 0 });
    repository.stage({ [file]: text(closed) });
    const judged = check(repository, "--staged");
    expect(judged.code).toBe(1);
    expect(found(judged, SHARED)).toHaveLength(1);
  });

  it("that mends a broken file passes", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open).replace("{", "{{{") });
    repository.stage({ [file]: text(open) });
    const { report, code } = check(repository, "--staged");
    expect(code).toBe(0);
    expect(report.problems.map(({ severity }) => severity)).toContain("warning");
  });

  it("can have any file name", () => {
    const name = 'größe "quoted"\nline/日本 語.tf';
    const repository = Repository.create();
    repository.commit({ [name]: text(open) });
    repository.stage({ [name]: text(closed) });
    const run = check(repository, "--staged");
    expect(found(run, SHARED).map(({ source }) => source?.file)).toEqual([name]);
    const pretty = firebreak(["check", "--staged"], { cwd: repository.folder });
    expect(pretty.code).toBe(1);
    expect(pretty.stdout).not.toContain('"quoted"\nline');
  });

  it("of a pointer, a link, a submodule or bytes is told as what it is", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open) });
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12\n`;
    repository.write({
      "lfs.tf": pointer,
      "bytes.tf": Buffer.from([0xff, 0xfe, 0xfd, 0x00, 0xd8]),
      "film.ts": Buffer.from([0x47, 0x80, 0xff]),
    });
    symlinkSync("/etc/hosts", join(repository.folder, "link.tf"));
    repository.git("add", "--all");
    const { report, code } = check(repository, "--staged");
    expect(code).toBe(3);
    expect(report.problems.map(({ severity, source }) => `${severity} ${source?.file}`).sort()).toEqual([
      "error bytes.tf",
      "error lfs.tf",
      "error link.tf",
      "warning film.ts",
    ]);
  });

  it("that changes nothing of infrastructure is passed in a line", () => {
    const repository = Repository.create();
    repository.commit({ "README.md": "a", "package.json": "{}", "src/a.ts": "export {};\n" });
    repository.stage({ "README.md": "b" });
    const run = () => firebreak(["check", "--staged"], { cwd: repository.folder });
    const nothing = "Nothing to judge: no file that describes infrastructure has changed.\n";
    expect(run()).toEqual({ code: 0, stdout: nothing, stderr: "" });
    repository.stage({
      "package.json": '{"a": 1}',
      "src/a.ts": "export const a = 1;\n",
      "x.yaml": "a: [b\n",
    });
    expect(run()).toEqual({ code: 0, stdout: nothing, stderr: "" });
  });
});

describe("two directories", () => {
  const { text, open, closed, key } = ESTATES["HCL"] as Estate;

  it("are compared file by file", () => {
    const folder = temporaryFolder();
    new Repository(folder).write({
      "old/main.tf": text(open),
      "new/main.tf": text(closed),
      "old/node_modules/x/main.tf": text(open),
    });
    const { code, stdout } = firebreak(["check", "new", "--before", "old", "--format", "json"], {
      cwd: folder,
    });
    const report = JSON.parse(stdout) as Report;
    expect(report.findings.filter(({ policy }) => policy === SHARED).map(({ source }) => source)).toEqual([
      { file: "new/main.tf", ...placeOf(text(closed), key) },
    ]);
    expect(code).toBe(1);
  });
});

describe("wrong usage", () => {
  const repository = () => Repository.create();
  it.each([
    [["--staged", "a.tf"], /give no path/],
    [["--staged", "--since", "HEAD"], /without --since/],
    [["--staged", "--before", "x"], /--before tells nothing/],
    [["--since", "nope"], /no such revision/],
    [["--since", "HEAD", "--source", "."], /--source tells nothing/],
  ])("%j is one sentence and exit code 2", (args, sentence) => {
    const ended = firebreak(["check", ...args], { cwd: repository().folder });
    expect(ended.stderr).toMatch(sentence);
    expect([ended.code, ended.stdout, ended.stderr.trimEnd().split("\n").length]).toEqual([2, "", 1]);
  });

  it("outside of a repository is too", () => {
    const ended = firebreak(["check", "--staged"], { cwd: temporaryFolder() });
    expect([ended.code, ended.stderr]).toEqual([
      2,
      "firebreak: this directory is in no git repository, so there is nothing to compare\n",
    ]);
  });
});

describe("a module from elsewhere", () => {
  const call = (version: string) =>
    `module "network" {\n  source  = "Azure/network/azurerm"\n  version = "${version}"\n}\n`;

  it("that changes is named, since nothing can be said about its resources", () => {
    const repository = Repository.create();
    repository.commit({ "main.tf": call("5.0.0"), "other.tf": "locals {\n  a = 1\n}\n" });
    repository.stage({ "main.tf": call("5.1.0") });
    const { report, code } = check(repository, "--staged");
    expect(report.problems).toEqual([
      {
        severity: "warning",
        message: expect.stringContaining("module.network changes, and its resources are written elsewhere"),
        source: { file: "main.tf", line: 1, column: 1 },
      },
    ]);
    expect(code).toBe(0);
    repository.commit();
    repository.stage({ "other.tf": "locals {\n  a = 2\n}\n" });
    expect(check(repository, "--staged").report.problems).toEqual([]);
  });
});

describe("a value that is worked out elsewhere", () => {
  const { file, text, open } = ESTATES["HCL"] as Estate;
  it("is undetermined where it is written otherwise, with both texts", () => {
    const repository = Repository.create();
    repository.commit({ [file]: text(open), "prod/variables.tf": 'variable "open" {}\n' });
    repository.stage({ [file]: text("var.open") });
    const { report, code } = check(repository, "--staged");
    expect([report.findings, code]).toEqual([[], 0]);
    const said = report.undetermined.filter(({ policy }) => policy === SHARED);
    expect(said.map(({ path, because }) => `${path}: ${because}`)).toEqual([
      "public_network_access_enabled: written as true → (var.open), which is worked out elsewhere",
    ]);
    repository.commit();
    repository.stage({
      [file]: text("var.open").replace(
        'name     = "vmpackages"',
        'name     = "vmpackages"\n  tags     = { a = "b" }',
      ),
    });
    expect(check(repository, "--staged").report.undetermined).toEqual([]);
  });
});

describe("a finding that a comment accepts", () => {
  const allow = (marker: string) =>
    `${marker} firebreak:allow access/* until=2026-12-31 owner=team-images reason="nobody reads it any more"\n`;
  const MARKED: Readonly<Record<string, readonly [before: string, marker: string]>> = {
    HCL: ['resource "azurerm_storage_account"', "#"],
    "Pulumi YAML": ["  packages:\n", "  #"],
    "a Pulumi program": ["const packages", "//"],
    "a CDKTF program": ["    new StorageAccount(this", "    //"],
  };

  it.each(Object.entries(MARKED))("in %s is waived until its end", (name, [before, marker]) => {
    const { file, text, open, closed } = ESTATES[name] as Estate;
    const repository = Repository.create();
    repository.commit({ [file]: text(open) });
    repository.stage({ [file]: text(closed).replace(before, `${allow(marker)}${before}`) });
    const run = (today: string) => {
      const args = ["check", "--staged", "--format", "json"];
      const { code, stdout } = firebreak(args, { cwd: repository.folder, env: { FIREBREAK_TODAY: today } });
      return { code, report: JSON.parse(stdout) as Report };
    };
    const waived = run("2026-11-22");
    expect([waived.report.findings, waived.code]).toEqual([[], 0]);
    expect(waived.report.waived.map(({ policy, waiver }) => [policy, waiver?.owner])).toContainEqual([
      SHARED,
      "team-images",
    ]);
    const expired = run("2027-01-01");
    expect(expired.code).toBe(1);
    expect(expired.report.problems.map(({ message }) => message).join()).toContain("2026-12-31");
  });
});

describe("edits that are certain", () => {
  const gateway = (secret: string) => `resource "azurerm_application_gateway" "edge" {
  name     = "edge"
  location = "westeurope"
  ssl_certificate {
    name                = "site"
    key_vault_secret_id = "https://v.vault.azure.net/secrets/site${secret}" # the one
  }
}
`;
  const pinned = gateway("/0123456789abcdef0123456789abcdef");

  it("are shown, and made where that is asked for, in files without other changes", () => {
    const repository = Repository.create();
    repository.commit({ "README.md": "x" });
    repository.stage({ "main.tf": pinned });
    const shown = firebreak(["check", "--staged"], { cwd: repository.folder });
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain(
      '\n-    key_vault_secret_id = "https://v.vault.azure.net/secrets/site/0123',
    );
    expect(shown.stdout).toContain(
      '\n+    key_vault_secret_id = "https://v.vault.azure.net/secrets/site" # the one\n',
    );
    const onDisk = () => readFileSync(join(repository.folder, "main.tf"), "utf8");
    expect(onDisk()).toBe(pinned);
    repository.write({ "main.tf": `${pinned}# not staged\n` });
    const refused = firebreak(["check", "--staged", "--fix"], { cwd: repository.folder });
    expect([refused.code, onDisk()]).toEqual([1, `${pinned}# not staged\n`]);
    expect(refused.stderr).toMatch(/^firebreak: main\.tf was not changed: it is not what was judged/);
    repository.write({ "main.tf": pinned });
    const fixed = firebreak(["check", "--staged", "--fix"], { cwd: repository.folder });
    expect([fixed.code, onDisk()]).toEqual([1, gateway("")]);
    repository.git("add", "--all");
    expect(check(repository, "--staged")).toMatchObject({ code: 0, report: { findings: [] } });
  });
});

describe("a repository", () => {
  it("is as it was after the check, every file of it", () => {
    const { file, text, open, closed } = ESTATES["HCL"] as Estate;
    const repository = Repository.create();
    repository.commit({
      [file]: text(open),
      "app/main.ts": (ESTATES["a CDKTF program"] as Estate).text("true"),
    });
    repository.stage({ [file]: text(closed) });
    const state = () =>
      readdirSync(repository.folder, { recursive: true, encoding: "utf8" })
        .sort()
        .map((path) => {
          const { mtimeMs, size } = statSync(join(repository.folder, path));
          return `${path} ${size} ${mtimeMs}`;
        });
    const before = state();
    for (const args of [["--staged"], ["--worktree"], ["--since", "HEAD"]]) check(repository, ...args);
    expect(state()).toEqual(before);
  });

  it("with a detached HEAD, a linked worktree or a hook's environment is read like any other", () => {
    const { file, text, open, closed } = ESTATES["HCL"] as Estate;
    const repository = Repository.create();
    repository.commit({ [file]: text(open) });
    const linked = new Repository(join(temporaryFolder(), "linked"));
    repository.git("worktree", "add", "--quiet", "--detach", linked.folder);
    repository.git("checkout", "--quiet", "--detach");
    for (const one of [repository, linked]) {
      one.stage({ [file]: text(closed) });
      expect(found(check(one, "--staged"), SHARED)).toHaveLength(1);
    }
    const env = {
      GIT_DIR: join(repository.folder, ".git"),
      GIT_INDEX_FILE: join(repository.folder, ".git/index"),
    };
    const hook = firebreak(["check", "--staged", "--format", "json"], { cwd: repository.folder, env });
    expect(hook.code).toBe(1);
  });
});
