import { describe, expect, it } from "vitest";
import { programFiles } from "../../../../src/inputs/files/program/program.ts";
import { Version } from "../../../../src/inputs/files/version.ts";
import { readProgram, readResource, treeOf } from "./support.ts";

const ACCOUNT = "azurerm_storage_account";
const NATIVE = "azure-native:storage:StorageAccount";

describe("which classes are resources", () => {
  it.each([
    [
      "a namespace import",
      `import * as azure from "@pulumi/azure"; new azure.storage.Account("x");`,
      ACCOUNT,
    ],
    ["a default import", `import azure from "@pulumi/azure"; new azure.storage.Account("x");`, ACCOUNT],
    ["a module by name", `import { storage } from "@pulumi/azure"; new storage.Account("x");`, ACCOUNT],
    ["another name", `import { storage as s } from "@pulumi/azure"; new s.Account("x");`, ACCOUNT],
    ["a module's path", `import * as s from "@pulumi/azure/storage"; new s.Account("x");`, ACCOUNT],
    [
      "a class by name",
      `import { Account } from "@pulumi/azure/storage/index.js"; new Account("x");`,
      ACCOUNT,
    ],
    ["a class's file", `import { Account as A } from "@pulumi/azure/storage/account"; new A("x");`, ACCOUNT],
    ["import = require", `import azure = require("@pulumi/azure"); new azure.storage.Account("x");`, ACCOUNT],
    [
      "an import alias",
      `import * as a from "@pulumi/azure"; import A = a.storage.Account; new A("x");`,
      ACCOUNT,
    ],
    ["require", `const azure = require("@pulumi/azure"); new azure.storage.Account("x");`, ACCOUNT],
    ["require with var", `var azure = require("@pulumi/azure"); new azure.storage.Account("x");`, ACCOUNT],
    [
      "what is picked of require",
      `const { storage: s } = require("@pulumi/azure"); new s.Account("x");`,
      ACCOUNT,
    ],
    ["a member of require", `const A = require("@pulumi/azure").storage.Account; new A("x");`, ACCOUNT],
    ["await import", `const azure = await import("@pulumi/azure"); new azure.storage.Account("x");`, ACCOUNT],
    [
      "constants in between",
      `import * as azure from "@pulumi/azure"; const { storage } = azure; const A = storage.Account; new A("x");`,
      ACCOUNT,
    ],
    [
      "a class with type arguments",
      `import * as azure from "@pulumi/azure"; new azure.storage.Account<string>("x");`,
      ACCOUNT,
    ],
    ["azure-native", `import * as n from "@pulumi/azure-native"; new n.storage.StorageAccount("x");`, NATIVE],
    [
      "an API version",
      `import * as n from "@pulumi/azure-native"; new n.storage.v20230101.StorageAccount("x");`,
      NATIVE,
    ],
    [
      "an API version's path",
      `import { StorageAccount } from "@pulumi/azure-native/storage/v20230101"; new StorageAccount("x");`,
      NATIVE,
    ],
    [
      "a module that moved",
      `import * as n from "@pulumi/azure-native"; new n.network.Zone("x");`,
      "azure-native:dns:Zone",
    ],
    ["AWS", `import * as aws from "@pulumi/aws"; new aws.s3.BucketV2("x");`, "aws_s3_bucket"],
    [
      "a package without modules",
      `import * as tls from "@pulumi/tls"; new tls.PrivateKey("x");`,
      "tls_private_key",
    ],
    [
      "Kubernetes",
      `import * as k8s from "@pulumi/kubernetes"; new k8s.apps.v1.Deployment("x");`,
      "apps/v1/Deployment",
    ],
    [
      "Kubernetes' core",
      `import { core } from "@pulumi/kubernetes"; new core.v1.Service("x");`,
      "v1/Service",
    ],
    [
      "a group of Kubernetes",
      `import * as k from "@pulumi/kubernetes"; new k.networking.v1.Ingress("x");`,
      "networking.k8s.io/v1/Ingress",
    ],
    [
      "a custom resource",
      `import * as k from "@pulumi/kubernetes"; new k.apiextensions.CustomResource("x", { apiVersion: "networking.istio.io/v1", kind: "VirtualService" });`,
      "networking.istio.io/v1/VirtualService",
    ],
    [
      "a package without canonical types",
      `import * as cf from "@pulumi/cloudflare"; new cf.Record("x");`,
      "cloudflare:index/record:Record",
    ],
    [
      "CDKTF",
      `import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account"; new StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "CDKTF, by index.js",
      `import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account/index.js"; new StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "CDK Terrain",
      `import { StorageAccount } from "@cdktn/provider-azurerm/lib/storage-account"; new StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "a namespace of CDKTF",
      `import { storageAccount } from "@cdktf/provider-azurerm"; new storageAccount.StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "a provider of CDKTF",
      `import * as azurerm from "@cdktf/provider-azurerm"; new azurerm.storageAccount.StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "bindings made here",
      `import { StorageAccount } from "./.gen/providers/azurerm/storage-account"; new StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "bindings of old",
      `import { StorageAccount } from "../.gen/providers/azurerm"; new StorageAccount(this, "x");`,
      ACCOUNT,
    ],
    [
      "a class with an A",
      `import { StorageAccountNetworkRulesA } from "@cdktf/provider-azurerm/lib/storage-account-network-rules"; new StorageAccountNetworkRulesA(this, "x");`,
      "azurerm_storage_account_network_rules",
    ],
    [
      "a class with a digit",
      `import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket"; new S3Bucket(this, "x");`,
      "aws_s3_bucket",
    ],
    [
      "a beta provider",
      `import { StorageBucket } from "@cdktf/provider-google-beta/lib/storage-bucket"; new StorageBucket(this, "x");`,
      "google_storage_bucket",
    ],
    [
      "a manifest in CDKTF",
      `import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest"; new Manifest(this, "x", { manifest: { apiVersion: "v1", kind: "Service" } });`,
      "v1/Service",
    ],
  ])("%s", async (_, text, type) => {
    expect((await readResource(text)).type).toBe(type);
  });

  it.each([
    ["a class of one's own", `import "@pulumi/azure"; class Account {} new Account("x");`],
    [
      "a class of another package",
      `import "@pulumi/azure"; import { Account } from "./accounts"; new Account("x");`,
    ],
    ["a provider of Pulumi", `import * as azure from "@pulumi/azure"; new azure.Provider("x");`],
    [
      "a provider of CDKTF",
      `import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider"; new AzurermProvider(this, "x");`,
    ],
    ["what is no resource of Pulumi", `import * as pulumi from "@pulumi/pulumi"; new pulumi.Config("x");`],
    ["a stack", `import { App, TerraformStack } from "cdktf"; new TerraformStack(new App(), "x");`],
    [
      "a block of a resource",
      `import { StorageAccountNetworkRulesOutputReference } from "@cdktf/provider-azurerm/lib/storage-account"; new StorageAccountNetworkRulesOutputReference(this, "x");`,
    ],
    [
      "a name that is hidden",
      `import * as azure from "@pulumi/azure"; function f(azure: any) { new azure.storage.Account("x"); }`,
    ],
    [
      "a name that is declared twice",
      `import { Account } from "@pulumi/azure/storage"; class Account {} new Account("x");`,
    ],
    ["constants in a circle", `import "@pulumi/azure"; const a = b.c; const b = a.d; new a.Account("x");`],
    ["a comment", `// new azure.storage.Account("x") of "@pulumi/azure"`],
  ])("not %s", async (_, text) => {
    expect((await readProgram(text)).changes).toEqual([]);
  });

  it("tells a data source from a resource", async () => {
    const source = await readResource(
      `import { DataAzurermSubnet } from "@cdktf/provider-azurerm/lib/data-azurerm-subnet"; new DataAzurermSubnet(this, "x", {});`,
    );
    expect(source).toMatchObject({
      address: "data.azurerm_subnet.x",
      type: "azurerm_subnet",
      action: "read",
    });
    const factory = await readResource(
      `import { DataFactory } from "@cdktf/provider-azurerm/lib/data-factory"; new DataFactory(this, "x", {});`,
    );
    expect(factory).toMatchObject({ address: "azurerm_data_factory.x", action: "create" });
  });
});

