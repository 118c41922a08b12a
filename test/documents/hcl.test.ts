import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../src/model/value.ts";
import { ExampleError, hclToJson } from "./support/hcl.ts";
import type { Block } from "./support/markdown.ts";
import { described } from "./support/resources.ts";

function hcl(text: string): Block {
  return { info: ["hcl", "avoid", "after"], text, at: "x.md:10" };
}

describe("hclToJson", () => {
  it("keeps plain values plain", () => {
    const document = hclToJson(`
      resource "a_b" "c" {
        text    = "tab\\tquote\\" \\u00e9"   # a comment
        number  = -1.5
        yes     = true
        nothing = null
        list    = ["a", 2, [], ]
        object  = { plain = 1, "quoted key" : "x", nested = { deep = false } }
      }`);
    expect(document.resource).toEqual({
      a_b: {
        c: {
          text: 'tab\tquote" é',
          number: -1.5,
          yes: true,
          nothing: null,
          list: ["a", 2, []],
          object: { plain: 1, "quoted key": "x", nested: { deep: false } },
        },
      },
    });
  });

  it("keeps expressions as templates", () => {
    const document = hclToJson(`
      resource "a_b" "c" {
        id   = a_d.e["x"].id
        url  = "https://\${a_d.e.host}/\\"x\\""
        json = jsonencode({ a = 1 })
        list = [a_d.e.id]
      }`);
    expect(document.resource).toMatchObject({
      a_b: {
        c: {
          // biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates of Terraform's language
          id: '${a_d.e["x"].id}',
          url: 'https://${a_d.e.host}/"x"',
          json: "${jsonencode({ a = 1 })}",
          list: ["${a_d.e.id}"],
          // biome-ignore-end lint/suspicious/noTemplateCurlyInString: templates of Terraform's language
        },
      },
    });
  });

  it("makes a list of blocks, and takes the indentation off a heredoc", () => {
    const document = hclToJson(`
      resource "a_b" "c" {
        rule { port = 1 }
        rule {
          port = 2
        }
        script = <<-EOT
          first \\n
            second
        EOT
      }`);
    expect(document.resource).toEqual({
      a_b: { c: { rule: [{ port: 1 }, { port: 2 }], script: "first \\n\n  second\n" } },
    });
  });

  it.each([
    ['resource "a_b" "c" {\n  x = \n}', 2],
    ['resource "a_b" "c" {\n}\nresource "a_b" "c" {\n}', 3],
    ['resource "a_b" "c" {\n  dynamic "rule" {\n    for_each = []\n  }\n}', 2],
  ])("refuses %j at its line", (text, line) => {
    const error = caught(() => hclToJson(text));
    expect(error).toBeInstanceOf(ExampleError);
    expect((error as ExampleError).line).toBe(line);
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("described", () => {
  const storage = `
    resource "azurerm_storage_account" "packages" {
      name = "packages"
    }`;

  it("makes an edge of a reference, with its value where the example writes it", () => {
    const { resources, edges } = described(
      hcl(`${storage}
        resource "azurerm_linux_function_app" "intake" {
          storage_account_name = azurerm_storage_account.packages.name
          app_settings = {
            PACKAGE = "https://\${azurerm_storage_account.packages.name}.blob.core.windows.net/a.zip"
            OTHER   = azurerm_storage_account.packages.primary_blob_endpoint
          }
        }`),
    );
    expect(resources[1]?.value).toEqual({
      storage_account_name: "packages",
      app_settings: { PACKAGE: "https://packages.blob.core.windows.net/a.zip", OTHER: UNKNOWN },
    });
    expect(edges).toContainEqual({
      from: "azurerm_linux_function_app.intake",
      to: "azurerm_storage_account.packages",
      attribute: "primary_blob_endpoint",
    });
  });

  it("evaluates jsonencode over several lines, and repeats what is counted", () => {
    const { resources } = described(
      hcl(`
        resource "azurerm_virtual_machine_scale_set_extension" "agent" {
          count = 2
          settings = jsonencode({
            fileUris = ["https://packages.blob.core.windows.net/a.sh"]
            command  = "sh a.sh"
          })
        }`),
    );
    expect(resources.map(({ address }) => address)).toEqual([
      "azurerm_virtual_machine_scale_set_extension.agent[0]",
      "azurerm_virtual_machine_scale_set_extension.agent[1]",
    ]);
    expect(resources[0]?.value).toEqual({
      settings: '{"command":"sh a.sh","fileUris":["https://packages.blob.core.windows.net/a.sh"]}',
    });
  });

  it("takes the newest provider that the facets know, unless the example names another", () => {
    expect(described(hcl(storage)).resources[0]?.providerMajor).toBe(4);
    const older = 'terraform {\n required_providers {\n azurerm = { version = "~> 3.0" }\n }\n}';
    expect(described(hcl(`${older}\n${storage}`)).resources[0]?.providerMajor).toBe(3);
  });

  it("reads manifests, resources by address and ARM templates", () => {
    const yaml = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\n---\n";
    const manifests = described({
      info: ["yaml"],
      at: "x.md:1",
      text: `${yaml}apiVersion: v1\nkind: Service\nmetadata: { name: web }\n`,
    });
    expect(manifests.resources.map(({ address, type }) => [address, type])).toEqual([
      ["Deployment/shop/web", "apps/v1/Deployment"],
      ["Service/default/web", "v1/Service"],
    ]);
    const json = (value: unknown) => described({ info: ["json"], at: "x.md:1", text: JSON.stringify(value) });
    expect(json({ a: { type: "azure-native:cdn:Secret", x: 1 } }).resources).toEqual([
      { address: "a", type: "azure-native:cdn:Secret", value: { x: 1 } },
    ]);
    const account = { type: "Microsoft.Storage/storageAccounts", name: "a", properties: {} };
    expect(json({ resources: [account] }).resources).toEqual([
      { address: `${account.type}/a`, type: account.type, value: account },
    ]);
  });

  it.each([
    [hcl('\nresource "a_b" "c" {\n  x = \n}'), "x.md:13: this is not HCL"],
    [hcl("locals {\n  a = 1\n}"), "x.md:10: there is no resource here"],
    [{ info: ["json"], text: '{ "a": {} }', at: "x.md:4" }, "x.md:4: a has no type"],
    [{ info: ["yaml"], text: "kind: Deployment\n", at: "x.md:4" }, "x.md:4: a manifest needs"],
    [{ info: ["toml"], text: "", at: "x.md:4" }, 'x.md:4: there are no examples in "toml"'],
  ])("says where a mistake is", (block, message) => {
    expect(() => described(block)).toThrow(message);
  });
});
