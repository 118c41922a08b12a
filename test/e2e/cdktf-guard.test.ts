import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { describe, expect, it } from "vitest";
import { cdktfProject, type Library, runProgram } from "./support/cdktf-project.ts";
import { firebreak, text } from "./support/cli.ts";

/**
 * An app of two stacks: virtual machines of the second boot from a storage account of the first. The environment says what
 * the change is and how the guard is called.
 */
const program = (library: Library) => `
import { App, TerraformStack } from "${library}";
import { LinuxVirtualMachineScaleSet } from "@${library}/provider-azurerm/lib/linux-virtual-machine-scale-set/index.js";
import { AzurermProvider } from "@${library}/provider-azurerm/lib/provider/index.js";
import { StorageAccount } from "@${library}/provider-azurerm/lib/storage-account/index.js";
import { Firebreak } from "firebreak/cdktf";
import type { Construct } from "constructs";

class Packages extends TerraformStack {
  readonly account: StorageAccount;
  constructor(scope: Construct) {
    super(scope, "packages");
    new AzurermProvider(this, "azurerm", { features: [{}] });
    this.account = new StorageAccount(this, "packages", {
      name: "vmpackages",
      resourceGroupName: "shared",
      location: "westeurope",
      accountTier: "Standard",
      accountReplicationType: "GRS",
      allowNestedItemsToBePublic: process.env["PUBLIC"] !== "false",
    });
  }
}

class Machines extends TerraformStack {
  constructor(scope: Construct, packages: StorageAccount) {
    super(scope, "machines");
    new AzurermProvider(this, "azurerm", { features: [{}] });
    for (const region of ["westeurope", "eastus", "japaneast"]) {
      new LinuxVirtualMachineScaleSet(this, \`fleet-\${region}\`, {
        name: \`fleet-\${region}\`,
        resourceGroupName: "fleet",
        location: region,
        sku: "Standard_D2s_v5",
        adminUsername: "azure",
        networkInterface: [],
        osDisk: { caching: "ReadOnly", storageAccountType: "Standard_LRS" },
        upgradeMode: process.env["UPGRADE"] ?? "Rolling",
        rollingUpgradePolicy: {
          maxBatchInstancePercent: 10,
          maxUnhealthyInstancePercent: 10,
          maxUnhealthyUpgradedInstancePercent: 5,
          pauseTimeBetweenBatches: "PT5M",
        },
        extension: [{
          name: "bootstrap",
          publisher: "Microsoft.Azure.Extensions",
          type: "CustomScript",
          typeHandlerVersion: "2.1",
          settings: JSON.stringify({ fileUris: [\`\${packages.primaryBlobEndpoint}packages/agent.tar.gz\`] }),
        }],
      });
    }
  }
}

const app = new App({ hclOutput: process.env["HCL"] === "true", skipValidation: process.env["SKIP"] === "true" });
Firebreak.guard(app, JSON.parse(process.env["GUARD"] ?? "{}"));
const { account } = new Packages(app);
new Machines(app, account);
for (let times = Number(process.env["SYNTHS"] ?? 1); times > 0; times--) {
  try {
    app.synth();
  } finally {
    const annotations = app.node.findAll().flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => /error|warn/.test(type))
        .map(({ type, data }) => ({ path: node.path, type, data })),
    );
    console.log(JSON.stringify(annotations));
  }
}
`;

/** A project with the program, and its synth of before any change in `before`. */
function project(library: Library, files: Readonly<Record<string, string>> = {}): string {
  const folder = cdktfProject({ "main.ts": program(library), ...files });
  expect(runProgram(folder, "main.ts")).toMatchObject({ code: 0 });
  cpSync(join(folder, "cdktf.out"), join(folder, "before"), { recursive: true });
  return folder;
}

const guard = (options: Record<string, unknown>) => ({ GUARD: JSON.stringify(options) });
const OUTAGE = { PUBLIC: "false", ...guard({ before: "before" }) };
const MESSAGE = expect.stringMatching(
  /^Firebreak, access\/public-read-removal: 3 resources in 3 regions .* \(main\.ts:\d+:\d+\)$/s,
);