describe("which files are looked at", () => {
  it.each([
    ["main.ts", true],
    ["infra/index.cjs", true],
    ["stacks/network.mts", true],
    ["types.d.ts", false],
    ["types.d.mts", false],
    ["main.test.ts", false],
    ["node_modules/@pulumi/azure/index.js", false],
    [".gen/providers/azurerm/storage-account/index.ts", false],
    ["app/.gen/versions.ts", false],
    ["app.generated/main.ts", true],
  ])("%s: %s", (path, isClaimed) => {
    expect(programFiles.claims(path)).toBe(isClaimed);
  });

  it("tells by a look at the text", async () => {
    const files = {
      "web.ts": `import { render } from "react"; render();`,
      "empty.ts": "",
      "infra.js": `const azure = require("@pulumi/azure"); new azure.storage.Account("x");`,
    };
    const changed = [...Object.keys(files), "gone.ts"].map((path) => ({ path, name: path }));
    const deployments = await programFiles.read(
      [...changed, { path: undefined, name: "deleted.ts" }],
      new Version(treeOf(files)),
    );
    expect(deployments.map(({ name }) => name)).toEqual(["infra.js"]);
  });

  it("calls a file by the name that both versions know", async () => {
    const tree = treeOf({ "old.ts": `import { Account } from "@pulumi/azure/storage"; new Account("x");` });
    const [deployment] = await programFiles.read([{ path: "old.ts", name: "new.ts" }], new Version(tree));
    expect(deployment).toMatchObject({ host: "git-diff", name: "new.ts", knows: "after-only" });
    expect(deployment?.directives).toBeDefined();
  });
});

