import { describe, expect, it } from "vitest";
import { declaredEdges } from "../../src/graph/declared.ts";
import { Collector } from "../../src/graph/edges.ts";
import { Graph } from "../../src/graph/graph.ts";
import { withoutKeys } from "../../src/model/address.ts";
import type { Deployment, Edge } from "../../src/model/deployment.ts";
import { deploymentOf, reachOf, resource } from "./support.ts";

const instances = (address: string, keys: readonly string[]) =>
  keys.map((key) => resource(`${address}["${key}"]`));
const addressesReached = (address: string, deployment: Deployment) =>
  Object.keys(reachOf(address, deployment)).sort();

describe("an address without keys stands for all its instances", () => {
  const keys = ["eu", "us"];
  const estate = [
    ...instances("some_net.n", keys),
    ...instances("some_app.a", keys),
    resource("some_app.single"),
  ];

  it.each<[string, Partial<Edge>, string, string[]]>([
    ["every one depends on every one", {}, 'some_net.n["eu"]', ['some_app.a["eu"]', 'some_app.a["us"]']],
    ["where they share a key, each on its like", { sameKey: true }, 'some_net.n["eu"]', ['some_app.a["eu"]']],
    [
      "one that has no like depends on all",
      { from: "some_app.single", sameKey: true },
      'some_net.n["eu"]',
      ["some_app.single"],
    ],
    ["a key that is written out picks one", { to: 'some_net.n["us"]' }, 'some_net.n["eu"]', []],
    [
      "and that one is reached",
      { to: 'some_net.n["us"]' },
      'some_net.n["us"]',
      ['some_app.a["eu"]', 'some_app.a["us"]'],
    ],
  ])("%s", (_, edge, of, expected) => {
    const edges = [{ from: "some_app.a", to: "some_net.n", ...edge }];
    expect(addressesReached(of, deploymentOf(estate, edges))).toEqual(expected);
  });
});

describe("module instances", () => {
  const inModules = (rest: string) => ["eu", "us"].map((key) => resource(`module.m["${key}"].${rest}`));

  it("do not leak into each other", () => {
    const estate = deploymentOf(
      [...inModules("some_net.n"), ...inModules("some_app.a")],
      [["module.m.some_app.a", "module.m.some_net.n"]],
    );
    expect(addressesReached('module.m["eu"].some_net.n', estate)).toEqual(['module.m["eu"].some_app.a']);
  });

  it("do not leak where modules are nested and resources have keys of their own", () => {
    const paths = ["a", "b"].flatMap((outer) =>
      ["x", "y"].map((inner) => `module.o["${outer}"].module.i["${inner}"]`),
    );
    const estate = deploymentOf(
      paths.flatMap((path) => [
        ...instances(`${path}.some_net.n`, ["1"]),
        ...instances(`${path}.some_app.a`, ["1", "2"]),
      ]),
      [["module.o.module.i.some_app.a", "module.o.module.i.some_net.n"]],
    );
    expect(addressesReached('module.o["b"].module.i["x"].some_net.n["1"]', estate)).toEqual([
      'module.o["b"].module.i["x"].some_app.a["1"]',
      'module.o["b"].module.i["x"].some_app.a["2"]',
    ]);
  });

  it.each([
    [
      "a resource outside with the module's key",
      inModules("some_app.a"),
      instances("some_net.n", ["eu", "us"]),
      'some_net.n["eu"]',
      'module.m["eu"].some_app.a',
    ],
    [
      "the other way round",
      instances("some_app.a", ["eu", "us"]),
      inModules("some_net.n"),
      'module.m["us"].some_net.n',
      'some_app.a["us"]',
    ],
  ])("pair by key with %s", (_, from, to, of, expected) => {
    const edge = {
      from: withoutKeys(from[0]?.address ?? ""),
      to: withoutKeys(to[0]?.address ?? ""),
      sameKey: true,
    };
    expect(addressesReached(of, deploymentOf([...from, ...to], [edge]))).toEqual([expected]);
  });

  it("a key written out in a reference picks that module instance", () => {
    const estate = deploymentOf(
      [...inModules("some_net.n"), resource("some_app.a")],
      [["some_app.a", 'module.m["eu"].some_net.n']],
    );
    expect(addressesReached('module.m["eu"].some_net.n', estate)).toEqual(["some_app.a"]);
    expect(addressesReached('module.m["us"].some_net.n', estate)).toEqual([]);
  });
});

