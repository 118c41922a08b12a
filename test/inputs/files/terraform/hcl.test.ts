// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pending } from "../../../../src/model/pending.ts";
import { Computed, isList, Secret, type Value } from "../../../../src/model/value.ts";
import { deployment, valuesOf } from "./support.ts";

/** The value that an attribute with this expression has. */
async function evaluated(expression: string, around = ""): Promise<Value | undefined> {
  const values = await valuesOf(`${around}\nresource "a_b" "c" {\n  v = ${expression}\n}\n`, "a_b.c");
  return values.v;
}

describe("HCL expressions", () => {
  it.each<[string, Value]>([
    ['"plain"', "plain"],
    ['""', ""],
    ["12", 12],
    ["-3.5", -3.5],
    ["true", true],
    ["null", null],
    ['"a\\n\\"b\\"\\\\\\t\\u00e9\\U0001F600"', 'a\n"b"\\\té😀'],
    ['"$${x} %%{y}"', "${x} %{y}"],
    ['["a", 1, ["b"]]', ["a", 1, ["b"]]],
    ["(1 + 2) * 3", 9],
    ['1 > 2 ? "x" : "y"', "y"],
    ['"a-${1 + 1}-${"b"}"', "a-2-b"],
    ['"  ${~ "x" ~}  y"', "xy"],
    ['upper("x")', "X"],
    ['[for s in ["a"] : upper(s)]', ["A"]],
    ["[1, # one's\n 2, /* { */ 3]", [1, 2, 3]],
    ["1 + /* } */ 2", 3],
    ["<<EOT\n  a \\n ${1 + 1}\nEOT\n", "  a \\n 2\n"],
    ["<<-EOT\n    a\n\n      b\n  EOT\n", "a\n\n  b\n"],
    ["upper(<<EOT\na\nEOT\n)", "A\n"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
  ])("%s", async (expression, value) => {
    expect(await evaluated(expression)).toEqual(value);
  });

  it("objects have words, texts and numbers as keys", async () => {
    expect(await evaluated('{ a = 1, "b c" : 2\n 3 = { d = "e" } }')).toEqual({
      a: 1,
      "b c": 2,
      3: { d: "e" },
    });
  });

  it("a key in parentheses is worked out", async () => {
    expect(await evaluated("{ (local.k) = 1 }", 'locals {\n  k = "x"\n}')).toEqual({ x: 1 });
  });

  it("`__proto__` is a key like any other", async () => {
    const value = (await evaluated('{ __proto__ = { polluted = "yes" } }')) as { polluted?: Value };
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(value.polluted).toBeUndefined();
  });

  it.each([
    ['"%{ if true }a%{ endif }"', "%{ if true }a%{ endif }"],
    ["a_b.other[*].id", "a_b.other[*].id"],
    ["cidrsubnet(var.x,\n  8, 1)", "cidrsubnet(var.x, 8, 1)"],
    ["[for s in var.x : s if s != null]", "[for s in var.x : s if s != null]"],
    ["terraform.workspace", "terraform.workspace"],
  ])("%s cannot be worked out", async (expression, text) => {
    expect(await evaluated(expression)).toEqual(new Computed(text));
  });

  it("is computed in part where the rest is written out", async () => {
    expect(await evaluated('["a", var.x, { b = "${var.y}!" }]')).toEqual([
      "a",
      new Computed("var.x"),
      { b: new Computed("${var.y}!") },
    ]);
  });

  it("tells what the names in a computed expression stand for", async () => {
    const around = (local: string) => `locals {\n  base = ${local}\n}`;
    const one = await evaluated("cidrsubnet(local.base, 8, 1)", around('"10.0.0.0/16"'));
    expect(one).toEqual(new Computed('cidrsubnet(local.base, 8, 1); local.base = "10.0.0.0/16"'));
    const other = await evaluated("cidrsubnet(local.base, 8, 1)", around('"10.1.0.0/16"'));
    expect(other).not.toEqual(one);
  });

  it("a part of something computed is computed by its path", async () => {
    expect(await evaluated("var.x.a[0].b")).toEqual(new Computed("var.x.a.0.b"));
  });

  it("hides credentials, those in expressions too", async () => {
    const around = 'locals {\n  secret = "hunter2"\n  password = sensitive(local.secret)\n}';
    const values = await valuesOf(
      `${around}\nresource "a_b" "c" {\n  password = "hunter2"\n  admin_password = reverse("hunter2")\n}`,
      "a_b.c",
    );
    expect(values.password).toBeInstanceOf(Secret);
    expect(values.admin_password).toBeInstanceOf(Secret);
    expect(JSON.stringify(values)).not.toContain("hunter2");
  });

  it("an attribute of another resource stays one", async () => {
    const value = await evaluated("a_b.other.id", 'resource "a_b" "other" {}');
    expect(value).toBeInstanceOf(Pending);
    expect((value as Pending).attribute).toEqual({ type: "a_b", name: "id" });
  });

  it("any text that is written in quotes is read as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const written = JSON.stringify(text)
          .replace(/[$%](?=\{)/g, "$&$&")
          .replace(/\\[bf]/g, "?");
        const expected = text.replace(/[\b\f]/g, "?");
        fc.pre(!/[$%]{2}\{/.test(text));
        expect(await evaluated(written)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe("HCL blocks", () => {
  it("are objects, or lists where there are several", async () => {
    const values = await valuesOf(
      'resource "a_b" "c" {\n  one { x = 1 }\n  two { x = 1 }\n  two { x = 2 }\n  nested {\n    inner {}\n  }\n}',
      "a_b.c",
    );
    expect(values).toEqual({ one: { x: 1 }, two: [{ x: 1 }, { x: 2 }], nested: { inner: {} } });
  });

  it("`dynamic` is written out where it is known, and computed where it is not", async () => {
    const dynamic = (over: string) =>
      `resource "a_b" "c" {\n  dynamic "rule" {\n    for_each = ${over}\n    iterator = it\n    content {\n      name = it.value\n    }\n  }\n}`;
    expect(await valuesOf(dynamic('["x", "y"]'), "a_b.c")).toEqual({ rule: [{ name: "x" }, { name: "y" }] });
    const { rule } = await valuesOf(dynamic("var.rules"), "a_b.c");
    expect(rule).toBeInstanceOf(Computed);
    expect((rule as Computed).text).toContain("var.rules");
  });

  it("what is Terraform's own is no property", async () => {
    const values = await valuesOf(
      'resource "a_b" "c" {\n  name = "n"\n  provider = a.west\n  depends_on = [a_b.d]\n  count = 1\n  lifecycle { prevent_destroy = true }\n  connection {}\n  provisioner "local-exec" { command = "x" }\n}',
      "a_b.c[0]",
    );
    expect(values).toEqual({ name: "n" });
  });

  it("`count` and `for_each` make instances, and one that stands for all where they are not known", async () => {
    const { changes, directives } = await deployment(`
resource "a_b" "counted" {
  count = 2
  name  = "n\${count.index}"
}
resource "a_b" "keyed" {
  for_each = { x = 1, y = 2 }
  name     = "\${each.key}\${each.value}"
}
resource "a_b" "open" {
  for_each = var.many
  name     = each.value.name
}
`);
    const names = changes.map(({ address, after }) => [address, (after as { name: Value }).name]);
    expect(names).toEqual([
      ["a_b.counted[0]", "n0"],
      ["a_b.counted[1]", "n1"],
      ['a_b.keyed["x"]', "x1"],
      ['a_b.keyed["y"]', "y2"],
      ["a_b.open", new Computed("each.value.name")],
    ]);
    expect(directives?.openInstances).toEqual(["a_b.open"]);
  });

  it("directives say what the configuration says beside the properties", async () => {
    const { directives, changes } = await deployment(`
resource "a_b" "c" {
  lifecycle { ignore_changes = [tags, rules[0].x, tags["y"]] }
}
resource "a_b" "d" {
  lifecycle { ignore_changes = all }
}
moved {
  from = a_b.old
  to   = a_b.c
}
removed {
  from = a_b.gone
  lifecycle { destroy = false }
}
import {
  to = a_b.d
  id = "x"
}
`);
    expect(directives).toMatchObject({
      moved: [{ from: "a_b.old", to: "a_b.c" }],
      forgotten: ["a_b.gone"],
      ignored: new Map<string, unknown>([
        ["a_b.c", ["tags", "rules[0].x", 'tags["y"]']],
        ["a_b.d", "all"],
      ]),
    });
    expect(changes.map(({ action }) => action)).toEqual(["create", "import"]);
  });

  it("references are edges, through locals and in `depends_on`", async () => {
    const { edges } = await deployment(`
locals { id = a_b.one.id }
resource "a_b" "one" {}
resource "a_b" "two" {
  x          = local.id
  depends_on = [a_b.three]
}
resource "a_b" "three" {
  y = "\${lower(data.a_b.four.host)}!"
}
data "a_b" "four" {}
`);
    expect(edges).toEqual([
      { from: "a_b.two", to: "a_b.three" },
      { from: "a_b.two", to: "a_b.one", attribute: "id" },
      { from: "a_b.three", to: "data.a_b.four", attribute: "host" },
    ]);
  });

  it("a resource and its properties are found where they are written, columns in UTF-16 units", async () => {
    const text =
      '/* 😀 */ resource "a_b" "c" {\n  tags = { "é😀" = 1, x = 2 }\n  rule {\n    y = 1\n  }\n}\n';
    const { changes, locate } = await deployment({ "dir/main.tf": text });
    const [change] = changes;
    if (change === undefined) throw new Error("no change");
    expect(change.source).toEqual({ file: "dir/main.tf", line: 1, column: 10 });
    const place = (property: string) => {
      const found = locate?.(change, property);
      return `${found?.line}:${found?.column}`;
    };
    expect(place("tags.x")).toBe("2:23");
    expect(place("rule[0].y")).toBe("4:5");
    expect(place("nowhere")).toBe("1:10");
  });
});

describe("broken HCL", () => {
  it("is a problem with its place, and the other blocks are read", async () => {
    const { changes, problems } = await deployment(
      'resource "a_b" "one" {\n  x = 1\n}\nresource "a_b" "two" {\n  x = = 2\n}\nresource "a_b" "three" {\n  x = 3\n}\n',
    );
    expect(problems).toEqual([
      {
        message: "main.tf is no valid HCL at line 5, column 7, so what stands there is not judged.",
        source: { file: "main.tf", line: 5, column: 7 },
        severity: "error",
      },
    ]);
    const known = new Map(changes.map(({ address, after }) => [address, after]));
    expect(known.get("a_b.one")).toEqual({ x: 1 });
    expect(known.get("a_b.three")).toEqual({ x: 3 });
  });

  it("a brace that is missing takes nothing else with it", async () => {
    const { changes, problems } = await deployment(
      'resource "a_b" "one" {\n  x = 1\n\nresource "a_b" "two" {\n  x = 2\n}\n',
    );
    expect(problems).toHaveLength(1);
    expect(changes.map(({ address }) => address)).toEqual(["a_b.one", "a_b.two"]);
  });

  it("never fails, whatever the text", async () => {
    const word = fc.constantFrom(
      ...'resource "a" "b" { } [ ] ( ) = ${ %{ <<EOT \n EOT # /* . * , x 1 ? :'.split(" "),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 40 }), async (words) => {
        const { problems } = await deployment({ "main.tf": words.join(" "), "x.tf": "locals {}\n" });
        for (const { message, source } of problems) {
          expect(message).toMatch(/^main\.tf .*\.$/);
          expect(source).toMatchObject({ file: "main.tf" });
        }
      }),
      { numRuns: 150 },
    );
  });

  it("nesting without end is bounded", async () => {
    for (const text of [
      `locals {\n  x = ${"[".repeat(20_000)}${"]".repeat(20_000)}\n}`,
      `locals {\n  x = ${"(".repeat(20_000)}1${")".repeat(20_000)}\n}`,
      `${"a {\n".repeat(5_000)}${"}\n".repeat(5_000)}`,
      `locals {\n  x = "${'${"'.repeat(2_000)}${'"}'.repeat(2_000)}"\n}`,
    ]) {
      const [one] = (await deployment({ "main.tf": text, "b.tf": 'resource "a_b" "c" { v = local.x }' }))
        .changes;
      expect(one?.address).toBe("a_b.c");
    }
  });

  it("values that double without end are bounded", async () => {
    const doubled = Array.from(
      { length: 60 },
      (_, i) => `l${i + 1} = [local.l${i}, f(local.l${i}), local.l${i}]`,
    );
    const value = await evaluated("local.l60", `locals {\n  l0 = var.x\n${doubled.join("\n")}\n}`);
    const left = [value];
    let count = 0;
    for (let one = left.pop(); one !== undefined && count < 1_000_000; one = left.pop(), count++)
      if (isList(one)) left.push(...one);
    expect(count).toBeLessThan(400_000);
  });
});
