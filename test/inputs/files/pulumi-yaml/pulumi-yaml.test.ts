import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { pulumiYamlFiles } from "../../../../src/inputs/files/pulumi-yaml/pulumi-yaml.ts";
import { type Computed, isObject, Secret, Unknown, type Value } from "../../../../src/model/value.ts";
import { changeOf, compared, read, readOne, type Texts } from "../texts.ts";

/** A text as a program writes a reference: `$` in front of what is in braces. */
const ref = (text: string) => `\${${text}}`;

function program(content: Readonly<Record<string, unknown>>): string {
  return stringify({ name: "shop", runtime: "yaml", ...content });
}

const account = (properties: Readonly<Record<string, unknown>>, options: object = {}) => ({
  type: "azure-native:storage:StorageAccount",
  properties,
  options,
});

/** The value of an expression in a program with these parts, and with the stack's configuration, where it has one. */
async function asked(
  expression: unknown,
  content: Readonly<Record<string, unknown>> = {},
  config?: Readonly<Record<string, unknown>>,
): Promise<Value> {
  const resources = { ...(content.resources as object), asking: account({ asked: expression }) };
  const files: Texts = {
    "Pulumi.yaml": program({ ...content, resources }),
    ...(config && { "Pulumi.prod.yaml": stringify({ config }) }),
  };
  const deployment = await readOne(pulumiYamlFiles, files, [config ? "Pulumi.prod.yaml" : "Pulumi.yaml"]);
  const { after } = changeOf(deployment, "asking");
  return isObject(after) ? (after.asked ?? null) : null;
}

