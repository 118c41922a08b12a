import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../src/syntax/grammar.ts";
import { hclFile } from "../../src/syntax/hcl.ts";
import { folder, inPlan } from "../sources/support.ts";

const STORAGE = `# Storage of the platform.
resource "azurerm_storage_account" "logs" {
  name                          = "logs"
  public_network_access_enabled = false

  network_rules {
    default_action = "Deny"
  }

  tags = {
    owner         = "platform"
    "cost centre" = "42"
  }
}

data "azurerm_storage_account" "logs" {
  name = "logs-of-another"
}
`;

describe("a resource in HCL", () => {
  const ask = async (text: string, file = "main.tf") => inPlan(folder({ [file]: text }));

  it("stands where its block starts, data sources apart from resources", async () => {
    const at = await ask(STORAGE);
    expect(at("azurerm_storage_account.logs")).toBe("main.tf:2:1");
    expect(at("data.azurerm_storage_account.logs")).toBe("main.tf:16:1");
    expect(at("azurerm_storage_account.other")).toBeUndefined();
    expect(at("prod")).toBeUndefined();
  });

  it("is the same for each of its instances", async () => {
    const at = await ask('resource "azurerm_subnet" "a" {\n  for_each = local.names\n  name = each.key\n}');
    expect(at('azurerm_subnet.a["x.y[0]"]', "name")).toBe("main.tf:3:3");
    expect(at("azurerm_subnet.a[3]")).toBe("main.tf:1:1");
  });

  it("shows the attribute, the nested block or the element of a map that a finding is about", async () => {
    const at = await ask(STORAGE);
    const of = (property: string) => at("azurerm_storage_account.logs", property);
    expect(of("public_network_access_enabled")).toBe("main.tf:4:3");
    expect(of("network_rules.default_action")).toBe("main.tf:7:5");
    expect(of("network_rules[0].default_action")).toBe("main.tf:7:5");
    expect(of("tags.owner")).toBe("main.tf:11:5");
    expect(of('tags["cost centre"]')).toBe("main.tf:12:5");
  });

  it("shows the nearest thing around what is not written", async () => {
    const at = await ask(STORAGE);
    const of = (property: string) => at("azurerm_storage_account.logs", property);
    expect(of("network_rules.bypass")).toBe("main.tf:6:3");
    expect(of("shared_access_key_enabled")).toBe("main.tf:2:1");
    expect(of("network_rules[1].default_action")).toBe("main.tf:2:1");
  });

  it("does not guess which of several blocks is meant", async () => {
    const at = await ask(`resource "azurerm_network_security_group" "web" {
  security_rule {
    access = "Allow"
  }
  security_rule {
    access = "Deny"
  }
  rules = [{ access = "Allow" }, { access = "Deny" }]
}`);
    const of = (property: string) => at("azurerm_network_security_group.web", property);
    expect(of("security_rule[1].access")).toBe("main.tf:1:1");
    expect(of("rules[1].access")).toBe("main.tf:8:3");
  });

  it("looks into dynamic blocks, encoded documents and lists of one", async () => {
    const at = await ask(`resource "aws_x" "a" {
  dynamic "rule" {
    for_each = var.rules
    content {
      access = rule.value
    }
  }
  policy = jsonencode({
    Statement = [{
      Effect = "Allow"
    }]
  })
  worked_out = merge({ a = 1 }, var.more)
}`);
    const of = (property: string) => at("aws_x.a", property);
    expect(of("rule[7].access")).toBe("main.tf:5:7");
    expect(of("rule[7].protocol")).toBe("main.tf:2:3");
    expect(of("policy.Statement[0].Effect")).toBe("main.tf:10:7");
    expect(of("policy.Statement.Effect")).toBe("main.tf:10:7");
    expect(of("worked_out.a")).toBe("main.tf:13:3");
  });

  it("is not taken from comments, heredocs or other text", async () => {
    const at = await ask(`/* resource "azurerm_subnet" "a" {} */
# resource "azurerm_subnet" "a" {}
locals {
  example = <<-EOT
    resource "azurerm_subnet" "a" {
      name = "in a text"
    }
  EOT
  other = "resource \\"azurerm_subnet\\" \\"a\\" {}"
}
resource "azurerm_subnet" "a" {
  description = <<EOT
name = "in a text"
EOT
  name = "a"
}`);
    expect(at("azurerm_subnet.a")).toBe("main.tf:11:1");
    expect(at("azurerm_subnet.a", "name")).toBe("main.tf:15:3");
  });

  it("is found in files with a byte order mark, Windows line ends and letters of all kinds", async () => {
    const text = STORAGE.replace("Storage of", "Größe 🏗️ für").replaceAll("\n", "\r\n");
    const at = await ask(`\uFEFF${text}`, "über.tf");
    expect(at("azurerm_storage_account.logs", "network_rules.default_action")).toBe("über.tf:7:5");
    const wide = await ask('resource "a_b" "größe" { /* 🏗️ */ x = { "ключ" = 1 } }');
    expect(wide("a_b.größe", 'x["ключ"]')).toBe("main.tf:1:42");
  });

  it("is found in a file that is broken somewhere else", async () => {
    const at = await ask(`resource "a_b" "one" {
  x =
}
resource "a_b" "two" {
  y {
resource "a_b" "three" {
  z = 1
}
`);
    expect(at("a_b.one")).toBe("main.tf:1:1");
    expect(at("a_b.two")).toBe("main.tf:4:1");
    expect(at("a_b.three")).toBe("main.tf:6:1");
  });

  it("may be a data source that a check reads", async () => {
    const at = await ask('check "health" {\n  data "http" "shop" {\n    url = "https://shop.test"\n  }\n}');
    expect(at("data.http.shop", "url")).toBe("main.tf:3:5");
  });

  it("may have labels without quotes", async () => {
    const at = await ask("resource a_b one {\n  x = 1\n}");
    expect(at("a_b.one", "x")).toBe("main.tf:2:3");
  });

  it("that is written twice is told as far as both agree", async () => {
    const block = 'resource "a_b" "one" {}\n';
    const same = await ask(block + block);
    expect(same("a_b.one")).toBe("main.tf");
    const different = await inPlan(folder({ "main.tf": block, "main.tofu": block }));
    expect(different("a_b.one")).toBeUndefined();
  });

  it("counts override files for the properties that they set", async () => {
    const root = folder({
      "main.tf": 'resource "a_b" "one" {\n  x = 1\n  y = 1\n}',
      "a_override.tf": 'resource "a_b" "one" {\n  x = 2\n}',
      "b_override.tf": 'resource "a_b" "one" {\n\n  x = 3\n}',
    });
    const at = await inPlan(root);
    expect(at("a_b.one")).toBe("main.tf:1:1");
    expect(at("a_b.one", "x")).toBe("b_override.tf:3:3");
    expect(at("a_b.one", "y")).toBe("main.tf:3:3");
  });
});

