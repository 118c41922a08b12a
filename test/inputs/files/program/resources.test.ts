import { describe, expect, it } from "vitest";
import { Computed, isObject, type Value } from "../../../../src/model/value.ts";
import { plain, readProgram, readResource } from "./support.ts";

const AZURE = `import * as azure from "@pulumi/azure";`;
const CDKTF = `import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";`;

async function addresses(text: string): Promise<readonly string[]> {
  return (await readProgram(text)).changes.map(({ address }) => address);
}

describe("addresses", () => {
  it("name type and name", async () => {
    expect(await addresses(`${AZURE} new azure.storage.Account("a");`)).toEqual([
      "azurerm_storage_account::a",
    ]);
    expect(await addresses(`${CDKTF} new StorageAccount(this, "a", {});`)).toEqual([
      "azurerm_storage_account.a",
    ]);
  });

  it("count what has the same name, and show how a name is worked out", async () => {
    const text = `${AZURE}
      const env = "prod";
      for (const region of regions) new azure.storage.Account(\`sa-\${region}\`);
      new azure.storage.Account("a"); new azure.storage.Account("a");
      new azure.storage.Account(\`\${env}-a\`);`;
    expect(await addresses(text)).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a program's own
      "azurerm_storage_account::`sa-${region}`",
      "azurerm_storage_account::a",
      "azurerm_storage_account::a#2",
      "azurerm_storage_account::prod-a",
    ]);
  });

  it("are of one construction, whatever it is in", async () => {
    const text = `${CDKTF}
      class Ring { readonly store = new StorageAccount(this, "field", {}); }
      const make = (scope) => new StorageAccount(scope, "arrow", {});
      function all(scope) { return ["a", "b"].map((id) => new StorageAccount(scope, id, {})); }`;
    expect(await addresses(text)).toEqual([
      "azurerm_storage_account.field",
      "azurerm_storage_account.arrow",
      "azurerm_storage_account.id",
    ]);
  });
});

describe("properties", () => {
  it("of CDKTF are Terraform's, but for the keys of maps and what is CDKTF's own", async () => {
    const { after } = await readResource(`${CDKTF}
      new StorageAccount(this, "a", {
        networkRules: { defaultAction: "Deny", privateLinkAccess: [{ endpointResourceId: "x" }] },
        tags: { CostCenter: "x" }, dependsOn: [], lifecycle: { preventDestroy: true }, provider,
      });`);
    expect(plain(after)).toEqual({
      network_rules: { default_action: "Deny", private_link_access: [{ endpoint_resource_id: "x" }] },
      tags: { CostCenter: "x" },
    });
  });

  it("of bridged packages are Terraform's", async () => {
    const change = await readResource(`${AZURE}
      new azure.storage.Account("a", { networkRules: { bypasses: ["None"] }, tags: { CostCenter: "x" } });`);
    expect(plain(change.after)).toEqual({ network_rules: { bypass: ["None"] }, tags: { CostCenter: "x" } });
    expect(change.spell?.("network_rules.bypass")).toBe("networkRules.bypasses");
  });

  it.each([
    ["none", 'new azure.storage.Account("a")'],
    ["undefined", 'new azure.storage.Account("a", undefined, {})'],
    ["empty", 'new azure.storage.Account("a", {})'],
  ])("may be %s", async (_, text) => {
    expect(plain((await readResource(`${AZURE} ${text};`)).after)).toEqual({});
  });

  it("are none of a resource that is made no times", async () => {
    expect(await addresses(`${CDKTF} new StorageAccount(this, "a", { count: 0 });`)).toEqual([]);
  });

  it("are unknown where a transformation has its say", async () => {
    const { after } = await readResource(
      `${AZURE} new azure.storage.Account("a", { location: "x" }, { transformations: [open] });`,
    );
    expect(after).toBeInstanceOf(Computed);
  });
});

