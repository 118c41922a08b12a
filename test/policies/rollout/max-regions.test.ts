import { describe, expect, it } from "vitest";
import policy from "../../../policies/rollout/max-regions.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

/** A resource in a place, per dialect: what changes is its size. */
const KINDS: Record<string, (place: string, size: Value) => { readonly [key: string]: Value }> = {
  azurerm_linux_virtual_machine: (place, size) => ({ location: place, size }),
  "azure-native:compute:VirtualMachine": (place, size) => ({
    location: place,
    hardwareProfile: { vmSize: size },
  }),
  aws_instance: (place, size) => ({ availability_zone: `${place}-1a`, instance_type: size }),
  google_compute_instance: (place, size) => ({ zone: `${place}1-b`, machine_type: size }),
};

describe.each(Object.entries(KINDS))("%s", (type, state) => {
  const updated = (place: string): ChangeSpec => ({
    type,
    before: state(place, "s"),
    after: state(place, "m"),
  });
  const say = (changes: readonly ChangeSpec[], options = {}) => run(policy, { changes, options });

  it.each<[string, ChangeSpec[], number, boolean]>([
    ["one region", [updated("east"), updated("east")], 1, true],
    ["two regions", [updated("east"), updated("west")], 1, false],
    ["two regions where two may", [updated("east"), updated("west")], 2, true],
    ["three regions where two may", [updated("east"), updated("west"), updated("north")], 2, false],
    ["what is new in another", [updated("east"), { type, after: state("west", "m") }], 1, true],
    ["what is imported in another", [updated("east"), { ...updated("west"), action: "import" }], 1, true],
    ["what goes in another", [updated("east"), { type, before: state("west", "m") }], 1, false],
    ["what is replaced in another", [updated("east"), { ...updated("west"), action: "replace" }], 1, false],
    ["what is forgotten in another", [updated("east"), { ...updated("west"), action: "forget" }], 1, true],
    [
      "what stays in another",
      [updated("east"), { type, before: state("west", "m"), after: state("west", "m") }],
      1,
      true,
    ],
    [
      "tags in another",
      [
        updated("east"),
        { type, before: state("west", "m"), after: { ...state("west", "m"), tags: { a: "b" } } },
      ],
      1,
      true,
    ],
    ["what has no region", [updated("east"), { type, before: { x: 1 }, after: { x: 2 } }], 1, true],
  ])("%s", (_, changes, regions, isFine) => {
    expect(say(changes, { regions }).findings).toHaveLength(isFine ? 0 : 1);
  });

  it("tells how many in which, in module instances too", () => {
    const changes = ["east", "west", "west"].map((place, i) => ({
      ...updated(place),
      address: `module.m["${i}"].${type}.x`,
    }));
    const [finding] = say(changes).findings;
    expect(finding?.message).toMatch(
      /^test changes running resources in 2 regions at once: 1 in .*east.*, 2 in .*west/,
    );
    expect(finding?.related).toEqual(changes.map((one) => one.address));
  });

  it("does not count what may stay as it is, and says so", () => {
    const perhaps = { type, before: state("west", "m"), after: state("west", UNKNOWN) };
    const { findings, undetermined } = say([updated("east"), perhaps]);
    expect(findings).toEqual([]);
    expect(undetermined).toMatchObject([{ because: "whether it changes is known after apply" }]);
  });

  it("does not judge what the host deferred, and says so", () => {
    const { findings, undetermined } = say([updated("east"), { ...updated("west"), deferred: true }]);
    expect(findings).toEqual([]);
    expect(undetermined).toMatchObject([{ because: "the host deferred this change" }]);
  });
});

it("is undetermined where the before-state is not known", () => {
  const changes = [{ type: "aws_instance", after: { region: "a" } }];
  expect(run(policy, { changes, knows: "after-only" }).undetermined).toMatchObject([
    { because: "no before-state" },
  ]);
});