describe("whatever the configuration", async () => {
  const hcl = await loadGrammar("hcl");
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
  const filler = fc.constantFrom(
    "",
    "\n",
    "# resource\n",
    "/* a\n { b */\n",
    'locals {\n  a = "}"\n  b = <<E\n}{\nE\n}\n',
    'variable "v" { default = { x = "$${" } }\n',
    'output "o" { value = "%{ if true }}%{ endif }" }\n',
  );
  const block = fc.record({
    before: filler,
    type: name,
    label: name,
    property: name,
    isOneLine: fc.boolean(),
  });

  it("the line told holds the header, and that of a property its name", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(block, { selector: ({ type, label }) => `${type} ${label}`, maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        (blocks, newline) => {
          const text = blocks
            .map(({ before, type, label, property, isOneLine }) =>
              isOneLine
                ? `${before}resource "${type}" "${label}" { ${property} = "}" }\n`
                : `${before}resource "${type}" "${label}" {\n  ${property} = [\n    1,\n  ]\n}\n`,
            )
            .join("")
            .replaceAll("\n", newline);
          const file = hclFile("main.tf", text, hcl);
          const lines = text.split(newline);
          for (const { type, label, property } of blocks) {
            const [found, ...others] = file.blocks(["resource", type, label]);
            expect(others).toEqual([]);
            const header = `resource "${type}" "${label}" {`;
            expect(lines[(found?.place.line ?? 0) - 1]).toContain(header);
            const place = found?.placeOf([property]);
            const line = lines[(place?.line ?? 0) - 1] ?? "";
            expect(line.slice((place?.column ?? 0) - 1)).toMatch(new RegExp(`^${property} = `));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("no text, however broken, is a crash or told differently twice", () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          'resource "a" "b" ',
          "{",
          "}",
          "=",
          '"',
          "${",
          "<<E\n",
          "E\n",
          "%{",
          "[",
          "]",
          "/*",
          "\0",
        ),
        fc.string({ unit: "grapheme", maxLength: 5 }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const places = () =>
          hclFile("main.tf", text, hcl)
            .blocks(["resource", "a", "b"])
            .map((one) => [one.place, one.placeOf(["x"])]);
        const told = places();
        expect(places()).toEqual(told);
        for (const [place] of told) expect(text.split("\n")[(place?.line ?? 0) - 1]).toContain("resource");
      }),
      { numRuns: 300 },
    );
  });

  it("a text that takes unreasonably long is given up", () => {
    const deep = `resource "a" "b" {\n  x = ${"[".repeat(2_000_000)}`;
    expect(hclFile("main.tf", deep, hcl).blocks(["resource", "a", "b"])).toEqual([]);
    const after = hclFile("main.tf", STORAGE, hcl).blocks(["resource", "azurerm_storage_account", "logs"]);
    expect(after.map(({ place }) => place.line)).toEqual([2]);
  });
});

describe("the parser", () => {
  it("refuses what nests deeper than it has room for, and goes on with the next text", async () => {
    const grammar = await loadGrammar("typescript");
    for (const depth of [3_000, 100_000]) expect(grammar.parse("{a: ".repeat(depth))).toBeUndefined();
    expect(grammar.parse("{a: ".repeat(900))).toBeDefined();
    expect(grammar.parse("const a = 1;")?.rootNode.hasError).toBe(false);
  });
});
