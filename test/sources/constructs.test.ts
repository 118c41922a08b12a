import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { classOfType } from "../../src/syntax/class-query.ts";
import { type Files, folder, inSynth } from "./support.ts";

const ACCOUNT = "azurerm_storage_account.account_1A2B3C4D";

/** Where the storage account with that construct path is written. */
async function locate(
  files: Files,
  path: string,
  property = "",
  address = ACCOUNT,
): Promise<string | undefined> {
  const at = await inSynth(folder(files), { [address]: path });
  return at(address, property);
}

const RING = `import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";

export class RingStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new StorageAccount(this, "account", {
      name: "logs",
      publicNetworkAccessEnabled: false,
      networkRules: { defaultAction: "Deny", bypass },
      queueProperties: [{ logging: { version: "1.0" } }],
      tags: { cost_centre: "42", "owner name": "platform" },
    });
  }
}
`;

describe("a construct in TypeScript", () => {
  it("is where it is made, whether its class is imported, in a namespace or renamed", async () => {
    const made = [
      'new StorageAccount(this, "account", {});',
      "new StorageAccount(this, 'account');",
      "new StorageAccount(this, `account`, config as StorageAccountConfig);",
      'new storageAccount.StorageAccount(this, "account", {});',
      'new azurerm.storageAccount.StorageAccount(this as Construct, ("account"), {});',
      'import { StorageAccount as Store } from "x"; class S { m() { new Store(this, "account", {}); } }',
      'const { StorageAccount: Store } = require("x"); new Store(stack, "account", {});',
      'const Store = azurerm.storageAccount.StorageAccount; new Store(stack, "account", {});',
      'class Safe extends StorageAccount {} new Safe(stack, "account");',
      'class Safe extends Tagged(storageAccount.StorageAccount) {} new Safe(stack, "account");',
    ];
    for (const text of made) {
      expect(await locate({ "main.ts": text }, "prod/account")).toBe(
        `main.ts:1:${text.lastIndexOf("new ") + 1}`,
      );
    }
    expect(await locate({ "main.ts": 'new KeyVault(this, "account");' }, "prod/account")).toBeUndefined();
    expect(await locate({ "main.ts": 'new StorageAccount(this, "other");' }, "prod/account")).toBeUndefined();
    expect(
      await locate({ "main.ts": '// new StorageAccount(this, "account")' }, "prod/account"),
    ).toBeUndefined();
  });

  it("shows the property of its configuration that a finding is about", async () => {
    const at = (property: string) => locate({ "src/ring.ts": RING }, "prod/account", property);
    expect(await at("")).toBe("src/ring.ts:6:5");
    expect(await at("public_network_access_enabled")).toBe("src/ring.ts:8:7");
    expect(await at("network_rules.default_action")).toBe("src/ring.ts:9:23");
    expect(await at("network_rules[0].default_action")).toBe("src/ring.ts:9:23");
    expect(await at("network_rules.bypass")).toBe("src/ring.ts:9:46");
    expect(await at("network_rules.ip_rules")).toBe("src/ring.ts:9:7");
    expect(await at("queue_properties.logging.version")).toBe("src/ring.ts:10:38");
    expect(await at("tags.cost_centre")).toBe("src/ring.ts:11:15");
    expect(await at('tags["owner name"]')).toBe("src/ring.ts:11:34");
    expect(await at("min_tls_version")).toBe("src/ring.ts:6:5");
  });

  it("does not show a property that something spread behind it may set again", async () => {
    const text =
      'new StorageAccount(stack, "account", {\n  ...before,\n  name: "a",\n  x: 1,\n  ...after,\n  y: 2,\n});';
    expect(await locate({ "main.ts": text }, "prod/account", "name")).toBe("main.ts:1:1");
    expect(await locate({ "main.ts": text }, "prod/account", "y")).toBe("main.ts:6:3");
  });

  it("does not show properties of a subclass, whose configuration may mean something else", async () => {
    const text = 'class Safe extends StorageAccount {}\nnew Safe(stack, "account", {\n  name: "a",\n});';
    expect(await locate({ "main.ts": text }, "prod/account", "name")).toBe("main.ts:2:1");
  });

  it("is recognised by the fixed parts of an id that is put together", async () => {
    const at = (id: string, path: string) =>
      locate({ "main.ts": `new StorageAccount(this, ${id}, {});` }, path);
    for (const id of [
      `\`logs-\${region}-account\``,
      '"logs-" + region + "-account"',
      `"logs-" + (\`\${a}-account\`)`,
    ])
      expect(await at(id, "prod/logs-eastus-account")).toBe("main.ts:1:1");
    expect(await at(`\`logs-\${region}-account\``, "prod/logs-account")).toBeUndefined();
    expect(await at(`\`\${a}-x-\${b}-y\``, "prod/1-x-2-y")).toBe("main.ts:1:1");
    expect(await at(`\`\${a}-y-\${b}-y\``, "prod/1-y")).toBeUndefined();
    expect(await at('"a/b"', "prod/a--b")).toBe("main.ts:1:1");
  });

  it("is not guessed where its id and its scope are worked out", async () => {
    expect(await locate({ "main.ts": "new StorageAccount(scope, id, {});" }, "prod/account")).toBeUndefined();
    const ring = `class Ring { constructor() { for (const id of ids)
      new StorageAccount(this, id, {}); } }
      new Ring(app, "prod");`;
    expect(await locate({ "main.ts": ring }, "prod/account")).toBe("main.ts:2:7");
    expect(await locate({ "main.ts": ring }, "prod/somewhere/account")).toBeUndefined();
  });

  it("is told from one with the same id in another scope", async () => {
    const files = {
      "dev.ts": RING.replaceAll("RingStack", "DevStack"),
      "prod.ts": RING.replaceAll("RingStack", "ProdStack"),
      "main.ts": 'const app = new App();\nnew DevStack(app, "dev");\nnew ProdStack(app, "prod");\n',
    };
    expect(await locate(files, "dev/account")).toBe("dev.ts:6:5");
    expect(await locate(files, "prod/account", "name")).toBe("prod.ts:7:7");
    expect(await locate(files, "test/account")).toBeUndefined();
  });

  it("is told by constants that its scope is kept in", async () => {
    const text = `const app = new App();
const dev = new TerraformStack(app, "dev");
const prod = new TerraformStack(app, "prod");
new StorageAccount(dev, "account");
new StorageAccount(prod, "account");
function add(scope: Construct) { new StorageAccount(scope, "extra"); }`;
    expect(await locate({ "main.ts": text }, "dev/account")).toBe("main.ts:4:1");
    expect(await locate({ "main.ts": text }, "prod/account")).toBe("main.ts:5:1");
    expect(await locate({ "main.ts": text }, "prod/extra")).toBe("main.ts:6:34");
  });

  it("is found inside of constructs of the app's own, several levels deep and through subclasses", async () => {
    const files = {
      "main.ts": `class Prod extends Base {}\nnew Prod(app, "prod");\nnew Other(app, "other");`,
      "base.ts": `export abstract class Base { m = () => new Fleet(this, \`fleet-\${this.region}\`); }`,
      "fleet.ts":
        'export class Fleet extends Construct { constructor() {\n  new StorageAccount(this, "account"); } }',
      "other.ts": 'export class Other {\n  n() { new StorageAccount(this, "account"); } }',
    };
    expect(await locate(files, "prod/fleet-eastus/account")).toBe("fleet.ts:2:3");
    expect(await locate(files, "other/account")).toBe("other.ts:2:9");
    expect(await locate(files, "other/fleet-eastus/account")).toBeUndefined();
  });

  it("is not taken for one of the class around, where `this` is another object", async () => {
    const around = (code: string) =>
      locate({ "main.ts": `class Ring { m() { ${code} } }\nnew Ring(app, "prod");` }, "test/account");
    const made = 'new StorageAccount(this, "account")';
    expect(await around(`() => ${made}`)).toBeUndefined();
    expect(await around(`function f() { ${made} }`)).toBe("main.ts:1:35");
    expect(await around(`return { f() { ${made} } }`)).toBe("main.ts:1:35");
  });

  it("is given up, and nothing breaks, in what nobody writes", async () => {
    const nested: readonly (readonly [string, string | undefined])[] = [
      ['new StorageAccount(this, "account", '.repeat(3000), undefined],
      [`new StorageAccount(this, ${"(".repeat(100_000)}"account"`, undefined],
      [`new StorageAccount(this, ${'"" + '.repeat(20_000)}"account")`, "main.ts:1:1"],
      ['new StorageAccount(this, "account");\n'.repeat(30_000), undefined],
      [`${"class A { m() {".repeat(10_000)} new StorageAccount(this, "account")`, undefined],
      [`${"class A { m() {".repeat(300)} new StorageAccount(this, "account")`, "main.ts:1:4502"],
    ];
    for (const [text, place] of nested) expect(await locate({ "main.ts": text }, "prod/account")).toBe(place);
  }, 30_000);

  it("that several places could make is told as far as they agree", async () => {
    const twice = 'if (x) new StorageAccount(this, "account");\nelse new StorageAccount(this, "account");';
    expect(await locate({ "main.ts": twice }, "prod/account")).toBe("main.ts");
    const files = {
      "a.ts": 'new StorageAccount(this, "account")',
      "b.ts": 'new StorageAccount(x, "account")',
    };
    expect(await locate(files, "prod/account")).toBeUndefined();
  });

  it("is found in files with a byte order mark, Windows line ends, and broken code around it", async () => {
    const windows = `\uFEFF${RING.replaceAll("\n", "\r\n")}`;
    expect(await locate({ "ring.ts": windows }, "prod/account", "public_network_access_enabled")).toBe(
      "ring.ts:8:7",
    );
    const broken = `class { const = ;\n}}\n${RING}\nfunction (((`;
    expect(await locate({ "ring.ts": broken }, "prod/account")).toBe("ring.ts:8:5");
  });

  it("may be a data source", async () => {
    const files = {
      "main.ts":
        'new StorageAccount(a, "account");\nnew DataAzurermStorageAccount(a, "account", {\n  name });',
    };
    expect(await locate(files, "prod/account", "name", "data.azurerm_storage_account.a")).toBe("main.ts:3:3");
    expect(await locate(files, "prod/account", "name")).toBe("main.ts:1:1");
  });
});

