import { describe, expect, it } from "vitest";
import { pair } from "../../../src/inputs/before/pairing.ts";
import type { Deployment, HostName } from "../../../src/model/deployment.ts";
import { deploymentOf, resource } from "../../graph/support.ts";

const of = (name: string, host: HostName, ...addresses: readonly string[]): Deployment => ({
  ...deploymentOf(
    addresses.map((address) => resource(address)),
    [],
    name,
  ),
  host,
});
const synth = (name: string, ...addresses: readonly string[]) => of(name, "cdktf-synth", ...addresses);
const state = (name: string, ...addresses: readonly string[]) => of(name, "terraform-state", ...addresses);

/** Which before each has, and what is said, the gravest first. */
function paired(after: readonly Deployment[], before: readonly Deployment[]) {
  const { beforeOf, problems } = pair(after, before);
  return {
    pairs: Object.fromEntries([...beforeOf].map(([one, other]) => [one.name, other.name])),
    said: [...problems.values()].flat().map(({ severity, message }) => `${severity}: ${message}`),
  };
}

describe("the before of a stack", () => {
  it("is the one with its name, else the one that has its resources", () => {
    const after = [synth("shop", "vm.a"), synth("web", "vm.b")];
    expect(paired(after, [state("web", "vm.b"), state("first", "vm.a")])).toEqual({
      pairs: { shop: "first", web: "web" },
      said: [],
    });
  });

  it("may be missing for a new stack, and left over from an old one", () => {
    const after = [synth("shop", "vm.a"), synth("new", "vm.b")];
    const { pairs, said } = paired(after, [state("shop", "vm.a"), state("old", "vm.c")]);
    expect(pairs).toEqual({ shop: "shop" });
    expect(said.toSorted()).toEqual([
      "warning: new: nothing that was given as before belongs to this stack.",
      "warning: old, which was given as before, belongs to no stack here.",
    ]);
  });
});

describe("a before of something else is an error", () => {
  it.each([
    [
      "the only one, of the only stack",
      [synth("shop", "vm.a")],
      [state("other", "vm.x")],
      "hardly the right one",
    ],
    [
      "one of the same name",
      [synth("prod", "vm.a"), synth("web", "vm.b")],
      [state("prod", "vm.x")],
      "prod: no resource is also in prod",
    ],
    [
      "several, of which none belongs to any stack",
      [synth("shop", "vm.a"), synth("web", "vm.b")],
      [state("one", "vm.x"), state("two", "vm.y")],
      "nothing that was given as before belongs to what is judged",
    ],
  ])("%s", (_, after, before, message) => {
    const errors = paired(after, before).said.filter((said) => said.startsWith("error"));
    expect(errors).toEqual([expect.stringContaining(message)]);
  });

  it("but an empty one is that of a stack whose first resources come", () => {
    expect(paired([synth("shop", "vm.a")], [state("shop")]).said).toEqual([]);
    expect(paired([synth("shop")], [state("shop", "vm.a")]).said).toEqual([]);
  });
});
