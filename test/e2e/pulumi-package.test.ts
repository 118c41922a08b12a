import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import type { ValueObject } from "../../src/model/value.ts";
import { analyzedResources } from "../support/pulumi/calls.ts";
import { stackExport } from "../support/pulumi/documents.ts";
import { Engine } from "../support/pulumi/engine.ts";
import { type ResourceChange, stackChange, urnOf } from "../support/pulumi/stack-change.ts";
import { root, text } from "./support/cli.ts";

/** The project of somebody who has installed Firebreak and Pulumi's SDKs. */
const project = mkdtempSync(join(tmpdir(), "firebreak-package-"));
const installed = join(project, "node_modules/firebreak");
afterAll(() => rmSync(project, { recursive: true, force: true }));

beforeAll(() => {
  const packed = mkdtempSync(join(project, "packed-"));
  const args = ["pack", "--silent", "--offline", "--ignore-scripts", "--pack-destination", packed];
  execFileSync("npm", args, { cwd: root, stdio: "pipe" });
  const [tarball = ""] = readdirSync(packed);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(packed, tarball), "--strip-components=1", "-C", installed]);
  symlinkSync(join(root, "node_modules/@pulumi"), join(project, "node_modules/@pulumi"), "junction");
  write("package.json", "{}");
});

function write(name: string, content: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), content);
}

const ACCOUNT = "azure-native:storage:StorageAccount";

function account(inputs: ValueObject) {
  const id = "/subscriptions/s/resourceGroups/shared/providers/Microsoft.Storage/storageAccounts/vmext";
  return {
    id,
    inputs: { accountName: "vmext", resourceGroupName: "shared", location: "eastus", ...inputs },
  };
}

/** Machines that fetch a script from the account, which nobody declared. */
function fleet(region: string): ResourceChange {
  const userData = "curl https://vmext.blob.core.windows.net/packages/agent.sh | sh";
  const side = {
    id: `/subscriptions/s/resourceGroups/${region}/providers/Microsoft.Compute/virtualMachineScaleSets/web`,
    inputs: { vmScaleSetName: "web", location: region, virtualMachineProfile: { userData } },
  };
  const urn = urnOf("azure-native:compute:VirtualMachineScaleSet", `web-${region}`);
  return { op: "same", urn, old: side, next: side };
}

const urn = urnOf(ACCOUNT, "packages");
const outage = stackChange([
  {
    op: "update",
    urn,
    old: account({ publicNetworkAccess: "Enabled" }),
    next: account({ publicNetworkAccess: "Disabled" }),
  },
  ...["eastus", "westus"].map(fleet),
]);

/** A preview of the change with the policy pack in that folder of the project. */
async function preview(pack: string) {
  write("before.json", stackExport(outage));
  const env = { PWD: project, FIREBREAK_BEFORE: "before.json" };
  await using engine = await Engine.boot(join(project, pack), { env });
  return await engine.run(analyzedResources(outage));
}

type Preview = Awaited<ReturnType<typeof preview>>;

function expectToBlock({ resource, stack, stderr }: Preview): void {
  const all = [...resource, ...stack].filter(({ policy }) => policy === "access/shared-storage-change");
  expect(all).toMatchObject([{ urn, level: "mandatory", severity: "critical" }]);
  expect(all[0]?.message).toContain('packages · publicNetworkAccess: "Enabled" → "Disabled"');
  expect(stderr).toBe("");
}

describe("the package as it is published", () => {
  it("is a policy pack that offers every policy, and blocks", async () => {
    const seen = await preview("node_modules/firebreak/packs/pulumi");
    const { version } = JSON.parse(text(join(root, "package.json")));
    expect(seen.info).toMatchObject({ name: "firebreak", version, supportsconfig: true });
    const offered = seen.info.policiesList.map(({ name }) => name);
    expect(offered).toEqual(expect.arrayContaining(policies.map(({ id }) => id)));
    expectToBlock(seen);
  });

  it("is called by a pack of one's own, which is what is published to Pulumi Cloud", async () => {
    write("policy/PulumiPolicy.yaml", "runtime: nodejs\n");
    write("policy/package.json", '{ "name": "our-policies", "version": "3.1.4", "main": "index.js" }');
    write(
      "policy/index.js",
      'module.exports = () => import("firebreak/pulumi").then(({ serve }) => serve());\n',
    );
    const seen = await preview("policy");
    expect(seen.info).toMatchObject({ name: "firebreak", version: "3.1.4" });
    expectToBlock(seen);
  });
});

describe("the pack's own package.json", () => {
  const own = JSON.parse(text(join(root, "packs/pulumi/package.json")));
  const whole = JSON.parse(text(join(root, "package.json")));

  it("has the version of the package, which Pulumi shows as that of the pack", () => {
    expect(own.version).toBe(whole.version);
  });

  it("needs what the package needs beside it", () => {
    expect(own.dependencies).toEqual(whole.peerDependencies);
  });
});