describe("a program", () => {
  it("is read as previews show its resources, at the place where each is written", async () => {
    const text = `name: shop
runtime: yaml
description: Für alle
resources:
  vmext:
    type: azure-native:storage/v20240101:StorageAccount
    properties:
      accountName: vmext
      tags: {ort: "Köln", größe: L}
      networkRuleSet:
        defaultAction: Deny
`;
    const deployment = await readOne(pulumiYamlFiles, { "infra/shop/Pulumi.yaml": text });
    expect(deployment).toMatchObject({
      host: "git-diff",
      name: "infra/shop",
      file: "infra/shop/Pulumi.yaml",
      knows: "after-only",
      edges: [],
      problems: [],
      directives: { hiddenModules: [], moved: [], forgotten: [], openInstances: [] },
    });
    const change = changeOf(deployment, "vmext");
    expect(change).toMatchObject({
      address: "vmext",
      type: "azure-native:storage:StorageAccount",
      action: "create",
      provider: { name: "azure-native" },
      source: { file: "infra/shop/Pulumi.yaml", line: 5, column: 3 },
    });
    expect(change.after).toEqual({
      accountName: "vmext",
      tags: { ort: "Köln", größe: "L" },
      networkRuleSet: { defaultAction: "Deny" },
    });
    const locate = (property: string) => deployment.locate?.(change, property);
    expect(locate("networkRuleSet.defaultAction")).toMatchObject({ line: 11, column: 9 });
    expect(locate("tags.größe")).toMatchObject({ line: 9, column: 27 });
    expect(locate("networkRuleSet.bypass")).toMatchObject({ line: 10, column: 7 });
    expect(locate("")).toMatchObject({ line: 5, column: 3 });
  });

  it("has Terraform's names where its package bridges a Terraform provider, of the version that it names", async () => {
    const deployment = await readOne(pulumiYamlFiles, {
      "Pulumi.yaml": program({
        resources: {
          vmext: {
            type: "azure:storage:Account",
            properties: { publicNetworkAccessEnabled: false, networkRules: { ipRules: ["10.0.0.1"] } },
            options: { version: "6.40.0", ignoreChanges: ["networkRules.ipRules", "tags"] },
          },
          id: { type: "random:RandomId", properties: { byteLength: 4 } },
        },
      }),
    });
    const change = changeOf(deployment, "vmext");
    expect(change).toMatchObject({
      type: "azurerm_storage_account",
      nativeType: "azure:storage:Account",
      provider: { name: "azurerm", major: 4 },
      after: { public_network_access_enabled: false, network_rules: { ip_rules: ["10.0.0.1"] } },
    });
    expect(change.spell?.("public_network_access_enabled")).toBe("publicNetworkAccessEnabled");
    expect(deployment.directives?.ignored).toEqual(new Map([["vmext", ["network_rules.ip_rules", "tags"]]]));
    expect(changeOf(deployment, "id").type).toBe("random_id");
  });

  it("may stand in a file of its own beside the project", async () => {
    const files = {
      "app/Pulumi.yaml": program({ config: { size: { type: "string", default: "S" } } }),
      "app/Main.yaml": stringify({
        resources: { vmext: account({ size: ref("size"), me: ref("pulumi.project") }) },
      }),
      "app/Pulumi.dev.yaml": "config: {}\n",
    };
    const deployment = await readOne(pulumiYamlFiles, files, ["app/Main.yaml"]);
    expect(deployment).toMatchObject({ name: "app (dev)", file: "app/Main.yaml" });
    expect(changeOf(deployment, "vmext").after).toEqual({ size: "S", me: "shop" });
  });

  it("is not read where it is in another language", async () => {
    const files = {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.dev.yaml": "config: {shop:x: 1}\n",
    };
    expect(await read(pulumiYamlFiles, files)).toEqual([]);
    const compiled = {
      "Pulumi.yaml": "name: shop\nruntime: {name: yaml, options: {compiler: cue export}}\n",
    };
    expect(await read(pulumiYamlFiles, compiled)).toEqual([]);
    expect(pulumiYamlFiles.claims("deploy/values.yaml")).toBe(false);
  });

  it("leaves out providers and references to other stacks", async () => {
    const { changes } = await readOne(pulumiYamlFiles, {
      "Pulumi.yaml": program({
        resources: {
          eu: { type: "pulumi:providers:aws", properties: { region: "eu-central-1" } },
          other: { type: "pulumi:pulumi:StackReference", properties: { name: "a/b/c" } },
          there: { type: "aws:s3:Bucket", get: { id: "x", state: { bucket: "y" } } },
        },
      }),
    });
    expect(changes.map(({ address, action, type }) => [address, action, type])).toEqual([
      ["there", "read", "aws_s3_bucket"],
    ]);
  });

  it("is a problem with its place where it is broken, and nothing of it counts as deleted", async () => {
    const good = program({ resources: { vmext: account({}) } });
    const [change] = await compared(
      pulumiYamlFiles,
      { "Pulumi.yaml": good },
      { "Pulumi.yaml": `${good}  oh: [no\n` },
    );
    expect(change?.changes).toEqual([]);
    expect(change?.problems).toMatchObject([
      {
        severity: "error",
        source: { file: "Pulumi.yaml", line: expect.any(Number), column: expect.any(Number) },
      },
    ]);
    expect(change?.problems[0]?.message).toMatch(/^Pulumi\.yaml .*\.$/);
  });

  it("may define components, whose inputs are open", async () => {
    const deployment = await readOne(pulumiYamlFiles, {
      "lib/PulumiPlugin.yaml": stringify({
        name: "lib",
        runtime: "yaml",
        components: {
          store: {
            inputs: { mode: { type: "string", default: "Enabled" } },
            resources: { inner: account({ publicNetworkAccess: ref("mode"), minimumTlsVersion: "TLS1_2" }) },
          },
        },
      }),
    });
    const change = changeOf(deployment, "store.inner");
    expect(JSON.parse(JSON.stringify(change.after))).toEqual({
      publicNetworkAccess: `(${ref('mode, by default "Enabled"')})`,
      minimumTlsVersion: "TLS1_2",
    });
    expect(deployment.locate?.(change, "publicNetworkAccess")?.line).toBe(13);
  });

  it("takes no name from its document for one of ours", async () => {
    const text = `name: x\nruntime: yaml\nresources:\n  __proto__: {type: "aws:s3:Bucket", properties: {__proto__: {x: 1}}}\n`;
    const { changes } = await readOne(pulumiYamlFiles, { "Pulumi.yaml": text });
    expect(changes.map(({ address }) => address)).toEqual(["__proto__"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe("expressions", () => {
  it.each<[string, unknown, unknown]>([
    ["plain text", "plain", "plain"],
    ["an escape", `$${ref("x")}`, ref("x")],
    ["what is no reference", `a ${ref(" b ")} $`, `a ${ref(" b ")} $`],
    ["a variable", ref("word"), "up"],
    ["a variable inside of a text", `a-${ref("word")}-${ref("numbers[1]")}`, "a-up-2"],
    ["a part of a variable", ref('map["two words"].x'), true],
    ["the project", ref("pulumi.project"), "shop"],
    ["a property that is configured", ref("store.location"), "westeurope"],
    ["join", { "fn::join": ["-", ["a", ref("word"), 1]] }, "a-up-1"],
    ["split and select", { "fn::select": [1, { "fn::split": [",", "a,b"] }] }, "b"],
    ["toJSON", { "Fn::ToJSON": { a: [ref("word")] } }, '{"a":["up"]}'],
    ["base64", { "fn::fromBase64": { "fn::toBase64": "für" } }, "für"],
  ])("%s is certain", async (_, expression, value) => {
    const content = {
      variables: { word: "up", numbers: [1, 2], map: { "two words": { x: true } } },
      resources: { store: account({ location: "westeurope" }) },
    };
    expect(await asked(expression, content)).toEqual(value);
  });

  it.each<[string, unknown, string]>([
    ["an output", ref("store.id"), ref("store.id")],
    [
      "a text with an output",
      `https://${ref("store.primaryEndpoints.blob")}x`,
      `https://${ref("store.primaryEndpoints.blob")}x`,
    ],
    ["a variable of an output", `${ref("address")}/a`, `at ${ref("store.id")}/a`],
    ["a call", ref("found.id"), `${ref('fn::invoke({function: "a:b:c", arguments: {x: 1}})')}.id`],
    ["something unknown", ref("nothing.here"), ref("nothing.here")],
    ["the stack", ref("pulumi.stack"), ref("pulumi.stack")],
    ["JSON with an output", { "fn::toJSON": [ref("store.id")] }, ref(`fn::toJSON([${ref("store.id")}])`)],
    ["a file", { "fn::readFile": "x.txt" }, ref('fn::readFile("x.txt")')],
    ["what leads to itself", ref("itself"), ref("itself")],
  ])("%s is open", async (_, expression, text) => {
    const content = {
      variables: {
        address: `at ${ref("store.id")}`,
        found: { "fn::invoke": { function: "a:b:c", arguments: { x: 1 } } },
        itself: ref("itself"),
      },
      resources: { store: account({}) },
    };
    const value = await asked(expression, content);
    expect(value).toBeInstanceOf(Unknown);
    expect((value as Computed).text).toBe(text);
  });

  it("keep what is secret secret, in whatever it is put into", async () => {
    const content = {
      config: { word: { type: "string", secret: true } },
      variables: { hidden: { "fn::secret": "correct horse" } },
    };
    for (const expression of [
      ref("hidden"),
      `pw=${ref("hidden")}`,
      { "fn::toJSON": { a: ref("hidden") } },
      { "fn::join": [",", [ref("hidden")]] },
      { "fn::unknown": [ref("hidden")] },
      ref("word"),
    ]) {
      const value = await asked(expression, content);
      expect(value, JSON.stringify(expression)).toBeInstanceOf(Secret);
    }
    expect(((await asked({ "fn::toJSON": [ref("hidden")] }, content)) as Secret).reveal()).toBe(
      '["correct horse"]',
    );
  });

  it("are bounded, however they double one another", async () => {
    const variables: Record<string, unknown> = { v0: "x" };
    for (let i = 1; i < 60; i++) variables[`v${i}`] = [ref(`v${i - 1}`), ref(`v${i - 1}`)];
    const text = program({ variables, resources: { vmext: account({ asked: ref("v59") }) } });
    const deployment = await readOne(pulumiYamlFiles, { "Pulumi.yaml": text });
    expect(deployment.directives).toBeUndefined();
    expect(deployment.problems).toMatchObject([
      {
        message:
          "Pulumi.yaml cannot be read: its expressions ask for more work than is done for one program.",
        severity: "error",
      },
    ]);
  });

  it("do not hang on texts that look like references", async () => {
    const started = performance.now();
    const text = `${'${a["'.repeat(20_000)}${"${a.".repeat(20_000)}`;
    expect(await asked(text)).toBe(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("dependencies", () => {
  it("are what a resource refers to, with what is used, and what it is said to depend on", async () => {
    const { edges } = await readOne(pulumiYamlFiles, {
      "Pulumi.yaml": program({
        variables: { url: `https://${ref("store.primaryEndpoints.blob")}` },
        resources: {
          store: account({ location: "westeurope", tags: { who: ref("group.name") } }),
          group: { type: "azure-native:resources:ResourceGroup" },
          app: {
            type: "azure-native:web:WebApp",
            properties: {
              url: ref("url"),
              where: ref("store.location"),
              key: { "fn::invoke": { function: "x:y:z", arguments: { id: ref("store.id") } } },
            },
            options: { dependsOn: [ref("group"), ref("app")], parent: ref("store") },
          },
        },
      }),
    });
    expect(edges).toEqual([
      { from: "store", to: "group", attribute: "name" },
      { from: "app", to: "store", attribute: "primary_endpoints.blob" },
      { from: "app", to: "store", attribute: "location" },
      { from: "app", to: "store", attribute: "id" },
      { from: "app", to: "group" },
    ]);
  });

  it("on another resource change nothing by its being renamed under an alias", async () => {
    const before = { "Pulumi.yaml": program({ resources: { old: account({ kind: "StorageV2" }) } }) };
    const alias = { aliases: [{ name: "old" }] };
    const after = { "Pulumi.yaml": program({ resources: { new: account({ kind: "StorageV2" }, alias) } }) };
    const [change] = await compared(pulumiYamlFiles, before, after);
    expect(change?.changes.map(({ address, action }) => [address, action])).toEqual([["new", "keep"]]);
  });
});

describe("configuration", () => {
  const content = {
    config: {
      mode: { type: "string", default: "Enabled" },
      count: { type: "integer" },
      on: { type: "boolean", default: true },
      short: "S",
      "azure-native:location": { value: "westeurope" },
    },
  };
  const config = { "shop:count": "3", "shop:other": { secure: "v1:abc" } };

  it("comes from the stack's file, and from the project where that says nothing", async () => {
    expect(await asked(ref("mode"), content, config)).toBe("Enabled");
    expect(await asked(ref("count"), content, config)).toBe(3);
    expect(await asked(ref("on"), content, { ...config, "shop:on": "false" })).toBe(false);
    expect(await asked(ref("short"), content, config)).toBe("S");
    expect(await asked(ref("azure-native:location"), content, config)).toBe("westeurope");
    expect(await asked(ref("pulumi.stack"), content, config)).toBe("prod");
    const secret = await asked(ref("other"), content, config);
    expect(secret).toBeInstanceOf(Secret);
    expect((secret as Secret).reveal()).toBeInstanceOf(Unknown);
  });

  it("is open where no stack has a file, and where a stack takes more from elsewhere", async () => {
    expect(String(await asked(ref("mode"), content))).toBe(`(${ref('mode, by default "Enabled"')})`);
    const files = {
      "Pulumi.yaml": program({ ...content, resources: { vmext: account({ asked: ref("mode") }) } }),
      "Pulumi.prod.yaml": stringify({ environment: ["shop-prod"], config }),
    };
    const deployment = await readOne(pulumiYamlFiles, files, ["Pulumi.prod.yaml"]);
    expect(changeOf(deployment, "vmext").after).toEqual({ asked: expect.any(Unknown) });
  });

  it("makes a deployment of each stack, of which only those that changed are read", async () => {
    const files = {
      "app/Pulumi.yaml": program({
        ...content,
        resources: { vmext: account({ publicNetworkAccess: ref("mode") }) },
      }),
      "app/Pulumi.dev.yaml": "config: {}\n",
      "app/Pulumi.prod.yaml": "config: {'shop:mode': Enabled}\n",
    };
    expect((await read(pulumiYamlFiles, files, ["app/Pulumi.yaml"])).map(({ name }) => name)).toEqual([
      "app (dev)",
      "app (prod)",
    ]);
    const after = { ...files, "app/Pulumi.prod.yaml": "config: {'shop:mode': Disabled}\n" };
    const [change, ...others] = await compared(pulumiYamlFiles, files, after);
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      name: "app (prod)",
      changes: [
        {
          action: "update",
          before: { publicNetworkAccess: "Enabled" },
          after: { publicNetworkAccess: "Disabled" },
        },
      ],
    });
  });

  it("whose file goes takes nothing with it, and a program is compared with itself where one comes", async () => {
    const without = { "Pulumi.yaml": program({ resources: { vmext: account({ kind: "StorageV2" }) } }) };
    const with_ = { ...without, "Pulumi.dev.yaml": "config: {}\n" };
    const [gone] = await compared(pulumiYamlFiles, with_, without);
    expect(gone).toMatchObject({ name: "(root) (dev)", changes: [] });
    const changed = { ...with_, "Pulumi.yaml": with_["Pulumi.yaml"].replace("StorageV2", "BlobStorage") };
    const come = await compared(pulumiYamlFiles, without, changed);
    expect(come.map(({ name, changes }) => [name, changes.map(({ action }) => action)])).toEqual([
      ["(root)", ["update"]],
      ["(root) (dev)", ["create"]],
    ]);
  });
});

describe("comments in a program", () => {
  it("accept findings of what they stand beside", async () => {
    const comment =
      '# firebreak:allow access/shared-storage-change until=2026-03-31 owner=storage reason="planned"';
    const text = program({ resources: { vmext: account({ kind: "StorageV2" }) } }).replace(
      "  vmext:",
      `  ${comment}\n  vmext:`,
    );
    const { suppressions, problems } = await readOne(pulumiYamlFiles, { "Pulumi.yaml": text });
    expect(problems).toEqual([]);
    expect(suppressions).toMatchObject([
      { owner: "storage", source: { file: "Pulumi.yaml", line: 4 }, lines: { from: 5, to: 9 } },
    ]);
  });
});
