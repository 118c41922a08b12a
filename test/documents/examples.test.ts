import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Policy } from "../../src/engine/policy.ts";
import { definePolicy } from "../../src/policy.ts";
import { settingsOf } from "./support/config.ts";
import { examplesOf, sceneOf } from "./support/examples.ts";
import { parseDocument } from "./support/markdown.ts";
import { optionsOf, tells, toldOptions } from "./support/options.ts";

function block(info: string, text = "{}"): string {
  return `\`\`\`${info}\n${text}\n\`\`\`\n`;
}

function examples(...blocks: readonly string[]) {
  return examplesOf(parseDocument("x.md", blocks.join("\n")));
}

describe("parseDocument", () => {
  it("takes title, sections, blocks and exceptions apart", () => {
    const document = parseDocument(
      "x.md",
      "# A title\n\n**Hazard** One\nline more.\n\n**Options** None.\n\n<!-- also fires: a/b -->\n```hcl\n# not a title\n```\n",
    );
    expect(document.title).toBe("A title");
    expect([...document.sections]).toEqual([
      ["Hazard", "One\nline more."],
      ["Options", "None."],
    ]);
    expect(document.alsoFires).toEqual(["a/b"]);
    expect(document.blocks).toEqual([{ info: ["hcl"], text: "# not a title\n", at: "x.md:9" }]);
  });

  it("refuses a section that is there twice and a block without end", () => {
    expect(() => parseDocument("x.md", "**Hazard** a\n**Hazard** b\n")).toThrow("x.md:2: **Hazard**");
    expect(() => parseDocument("x.md", "```hcl\n")).toThrow("x.md:1: this block is not closed");
  });
});

describe("examplesOf", () => {
  const shape = (...blocks: readonly string[]) =>
    examples(...blocks).map(({ kind, before, after }) => [kind, before?.info[0], after?.info[0]]);

  it("pairs a before with the after behind it, of the same language and kind", () => {
    expect(shape(block("hcl avoid before"), block("hcl avoid after"), block("json avoid after"))).toEqual([
      ["avoid", "hcl", "hcl"],
      ["avoid", undefined, "json"],
    ]);
    expect(shape(block("hcl avoid before"), block("hcl prefer after"))).toEqual([
      ["avoid", "hcl", undefined],
      ["prefer", undefined, "hcl"],
    ]);
    expect(shape(block("hcl avoid before"), block("hcl"), block("hcl avoid after"))).toHaveLength(1);
  });

  it("gives the configuration to all examples behind it", () => {
    const [first, second] = examples(
      block("json avoid after"),
      block("yaml config", "version: 1\nshared: [{ tags: { a: b } }]"),
      block("json avoid after"),
    );
    expect(settingsOf(first?.config).shared).toEqual([]);
    expect(settingsOf(second?.config).shared).toEqual([{ tags: { a: "b" } }]);
  });

  it("refuses a configuration that firebreak.yaml would not take", () => {
    const [example] = examples(block("yaml config", "version: 1\nshard: []"), block("json avoid after"));
    expect(() => settingsOf(example?.config)).toThrow('x.md:1: unknown key "shard"');
  });

  it.each(["hcl avoid", "toml avoid after", "hcl refuse after", "hcl avoid after please"])(
    "refuses %j",
    (info) => {
      expect(() => examples(block(info))).toThrow(`x.md:1: "${info}" says no kind of example`);
    },
  );
});

describe("sceneOf", () => {
  it("keeps what is equal before and after, and deletes what is not there any more", () => {
    const resource = (name: string, tls: string) =>
      `resource "azurerm_storage_account" "${name}" {\n  min_tls_version = ${tls}\n}`;
    const [example] = examples(
      block(
        "hcl avoid before",
        [resource("same", "var.x"), resource("other", '"1"'), resource("gone", '"1"')].join("\n"),
      ),
      block(
        "hcl avoid after",
        [resource("same", "var.x"), resource("other", '"2"'), resource("new", '"1"')].join("\n"),
      ),
    );
    if (example === undefined) throw new Error("there is no example");
    const states = sceneOf(example).changes.map(({ address, before, after }) => [address, !!before, !!after]);
    expect(states).toEqual([
      ["azurerm_storage_account.same", true, true],
      ["azurerm_storage_account.other", true, true],
      ["azurerm_storage_account.new", false, true],
      ["azurerm_storage_account.gone", true, false],
    ]);
  });
});

describe("options", () => {
  const policy: Policy = definePolicy({
    id: "a/b",
    title: "A title",
    hazard: "Something breaks.",
    severity: "low",
    kind: "state",
    options: z.strictObject({
      limit: z.number().default(0.1),
      strict: z.boolean().default(true),
      mode: z.enum(["a", "b"]).default("a"),
    }),
    checkDeployment() {},
  });

  it("come from the policy's schema", () => {
    expect(optionsOf(policy)).toEqual([
      { name: "limit", standard: "0.1" },
      { name: "strict", standard: "true" },
      { name: "mode", standard: "a" },
    ]);
  });

  it("must be told with the default that they have", () => {
    const limit = { name: "limit", standard: "0.1" };
    for (const text of [
      "`limit` (default `0.1`): x",
      "`limit` (0.1) is",
      "| `limit` | `0.1` | x |",
      "`limit` (default 0.1).",
    ])
      expect(tells(text, limit), text).toBe(true);
    for (const text of [
      "`limit` (default `0.15`)",
      "`limits` (default `0.1`)",
      "`limit` x",
      "limit (default 0.1)",
    ])
      expect(tells(text, limit), text).toBe(false);
    expect(toldOptions("| `limit` | `1` | `x` (default 2)")).toEqual(["limit", "x"]);
  });
});
