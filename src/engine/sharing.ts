import type { Change } from "../model/change.ts";
import { isObject, type Value } from "../model/value.ts";
import type { Sharing } from "./policy.ts";
import type { SharedRule } from "./settings.ts";

/** Tags by which people mark shared infrastructure, and the values that say so. */
const SHARED_TAGS: readonly (readonly [key: string, values: RegExp])[] = [
  ["shared", /^(true|yes|1)$/i],
  ["tier", /^(platform|shared|core)$/i],
];

/** Makes the test for shared infrastructure that the configuration and the convention over tags give. */
export function sharingOf(rules: readonly SharedRule[]): (change: Change) => Sharing {
  const tests = rules.map((rule) => {
    const wanted = Object.entries(rule.tags ?? {});
    return {
      says: rule.exempt === true ? ("exempt" as const) : ("shared" as const),
      matches: (change: Change, tags: Tags) =>
        (rule.coversAddress?.(change.address) ?? true) &&
        wanted.every(([key, value]) => tags.get(key.toLowerCase())?.has(value) === true),
    };
  });
  return (change) => {
    const tags = tagsOf(change);
    const fitting = tests.filter((test) => test.matches(change, tags)).map((test) => test.says);
    const [tag] = SHARED_TAGS.flatMap(([key, values]) => {
      const value = [...(tags.get(key) ?? [])].find((one) => values.test(one));
      return value === undefined ? [] : [`${key}: ${value}`];
    });
    return {
      configured: fitting.includes("exempt") ? "exempt" : fitting.includes("shared") ? "shared" : undefined,
      tag,
    };
  };
}

/** Tag values by key in lower case; two where the change sets another, so that it cannot hide what a resource is. */
type Tags = ReadonlyMap<string, ReadonlySet<string>>;

/** Tags or labels of a resource, in its state before the change as well as after. */
function tagsOf(change: Change): Tags {
  const tags = new Map<string, Set<string>>();
  for (const state of [change.before, change.after]) {
    if (!isObject(state)) continue;
    const metadata = Object.hasOwn(state, "metadata") ? state["metadata"] : undefined;
    const places: (Value | undefined)[] = [
      Object.hasOwn(state, "tags") ? state["tags"] : undefined,
      Object.hasOwn(state, "labels") ? state["labels"] : undefined,
      isObject(metadata) && Object.hasOwn(metadata, "labels") ? metadata["labels"] : undefined,
    ];
    for (const place of places) {
      if (!isObject(place)) continue;
      for (const [key, value] of Object.entries(place)) {
        if (typeof value !== "string" && typeof value !== "boolean") continue;
        const known = tags.get(key.toLowerCase());
        if (known === undefined) tags.set(key.toLowerCase(), new Set([String(value)]));
        else known.add(String(value));
      }
    }
  }
  return tags;
}
