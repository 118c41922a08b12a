import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pending } from "../../../../src/model/pending.ts";
import { Computed, isObject, Secret, type Value } from "../../../../src/model/value.ts";
import { plain, readProgram, readResource } from "./support.ts";

const NATIVE =
  'import * as pulumi from "@pulumi/pulumi"; import * as n from "@pulumi/azure-native"; import * as aws from "@pulumi/aws";';

/** What a resource will be whose properties are written so, behind some statements. */
async function propertiesOf(properties: string, before = ""): Promise<Value | undefined> {
  const text = `${NATIVE} ${before}\nnew n.storage.StorageAccount("x", ${properties});`;
  return (await readResource(text)).after;
}

/** The property `a` of such a resource. */
async function value(expression: string, before = ""): Promise<Value | undefined> {
  const object = await propertiesOf(`{ a: ${expression} }`, before);
  if (!isObject(object)) throw new Error("no object");
  return object.a;
}

describe("values that are written out", () => {
  it.each([
    [`"text"`, "text"],
    [`'it\\'s \\x41\\u0042\\u{1F600}\\n\\q'`, "it's AB😀\nq"],
    ["`plain`", "plain"],
    ["`one\r\ntwo`", "one\ntwo"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a program's own
    ["`${1}-${'b'}-${true}`", "1-b-true"],
    ["12", 12],
    ["1_000", 1000],
    ["0x1f", 31],
    ["0b11", 3],
    ["1.5e3", 1500],
    ["-4", -4],
    ["true", true],
    ["false", false],
    ["null", null],
    [`"a" + 'b' + 1`, "ab1"],
    ["1 + 2", 3],
    ["(('x'))", "x"],
    [`"x" as const`, "x"],
    [`"x" satisfies string`, "x"],
    [`"x"!`, "x"],
    [`[1, "b", [true], /* note */ ...[3]]`, [1, "b", [true], 3]],
    [`{ b: { "c d": 1, ["e"]: 2, 3: 4 } }`, { b: { "c d": 1, e: 2, 3: 4 } }],
    [`{ b: 1, b: 2 }`, { b: 2 }],
    [`{ b: 1, ...{ b: 2, c: 3 }, c: 4 }`, { b: 2, c: 4 }],
    [`{ ...null, ...undefined, ...false, b: undefined }`, {}],
    [`pulumi.output("x")`, "x"],
    [`JSON.stringify({ a: [1, null] })`, '{"a":[1,null]}'],
    [`pulumi.jsonStringify({ a: 1 })`, '{"a":1}'],
    ["n.storage.PublicNetworkAccess.Disabled", "Disabled"],
    ["n.storage.v20230101.DefaultAction.Deny", "Deny"],
    ["aws.s3.CannedAcl.PublicRead", "public-read"],
  ])("%s", async (expression, expected) => {
    expect(plain(await value(expression))).toEqual(expected);
  });

  it.each([
    ["a constant", `const v = "x";`, "v", "x"],
    ["a constant of constants", `const p = "a"; const v = p + "-b";`, "v", "a-b"],
    ["a property of a constant", `const c = { b: { d: [1, 2] } };`, "c.b.d[1]", 2],
    ["what is picked of a constant", `const c = { b: "x" }; const { b: v } = c;`, "v", "x"],
    ["a constant that is exported", `export const v = ["x"] as const;`, "v", ["x"]],
    [
      "a constant that is read",
      "const v = { k: 1 }; console.log(v); const n2 = v.k; Object.keys(v).map(k => k);",
      "v",
      { k: 1 },
    ],
    ["a spread constant", "const t = { k: 1 };", "{ ...t, l: 2 }", { k: 1, l: 2 }],
    ["another scope's constant", "function f() { const v = 1; } const v = 2;", "v", 2],
  ])("%s", async (_, before, expression, expected) => {
    expect(plain(await value(expression, before))).toEqual(expected);
  });

  it("takes a short property for the constant", async () => {
    expect(
      plain(await propertiesOf("{ location, tags }", `const location = "westus"; const tags = { T: "x" };`)),
    ).toEqual({
      location: "westus",
      tags: { T: "x" },
    });
  });

  it("takes the properties from a constant", async () => {
    expect(plain(await propertiesOf("args", "const args: any = { a: 1 };"))).toEqual({ a: 1 });
  });
});

describe("values that are worked out", () => {
  it.each([
    ["a parameter", "function f(v: string) { return v; }", "v"],
    ["a condition", "", `process.env.X ? "a" : "b"`],
    ["a call", "", `f("x")`],
    ["the environment", "", "process.env.X"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a program's own
    ["a template with one of them", "", "`a-${process.env.X}`"],
    ["a variable that can be set", `let v = "x";`, "v"],
    ["an object that is set in part", `const v = { k: 1 }; v.k = 2;`, "v"],
    ["an object that is changed by its method", "const v = [1]; v.push(2);", "v"],
    ["an object that somebody is given", "const v = { k: 1 }; change(v);", "v"],
    ["an object that is set under another name", "const v = { k: 1 }; const w = v; w.k = 2;", "v"],
    ["an object without a property", "const v = { k: 1 }; delete v.k;", "v"],
    ["what a function gives", "const v = () => 1;", "v"],
    ["a constant of itself", "const v = [v];", "v[0][0]"],
    ["an import", `import { v } from "./constants";`, "v"],
    ["a list with an unknown part", "", "[...f()]"],
    ["a BigInt", "", "10n"],
    ["an enumeration that is not written down", "", "n.storage.SkuName.Standard_LRS"],
    ["a name that the language's is hidden by", "const JSON = f();", "JSON.stringify({})"],
    ["a regular expression", "", "/x/"],
    ["a method", "", "{ b() {} }.b"],
  ])("%s", async (_, before, expression) => {
    expect(await value(expression, before)).toBeInstanceOf(Computed);
  });

  it("has the same text in every layout", async () => {
    const one = await value("f(a, 'x', { k: [1, 2] }).then((v) => v.k)");
    const other = await value(`f(
      a, // a note
      "x",
      { k: [ 1, 2, ], },
    ).then((v) => v.k)`);
    expect(one).toBeInstanceOf(Computed);
    expect((other as Computed).text).toBe((one as Computed).text);
  });

  it("has another text where a constant behind it changes", async () => {
    const text = async (preset: string) =>
      (await value("isOpen", `const isOpen = config.get("open") ?? ${preset};`)) as Computed;
    expect((await text("true")).text).not.toBe((await text("false")).text);
  });

  it("is a property of another resource where it is nothing else", async () => {
    const { changes, edges } = await readProgram(
      `import * as azure from "@pulumi/azure";
       const rg = new azure.core.ResourceGroup("rg", { location: "westus" });
       const name = rg.name;
       new azure.storage.Account("sa", { resourceGroupName: name, location: \`\${rg.location}\` }, { dependsOn: [rg] });`,
    );
    const account = changes[1]?.after as { readonly [key: string]: Value };
    expect(account.resource_group_name).toBeInstanceOf(Pending);
    expect((account.resource_group_name as Pending).attribute).toEqual({
      type: "azurerm_resource_group",
      name: "name",
    });
    expect(account.location).toBeInstanceOf(Computed);
    expect(edges.map(({ to, attribute }) => `${to} ${attribute}`).sort()).toEqual([
      "azurerm_resource_group::rg location",
      "azurerm_resource_group::rg name",
      "azurerm_resource_group::rg undefined",
    ]);
  });
});

describe("what hides", () => {
  it("a credential", async () => {
    const object = await propertiesOf(
      `{ adminPassword: "hunter2", clientSecret: "hunter" + f(2), x: pulumi.secret("hunter2") }`,
    );
    expect(isObject(object) && Object.values(object).every((item) => item instanceof Secret)).toBe(true);
    expect(JSON.stringify(object)).not.toContain("hunter");
  });

  it("no prototype", async () => {
    const object = await propertiesOf(`{ "__proto__": { polluted: true }, ["constructor"]: 1 }`);
    expect(Object.getOwnPropertyNames(object)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("properties that something unknown is spread into", () => {
  it("are certain behind it and unknown before it, and any other may be set", async () => {
    const object = await propertiesOf("{ a: 1, ...args, b: 2 }", "function f(args: any) {}");
    if (!isObject(object)) throw new Error("no object");
    expect(object.a).toBeInstanceOf(Computed);
    expect(object.b).toBe(2);
    expect(Object.hasOwn(object, "publicNetworkAccess")).toBe(true);
    expect(object.publicNetworkAccess).toBeInstanceOf(Computed);
  });

  it("are those that a condition chooses", async () => {
    const object = await propertiesOf("{ a: 1, ...(isOpen && { b: 2 }), ...(isOpen ? { c: 1 } : { d: 1 }) }");
    if (!isObject(object)) throw new Error("no object");
    expect(object.a).toBe(1);
    for (const key of ["b", "c", "d"]) expect(object[key]).toBeInstanceOf(Computed);
    expect(Object.hasOwn(object, "e")).toBe(false);
  });

  it("may have any name where a name is worked out", async () => {
    const object = await propertiesOf("{ a: 1, [key]: 2 }");
    expect(isObject(object) && object.a).toBeInstanceOf(Computed);
    expect(isObject(object) && object.z).toBeInstanceOf(Computed);
  });

  it("are unknown where they are no object at all", async () => {
    expect(await propertiesOf("argsOf('x')")).toBeInstanceOf(Computed);
    expect(await propertiesOf("...all")).toBeInstanceOf(Computed);
  });
});

/** JSON values whose keys are no `__proto__`, which in a program would be the prototype. */
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((one) => JSON.parse(JSON.stringify(one).replaceAll("__proto__", "proto")));

/** Ways to write a value. */
function printed(json: unknown, style: number): string {
  const [open, close] = style % 2 === 0 ? ["\n  ", ",\n"] : [" ", " "];
  if (typeof json === "string")
    return style % 3 === 0
      ? JSON.stringify(json)
      : `'${JSON.stringify(json).slice(1, -1).replaceAll("'", "\\'").replaceAll('\\"', '"')}'`;
  if (Array.isArray(json)) {
    const items = json.map((item) => printed(item, style));
    return items.length === 0 ? "[]" : `[${open}${items.join(`,${open}`)}${close}]`;
  }
  if (typeof json !== "object" || json === null) return style % 5 === 0 ? `(${String(json)})` : String(json);
  const members = Object.entries(json).map(
    ([key, item]) =>
      `${/^[a-z]\w*$/.test(key) && style % 2 === 0 ? key : JSON.stringify(key)}: ${printed(item, style)}`,
  );
  return members.length === 0 ? "{ }" : `{${open}// note\n${members.join(`,${open}`)}${close}}`;
}

describe("the layout of a literal", () => {
  it("changes nothing of its value", async () => {
    await fc.assert(
      fc.asyncProperty(json, fc.nat(29), async (one, style) => {
        expect(plain(await value(printed(one, style)))).toEqual(plain(one));
      }),
      { numRuns: 60 },
    );
  });
});
