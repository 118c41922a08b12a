// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { describe, expect, it } from "vitest";
import { Computed, Secret } from "../../../../src/model/value.ts";
import { deployment, type Files, read, valuesOf } from "./support.ts";

const RESOURCE = 'resource "a_b" "c" {\n  v = var.x\n}\n';

describe("a directory", () => {
  it("is one deployment of all its files, those that did not change too", async () => {
    const files = {
      "app/main.tf": 'resource "a_b" "c" {\n  v = local.x\n}\n',
      "app/locals.tf": 'locals {\n  x = "there"\n}\n',
      "other/main.tf": 'resource "a_b" "d" {}\n',
    };
    const [one, ...others] = await read(files, ["app/main.tf"]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      host: "git-diff",
      name: "app",
      knows: "after-only",
      changes: [
        { address: "a_b.c", action: "create", after: { v: "there" }, source: { file: "app/main.tf" } },
      ],
      problems: [],
    });
    expect((await read({ "main.tf": "locals {}" }))[0]?.name).toBe("(root)");
  });

  it("of which nothing is left is none", async () => {
    expect(await read({}, ["gone/main.tf"])).toEqual([]);
  });

  it("whose files were all moved is called by what they are called now", async () => {
    const files: Files = {
      "old/main.tf": 'module "m" {\n  source = "./inner"\n}\n',
      "old/inner/main.tf": 'resource "a_b" "c" {}\n',
    };
    const { Version } = await import("../../../../src/inputs/files/version.ts");
    const { terraformFiles } = await import("../../../../src/inputs/files/terraform/terraform.ts");
    const { tree } = await import("./support.ts");
    const moved = Object.keys(files).map((path) => ({ path, name: path.replace("old", "new") }));
    const deployments = await terraformFiles.read(moved, new Version(tree(files)));
    expect(deployments.map(({ name }) => name)).toEqual(["new", "new/inner"]);
    expect(deployments[0]?.changes).toMatchObject([
      { address: "module.m.a_b.c", source: { file: "new/inner/main.tf" } },
    ]);
  });

  it("merges override files last, in their order", async () => {
    const values = await valuesOf(
      {
        "main.tf":
          'resource "a_b" "c" {\n  one = 1\n  two = 1\n  rule {\n    x = 1\n  }\n  rule {\n    x = 2\n  }\n  lifecycle {\n    ignore_changes = [one]\n  }\n}\nlocals {\n  l = "main"\n}\n',
        "a_override.tf": 'resource "a_b" "c" {\n  two = 2\n  l = local.l\n  rule {\n    x = 3\n  }\n}\n',
        "override.tf": 'resource "a_b" "c" {\n  two = 3\n}\nlocals {\n  l = "override"\n}\n',
      },
      "a_b.c",
    );
    expect(values).toEqual({ one: 1, two: 3, l: "override", rule: { x: 3 } });
  });

  it("finds what an override file sets there", async () => {
    const { changes, locate } = await deployment({
      "main.tf": 'resource "a_b" "c" {\n  one = 1\n  two = 1\n}\n',
      "override.tf": 'resource "a_b" "c" {\n  two = 2\n}\n',
    });
    const change = changes[0] as (typeof changes)[0];
    expect(locate?.(change, "one")).toEqual({ file: "main.tf", line: 2, column: 3 });
    expect(locate?.(change, "two")).toEqual({ file: "override.tf", line: 2, column: 3 });
  });

  it("has OpenTofu's file in place of Terraform's of the same name", async () => {
    const of = (value: number) => `resource "a_b" "c" {\n  v = ${value}\n}\n`;
    expect(await valuesOf({ "main.tf": of(1), "main.tofu": of(2) }, "a_b.c")).toEqual({ v: 2 });
  });

  it("may be written in JSON, also as it is synthesised", async () => {
    const document = {
      "//": { metadata: { stackName: "app" } },
      locals: { x: "é" },
      resource: { a_b: { c: { "//": { metadata: {} }, v: "${local.x}", rule: [{ deep: { w: 1 } }] } } },
    };
    const { changes, locate, problems } = await deployment({
      "cdk.tf.json": JSON.stringify(document, null, 2),
    });
    expect(problems).toEqual([]);
    expect(changes).toMatchObject([
      { address: "a_b.c", after: { v: "é", rule: [{ deep: { w: 1 } }] }, source: { line: 12, column: 7 } },
    ]);
    expect(locate?.(changes[0] as (typeof changes)[0], "rule[0].deep.w")).toMatchObject({
      line: 20,
      column: 15,
    });
  });

  it.each([
    ['{ "resource": { "é": ,', 23],
    ['{ "é": 1, }', 11],
    ['{ "resource": ', 15],
    ["[".repeat(100_000), undefined],
  ])("JSON that is broken is a problem with its place", async (text, column) => {
    const { problems } = await deployment({ "a.tf.json": text, "b.tf": "locals {}\n" });
    expect(problems).toMatchObject([
      { severity: "error", source: { file: "a.tf.json", line: 1, ...(column !== undefined && { column }) } },
    ]);
    expect(problems[0]?.message).toMatch(/^a\.tf\.json is no valid JSON at line 1, .*[^.]\.$/);
  });

  it.each([
    ['version = "~> 4.2"', "", 4],
    ['version = ">= 3.0"', "", undefined],
    ['version = ">= 3.0"', "4.11.0", 4],
    ["", "5.0.1", 5],
    ['version = "~> 3.0"', "4.11.0", 3],
  ])("knows the provider's major version by %s and a lock file of %s", async (constraint, locked, major) => {
    const lock = `provider "registry.opentofu.org/hashicorp/a" {\n  version     = "${locked}"\n}\n`;
    const { changes } = await deployment({
      "main.tf": `terraform {\n  required_providers {\n    a = {\n      source = "hashicorp/a"\n      ${constraint}\n    }\n  }\n}\nresource "a_b" "c" {}\n`,
      ...(locked !== "" && { ".terraform.lock.hcl": lock }),
    });
    expect(changes[0]?.provider).toEqual({ name: "a", ...(major !== undefined && { major }) });
  });
});

