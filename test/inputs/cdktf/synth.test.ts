// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { describe, expect, it } from "vitest";
import { cdktfSynth, recogniseSynth } from "../../../src/inputs/cdktf/synth.ts";
import { memoryInput } from "../../../src/inputs/input.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { Secret, UNKNOWN, type ValueObject } from "../../../src/model/value.ts";

function read(document: unknown, path = "infra/prod/cdk.tf.json"): Deployment {
  const [deployment] = cdktfSynth.read(memoryInput(path, Buffer.from(JSON.stringify(document))));
  return deployment as Deployment;
}

function changeAt(deployment: Deployment, address: string) {
  const found = deployment.changes.find((change) => change.address === address);
  if (found === undefined)
    throw new Error(`no ${address} in ${deployment.changes.map((one) => one.address).join(", ")}`);
  return found;
}

/** The properties of `azurerm_storage_account.a` beside what the test adds to the document. */
function propertiesOf(body: object, rest: object = {}): ValueObject {
  const deployment = read({ resource: { azurerm_storage_account: { a: body } }, ...rest });
  return changeAt(deployment, "azurerm_storage_account.a").after as ValueObject;
}

describe("resources of a synth", () => {
  it("are to be created, with address, name, type and the provider's major version", () => {
    const deployment = read({
      terraform: { required_providers: { azurerm: { source: "hashicorp/azurerm", version: "~> 4.2" } } },
      resource: { azurerm_storage_account: { vmext: { name: "vmextensions" } } },
    });
    expect(deployment).toMatchObject({
      host: "cdktf-synth",
      name: "prod",
      knows: "after-only",
      problems: [],
    });
    expect(deployment.changes).toEqual([
      {
        address: "azurerm_storage_account.vmext",
        name: "vmext",
        type: "azurerm_storage_account",
        nativeType: "azurerm_storage_account",
        action: "create",
        before: undefined,
        after: { name: "vmextensions" },
        provider: { name: "azurerm", major: 4 },
        stack: "prod",
        source: { file: "infra/prod/cdk.tf.json" },
      },
    ]);
  });

  it("may be written as objects or as lists at every level", () => {
    const deployment = read({
      resource: [
        { aws_s3_bucket: [{ logs: [{ bucket: "logs" }] }] },
        { aws_s3_bucket: { data: { bucket: "data" } }, aws_sqs_queue: [{ jobs: { name: "jobs" } }] },
      ],
    });
    expect(deployment.changes.map((change) => change.address)).toEqual([
      "aws_s3_bucket.logs",
      "aws_s3_bucket.data",
      "aws_sqs_queue.jobs",
    ]);
  });

  it("keep Terraform's own arguments out of their properties", () => {
    const body = {
      "//": { metadata: { path: "s/a", uniqueId: "a" } },
      name: "a",
      depends_on: ["azurerm_resource_group.rg"],
      provider: "azurerm.west",
      lifecycle: { prevent_destroy: true },
      connection: { host: "h" },
      provisioner: [{ "local-exec": { command: "true" } }],
    };
    expect(propertiesOf(body)).toEqual({ name: "a" });
  });

  it("take the version of the provider that they choose", () => {
    const deployment = read({
      terraform: {
        required_providers: [
          {
            google: { version: ">= 5.0" },
            google_beta: { source: "hashicorp/google-beta", version: "7.1.0" },
          },
        ],
      },
      resource: { google_storage_bucket: { one: {}, two: { provider: "google_beta" } } },
    });
    expect(deployment.changes.map((change) => change.provider)).toEqual([
      { name: "google" },
      { name: "google-beta", major: 7 },
    ]);
  });

  it("stand where the recorded stack trace says that the program made them", () => {
    const stackTrace = [
      "new TerraformResource (/app/node_modules/cdktf/lib/terraform-resource.js:20:9)",
      "new Storage (/app/lib/storage.ts:42:17)",
      "Module._compile (node:internal/modules/cjs/loader:1929:14)",
    ];
    const deployment = read({
      resource: {
        azurerm_storage_account: { a: { "//": { metadata: { path: "s/a", uniqueId: "a", stackTrace } } } },
      },
    });
    expect(deployment.changes[0]?.source).toEqual({ file: "/app/lib/storage.ts", line: 42, column: 17 });
  });

  it("are imported where an import block says so, and data sources are read", () => {
    const deployment = read({
      import: [{ to: "azurerm_subnet.a", id: "/subscriptions/s" }],
      resource: { azurerm_subnet: { a: {}, b: {} } },
      data: { azurerm_client_config: { me: {} } },
    });
    expect(deployment.changes.map(({ address, action }) => [address, action])).toEqual([
      ["azurerm_subnet.a", "import"],
      ["azurerm_subnet.b", "create"],
      ["data.azurerm_client_config.me", "read"],
    ]);
  });

  it("hold a Kubernetes object in kubernetes_manifest", () => {
    const manifest = { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 3 } };
    const deployment = read({ resource: { kubernetes_manifest: { web: { manifest } } } });
    expect(deployment.changes[0]).toMatchObject({
      type: "apps/v1/Deployment",
      nativeType: "kubernetes_manifest",
      after: manifest,
    });
  });
});

