import { isList, Secret, UNKNOWN, type Value } from "../../model/value.ts";
import { type JsonObject, member } from "../json-value.ts";
import { type Budget, elementsOf, evaluateBody, type Scope, withNames } from "./evaluate.ts";
import { textOf } from "./functions.ts";

/** One instance of a resource: its key as the address spells it, and the names its properties may use. */
export interface Instance {
  readonly suffix: string;
  readonly scope: Scope;
}

/** More than any stack has; a count beyond is not written out. */
const MAX_INSTANCES = 10_000;

/**
 * The instances that `count` or `for_each` make of a block. Where only Terraform can tell them, one stands for all, without
 * key and with `each` and `count` unknown; `isOpen` says so.
 */
export function instancesOf(
  body: JsonObject,
  scope: Scope,
  budget: Budget,
): { readonly instances: readonly Instance[]; readonly isOpen: boolean } {
  const count = member(body, "count");
  const forEach = member(body, "for_each");
  if (count === undefined && forEach === undefined)
    return { instances: [{ suffix: "", scope }], isOpen: false };
  const open = {
    instances: [{ suffix: "", scope: withNames(scope, { each: UNKNOWN, count: UNKNOWN }) }],
    isOpen: true,
  };
  if (count !== undefined) {
    const number = Number(textOf(evaluateBody(count, scope, budget)) ?? Number.NaN);
    if (!Number.isInteger(number) || number < 0 || number > MAX_INSTANCES) return open;
    return {
      instances: Array.from({ length: number }, (_, index) => ({
        suffix: `[${index}]`,
        scope: withNames(scope, { count: { index } }),
      })),
      isOpen: false,
    };
  }
  const entries = keyed(evaluateBody(forEach, scope, budget));
  if (entries === undefined || entries.length > MAX_INSTANCES) return open;
  return {
    instances: entries.map(([key, value]) => ({
      suffix: `[${JSON.stringify(key)}]`,
      scope: withNames(scope, { each: { key, value } }),
    })),
    isOpen: false,
  };
}

/** Keys and values of `for_each`: a map's own, or each element of a set as both. */
function keyed(collection: Value): readonly (readonly [string, Value])[] | undefined {
  const elements = collection instanceof Secret ? undefined : elementsOf(collection);
  if (elements === undefined) return undefined;
  const entries = elements.map(([key, value]) => [textOf(isList(collection) ? value : key), value] as const);
  const known = entries.filter((entry): entry is readonly [string, Value] => entry[0] !== undefined);
  return known.length === entries.length ? known : undefined;
}