describe("variables", () => {
  it("of a root module are computed, whatever their default, which is a part of what they are", async () => {
    const files = (preset: string) => `variable "x" {\n  default = ${preset}\n}\n${RESOURCE}`;
    expect(await valuesOf(files('"one"'), "a_b.c")).toEqual({ v: new Computed('var.x, by default "one"') });
    expect(await valuesOf(files('"two"'), "a_b.c")).not.toEqual(await valuesOf(files('"one"'), "a_b.c"));
    expect(await valuesOf(RESOURCE, "a_b.c")).toEqual({ v: new Computed("var.x") });
  });

  it("do not decide by a default whether there is a resource", async () => {
    const { changes, directives } = await deployment(
      'variable "on" {\n  default = false\n}\nresource "a_b" "c" {\n  count = var.on ? 1 : 0\n}\n',
    );
    expect(changes.map(({ address }) => address)).toEqual(["a_b.c"]);
    expect(directives?.openInstances).toEqual(["a_b.c"]);
  });

  it("have the value of the last automatic file, in the type that they have", async () => {
    const given = async (files: Files) =>
      (await valuesOf({ "main.tf": `variable "x" {\n  type = string\n}\n${RESOURCE}`, ...files }, "a_b.c")).v;
    const all = {
      "terraform.tfvars": "x = 1\n",
      "terraform.tfvars.json": '{ "x": 2 }',
      "a.auto.tfvars": "x = 3\n",
      "b.auto.tfvars.json": '{ "x": 4 }',
    };
    expect(await given({ "terraform.tfvars": all["terraform.tfvars"] })).toBe("1");
    expect(
      await given({
        "terraform.tfvars": all["terraform.tfvars"],
        "terraform.tfvars.json": all["terraform.tfvars.json"],
      }),
    ).toBe("2");
    expect(await given(all)).toBe("4");
  });

  it("in a file that must be named are an environment of their own", async () => {
    const files = { "main.tf": RESOURCE, "terraform.tfvars": "y = 1\n", "prod.tfvars": 'x = "prod"\n' };
    const values = async (changed: readonly string[]) =>
      (await read({ ...files, "main.tf": `variable "x" {}\n${RESOURCE}` }, changed)).map(
        ({ name, changes }) => [name, changes[0]?.after],
      );
    expect(await values(["prod.tfvars"])).toEqual([["(root) (prod.tfvars)", { v: "prod" }]]);
    expect(await values(["main.tf", "prod.tfvars"])).toEqual([
      ["(root)", { v: new Computed("var.x") }],
      ["(root) (prod.tfvars)", { v: "prod" }],
    ]);
    expect(await values(["main.tf"])).toEqual([["(root)", { v: new Computed("var.x") }]]);
  });

  it("in a directory of its own belong to the configuration above", async () => {
    const files = { "app/main.tf": `variable "x" {}\n${RESOURCE}`, "app/env/prod.tfvars": 'x = "prod"\n' };
    const deployments = await read(files, ["app/env/prod.tfvars"]);
    expect(deployments.map(({ name, changes }) => [name, changes[0]?.after])).toEqual([
      ["app (env/prod.tfvars)", { v: "prod" }],
    ]);
  });

  it("that are sensitive are secret, their defaults too", async () => {
    const text = `variable "x" {\n  sensitive = true\n  default = "hunter2"\n}\n${RESOURCE}`;
    const { v } = await valuesOf(text, "a_b.c");
    expect(v).toBeInstanceOf(Secret);
  });

  it("a broken file of values is a problem", async () => {
    const { problems } = await deployment({ "main.tf": RESOURCE, "terraform.tfvars": "y = 1\nx = = 1\n" });
    expect(problems).toMatchObject([{ severity: "error", source: { file: "terraform.tfvars" } }]);
  });
});

