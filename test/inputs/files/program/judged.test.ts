import { describe, expect, it } from "vitest";
import exposure from "../../../../policies/access/public-read-exposure.ts";
import publicRead from "../../../../policies/access/public-read-removal.ts";
import sharedStorage from "../../../../policies/access/shared-storage-change.ts";
import { compared, judged } from "./support.ts";

const SHARED = `tags: { tier: "platform" }`;

/** One change of public access, as each kind of program writes it. */
const PROGRAMS: Readonly<Record<string, (setting: string) => string>> = {
  "azure-native": (setting) => `
    import * as native from "@pulumi/azure-native";
    const account = new native.storage.StorageAccount("shared", {
      ${SHARED}, publicNetworkAccess: native.storage.PublicNetworkAccess.${setting === "true" ? "Enabled" : "Disabled"},
    });`,
  "azure classic": (setting) => `
    import { storage } from "@pulumi/azure";
    export const account = new storage.Account("shared", { publicNetworkAccessEnabled: ${setting}, ${SHARED} });`,
  "azure classic in JavaScript": (setting) => `
    const azure = require("@pulumi/azure");
    const isOpen = ${setting};
    exports.account = new azure.storage.Account("shared", { publicNetworkAccessEnabled: isOpen, ${SHARED} });`,
  CDKTF: (setting) => `
    import { TerraformStack } from "cdktf";
    import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
    export class Shared extends TerraformStack {
      constructor(scope, id) {
        super(scope, id);
        new StorageAccount(this, "shared", { ${SHARED}, publicNetworkAccessEnabled: ${setting} });
      }
    }`,
};

describe.each(Object.entries(PROGRAMS))("public access of shared storage in %s", (_, program) => {
  it.each([
    ["taken away", "true", "false"],
    ["given", "false", "true"],
  ])("is found where it is %s", async (_what, before, after) => {
    const { findings, undetermined } = await judged(sharedStorage, program(before), program(after));
    expect(undetermined).toEqual([]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ action: "update", policy: "access/shared-storage-change" });
    const { source } = findings[0] ?? {};
    const line = program(after).split("\n")[(source?.line ?? 0) - 1] ?? "";
    expect(line.slice((source?.column ?? 0) - 1)).toMatch(/^publicNetworkAccess/);
  });

  it("is not judged where nothing changes but the layout", async () => {
    const relaid = program("true").replace(/[,{] /g, (text) => `${text}\n  // note\n  `);
    const { findings, undetermined } = await judged(sharedStorage, program("true"), relaid);
    expect([findings, undetermined]).toEqual([[], []]);
    const deployment = await compared(program("true"), relaid);
    expect(deployment.changes.map(({ action }) => action)).toEqual(["keep"]);
  });

  it("is found where the default comes back", async () => {
    const text = program("false").replace(/publicNetworkAccess\w*: [\w.]+,?/, "");
    const { findings } = await judged(sharedStorage, program("false"), text);
    expect(findings).toHaveLength(1);
  });
});

describe("what is not known", () => {
  const [, program = () => ""] = Object.entries(PROGRAMS)[1] ?? [];

  it("is undetermined, never passed", async () => {
    const { findings, undetermined } = await judged(
      sharedStorage,
      program("true"),
      program("config.requireBoolean('open')"),
    );
    expect(findings).toEqual([]);
    expect(undetermined).not.toEqual([]);
  });

  it("is undetermined where anything may be spread over it", async () => {
    const spread = program("true").replace(SHARED, `${SHARED}, ...settings()`);
    const { findings, undetermined } = await judged(sharedStorage, program("true"), spread);
    expect(findings).toEqual([]);
    expect(undetermined).not.toEqual([]);
  });

  it("does not hide what is certain behind it", async () => {
    const text = (setting: string) =>
      program(setting).replace("{ publicNetwork", "{ ...settings(), publicNetwork");
    const { findings } = await judged(sharedStorage, text("true"), text("false"));
    expect(findings).toHaveLength(1);
  });

  it("changes nothing where it is written the same", async () => {
    const text = program("config.requireBoolean('open')");
    const deployment = await compared(text, text.replace(", tags", ",\n tags"));
    expect(deployment.changes.map(({ action }) => action)).toEqual(["keep"]);
  });
});

