import { expect, it } from "vitest";
import { addressMatcher } from "../../src/config/globs.ts";
import type { SharedRule } from "../../src/engine/settings.ts";
import { sharingOf } from "../../src/engine/sharing.ts";
import type { Value } from "../../src/model/value.ts";
import { change } from "../support/harness.ts";

const vmext: SharedRule = { coversAddress: addressMatcher("**.store.vmext*") };
const platform: SharedRule = { tags: { Tier: "base" } };

it.each<[string, readonly SharedRule[], Value, Value, { configured?: string; tag?: string }]>([
  ["nothing says so", [], {}, {}, {}],
  ["its address does", [vmext], {}, {}, { configured: "shared" }],
  ["its address and another's tags do", [platform], { tags: { tier: "other" } }, {}, {}],
  [
    "its tags do, in whatever case the key is",
    [platform],
    { tags: { TIER: "base" } },
    {},
    { configured: "shared" },
  ],
  ["address and tags must both fit", [{ ...vmext, ...platform }], { tags: { tier: "x" } }, {}, {}],
  [
    "it is exempt, whatever else says shared",
    [vmext, { ...vmext, exempt: true }],
    {},
    {},
    { configured: "exempt" },
  ],
  ["a tag by convention", [], { tags: { shared: "true" } }, {}, { tag: "shared: true" }],
  ["a label", [], { labels: { tier: "platform" } }, {}, { tag: "tier: platform" }],
  [
    "a label of a Kubernetes object",
    [],
    {},
    { metadata: { labels: { shared: true } } },
    { tag: "shared: true" },
  ],
  ["a tag that the change drops", [], { tags: { tier: "core" } }, { tags: {} }, { tag: "tier: core" }],
  [
    "a tag that the change sets to another value",
    [],
    { tags: { tier: "core" } },
    { tags: { tier: "dev" } },
    { tag: "tier: core" },
  ],
  [
    "the same with a rule",
    [platform],
    { tags: { tier: "base" } },
    { tags: { tier: "dev" } },
    { configured: "shared" },
  ],
  ["names of this language are no tags", [{ tags: { constructor: "x" } }], { tags: { a: "x" } }, {}, {}],
])("%s", (_, rules, before, after, expected) => {
  const one = change({ type: "store", address: "module.m.store.vmext1", before, after, action: "update" });
  expect(sharingOf(rules)(one)).toEqual({ configured: undefined, tag: undefined, ...expected });
});
