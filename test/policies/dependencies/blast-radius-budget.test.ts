import { describe, expect, it } from "vitest";
import policy from "../../../policies/dependencies/blast-radius-budget.ts";
import { evaluate } from "../../../src/engine/evaluate.ts";
import { sharingOf } from "../../../src/engine/sharing.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { type ChangeSpec, deployment, run } from "../../support/harness.ts";

/** A store, and how another resource names it, per dialect. */
const STORES: Record<string, { readonly type: string; readonly user: string; readonly address: string }> = {
  "azurerm by URL": {
    type: "azurerm_storage_account",
    user: "azurerm_linux_virtual_machine",
    address: "azurerm_storage_account.s",
  },
  "azure-native by URL": {
    type: "azure-native:storage:StorageAccount",
    user: "azure-native:compute:VirtualMachine",
    address: "urn:pulumi:prod::p::azure-native:storage:StorageAccount::s",
  },
  "azurerm in a module instance": {
    type: "azurerm_storage_account",
    user: "azurerm_linux_virtual_machine",
    address: 'module.m["k"].azurerm_storage_account.s',
  },
};

describe.each(Object.entries(STORES))("%s", (_, { type, user, address }) => {
  const state = (open: boolean) => ({
    name: "sharedstore",
    publicNetworkAccess: open,
    public_network_access_enabled: open,
  });
  const update: ChangeSpec = { type, address, before: state(true), after: state(false) };
  const users = (count: number, regions = 1): ChangeSpec[] =>
    Array.from({ length: count }, (_, i) => {
      const properties = {
        location: `region${i % regions}`,
        data: "https://sharedstore.blob.core.windows.net/x",
      };
      return { type: user, address: `${user}.u${i}`, before: properties, after: properties };
    });

  it.each<[string, ChangeSpec, number, number, Record<string, unknown>, string | undefined]>([
    ["as many as the budget", update, 50, 1, {}, undefined],
    ["one more", update, 51, 1, {}, "51 resources (50 may)"],
    ["one more than a smaller budget", update, 3, 1, { resources: 2 }, "3 resources (2 may)"],
    [
      "the reverse change",
      { ...update, before: state(false), after: state(true) },
      51,
      1,
      {},
      "51 resources",
    ],
    ["too many regions", update, 3, 3, {}, "3 regions (2 may)"],
    ["too many of both", update, 51, 3, {}, "51 resources (50 may) and 3 regions (2 may)"],
    ["what goes away", { type, address, before: state(true) }, 51, 1, {}, "This delete reaches"],
    ["what is replaced", { ...update, action: "replace" }, 51, 1, {}, "This replace reaches"],
    ["what is new", { type, address, after: state(true) }, 51, 3, {}, undefined],
    ["what is imported", { ...update, action: "import" }, 51, 3, {}, undefined],
    ["what is forgotten", { ...update, action: "forget" }, 51, 3, {}, undefined],
    ["what stays", { ...update, after: state(true) }, 51, 3, {}, undefined],
    ["tags alone", { ...update, after: { ...state(true), tags: { a: "b" } } }, 51, 3, {}, undefined],
  ])("%s", (_, change, count, regions, options, message) => {
    const { findings } = run(policy, { changes: [change, ...users(count, regions)], options });
    expect(findings.map((one) => [one.address, one.message])).toEqual(
      message === undefined ? [] : [[address, expect.stringContaining(message)]],
    );
  });

  it("says how many nobody declared", () => {
    const edges = [{ from: `${user}.u0`, to: address }];
    const [finding] = run(policy, {
      changes: [update, ...users(3)],
      edges,
      options: { resources: 2 },
    }).findings;
    expect(finding?.message).toBe(
      "This update reaches 3 resources (2 may), 2 of them through text nobody declared as a dependency.",
    );
    expect(finding?.reach).toMatchObject({
      resources: 3,
      hidden: 2,
      regions: ["region0"],
      deployments: ["test"],
    });
  });
});

it("counts deployments", () => {
  const store: ChangeSpec = {
    type: "azurerm_storage_account",
    before: { name: "sharedstore" },
    after: { name: "sharedstore", x: 1 },
  };
  const used = { url: "https://sharedstore.blob.core.windows.net" };
  const of = (name: string, changes: readonly ChangeSpec[]) => ({ ...deployment({ changes }), name });
  const deployments = [
    of("base", [store]),
    of("a", [{ type: "x", before: used, after: used }]),
    of("b", [{ type: "x", before: used, after: used }]),
  ];
  const context = { graph: new Graph(deployments), sharing: sharingOf([]), today: "2026-11-22", all: false };
  const { findings } = evaluate(
    deployments,
    [{ policy, level: "mandatory", options: policy.options?.parse({}) }],
    context,
  );
  expect(findings.map((one) => one.message)).toEqual([
    expect.stringContaining("reaches 2 deployments (1 may)"),
  ]);
});

it("is undetermined where the before-state is not known", () => {
  const changes = [{ type: "x", after: {} }];
  expect(run(policy, { changes, knows: "after-only" }).undetermined).toMatchObject([
    { because: "no before-state" },
  ]);
});
