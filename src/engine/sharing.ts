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
      matches: (change: Change, tags: ReadonlyMap<string, string>) =>
        (rule.coversAddress?.(change.address) ?? true) &&
        wanted.every(([key, value]) => tags.get(key.toLowerCase()) === value),
    };
  });
  return (change) => {
    const tags = tagsOf(change);
    const fitting = tests.filter((test) => test.matches(change, tags)).map((test) => test.says);
    const tag = SHARED_TAGS.find(([key, values]) => values.test(tags.get(key) ?? ""));
    return {
      configured: fitting.includes("exempt") ? "exempt" : fitting.includes("shared") ? "shared" : undefined,
      tag: tag === undefined ? undefined : `${tag[0]}: ${tags.get(tag[0])}`,
    };
  };
}

/** Tags or labels of a resource, keys in lower case; those of the before-state too, so that dropping a tag hides nothing. */
function tagsOf(change: Change): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
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
        if (typeof value === "string" || typeof value === "boolean")
          tags.set(key.toLowerCase(), String(value));
      }
    }
  }
  return tags;
}
