import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Graph } from "../../src/graph/graph.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import type { Value } from "../../src/model/value.ts";
import { deploymentOf, reachOf, resource } from "./support.ts";

const vm = (name: string, properties = {}, rest: Partial<Change> = {}) =>
  resource(`some_vm.${name}`, properties, rest);

describe("reach", () => {
  it("is transitive, nearest first, and ends in circles", () => {
    const estate = deploymentOf(
      [vm("a"), vm("b"), vm("c"), vm("d")],
      [
        ["some_vm.b", "some_vm.a"],
        ["some_vm.c", "some_vm.b"],
        ["some_vm.a", "some_vm.c"],
        ["some_vm.d", "some_vm.d"],
      ],
    );
    expect(reachOf("some_vm.a", estate)).toEqual({ "some_vm.b": "reference", "some_vm.c": "reference 2" });
    expect(reachOf("some_vm.d", estate)).toEqual({});
  });

  it("leaves out who goes away, and who depends only through them", () => {
    const estate = deploymentOf(
      [vm("a"), vm("gone", {}, { action: "delete" }), vm("behind"), vm("left", {}, { action: "forget" })],
      [
        ["some_vm.gone", "some_vm.a"],
        ["some_vm.behind", "some_vm.gone"],
        ["some_vm.left", "some_vm.a"],
      ],
    );
    expect(reachOf("some_vm.a", estate)).toEqual({ "some_vm.left": "reference" });
  });

  it("of a group is empty unless it goes away, and does not pass through one", () => {
    const group = (action: Change["action"]) =>
      resource("azurerm_resource_group.rg", { managed_by: "//x/a-cluster" }, { action });
    const estate = (action: Change["action"]) =>
      deploymentOf(
        [resource("some_cluster.a", { id: "x/a-cluster" }), group(action), vm("inside")],
        [["some_vm.inside", "azurerm_resource_group.rg"]],
      );
    expect(reachOf("azurerm_resource_group.rg", estate("update"))).toEqual({});
    expect(reachOf("azurerm_resource_group.rg", estate("delete"))).toEqual({ "some_vm.inside": "reference" });
    expect(reachOf("azurerm_resource_group.rg", estate("replace"))).toEqual({
      "some_vm.inside": "reference",
    });
    expect(reachOf("some_cluster.a", estate("update"))).toEqual({ "azurerm_resource_group.rg": "*id" });
  });

  it("names the deployments that come after and of which nothing tells what they use", () => {
    const named = (name: string, dependsOn: readonly string[], ...changes: Change[]): Deployment => ({
      ...deploymentOf(changes, []),
      name,
      dependsOn,
    });
    const platform = vm("platform", { id: "/teams/platform/vm" });
    const estate = [
      named("platform", [], platform),
      named("fleet", ["platform"], vm("fleet", { parent: "/teams/platform/vm" })),
      named("shop", ["platform"], vm("shop")),
      named("reports", ["shop", "fleet"], vm("reports")),
      named("elsewhere", ["gone"], vm("elsewhere")),
      // Circles end.
      named("one", ["other"], vm("one")),
      named("other", ["one"], vm("other")),
    ];
    const reach = new Graph(estate).reachOf(platform);
    expect(reach.addresses).toEqual(["some_vm.fleet"]);
    expect(reach.deployments).toEqual(["fleet"]);
    expect(reach.summary()).toMatchObject({ resources: 1, waiting: ["reports", "shop"] });
    const [other] = estate[6]?.changes ?? [];
    expect(new Graph(estate).reachOf(other as Change).summary()).toMatchObject({
      resources: 0,
      waiting: ["one"],
    });
  });

  describe("of who depends on it by declaration and by text", () => {
    const store = resource("azurerm_storage_account.s", { name: "sharedstore" });
    const url = { url: "https://sharedstore.blob.core.windows.net/x" };

    it.each([
      ["directly", deploymentOf([store, vm("a", url)], [["some_vm.a", store.address]])],
      [
        "through a joint of instances",
        deploymentOf(
          [
            resource('azurerm_storage_account.t["1"]', { name: "sharedstore" }),
            resource('azurerm_storage_account.t["2"]'),
            vm("a", url),
          ],
          [["some_vm.a", "azurerm_storage_account.t"]],
        ),
      ],
    ])("counts as declared, and tells the more: %s", (_, estate) => {
      expect(reachOf(estate.changes[0]?.address ?? "", estate)).toEqual({ "some_vm.a": "endpoint" });
    });

    it("counts as declared when declarations lead there by another way", () => {
      const estate = deploymentOf(
        [store, vm("m"), vm("a", url)],
        [
          ["some_vm.m", store.address],
          ["some_vm.a", "some_vm.m"],
        ],
      );
      expect(reachOf(store.address, estate)).toEqual({ "some_vm.m": "reference", "some_vm.a": "endpoint" });
    });

    it("counts as hidden behind a hidden one", () => {
      const estate = deploymentOf([store, vm("m", url), vm("a")], [["some_vm.a", "some_vm.m"]]);
      expect(reachOf(store.address, estate)).toEqual({
        "some_vm.m": "*endpoint",
        "some_vm.a": "*endpoint 2",
      });
    });
  });

  it("spans deployments, also those of one name and with the same addresses", () => {
    const store = resource("azurerm_storage_account.s", { name: "sharedstore" });
    const user = () => vm("a", { url: "https://sharedstore.blob.core.windows.net", location: "West Europe" });
    const graph = new Graph([
      deploymentOf([store], [], "base"),
      deploymentOf([user()], [], "prod"),
      deploymentOf([user()], [], "prod"),
    ]);
    const reach = graph.reachOf(store);
    expect(reach.summary()).toMatchObject({
      resources: 2,
      hidden: 2,
      regions: ["westeurope"],
      deployments: ["prod"],
    });
    expect(reach.describe()).toBe("2 resources in westeurope");
    expect(reach.readers({ anonymous: true }).size).toBe(2);
  });

  it("of what is not in the graph is empty", () => {
    expect(new Graph([]).reachOf(vm("x")).isEmpty).toBe(true);
    expect(new Graph([]).regionOf(vm("x"))).toBeUndefined();
  });
});