describe("the files of an app", () => {
  const made = 'new StorageAccount(this, "account");';

  it("are TypeScript of every kind, or else JavaScript", async () => {
    for (const file of ["main.ts", "a/b/c.mts", "x.cts", "y.tsx", "main.js", "lib/x.mjs", "x.cjs", "y.jsx"])
      expect(await locate({ [file]: made }, "prod/account")).toBe(`${file}:1:1`);
    expect(await locate({ "main.ts": made, "main.js": made, "dist/main.js": made }, "prod/account")).toBe(
      "main.ts:1:1",
    );
  });

  it("are not tests, declarations, packages, hidden files or what was synthesised", async () => {
    const others = [
      "main.test.ts",
      "a/main.spec.ts",
      "__tests__/a.ts",
      "main.d.ts",
      "node_modules/x/main.ts",
      ".gen/main.ts",
      "cdktf.out/main.ts",
    ];
    const files = Object.fromEntries(others.map((file) => [file, made]));
    expect(await locate({ ...files, "main.ts": "" }, "prod/account")).toBeUndefined();
    expect(await locate({ ...files, "main.ts": made }, "prod/account")).toBe("main.ts:1:1");
  });
});

describe.each(["@cdktf/provider-azurerm", "@cdktn/provider-azurerm"])("the classes of %s", (binding) => {
  it("are recognised by the types of their resources, each by one", () => {
    const lib = join(import.meta.dirname, "../../node_modules", binding, "lib");
    let count = 0;
    for (const name of readdirSync(lib)) {
      const text = name.includes(".") ? "" : readFileSync(join(lib, name, "index.d.ts"), "utf8");
      const declared =
        /class (\w+) extends \w+\.Terraform(Resource|DataSource) \{\s*static readonly tfResourceType = "(\w+)"/.exec(
          text,
        );
      if (declared === null) continue;
      const [, className = "", kind, type = ""] = declared;
      const { name: pattern, flags } = classOfType(type, kind === "DataSource");
      expect(className).toMatch(new RegExp(`^${pattern}$`, flags));
      count++;
    }
    expect(count).toBeGreaterThan(1000);
  });
});