describe("what a dependency uses", () => {
  it.each([
    ["primary_blob_endpoint", "endpoint"],
    ["default_hostname", "endpoint"],
    ["vault_uri", "endpoint"],
    ["primary_connection_string", "credential"],
    ["primary_access_key", "credential"],
    ["id", "id"],
    ["arn", "id"],
    ["name", "name"],
    ["security_group_ids", "reference"],
    [undefined, "reference"],
  ])("is told by the property: %s", (attribute, via) => {
    const to = instances("some_store.s", ["a", "b"]);
    const edge = { from: "some_app.a", to: "some_store.s", ...(attribute !== undefined && { attribute }) };
    const estate = deploymentOf([...to, resource("some_app.a")], [edge]);
    // Through a joint of several instances, and directly.
    expect(reachOf('some_store.s["b"]', estate)).toEqual({ "some_app.a": via });
    expect(
      reachOf('some_store.s["b"]', deploymentOf(estate.changes, [{ ...edge, to: 'some_store.s["b"]' }])),
    ).toEqual({ "some_app.a": via });
    const app = estate.changes.at(-1);
    if (app === undefined) throw new Error("no app");
    expect(new Graph([estate]).dependenciesOf(app).dependents.map((one) => one.via)).toEqual([via, via]);
  });
});

describe("dependencies on other deployments", () => {
  const net = deploymentOf(instances("some_net.n", ["a", "b"]), [], "net");
  const app = {
    ...deploymentOf([resource("some_app.a")], [], "app"),
    crossEdges: [{ from: "some_app.a", deployment: "net", to: "some_net.n" }],
  };

  it("reach all instances, in whatever order they are read", () => {
    for (const all of [
      [net, app],
      [app, net],
    ])
      expect(reachOf('some_net.n["b"]', all)).toEqual({ "some_app.a": "reference" });
  });

  it("lead nowhere when the other was not read", () => {
    expect(reachOf("some_app.a", [app])).toEqual({});
  });
});

it("the number of edges grows with the number of resources, not with its square", () => {
  const edgesFor = (n: number): number => {
    const keys = Array.from({ length: n }, (_, i) => `k${i}`);
    const modules = keys.flatMap((key) => [
      resource(`module.m["${key}"].some_net.n`),
      resource(`module.m["${key}"].some_app.a`),
    ]);
    const estate = deploymentOf(
      [
        ...instances("some_net.n", keys),
        ...instances("some_app.a", keys),
        ...instances("some_job.j", keys),
        ...modules,
      ],
      [
        { from: "some_app.a", to: "some_net.n" },
        { from: "some_job.j", to: "some_net.n", sameKey: true },
        { from: "some_job.j", to: "some_app.a", attribute: "id" },
        { from: "module.m.some_app.a", to: "module.m.some_net.n" },
        { from: "module.m.some_app.a", to: "some_net.n" },
      ],
    );
    let count = 0;
    class Counting extends Collector {
      override add(from: number, to: number, via: Parameters<Collector["add"]>[2], hidden: boolean): void {
        count++;
        super.add(from, to, via, hidden);
      }
    }
    declaredEdges([estate], new Counting(estate.changes.length));
    return count;
  };
  expect(edgesFor(400) / edgesFor(200)).toBeCloseTo(2, 1);
});

it.each([
  ["a.b", "a.b"],
  ['module.a["x"].b.c[0]', "module.a.b.c"],
  ['b.c["x].y[\\"z\\"]"]', "b.c"],
  ["b.c[*]", "b.c[*]"],
])("withoutKeys(%j)", (address, expected) => expect(withoutKeys(address)).toBe(expected));