describe("regionOf", () => {
  it.each<[{ readonly [key: string]: Value }, string | undefined]>([
    [{ location: "East US" }, "eastus"],
    [{ location: "global" }, undefined],
    [{ zone: "1", location: "westeurope" }, "westeurope"],
    [{ zone: "1" }, undefined],
    [{ zone: "europe-west1-b" }, "europe-west1"],
    [{ zone: "https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b" }, "europe-west1"],
    [{ zone: "example.com" }, undefined],
    [{ availability_zone: "us-east-1a" }, "us-east-1"],
    [{ region: "eu-central-1", availability_zone: "us-east-1a" }, "eu-central-1"],
    [{ region: "" }, undefined],
    [{ region: null, zone: ["a"] }, undefined],
    [{ location: "\\u0065astus" }, undefined],
    [{}, undefined],
  ])("%j → %s", (properties, expected) => {
    const one = vm("a", properties);
    expect(new Graph([deploymentOf([one])]).regionOf(one)).toBe(expected);
  });

  it("tells where a resource will be; where it was when it goes", () => {
    const moved = { ...vm("a"), before: { location: "eastus" }, after: { location: "westus" } };
    const gone = { ...vm("b"), before: { location: "eastus" }, after: undefined };
    const graph = new Graph([deploymentOf([moved, gone])]);
    expect([moved, gone].map((one) => graph.regionOf(one))).toEqual(["westus", "eastus"]);
  });

  it("reads escapes, and does not break on broken ones", () => {
    const written = (text: string) => ({
      ...vm("a"),
      text: () => [{ bytes: Buffer.from(text), start: 0, end: Buffer.byteLength(text) }],
    });
    const region = (text: string) => {
      const one = written(text);
      return new Graph([deploymentOf([one])]).regionOf(one);
    };
    expect(region('{"location":"\\u0065astus"}')).toBe("eastus");
    expect(region('{"location":"east\\xus"}')).toBeUndefined();
  });
});

/** What the graph must say, computed in the plainest way: all pairs, until nothing new comes. */
function naiveReach(deployment: Deployment, origin: Change): ReadonlySet<string> {
  const hostOf = (change: Change) => `${change.name}.blob.core.windows.net`;
  const dependsOn = (a: Change, b: Change) =>
    a !== b &&
    (deployment.edges.some((edge) => edge.from === a.address && edge.to === b.address) ||
      JSON.stringify([a.after, a.before]).includes(`//${hostOf(b)}/`));
  const found = new Set([origin]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const one of deployment.changes) {
      if (one.action !== "delete" && [...found].some((other) => dependsOn(one, other))) found.add(one);
    }
  }
  found.delete(origin);
  return new Set([...found].map((one) => one.address));
}

it("agrees with the plainest computation on any small graph", () => {
  const size = 8;
  const pairs = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 });
  const actions = fc.array(fc.constantFrom("keep", "update", "delete" as const), {
    minLength: size,
    maxLength: size,
  });
  fc.assert(
    fc.property(pairs, pairs, actions, (declared, mentioned, action) => {
      const changes = action.map((one, i) => {
        const urls = mentioned
          .filter(([from]) => from === i)
          .map(([, to]) => `https://store${to}.blob.core.windows.net/x`);
        const properties = { name: `store${i}`, settings: { text: urls.join(" and ") } };
        return {
          ...resource(`azurerm_storage_account.store${i}`, properties),
          name: `store${i}`,
          action: one,
        };
      });
      const address = (i: number) => `azurerm_storage_account.store${i}`;
      const estate = deploymentOf(
        changes,
        declared.map(([from, to]) => [address(from), address(to)] as const),
      );
      const graph = new Graph([estate]);
      for (const one of changes)
        expect(new Set(graph.reachOf(one).addresses)).toEqual(naiveReach(estate, one));
      for (const one of changes) {
        const onlyDeclared = naiveReach(
          { ...estate, changes: changes.map((change) => ({ ...change, before: null, after: null })) },
          one,
        );
        for (const dependent of graph.reachOf(one).dependents) {
          expect(dependent.hidden).toBe(!onlyDeclared.has(dependent.change.address));
        }
      }
    }),
  );
});