describe.each(["cdktf", "cdktn"] as const)("the guard in an app of %s", (library) => {
  it("stops the synth of an outage, and tells who is hit and where it is written", () => {
    const folder = project(library);
    const { code, stdout, stderr } = runProgram(folder, "main.ts", OUTAGE);
    expect(code).toBe(1);
    expect(stderr).toContain("access/public-read-removal");
    expect(stderr).toContain("allow_nested_items_to_be_public: true → false");
    // Through the other stack's remote state, and only in a text of its own.
    expect(stderr).toContain("azurerm_linux_virtual_machine_scale_set.fleet-japaneast");
    const line =
      program(library)
        .split("\n")
        .findIndex((one) => one.includes("new StorageAccount")) + 1;
    expect(stderr).toContain(`azurerm_storage_account.packages in packages (main.ts:${line})`);
    expect(JSON.parse(stdout)).toContainEqual({
      path: "packages/packages",
      type: "@cdktf/error",
      data: MESSAGE,
    });
  });

  it("lets what changes nothing pass, without a word, and leaves the synth as it is", () => {
    const folder = project(library);
    const { code, stdout, stderr } = runProgram(folder, "main.ts", guard({ before: "before" }));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
    writeFileSync(
      join(folder, "plain.ts"),
      text(join(folder, "main.ts")).replace(/^Firebreak\.guard.*$/m, ""),
    );
    expect(runProgram(folder, "plain.ts", { CDKTF_OUTDIR: "plain" }).code).toBe(0);
    for (const file of ["manifest.json", "stacks/packages/cdk.tf.json", "stacks/machines/cdk.tf.json"]) {
      expect(text(join(folder, "cdktf.out", file))).toBe(text(join(folder, "plain", file)));
    }
  });

  it("says aloud what does not stop the synth, and writes it into the manifest", () => {
    const advisory =
      "version: 1\npolicies:\n  access/public-read-removal: advisory\n  access/shared-storage-change: off\n  dependencies/blast-radius-budget: off\n";
    const folder = project(library, { "firebreak.yaml": advisory });
    const { code, stderr } = runProgram(folder, "main.ts", OUTAGE);
    expect(code).toBe(0);
    expect(stderr).toContain("access/public-read-removal");
    const manifest = JSON.parse(text(join(folder, "cdktf.out/manifest.json")));
    expect(manifest.stacks.packages.annotations).toEqual([
      {
        constructPath: "packages/packages",
        level: "@cdktf/warn",
        message: MESSAGE,
        stacktrace: expect.arrayContaining([
          expect.stringMatching(/^at new Packages \(.*main\.ts:\d+:\d+\)$/),
        ]),
      },
    ]);
    expect(manifest.stacks.machines.annotations).toEqual([]);
  });

  it("judges what is written as HCL too", () => {
    const folder = project(library);
    const { code, stderr } = runProgram(folder, "main.ts", { ...OUTAGE, HCL: "true" });
    expect(code).toBe(1);
    expect(stderr).toContain("3 resources in 3 regions");
  });

  it("judges every synth of one app, and annotates once", () => {
    const folder = project(library);
    const twice = text(join(folder, "main.ts")).replace("} finally {", "} catch {} finally {");
    writeFileSync(join(folder, "twice.ts"), twice);
    const { code, stdout } = runProgram(folder, "twice.ts", { ...OUTAGE, SYNTHS: "2" });
    const [first, second] = stdout.trim().split("\n");
    expect(code).toBe(0);
    expect(JSON.parse(first ?? "")).not.toEqual([]);
    // An error that is annotated already ends the second one earlier, in the library itself.
    expect(second).toBe(first);
  });
});