describe("values of a synth", () => {
  it("are unknown where only the provider can tell them", () => {
    expect(
      propertiesOf({ zone: "${azurerm_dns_zone.z.id}", url: "https://${azurerm_cdn.c.host}/x" }),
    ).toEqual({
      zone: UNKNOWN,
      url: UNKNOWN,
    });
  });

  it("are known where another resource configures them", () => {
    const rest = {
      resource: {
        azurerm_resource_group: { rg: { location: "${var.region}" } },
        azurerm_storage_account: { a: { location: "${azurerm_resource_group.rg.location}" } },
      },
    };
    expect(propertiesOf({}, { ...rest, variable: { region: { default: "eastus" } } })).toEqual({
      location: "eastus",
    });
  });

  it.each([
    ["costs $${5} and %%{x}", "costs ${5} and %{x}"],
    ["${local.tier}-${var.ring}", "platform-canary"],
    ["${local.ports[1]}", 8443],
    ['${local.names["a"]}', "first"],
    ['${join(",", ["a", "b"])}', "a,b"],
    ['${[for k, v in {"b" = 2, "a" = 1}: "${k}=${v}"]}', ["a=1", "b=2"]],
    ['${{for k, v in ["x"]: v => upper(v)}}', { x: "X" }],
    ['${jsonencode({"b" = 1, "a" = ["<"]})}', '{"a":["\\u003c"],"b":1}'],
    ["${local.circle}", UNKNOWN],
    ["%{ if true }a%{ endif }", UNKNOWN],
    ["${local.tier", UNKNOWN],
    ["${var.missing}", UNKNOWN],
    ["${local.__proto__}", UNKNOWN],
  ])("%s is %j", (template, expected) => {
    const rest = {
      variable: { ring: { default: "canary" } },
      locals: {
        tier: "platform",
        ports: [443, 8443],
        names: { a: "first" },
        circle: "${local.round}",
        round: "${local.circle}",
      },
    };
    expect(propertiesOf({ name: template }, rest)).toEqual({ name: expected });
  });

  it("are secret where they come from a sensitive variable, by whatever way", () => {
    const properties = propertiesOf(
      { key: "${var.key}", url: "sas?${var.known}", list: ["${local.passed}"] },
      {
        variable: { key: { sensitive: true }, known: { sensitive: true, default: "hunter2" } },
        locals: { passed: "${var.known}" },
      },
    );
    expect(JSON.stringify(properties)).toBe('{"key":"(secret)","url":"(secret)","list":["(secret)"]}');
    expect((properties.url as Secret).reveal()).toBe("sas?hunter2");
  });

  it("are secret where the property is a credential by its name", () => {
    const properties = propertiesOf({ admin_password: "hunter2", shared_access_key_enabled: true });
    expect(properties.admin_password).toBeInstanceOf(Secret);
    expect(properties.shared_access_key_enabled).toBe(true);
  });

  it("write dynamic blocks out where what they repeat over is known", () => {
    const dynamic = {
      rule: {
        for_each: { hub: "10.0.0.0/24" },
        iterator: "each",
        content: { name: "${each.key}", cidr: "${each.value}" },
      },
    };
    expect(propertiesOf({ dynamic })).toEqual({ rule: [{ name: "hub", cidr: "10.0.0.0/24" }] });
    expect(
      propertiesOf({
        rule: { name: "own" },
        dynamic: [{ rule: { for_each: ["x"], content: { name: "${rule.value}" } } }],
      }),
    ).toEqual({
      rule: [{ name: "own" }, { name: "x" }],
    });
    expect(propertiesOf({ dynamic: { rule: { for_each: "${var.rules}", content: {} } } })).toEqual({
      rule: UNKNOWN,
    });
  });

  it("do not let a document write into prototypes", () => {
    const text =
      '{"resource":{"aws_s3_bucket":{"b":{"__proto__":{"polluted":true},"tags":{"constructor":"x"}}}}}';
    const [deployment] = cdktfSynth.read(memoryInput("a/cdk.tf.json", Buffer.from(text)));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(deployment?.changes[0]?.after as ValueObject)).toEqual(["__proto__", "tags"]);
  });

  it("give up, saying so, on text that doubles itself without end", () => {
    const locals: Record<string, string> = { l0: "x".repeat(1000) };
    for (let i = 1; i < 60; i++) locals[`l${i}`] = `\${local.l${i - 1}}\${local.l${i - 1}}`;
    expect(propertiesOf({ name: "${local.l59}" }, { locals })).toEqual({ name: UNKNOWN });
    const loop = (depth: number): string => (depth === 0 ? "1" : `[for x in local.many: ${loop(depth - 1)}]`);
    const deployment = read({
      resource: { a_b: { c: { n: `\${${loop(6)}}` } } },
      locals: { many: Array(100).fill(1) },
    });
    expect(deployment.problems).toMatchObject([{ severity: "error" }]);
  });

  it("survive nesting that no stack can hold", () => {
    const locals: Record<string, unknown> = { l0: "x" };
    for (let i = 1; i < 20_000; i++) locals[`l${i}`] = [`\${local.l${i - 1}}`];
    const deep = `\${${'"${'.repeat(5000)}var.x${'}"'.repeat(5000)}}`;
    expect(propertiesOf({ name: deep }, { locals })).toEqual({ name: UNKNOWN });
    expect(() => propertiesOf({ name: "${local.l19999}" }, { locals })).not.toThrow();
  });
});

