import { describe, expect, it } from "vitest";
import { configurationEdges } from "../../../src/inputs/terraform-plan/configuration.ts";
import { planned, readPlan } from "./support.ts";

type Json = Record<string, unknown>;
const references = (...refs: string[]) => ({ references: refs });
const resource = (address: string, expressions: Json = {}, rest: Json = {}): Json => ({
  address,
  expressions,
  ...rest,
});
const root = (resources: Json[], module_calls: Json = {}): Json => ({
  root_module: { resources, module_calls },
});
const call = (expressions: Json, resources: Json[], outputs: Json = {}, module_calls: Json = {}): Json => ({
  expressions,
  module: {
    resources,
    outputs: Object.fromEntries(Object.entries(outputs).map(([k, v]) => [k, { expression: v }])),
    module_calls,
  },
});

/** Edges as `from → to`, with the property and a `=` where keys pair. */
function edges(configuration: unknown): string[] {
  return configurationEdges(configuration).map(
    (edge) =>
      `${edge.from} → ${edge.to}${edge.attribute ? `.${edge.attribute}` : ""}${edge.sameKey ? " =" : ""}`,
  );
}

describe("configurationEdges", () => {
  it.each<[string, unknown, string[]]>([
    ["a property", root([resource("x.a", { id: references("y.b.id", "y.b") })]), ["x.a → y.b.id"]],
    ["a whole resource", root([resource("x.a", { all: references("y.b") })]), ["x.a → y.b"]],
    [
      "a nested block",
      root([resource("x.a", { block: [{ inner: [{ id: references("y.b.id", "y.b") }] }] })]),
      ["x.a → y.b.id"],
    ],
    [
      "depends_on",
      root([resource("x.a", {}, { depends_on: ["y.b", "data.z.c"] })]),
      ["x.a → y.b", "x.a → data.z.c"],
    ],
    [
      "a data source",
      root([resource("x.a", { id: references("data.z.c.id", "data.z.c") })]),
      ["x.a → data.z.c.id"],
    ],
    [
      "a data source's own",
      root([resource("data.z.c", { n: references("y.b.name", "y.b") })]),
      ["data.z.c → y.b.name"],
    ],
    ["itself", root([resource("x.a", { id: references("x.a.id", "self.id") })]), []],
    [
      "nothing of this world",
      root([
        resource("x.a", {
          v: references("local.z", "path.module", "terraform.workspace", "each.key", "var.top"),
        }),
      ]),
      [],
    ],
    ["its like", root([resource("x.a", { id: references("y.b", "each.key") })]), ["x.a → y.b ="]],
    [
      "its like by each.value",
      root([resource("x.a", { id: references("y.b", "each.value.k", "each.value") })]),
      ["x.a → y.b ="],
    ],
    ["its like by count", root([resource("x.a", { id: references("y.b", "count.index") })]), ["x.a → y.b ="]],
    [
      "its like, and elsewhere all",
      root([resource("x.a", { id: references("y.b", "each.key"), all: references("y.b") })]),
      ["x.a → y.b =", "x.a → y.b"],
    ],
    [
      "what it is made for each of",
      root([resource("x.a", {}, { for_each_expression: references("y.b") })]),
      ["x.a → y.b ="],
    ],
    [
      "what it is counted by",
      root([resource("x.a", {}, { count_expression: references("y.b") })]),
      ["x.a → y.b"],
    ],
    [
      "an instance by number",
      root([resource("x.a", { id: references("y.b[0].id", "y.b[0]", "y.b") })]),
      ["x.a → y.b[0].id"],
    ],
    [
      "an instance by name",
      root([resource("x.a", { id: references('y.b["k.1"].id', 'y.b["k.1"]', "y.b") })]),
      ['x.a → y.b["k.1"].id'],
    ],
    [
      "an element of a property",
      root([resource("x.a", { id: references("y.b.list[0].id", "y.b.list[0]", "y.b.list", "y.b") })]),
      ["x.a → y.b.list"],
    ],
    [
      "resources of which one name starts with the other's",
      root([resource("x.a", { id: references("y.b", "y.b2.id", "y.b2") })]),
      ["x.a → y.b", "x.a → y.b2.id"],
    ],
    [
      "through a variable",
      root([resource("y.b")], {
        m: call({ v: references("y.b.id", "y.b") }, [resource("x.a", { id: references("var.v") })]),
      }),
      ["module.m.x.a → y.b.id"],
    ],
    [
      "through a variable, its like",
      root([], {
        m: call({ v: references("y.b", "each.key") }, [resource("x.a", { id: references("var.v") })]),
      }),
      ["module.m.x.a → y.b ="],
    ],
    [
      "through an output",
      root([resource("x.a", { id: references("module.m.out", "module.m") })], {
        m: call({}, [resource("y.b")], { out: references("y.b.id", "y.b") }),
      }),
      ["x.a → module.m.y.b.id"],
    ],
    [
      "through an output of one module instance",
      root([resource("x.a", { id: references('module.m["k"].out', 'module.m["k"]', "module.m") })], {
        m: call({}, [], { out: references("y.b") }),
      }),
      ['x.a → module.m["k"].y.b'],
    ],
    [
      "through the module as a whole, its like",
      root([resource("x.a", { id: references("module.m", "each.key") })], {
        m: call({}, [], { one: references("y.b"), two: references("y.c.id", "y.c") }),
      }),
      ["x.a → module.m.y.b =", "x.a → module.m.y.c.id ="],
    ],
    [
      "through nested modules, in and out again",
      root([], {
        out: call(
          {},
          [],
          { id: references("module.deep.id", "module.deep") },
          { deep: call({}, [resource("y.b")], { id: references("y.b.id", "y.b") }) },
        ),
        in: call(
          { v: references("module.out.id", "module.out") },
          [],
          {},
          { deep: call({ w: references("var.v") }, [resource("x.a", { id: references("var.w") })]) },
        ),
      }),
      ["module.in.module.deep.x.a → module.out.module.deep.y.b.id"],
    ],
    [
      "a circle ends",
      root([resource("x.a", { id: references("module.m.out", "module.m") })], {
        m: call({ v: references("module.m.out", "module.m") }, [], { out: references("var.v", "y.b") }),
      }),
      ["x.a → module.m.y.b"],
    ],
    [
      "what is not there",
      root([
        resource("x.a", {
          id: references("module.none.out", "module.none", "var.none", "", ".", "y", "data.z"),
        }),
      ]),
      [],
    ],
    [
      "names of this language",
      root([
        resource("x.a", { id: references("module.constructor.x", "module.__proto__.y", "var.constructor") }),
      ]),
      [],
    ],
  ])("%s", (_, configuration, expected) => expect(edges(configuration)).toEqual(expected));

  it.each([
    null,
    1,
    "x",
    [],
    { root_module: [] },
    { root_module: { resources: [null, 1, { address: 1 }], module_calls: { m: null } } },
  ])("%j has none", (configuration) => expect(edges(configuration)).toEqual([]));

  it("does not take long over many references or strange ones", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => [`y.b${i}.id`, `y.b${i}`]).flat();
    expect(edges(root([resource("x.a", { ids: references(...many) })]))).toHaveLength(20_000);
    for (const strange of ["[".repeat(200_000), '["'.repeat(100_000), `y.b["${"\\".repeat(200_000)}`]) {
      expect(edges(root([resource("x.a", { ids: references(strange) })])).length).toBeLessThan(2);
    }
  }, 5000);
});

describe("the versions of providers", () => {
  it("reaches the resources of the provider, wherever in the plan the configuration stands", () => {
    const full = "registry.terraform.io/hashicorp/azurerm";
    const configuration = {
      provider_config: {
        azurerm: { name: "azurerm", full_name: full, version_constraint: "~> 4.1" },
        "azurerm.eu": { name: "azurerm", full_name: full, alias: "eu" },
      },
    };
    const resource_changes = [
      planned({ actions: ["create"], after: {} }, { provider_name: full }),
      planned({ actions: ["create"] }, { provider_name: "registry.terraform.io/hashicorp/aws" }),
    ];
    for (const plan of [
      { resource_changes, configuration },
      { configuration, resource_changes },
    ]) {
      expect(readPlan(plan).changes.map((one) => one.provider)).toEqual([
        { name: "azurerm", major: 4 },
        { name: "aws" },
      ]);
    }
  });
});
