import { describe, expect, it } from "vitest";
import { pastUnshown } from "../../../src/inputs/terraform-plan/unshown.ts";
import type { Edge } from "../../../src/model/deployment.ts";
import { change } from "../../support/harness.ts";

const edge = (from: string, to: string, rest: Partial<Edge> = {}): Edge => ({ from, to, ...rest });
const changesAt = (...addresses: readonly string[]) =>
  addresses.map((address) => change({ address, type: "x" }));

describe("pastUnshown", () => {
  it("joins who reads a data source with what that looks up", () => {
    const edges = [
      edge("x.app", "data.y.lookup", { attribute: "endpoint" }),
      edge("data.y.lookup", "x.account", { attribute: "name" }),
    ];
    expect(pastUnshown(edges, changesAt("x.app", "x.account"))).toEqual([
      edge("x.app", "x.account", { attribute: "endpoint" }),
    ]);
  });

  it("leaves data sources alone that are listed: they are read while applying", () => {
    const edges = [edge("x.app", "data.y.lookup"), edge("data.y.lookup", "x.account")];
    expect(pastUnshown(edges, changesAt("x.app", "x.account", "data.y.lookup"))).toEqual(edges);
  });

  it("goes past any number of them, in modules and in circles", () => {
    const edges = [
      edge('module.m["eu"].x.app', "module.m.ephemeral.y.one"),
      edge("module.m.ephemeral.y.one", "data.y.two[0]"),
      edge("data.y.two", "module.m.ephemeral.y.one"),
      edge("data.y.two", "x.account"),
      edge("data.y.two", "x.other"),
    ];
    const found = pastUnshown(edges, changesAt("x.account", "x.other"));
    expect(found.map(({ to }) => to).sort()).toEqual(["x.account", "x.other"]);
    expect(new Set(found.map(({ from }) => from))).toEqual(new Set(['module.m["eu"].x.app']));
  });

  it("keeps instances apart only where each step does", () => {
    const through = (second: Partial<Edge>) =>
      pastUnshown(
        [edge("x.app", "data.y.z", { sameKey: true }), edge("data.y.z", "x.account", second)],
        changesAt("x.account"),
      );
    expect(through({ sameKey: true })).toEqual([edge("x.app", "x.account", { sameKey: true })]);
    expect(through({})).toEqual([edge("x.app", "x.account")]);
  });

  it("takes a resource for what it is, whatever it is called", () => {
    const edges = [edge("x.app", "x.data"), edge("x.data", "x.ephemeral")];
    expect(pastUnshown(edges, [])).toBe(edges);
  });
});