describe("instances of a synth", () => {
  const addresses = (body: object, rest: object = {}) =>
    read({ resource: { azurerm_subnet: { s: body } }, ...rest }).changes.map((change) => change.address);

  it("have the keys of count and for_each in their addresses", () => {
    expect(addresses({ count: 2 })).toEqual(["azurerm_subnet.s[0]", "azurerm_subnet.s[1]"]);
    expect(addresses({ count: "${0}" })).toEqual([]);
    expect(addresses({ for_each: '${toset(["b", "a"])}' })).toEqual([
      'azurerm_subnet.s["b"]',
      'azurerm_subnet.s["a"]',
    ]);
    expect(addresses({ for_each: { hub: 1 } })).toEqual(['azurerm_subnet.s["hub"]']);
  });

  it("are one without key where only Terraform can tell them", () => {
    const deployment = read({
      resource: { azurerm_subnet: { s: { for_each: "${var.subnets}", name: "${each.key}" } } },
    });
    expect(deployment.changes).toMatchObject([{ address: "azurerm_subnet.s", after: { name: UNKNOWN } }]);
    expect(deployment.directives?.openInstances).toEqual(["azurerm_subnet.s"]);
    expect(addresses({ count: 1e9 })).toEqual(["azurerm_subnet.s"]);
  });

  it("have their own key and value in their properties", () => {
    const deployment = read({
      resource: {
        azurerm_subnet: {
          s: {
            for_each: { hub: { cidr: "10.0.0.0/24" } },
            name: "net-${each.key}",
            cidr: "${each.value.cidr}",
          },
        },
      },
    });
    expect(deployment.changes[0]?.after).toEqual({ name: "net-hub", cidr: "10.0.0.0/24" });
  });
});