describe("the provider's version", () => {
  const classic = `import { Account } from "@pulumi/azure/storage"; new Account("x");`;
  const cdktf = `import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account"; new StorageAccount(this, "x");`;
  const generated = `import { StorageAccount } from "./.gen/providers/azurerm/storage-account"; new StorageAccount(this, "x");`;
  const pkg = (range: string, name = "@pulumi/azure") => JSON.stringify({ dependencies: { [name]: range } });

  it.each([
    ["a caret", classic, { "infra/package.json": pkg("^6.1.0") }, 4],
    ["an exact version", classic, { "infra/package.json": pkg("5.42.0") }, 3],
    ["a directory above", classic, { "package.json": pkg("~6.1"), "infra/package.json": "{}" }, 4],
    ["the nearest", classic, { "package.json": pkg("^6.0.0"), "infra/package.json": pkg("^5.0.0") }, 3],
    [
      "an open range",
      classic,
      { "package.json": pkg("^6.0.0"), "infra/package.json": pkg(">=5") },
      undefined,
    ],
    ["several ranges", classic, { "infra/package.json": pkg("^5.0.0 || ^6.0.0") }, undefined],
    ["a file that is no JSON", classic, { "infra/package.json": "{" }, undefined],
    ["nothing", classic, {}, undefined],
    ["prebuilt bindings", cdktf, { "infra/package.json": pkg("^14.23.1", "@cdktf/provider-azurerm") }, 4],
    [
      "bindings made here",
      generated,
      { "infra/cdktf.json": '{"terraformProviders":["hashicorp/azurerm@~> 3.116"]}' },
      3,
    ],
    [
      "an object",
      generated,
      {
        "infra/cdktf.json":
          '{"terraformProviders":[{"name":"azurerm","source":"hashicorp/azurerm","version":"~> 4.0"}]}',
      },
      4,
    ],
    ["any version", generated, { "infra/cdktf.json": '{"terraformProviders":["azurerm"]}' }, undefined],
  ])("follows from %s", async (_, text, files, major) => {
    const change = await readResource(text, "infra/main.ts", files);
    expect(change.provider).toEqual({ name: "azurerm", ...(major !== undefined && { major }) });
  });
});
