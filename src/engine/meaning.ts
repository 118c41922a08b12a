import { type Facet, facetOf, isUnlisted } from "../facets/facet.ts";
import { Field } from "../facets/field.ts";
import type { Change } from "../model/change.ts";
import { sameValue, Unknown, type Value } from "../model/value.ts";
import type { ActivePolicy } from "./evaluation.ts";

/**
 * Whether a change sets any fact of the facets to another value, a property that is left out counting as its default. It
 * tells a configuration that drops `public_network_access_enabled = false` from one that changes nothing, which readers
 * cannot: they do not know defaults. Facts that are not known on one side are no difference by themselves.
 */
export function meaningOf(facets: readonly Facet<unknown>[]): (change: Change) => boolean {
  return (change) =>
    facets.some((facet) => {
      if (!facet.covers(change.type)) return false;
      const items = facetOf(facet, change);
      return !isUnlisted(items) && items.some(({ before, after }) => factsDiffer(before, after));
    });
}

/** The facets that the policies look at, each once. */
export function facetsOf(policies: readonly ActivePolicy[]): readonly Facet<unknown>[] {
  return [...new Set(policies.flatMap(({ policy }) => ("each" in policy ? [policy.each] : [])))];
}

function factsDiffer(before: object | undefined, after: object | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  return [...new Set([...was.keys(), ...is.keys()])].some((name) =>
    valuesDiffer(was.get(name), is.get(name)),
  );
}

function valuesDiffer(before: unknown, after: unknown): boolean {
  const [was, is] = [before, after].map((field): unknown =>
    field instanceof Field ? field.value : undefined,
  );
  if (was instanceof Unknown || is instanceof Unknown) return false;
  return !sameValue(was as Value | undefined, is as Value | undefined);
}
