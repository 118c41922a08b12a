import { isList, isObject, type Value } from "../../../model/value.ts";

/** What stands at the end of a path of names, where there are objects all the way. */
export function at(value: Value | undefined, ...names: readonly string[]): Value | undefined {
  let found = value;
  for (const name of names) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

export function elementsOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

/** A text that is not empty. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