describe("a bucket that anybody can read", () => {
  const bucket = (acl: string) => `
    import * as aws from "@pulumi/aws";
    new aws.s3.Bucket("site", { acl: ${acl} });`;
  const block = (flag: boolean) => `
    import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
    import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
    const bucket = new S3Bucket(this, "site", { bucket: "site", acl: "public-read" });
    new S3BucketPublicAccessBlock(this, "site", { bucket: bucket.id, ignorePublicAcls: ${flag} });`;
  const policy = (principal: string) => `
    import * as pulumi from "@pulumi/pulumi";
    import * as aws from "@pulumi/aws";
    const site = new aws.s3.BucketV2("site");
    new aws.s3.BucketPolicy("site", { bucket: site.id, policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: ${principal}, Action: "s3:GetObject", Resource: [pulumi.interpolate\`\${site.arn}/*\`] }],
    }) });`;

  it.each([
    ["by its ACL", exposure, bucket(`"private"`), bucket("aws.s3.CannedAcl.PublicRead")],
    ["no longer, by its ACL", publicRead, bucket(`"public-read"`), bucket(`"private"`)],
    ["no longer, by its access block", publicRead, block(false), block(true)],
    ["by its policy", exposure, policy(`{ AWS: "arn:aws:iam::123456789012:root" }`), policy(`"*"`)],
  ])("is found %s", async (_, rule, before, after) => {
    const { findings, undetermined } = await judged(rule, before, after);
    expect(undetermined).toEqual([]);
    expect(findings).toHaveLength(1);
  });
});

describe("a resource between two versions", () => {
  const account = (name: string, options = "") => `
    import * as azure from "@pulumi/azure";
    new azure.storage.Account("${name}", { location: "westus" }${options});`;
  const actions = async (before: string, after: string) =>
    (await compared(before, after)).changes.map(({ action, name }) => `${action} ${name}`).sort();

  it("is created, deleted and renamed", async () => {
    const none = `import "@pulumi/azure";`;
    expect(await actions(none, account("a"))).toEqual(["create a"]);
    expect(await actions(account("a"), none)).toEqual(["delete a"]);
    expect(await actions(account("a"), account("b"))).toEqual(["create b", "delete a"]);
    expect(await actions(account("a"), account("b", `, { aliases: [{ name: "a" }] }`))).toEqual(["keep b"]);
  });

  it("stays as it is where only what it is told to ignore changes", async () => {
    const options = `, { ignoreChanges: ["networkRules.ipRules", "tags"] }`;
    const before = account("a", options).replace("location", "tags: { a: '1' }, location");
    expect(await actions(before, before.replace("'1'", "'2'"))).toEqual(["keep a"]);
    expect(await actions(before, before.replace("westus", "eastus"))).toEqual(["update a"]);
  });

  it("changes where it refers to something else", async () => {
    const text = (group: string) => `
      import * as azure from "@pulumi/azure";
      const a = new azure.core.ResourceGroup("a");
      const b = new azure.core.ResourceGroup("b");
      new azure.storage.Account("x", { resourceGroupName: ${group}.name });`;
    expect(await actions(text("a"), text("b"))).toEqual(["keep a", "keep b", "update x"]);
  });

  it("stays where another API version is asked for, and where it moves in the file", async () => {
    const one = `import * as n from "@pulumi/azure-native";`;
    const a = `new n.storage.StorageAccount("a", { location: "x" });`;
    const b = `new n.storage.v20230101.StorageAccount("b", {});`;
    expect(await actions(`${one}${a}${b}`, `${one}\n\n${b.replace("20230101", "20240101")}\n${a}`)).toEqual([
      "keep a",
      "keep b",
    ]);
  });
});
