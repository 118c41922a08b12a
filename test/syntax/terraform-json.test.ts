import { describe, expect, it } from "vitest";
import { folder, inPlan } from "../sources/support.ts";

const MAIN = `{
  "//": "written by hand",
  "resource": {
    "azurerm_storage_account": {
      "logs": {
        "name": "logs \\" {",
        "public_network_access_enabled": false,
        "network_rules": [{
          "default_action": "Deny", "bypass": ["None"]
        }],
        "tags": { "größe 🏗️": "x", "owner": "platform" },
        "dynamic": { "rule": { "for_each": "\${var.r}", "content": { "access": "Allow" } } }
      }
    },
    "azurerm_subnet": [
      { "a": [{ "name": "a" }] },
      { "b":
        { "name": "b" } }
    ]
  },
  "data": [{ "azurerm_subnet": { "a": { "name": "read" } } }]
}
`;

describe("a resource in Terraform's JSON", () => {
  /** As editors count: UTF-16 units from 1. */
  const where = (part: string) => {
    const line = MAIN.split("\n").findIndex((one) => one.includes(part));
    return `main.tf.json:${line + 1}:${(MAIN.split("\n")[line] ?? "").indexOf(part) + 1}`;
  };
  const ask = async (text: string) => inPlan(folder({ "main.tf.json": text }));

  it("stands where its name does, data sources apart from resources", async () => {
    const at = await ask(MAIN);
    expect(at("azurerm_storage_account.logs")).toBe("main.tf.json:5:7");
    expect(at("azurerm_subnet.a[0]")).toBe("main.tf.json:16:9");
    expect(at("azurerm_subnet.b", "name")).toBe("main.tf.json:18:11");
    expect(at("data.azurerm_subnet.a", "name")).toBe(where('"name": "read"'));
    expect(at("azurerm_subnet.c")).toBeUndefined();
    expect(at("azurerm_subnet.__proto__")).toBeUndefined();
  });

  it("shows the member that a finding is about, or the nearest around it", async () => {
    const at = await ask(MAIN);
    const of = (property: string) => at("azurerm_storage_account.logs", property);
    expect(of("public_network_access_enabled")).toBe("main.tf.json:7:9");
    expect(of("network_rules.default_action")).toBe("main.tf.json:9:11");
    expect(of("network_rules[0].bypass")).toBe(where('"bypass"'));
    expect(of("network_rules.virtual_network_subnet_ids")).toBe("main.tf.json:8:9");
    expect(of("tags.owner")).toBe(where('"owner"'));
    expect(of("rule[3].access")).toBe(where('"access"'));
    expect(of("min_tls_version")).toBe("main.tf.json:5:7");
  });

  it("is found with a byte order mark and Windows line ends, and not in what is no JSON", async () => {
    const at = await ask(`\uFEFF${MAIN.replaceAll("\n", "\r\n")}`);
    expect(at("azurerm_storage_account.logs", "network_rules.default_action")).toBe("main.tf.json:9:11");
    for (const broken of [MAIN.slice(0, -6), "", "[]", "null", '{"resource": 1}', "[".repeat(100_000)]) {
      const nothing = await ask(broken);
      expect(nothing("azurerm_storage_account.logs")).toBeUndefined();
    }
  });

  it("is told as far as is certain where a key is there twice", async () => {
    const at = await ask('{"resource":{"a_b":{"one":{"x":1,"x":2},"two":{},"two":{}}}}');
    expect(at("a_b.one", "x")).toBe("main.tf.json:1:21");
    expect(at("a_b.two")).toBe("main.tf.json");
  });
});