describe("the guard", () => {
  const library = "cdktn";

  it("says what cannot be told without a before-state", () => {
    const folder = cdktfProject({ "main.ts": program(library) });
    const { code, stderr } = runProgram(folder, "main.ts");
    expect(code).toBe(0);
    expect(stderr).toContain("no before-state");
  });

  it("takes the synth that was committed, and states by stack", () => {
    const folder = project(library);
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
    git("init", "-q");
    git("add", "cdktf.out");
    git("commit", "-qm", "before");
    const { code, stderr } = runProgram(folder, "main.ts", { ...OUTAGE, ...guard({ before: "git:HEAD" }) });
    expect(code).toBe(1);
    expect(stderr).toContain("access/public-read-removal");
  });

  it("says the same as the command line", () => {
    const folder = project(library);
    const { stderr } = runProgram(folder, "main.ts", OUTAGE);
    // The manifest is that of the synth before; the stacks are written anew.
    const { code, stdout } = firebreak(["check", "cdktf.out", "--before", "before"], { cwd: folder });
    expect(code).toBe(1);
    // But for the lines of the program, which only the guard knows.
    const words = (said: string) =>
      said.replaceAll(/\s+\((?:main\.ts:\d+|[^()]*cdk\.tf\.json)\)/g, "").split(/\s+/);
    expect(words(stderr).join(" ")).toContain(words(stdout.trim()).join(" "));
  });

  it("does not take a before-state of something else for one", () => {
    const folder = project(library);
    writeFileSync(
      join(folder, "other.tfstate"),
      JSON.stringify({ version: 4, serial: 1, lineage: "x", outputs: {}, resources: [] }),
    );
    const { code, stderr } = runProgram(folder, "main.ts", guard({ before: "nowhere" }));
    expect(code).toBe(1);
    expect(stderr).toContain("nowhere cannot be read: there is no such file");
    expect(stderr).toContain("incomplete");
    const foreign = project(library);
    const renamed = text(join(foreign, "main.ts"))
      .replaceAll('"packages");', '"other-packages");')
      .replaceAll('"machines");', '"other-machines");')
      .replaceAll('"packages", {', '"else", {');
    writeFileSync(join(foreign, "renamed.ts"), renamed);
    const said = runProgram(foreign, "renamed.ts", guard({ before: "before" }));
    expect(said.stderr).toContain("belongs to");
  });

  it("refuses what rules a judgement out, in one sentence", () => {
    const folder = cdktfProject({ "main.ts": program(library) });
    const refused = (env: Readonly<Record<string, string>>) => runProgram(folder, "main.ts", env).stderr;
    expect(refused({ SKIP: "true" })).toContain(
      "Firebreak: it judges when the app is validated, and this app has skipValidation: set it to false",
    );
    expect(refused(guard({ before: "cdktf.out" }))).toContain("which this synth writes over");
    expect(refused(guard({ before: "./cdktf.out/stacks" }))).toContain("which this synth writes over");
    expect(refused(guard({ pack: "none" }))).toContain('there is no pack "none"');
    expect(refused(guard({ config: "none.yaml" }))).toContain("there is no configuration file none.yaml");
    writeFileSync(join(folder, "firebreak.yaml"), "version: 1\npolicies:\n  access/none: mandatory\n");
    expect(refused({})).toMatch(/firebreak\.yaml:3.*access\/none/s);
  });

  it("ends with an app that is never synthesised", () => {
    const folder = cdktfProject({ "main.ts": program(library) });
    const { code, stdout } = runProgram(folder, "main.ts", { SYNTHS: "0" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });

  it("works in a CommonJS program, where nothing can be awaited", () => {
    const folder = project(library);
    const { outputText } = transpileModule(program(library), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    });
    writeFileSync(join(folder, "main.cjs"), outputText);
    const { code, stderr } = runProgram(folder, "main.cjs", OUTAGE);
    expect(code).toBe(1);
    expect(stderr).toContain("access/public-read-removal");
    expect(stderr).toMatch(/azurerm_storage_account\.packages in packages \(main\.cjs:\d+\)/);
  });

  it("gives the same report twice", () => {
    const folder = project(library);
    const [one, other] = [1, 2].map(() => runProgram(folder, "main.ts", OUTAGE).stderr);
    expect(one).toBe(other);
  });
});
