import { describe, expect, it } from "vitest";
import policy from "../../../policies/rollout/fleet-share.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

/** How each dialect keeps whether a store is open to the network. */
const STORES: Record<string, (open: Value) => Value> = {
  azurerm_storage_account: (open) => ({ public_network_access_enabled: open }),
  "Microsoft.Storage/storageAccounts": (open) => ({
    properties: { publicNetworkAccess: open === true ? "Enabled" : open === false ? "Disabled" : open },
  }),
};

type Spec = (type: string, state: (open: Value) => Value) => Omit<ChangeSpec, "type">;
const closes: Spec = (_, state) => ({ before: state(true), after: state(false) });
const opens: Spec = (_, state) => ({ before: state(false), after: state(true) });
const stays: Spec = (_, state) => ({ before: state(true), after: state(true) });
const goes: Spec = (_, state) => ({ before: state(true) });
const comes: Spec = (_, state) => ({ after: state(false) });
const isReplaced: Spec = (_, state) => ({ before: state(true), after: state(false), action: "replace" });
const isUnknown: Spec = (_, state) => ({ before: state(true), after: state(UNKNOWN) });
const isDeferred: Spec = (type, state) => ({ ...closes(type, state), deferred: true });
const isPainted: Spec = (_, state) => ({
  before: state(true),
  after: { ...(state(true) as object), tags: { a: "b" } },
});

const times = (count: number, spec: Spec) => Array<Spec>(count).fill(spec);

describe.each(Object.entries(STORES))("%s", (type, state) => {
  const say = (specs: readonly Spec[], options = {}, inModule = "") =>
    run(policy, {
      changes: specs.map((spec, i) => ({
        type,
        address: `${inModule && `module.${inModule}[${i}].`}${type}.s${i}`,
        ...spec(type, state),
      })),
      options,
    });

  it.each<[string, Spec[], Record<string, unknown>, string | undefined]>([
    ["one of a fleet may change", [closes, ...times(9, stays)], {}, undefined],
    ["two of ten may not", [closes, closes, ...times(8, stays)], {}, "2 of 10 "],
    ["nor in the reverse direction", [opens, opens, ...times(8, stays)], {}, "2 of 10 "],
    ["two of fifteen may not", [...times(2, closes), ...times(13, stays)], {}, "2 of 15 "],
    ["two of twenty may", [...times(2, closes), ...times(18, stays)], {}, undefined],
    ["three of twenty may not", [...times(3, closes), ...times(17, stays)], {}, "3 of 20 "],
    ["half may, where half is allowed", [...times(5, closes), ...times(5, stays)], { share: 0.5 }, undefined],
    ["all may, where all is allowed", times(4, closes), { share: 1 }, undefined],
    ["a fleet of one may change", [closes], {}, undefined],
    ["replacing counts", [isReplaced, isReplaced, ...times(8, stays)], {}, "2 of 10 "],
    ["going away counts", [goes, goes, ...times(8, stays)], {}, "or go away"],
    ["one that goes and one that changes", [goes, closes, ...times(8, stays)], {}, "2 of 10 "],
    [
      "what is new is neither changed nor part of the fleet",
      [closes, closes, ...times(18, comes)],
      {},
      "2 of 2 ",
    ],
    ["what is new does not count", [closes, ...times(9, comes)], {}, undefined],
    ["other settings do not count", times(10, isPainted), {}, undefined],
    ["what the host deferred does not count", [closes, ...times(9, isDeferred)], {}, undefined],
  ])("%s", (_, specs, options, message) => {
    const { findings } = say(specs, options);
    expect(findings.map((one) => one.message)).toEqual(
      message === undefined ? [] : [expect.stringContaining(message)],
    );
  });

  it("names those that change, in module instances too", () => {
    const { findings } = say([closes, closes, ...times(3, stays)], {}, "region");
    expect(findings).toMatchObject([
      {
        address: "test",
        severity: "high",
        related: [`module.region[0].${type}.s0`, `module.region[1].${type}.s1`],
      },
    ]);
    expect(findings[0]?.fix).toContain("1 first");
  });

  it("says what it cannot decide", () => {
    const { findings, undetermined } = say([isUnknown, isDeferred, closes, ...times(3, stays)]);
    expect(findings).toEqual([]);
    expect(undetermined.map((one) => [one.address, one.because])).toEqual([
      [`${type}.s1`, "the host deferred this change"],
      [`${type}.s0`, expect.stringContaining("known after apply")],
    ]);
  });

  it("needs to know what is there", () => {
    const changes = times(3, closes).map((spec) => ({ type, ...spec(type, state) }));
    expect(run(policy, { changes, knows: "after-only" })).toMatchObject({
      findings: [],
      undetermined: [{ because: "no before-state" }],
    });
  });
});

it("each type is a fleet of its own", () => {
  const changes = Object.entries(STORES).flatMap(([type, state]) =>
    [...times(2, closes), ...times(2, stays)].map((spec, i) => ({
      type,
      address: `${type}.s${i}`,
      ...spec(type, state),
    })),
  );
  const { findings } = run(policy, { changes });
  expect(findings.map((one) => one.about)).toEqual(
    Object.keys(STORES).map((type) => `storage-access ${type}`),
  );
});

it("types that nothing is watched of may change as they like", () => {
  const changes = times(20, closes).map(() => ({
    type: "azurerm_dns_zone",
    before: { a: 1 },
    after: { a: 2 },
  }));
  expect(run(policy, { changes })).toMatchObject({ findings: [], undetermined: [] });
});
