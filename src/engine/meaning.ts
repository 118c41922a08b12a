import { type Facet, facetOf, isUnlisted } from "../facets/facet.ts";
import { Field } from "../facets/field.ts";
import { type Change, providerMajorOf } from "../model/change.ts";
import { sameValue, Unknown, type Value } from "../model/value.ts";
import type { ActivePolicy } from "./evaluation.ts";

/**
 * Whether a change sets any fact of the facets to another value, a property that is left out counting as its default. It
 * tells a configuration that drops `public_network_access_enabled = false` from one that changes nothing, which readers
 * cannot: they do not know defaults. Facts that are not known on one side are no difference by themselves, nor are those that
 * only one side tells: what a configuration says nothing of stays as it is, and what it does say readers compare. Where the
 * provider's version changes, a default that is known on one side only may be another one.
 */
export function meaningOf(facets: readonly Facet<unknown>[]): (change: Change) => boolean {
  return (change) =>
    facets.some((facet) => {
      if (!facet.covers(change.type)) return false;
      const items = facetOf(facet, change);
      const mayDiffer = providerMajorOf(change, "before") !== providerMajorOf(change, "after");
      return !isUnlisted(items) && items.some(({ before, after }) => factsDiffer(before, after, mayDiffer));
    });
}

/** The facets that the policies look at, each once. */
export function facetsOf(policies: readonly ActivePolicy[]): readonly Facet<unknown>[] {
  return [...new Set(policies.flatMap(({ policy }) => ("each" in policy ? [policy.each] : [])))];
}

function factsDiffer(before: object | undefined, after: object | undefined, mayDiffer: boolean): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  return [...was].some(([name, field]) => valuesDiffer(field, is.get(name), mayDiffer));
}

function valuesDiffer(before: unknown, after: unknown, mayDiffer: boolean): boolean {
  if (!(before instanceof Field && after instanceof Field)) return false;
  const [was, is] = [before.value, after.value];
  if (was instanceof Unknown || is instanceof Unknown) {
    const [unknown, known] = was instanceof Unknown ? [before, is] : [after, was];
    return mayDiffer && unknown.raw === undefined && !(known instanceof Unknown);
  }
  return !sameValue(was as Value | undefined, is as Value | undefined);
}