describe("what is set after the resource is made", () => {
  const made = (statement: string) => `${CDKTF}
    class S { constructor() {
      const account = new StorageAccount(this, "a", { publicNetworkAccessEnabled: true, tags: { a: "1" }, location: "x" });
      this.store = account;
      ${statement}
    } }`;
  const unknownIn = async (statement: string) => {
    const { after } = await readResource(made(statement));
    if (!isObject(after)) return after instanceof Computed ? "all" : "none";
    const object: { readonly [key: string]: Value } = after;
    return Object.keys(object).filter((key) => object[key] instanceof Computed);
  };

  it.each([
    ["account.publicNetworkAccessEnabled = false;", ["public_network_access_enabled"]],
    [`account.addOverride("public_network_access_enabled", false);`, ["public_network_access_enabled"]],
    [`account.addOverride("network_rules.0.default_action", "Deny");`, ["network_rules"]],
    [`account.addDeletionOverride("tags.a");`, ["tags"]],
    ["account.putNetworkRules({ defaultAction: 'Deny' });", ["network_rules"]],
    ["account.resetTags();", ["tags"]],
    ["this.store.tags = {};", []],
    ["account.addOverride(path, false);", "all"],
    ["account[name] = false;", "all"],
    ["account.tags[name] = 'x';", ["tags"]],
    ["console.log(account.location);", []],
    ["new Other(account.tags);", []],
  ])("%s", async (statement, expected) => {
    expect(await unknownIn(statement)).toEqual(expected);
  });

  it("counts for a field of the class, too", async () => {
    const { after } = await readResource(`${CDKTF}
      class S { store; constructor() {
        this.store = new StorageAccount(this, "a", { location: "x" });
        this.store.addOverride("location", "y");
      } }`);
    expect(isObject(after) && after.location).toBeInstanceOf(Computed);
  });

  it("makes another value where it changes", async () => {
    const text = async (value: string) => {
      const { after } = await readResource(made(`account.publicNetworkAccessEnabled = ${value};`));
      return isObject(after) && (after.public_network_access_enabled as Computed).text;
    };
    expect(await text("a")).not.toBe(await text("b"));
  });
});

describe("places", () => {
  it("are of the narrowest member, in the columns of the text", async () => {
    const text = [
      AZURE,
      `const rules = { defaultAction: "Deny" };`,
      `/* é😀 */ export const a = new azure.storage.Account("a", {`,
      `  networkRules: rules,`,
      `  "tags": { "😀": "x", team: "y" },`,
      `  blobProperties: { corsRules: [{ maxAgeInSeconds: 1 }, { maxAgeInSeconds: 2 }] },`,
      "});",
    ].join("\n");
    const deployment = await readProgram(text);
    const [change] = deployment.changes;
    if (change === undefined) throw new Error("no resource");
    const place = (property: string) => {
      const { line = 0, column = 0 } = deployment.locate?.(change, property) ?? {};
      return text.split("\n")[line - 1]?.slice(column - 1);
    };
    expect(place("")).toMatch(/^new azure/);
    expect(change.source).toEqual({ file: "main.ts", line: 3, column: 28 });
    expect(place("networkRules.defaultAction")).toBe(`defaultAction: "Deny" };`);
    expect(place("networkRules.ipRules")).toBe("networkRules: rules,");
    expect(place("tags.team")).toBe(`team: "y" },`);
    expect(place("blobProperties.corsRules[1].maxAgeInSeconds")).toMatch(/^maxAgeInSeconds: 2/);
    expect(place("location")).toMatch(/^new azure/);
  });
});

