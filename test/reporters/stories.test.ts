import { describe, expect, it } from "vitest";
import { groupInstances, tellStories, tellsFactOf } from "../../src/reporters/stories.ts";
import { finding } from "./sample.ts";

const instance = (key: string, over = {}) =>
  finding({ address: `module.net["a"].aws_vpc.main[${key}]`, ...over });

describe("instances", () => {
  it("of one resource with the same change are one group, with their keys", () => {
    const [group, ...more] = groupInstances([instance('"eu"'), instance('"us"'), instance("0")]);
    expect(more).toEqual([]);
    expect(group).toMatchObject({
      resource: "module.net.aws_vpc.main",
      keys: ['["a"]["eu"]', '["a"]["us"]', '["a"][0]'],
    });
  });

  it("with another change, level, waiver or policy are not the same", () => {
    const groups = groupInstances([
      instance("0"),
      instance("1", { after: "other" }),
      instance("2", { level: "advisory" }),
      instance("3", { policy: "access/other" }),
      instance("4", { waiver: { owner: "a", reason: "b", expires: "2026-01-01" } }),
      instance("5", { deployment: "staging" }),
    ]);
    expect(groups).toHaveLength(6);
    expect(groups[0]?.resource).toBe('module.net["a"].aws_vpc.main[0]');
  });

  it("are told by the one that reaches furthest", () => {
    const reach = (resources: number) => ({ reach: { resources, hidden: 0, regions: [], deployments: [] } });
    const [group] = groupInstances([
      instance("0", reach(2)),
      instance("1", reach(9)),
      instance("2", reach(9)),
    ]);
    expect(group?.lead.address).toContain("main[1]");
  });

  it("reads keys with quotes and brackets in them", () => {
    const [group] = groupInstances([instance('"a\\"]"'), instance('"b]"')]);
    expect(group?.keys).toEqual(['["a"]["a\\"]"]', '["a"]["b]"]']);
  });
});

describe("one change, one story", () => {
  it("is led by what blocks, then by the most severe", () => {
    const stories = tellStories([
      finding({ policy: "a/critical-advice", level: "advisory" }),
      finding({ policy: "b/high-block", severity: "high" }),
      finding({ policy: "c/critical-block" }),
      finding({ policy: "d/elsewhere", address: "azurerm_storage_account.other" }),
    ]);
    expect(stories.map(({ lead, others }) => [lead, ...others].map((group) => group.lead.policy))).toEqual([
      ["c/critical-block", "b/high-block", "a/critical-advice"],
      ["d/elsewhere"],
    ]);
  });

  it("comes first where it blocks, whatever the order of the findings", () => {
    const stories = tellStories([
      finding({ policy: "a/advice", level: "advisory" }),
      finding({ policy: "b/block", address: "aws_vpc.main" }),
    ]);
    expect(stories.map(({ lead }) => lead.lead.policy)).toEqual(["b/block", "a/advice"]);
  });

  it("keeps resources of two deployments with the same address apart", () => {
    expect(tellStories([finding({ deployment: "prod" }), finding({ deployment: "test" })])).toHaveLength(2);
  });

  it("knows the same fact by its property", () => {
    expect(tellsFactOf(finding(), finding({ policy: "x/y" }))).toBe(true);
    expect(tellsFactOf(finding(), finding({ path: "" }))).toBe(true);
    expect(tellsFactOf(finding(), finding({ path: "min_tls_version" }))).toBe(false);
    expect(tellsFactOf(finding({ path: "" }), finding())).toBe(false);
  });
});
