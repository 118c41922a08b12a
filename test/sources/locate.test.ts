import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/model/errors.ts";
import { ConstructSources } from "../../src/sources/construct-sources.ts";
import { withSources } from "../../src/sources/locate.ts";
import { SourceTree } from "../../src/sources/source-tree.ts";
import { loadGrammar } from "../../src/syntax/grammar.ts";
import { change, deployment, folder, inPlan } from "./support.ts";

const MAIN = 'new StorageAccount(this, "account", {\n  name: "a",\n});';
const SUBNET = 'resource "azurerm_subnet" "a" {}';

describe("a deployment that knows its sources", () => {
  it("keeps the place that its app recorded, named as the directory is", async () => {
    const root = folder({ "src/main.ts": MAIN });
    const { deployments } = await withSources([deployment("cdktf-synth")], relative(process.cwd(), root));
    const at = (file: string) =>
      deployments[0]?.locate?.(change("a_b.c", { source: { file, line: 7, column: 3 } }), "name");
    const named = join(relative(process.cwd(), root), "src/main.ts");
    expect(at(join(root, "src/main.ts"))).toEqual({ file: named, line: 7, column: 3 });
    expect(at("/elsewhere/main.ts")).toBeUndefined();
    expect(at("src/main.ts")).toBeUndefined();
  });

  it("of a plan may have been synthesised: then the synth in the directory leads to the program", async () => {
    const block = (path: string) => ({ "//": { metadata: { path, uniqueId: "account_1" } }, name: "a" });
    const stack = (name: string) =>
      JSON.stringify({
        resource: {
          azurerm_storage_account: { account_1: block(`${name}/account`), only_here: block(`${name}/x`) },
        },
      });
    const manifest = { version: "0.21.0", stacks: {} };
    for (const name of ["dev", "prod"])
      Object.assign(manifest.stacks, {
        [name]: { name, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
      });
    const synth = {
      "cdktf.out/manifest.json": JSON.stringify(manifest),
      "cdktf.out/stacks/dev/cdk.tf.json": stack("dev"),
      "cdktf.out/stacks/prod/cdk.tf.json": stack("prod"),
    };
    const alike = await inPlan(folder({ ...synth, "ring.ts": `class Ring { constructor() { ${MAIN} } }` }));
    expect(alike("azurerm_storage_account.account_1", "name")).toBe("ring.ts:2:3");
    expect(alike("azurerm_storage_account.only_here")).toBeUndefined();
    const different = await inPlan(
      folder({
        ...synth,
        "dev.ts": `class Dev { constructor() { ${MAIN} } }\nnew Dev(app, "dev");`,
        "prod.ts": `class Prod { constructor() { ${MAIN} } }\nnew Prod(app, "prod");`,
      }),
    );
    expect(different("azurerm_storage_account.account_1")).toBeUndefined();
    const broken = await inPlan(folder({ "cdktf.out/manifest.json": "{", "main.ts": MAIN }));
    expect(broken("azurerm_storage_account.account_1")).toBeUndefined();
  });

  it("is only one whose addresses are Terraform's", async () => {
    const root = folder({ "main.tf": SUBNET });
    const hosts = ["terraform-plan", "terraform-state", "pulumi-preview"] as const;
    const located = await withSources(
      hosts.map((host) => deployment(host)),
      root,
    );
    expect(located.problems).toEqual([]);
    expect(located.deployments.map(({ locate }) => locate !== undefined)).toEqual([true, true, false]);
    const other = await withSources([deployment("arm-what-if")], root);
    expect(other.problems).toEqual([
      {
        severity: "warning",
        message: `--source ${root} changes nothing here: it is for plans and states of Terraform and for synths.`,
      },
    ]);
  });

  it("hears of a directory that is none or holds no sources", async () => {
    const root = folder({ "README.md": "" });
    const plan = [deployment("terraform-plan")];
    await expect(withSources(plan, join(root, "missing"))).rejects.toThrow(
      new UsageError(`--source ${join(root, "missing")} cannot be read: there is no such file`),
    );
    await expect(withSources(plan, join(root, "README.md"))).rejects.toThrow(UsageError);
    const { problems } = await withSources(plan, root);
    expect(problems).toEqual([
      { severity: "warning", message: expect.stringContaining(`--source ${root} holds neither`) },
    ]);
  });

  it.skipIf(process.platform === "win32")("does not wait for what is no file", async () => {
    const root = folder({ "main.tf": SUBNET });
    execFileSync("sh", ["-c", "mkfifo pipe.tf pipe.ts"], { cwd: root });
    const at = await inPlan(root);
    expect(at("azurerm_subnet.a")).toBe("main.tf:1:1");
    expect(at("azurerm_subnet.b")).toBeUndefined();
  });
});

describe("a directory that is too large to be looked through", () => {
  it("is no source of constructs, since another one like it may be in the rest", async () => {
    const typescript = await loadGrammar("typescript");
    const root = folder({ "a.ts": MAIN, "b.ts": "" });
    const of = (maxEntries: number) => {
      const sources = new ConstructSources(new SourceTree(root, maxEntries), typescript);
      return [sources.isComplete, sources.locate("prod/account", "azurerm_storage_account", false, "")?.line];
    };
    expect(of(2)).toEqual([true, 1]);
    expect(of(1)).toEqual([false, undefined]);
  });
});