describe("modules", () => {
  const MODULE = `
variable "x" {}
variable "size" { default = 3 }
resource "a_b" "c" {
  v    = var.x
  size = var.size
}
output "id" { value = a_b.c.id }
output "v" { value = a_b.c.v }
`;

  it("that are local are followed: arguments, defaults and outputs are known", async () => {
    const { changes, edges, problems, directives } = await deployment2({
      "main.tf": `
module "one" {
  source = "./inner"
  x      = a_b.root.id
}
module "two" {
  source   = "./inner"
  for_each = toset(["p", "q"])
  x        = each.key
  size     = 9
}
resource "a_b" "root" {}
resource "a_b" "user" {
  id = module.one.id
  v  = module.two["q"].v
}
`,
      "inner/main.tf": MODULE,
    });
    expect(problems).toEqual([]);
    expect(directives?.hiddenModules).toEqual([]);
    expect(Object.fromEntries(changes.map(({ address, after }) => [address, after]))).toMatchObject({
      "a_b.user": { v: "q" },
      "module.one.a_b.c": { size: 3 },
      'module.two["p"].a_b.c': { v: "p", size: 9 },
      'module.two["q"].a_b.c': { v: "q", size: 9 },
    });
    expect(edges).toEqual(
      expect.arrayContaining([
        { from: "module.one.a_b.c", to: "a_b.root", attribute: "id" },
        { from: "a_b.user", to: "module.one.a_b.c", attribute: "id" },
        { from: "a_b.user", to: 'module.two["q"].a_b.c', attribute: "v" },
      ]),
    );
    expect(edges).toHaveLength(3);
  });

  it("that are judged as roots of their own have variables that nobody knows", async () => {
    const files = { "main.tf": 'module "m" {\n  source = "./inner"\n  x = 1\n}\n', "inner/main.tf": MODULE };
    const [one] = await read(files, ["inner/main.tf"]);
    expect(one?.name).toBe("inner");
    expect(one?.changes[0]?.after).toEqual({
      v: new Computed("var.x"),
      size: new Computed("var.size, by default 3"),
    });
  });

  it("whose number is not known stand once for all", async () => {
    const { changes, directives } = await deployment2({
      "main.tf": 'module "m" {\n  source = "./inner"\n  for_each = var.many\n  x = each.key\n}\n',
      "inner/main.tf": MODULE,
    });
    expect(changes.map(({ address }) => address)).toEqual(["module.m.a_b.c"]);
    expect(directives?.openInstances).toEqual(["module.m.a_b.c"]);
    expect(changes[0]?.after).toEqual({ v: new Computed("each.key"), size: 3 });
  });

  it.each(["Azure/aks/azurerm", "git::https://example.com/x.git", "../outside", "./missing", "./"])(
    "from %s are not shown: the call stands for what is in it",
    async (source) => {
      const { changes, edges, directives, problems } = await deployment2({
        "main.tf": `module "m" {\n  source = "${source}"\n  x = a_b.c.id\n}\nresource "a_b" "c" {}\nresource "a_b" "d" {\n  v = module.m.out\n}\n`,
      });
      expect(problems).toEqual([]);
      expect(directives?.hiddenModules).toEqual(["module.m"]);
      expect(changes.find(({ address }) => address === "module.m")).toMatchObject({
        type: "module",
        after: { source },
        source: { file: "main.tf", line: 1 },
      });
      expect(edges).toEqual([
        { from: "a_b.d", to: "module.m", attribute: "out" },
        { from: "module.m", to: "a_b.c", attribute: "id" },
      ]);
    },
  );

  it("in a circle, or that fan out without end, are bounded", async () => {
    const circle = await deployment2({
      "main.tf": 'module "a" {\n  source = "./a"\n}\n',
      "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
      "b/main.tf": 'module "a" {\n  source = "../a"\n}\nresource "a_b" "c" {}\n',
    });
    expect(circle.changes.map(({ address }) => address)).toEqual([
      "module.a.module.b.a_b.c",
      "module.a.module.b.module.a",
    ]);
    const calls = (to: number) =>
      `module "x" {\n  source = "../m${to}"\n}\nmodule "y" {\n  source = "../m${to}"\n}\nresource "a_b" "c" {}\n`;
    const wide: Record<string, string> = {};
    for (let i = 0; i < 40; i++) wide[`m${i}/main.tf`] = calls(i + 1);
    const [one] = await read(wide, ["m0/main.tf"]);
    expect(one?.changes.length).toBeLessThan(50_001);
  });

  it("use the versions of their callers' providers where they leave them open", async () => {
    const providers = (version: string) =>
      `terraform {\n  required_providers {\n    a = {\n      source  = "x/a"\n      version = "${version}"\n    }\n  }\n}\n`;
    const { changes } = await deployment2({
      "main.tf": `${providers("~> 4.1")}module "m" {\n  source = "./inner"\n}\n`,
      "inner/main.tf": `${providers(">= 2.0")}resource "a_b" "c" {}\n`,
    });
    expect(changes[0]?.provider).toEqual({ name: "a", major: 4 });
  });

  it("are located in their own files, whatever the instance", async () => {
    const { changes, locate } = await deployment2({
      "main.tf": 'module "m" {\n  source = "./inner"\n  count = 2\n  x = 1\n}\n',
      "inner/main.tf": MODULE,
    });
    const change = changes[1] as (typeof changes)[0];
    expect(change.address).toBe("module.m[1].a_b.c");
    expect(locate?.(change, "size")).toEqual({ file: "inner/main.tf", line: 6, column: 3 });
  });
});

/** The deployment of the root, of which only the main file changed. */
async function deployment2(files: Files) {
  const [one] = await read(files, ["main.tf"]);
  if (one === undefined) throw new Error("there is no deployment");
  return one;
}