describe("dependencies of a synth", () => {
  const edgesOf = (body: object, rest: object = {}) =>
    read({
      resource: { app: { x: body }, azurerm_subnet: { a: {}, many: { for_each: { k: 1 } } } },
      data: { azurerm_key_vault: { kv: {} } },
      ...rest,
    }).edges;

  it.each([
    ["a whole string", { v: "${azurerm_subnet.a.id}" }, { to: "azurerm_subnet.a", attribute: "id" }],
    [
      "a part of a string",
      { v: "x/${azurerm_subnet.a.name}/y" },
      { to: "azurerm_subnet.a", attribute: "name" },
    ],
    [
      "an argument of a function",
      { v: "${cidrsubnet(azurerm_subnet.a.cidr, 4, 1)}" },
      { to: "azurerm_subnet.a", attribute: "cidr" },
    ],
    [
      "text inside an expression",
      { v: '${lower("a${azurerm_subnet.a.name}")}' },
      { to: "azurerm_subnet.a", attribute: "name" },
    ],
    [
      "a condition",
      { v: "${var.x ? azurerm_subnet.a.id : null}" },
      { to: "azurerm_subnet.a", attribute: "id" },
    ],
    ["depends_on", { depends_on: ["azurerm_subnet.a"] }, { to: "azurerm_subnet.a" }],
    ["for_each", { for_each: "${azurerm_subnet.many}" }, { to: "azurerm_subnet.many" }],
    [
      "replace_triggered_by",
      { lifecycle: { replace_triggered_by: ["azurerm_subnet.a.id"] } },
      { to: "azurerm_subnet.a", attribute: "id" },
    ],
    [
      "a nested block",
      { b: [{ c: { d: "${azurerm_subnet.a.id}" } }] },
      { to: "azurerm_subnet.a", attribute: "id" },
    ],
    [
      "an instance",
      { v: '${azurerm_subnet.many["k"].id}' },
      { to: 'azurerm_subnet.many["k"]', attribute: "id" },
    ],
    [
      "its own instance's key",
      { for_each: { k: 1 }, v: "${azurerm_subnet.many[each.key].id}" },
      { to: "azurerm_subnet.many", attribute: "id", sameKey: true },
    ],
    [
      "a data source",
      { v: "${data.azurerm_key_vault.kv.vault_uri}" },
      { to: "data.azurerm_key_vault.kv", attribute: "vault_uri" },
    ],
    [
      "a local",
      { v: "${local.subnet}" },
      { to: "azurerm_subnet.a", attribute: "id" },
      { locals: { subnet: "${azurerm_subnet.a.id}" } },
    ],
  ])("are found in %s", (_, body: object, edge: object, rest?: object) => {
    expect(edgesOf(body, rest ?? {})).toEqual([{ from: "app.x", ...edge }]);
  });

  it.each([
    ["escaped", { v: "$${azurerm_subnet.a.id}" }],
    ["quoted", { v: '${lower("azurerm_subnet.a.id")}' }],
    ["a member of something else", { v: "${var.azurerm_subnet.a}" }],
    ["of a resource that is not there", { v: "${azurerm_subnet.b.id}" }],
    ["itself", { v: "${app.x.id}" }],
    ["in a comment of the block", { "//": { note: "${azurerm_subnet.a.id}" } }],
  ])("are not made of text that is %s", (_, body) => {
    expect(edgesOf(body)).toEqual([]);
  });
});

describe("what a synth cannot show", () => {
  it("is said: the resources of its modules", () => {
    const deployment = read({ module: { network: { source: "Azure/network/azurerm" } } });
    expect(deployment.problems.map(({ severity, message }) => [severity, message])).toEqual([
      [
        "error",
        "prod: the resources of module.network (Azure/network/azurerm) are not part of the synthesised stack, so nothing is said about them; judge a plan to see them.",
      ],
    ]);
    expect(deployment.directives?.hiddenModules).toEqual(["module.network"]);
  });

  it("is refused: what is no configuration, with the file's name", () => {
    expect(() => read([])).toThrow("infra/prod/cdk.tf.json is not a Terraform configuration in JSON");
    expect(() => read({ resource_changes: [] })).toThrow("not a Terraform configuration in JSON");
  });
});

describe("recogniseSynth", () => {
  it("knows configurations by their blocks alone", () => {
    expect(recogniseSynth(["//", "provider", "terraform"])).toBe(true);
    expect(recogniseSynth(["resource"])).toBe(true);
    expect(recogniseSynth(["resource", "something"])).toBe(false);
    expect(recogniseSynth(["format_version", "resource_changes"])).toBe(false);
    expect(recogniseSynth([])).toBe(false);
  });
});