describe("what is wrong with a file", () => {
  it("is told with its place, and the rest is read", async () => {
    const { changes, problems } = await readProgram(
      `${AZURE}\nnew azure.storage.Account("a", { location: "x" });\nconst broken = = 1;\nnew azure.storage.Account("b");`,
    );
    expect(changes.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(problems).toEqual([
      {
        message: "main.ts is not valid TypeScript or JavaScript here, so what follows may be missing.",
        severity: "error",
        source: { file: "main.ts", line: 3, column: expect.any(Number) },
      },
    ]);
  });

  it("is nothing in TypeScript of all kinds", async () => {
    const { problems } = await readProgram(`${AZURE}
      import type { Input } from "@pulumi/pulumi";
      import data from "./data.json" with { type: "json" };
      abstract class A<const T extends object> { #p = 1; declare x: string; static { } accessor y = 2; @dec() m(): void { } o?(): void; }
      enum E { A = "a" } namespace N { export const q = 1; } declare module "x" { }
      const f = async <T,>(x: T, ...r: unknown[]): Promise<void> => { for await (const y of z) { } };
      export default { ...E, [E.A]: \`\${1}\` } satisfies Record<string, unknown>; let u!: string; label: for (;;) break label;`);
    expect(problems).toEqual([]);
  });
});

describe("hostile programs", () => {
  const read = async (text: string) => {
    const start = performance.now();
    const deployment = await readProgram(`${AZURE}\n${text}`);
    return { ...deployment, seconds: (performance.now() - start) / 1000 };
  };

  it.each([
    ["lists in lists", `new azure.storage.Account("a", { x: ${"[".repeat(20_000)}${"]".repeat(20_000)} });`],
    ["objects in objects", `new azure.storage.Account("a", ${"{a:".repeat(5_000)}1${"}".repeat(5_000)});`],
    ["parentheses", `new azure.storage.Account("a", { x: ${"(".repeat(20_000)}1${")".repeat(20_000)} });`],
    ["sums", `new azure.storage.Account("a", { x: 1${" + 1".repeat(20_000)} + y });`],
    ["members", `new azure.storage.Account("a", { x: y${".z".repeat(20_000)} });`],
    ["calls", `new azure.storage.Account("a", { x: y${".z()".repeat(10_000)} });`],
    ["spreads", `new azure.storage.Account("a", { a: 1, ${"...f(), b: { ...g() }, ".repeat(3_000)} });`],
    [
      "spreads in spreads",
      `new azure.storage.Account("a", ${"{ ...f(), a: ".repeat(60)}1${", ...g() }".repeat(60)});`,
    ],
    [
      "constants of constants",
      `${Array.from({ length: 60 }, (_, i) => `const c${i + 1} = [c${i}, c${i}];`).join("\n")} const c0 = "x"; new azure.storage.Account("a", { x: c60 });`,
    ],
    [
      "unknown constants of constants",
      `const c0 = f(); ${Array.from({ length: 300 }, (_, i) => `const c${i + 1} = g(c${i}, c${i});`).join("\n")} ${Array.from({ length: 300 }, (_, i) => `new azure.storage.Account("a${i}", { x: c${i} });`).join("\n")}`,
    ],
    ["settings", `const a = new azure.storage.Account("a"); ${"a.x = 1;".repeat(10_000)}`],
    ["changes", `const o = { a: 1 }; ${"change(o);".repeat(10_000)} new azure.storage.Account("a", o);`],
    ["resources", `new azure.storage.Account("a", {});\n`.repeat(5_000)],
    ["what is no program", "\0{{{{((((`".repeat(3_000)],
  ])(
    "%s take no long time",
    async (_, text) => {
      expect((await read(text)).seconds).toBeLessThan(30);
    },
    60_000,
  );

  it("say that they are too large", async () => {
    const { changes, problems } = await read("x;".repeat(200_000));
    expect(changes).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      "main.ts is too large to be looked through, so nothing of it is judged.",
    ]);
  });

  it("say that their values are too many", async () => {
    const { problems } = await read(
      `const c = [${"1,".repeat(1_000)}]; new azure.storage.Account("a", { ${"x: c, ".repeat(200)} });`,
    );
    expect(problems.map(({ message }) => message)).toEqual([
      "main.ts holds more values than are worked out, so some are left unknown.",
    ]);
  });
});
