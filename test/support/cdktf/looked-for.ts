import type { Facet } from "../../../src/facets/facet.ts";
import type { Change } from "../../../src/model/change.ts";
import { isList, isObject, type Value, type ValueObject } from "../../../src/model/value.ts";

/** The properties that a facet asked for, and those of them that were there. */
export interface Asked {
  readonly paths: Set<string>;
  readonly found: Set<string>;
}

/** Has the facet read what the resource will be, and notes every property that it asks for. */
export function watch(facet: Facet<unknown>, change: Change, asked: Asked): void {
  if (change.after !== undefined)
    facet.items(change.type, watched(change.after, "", asked), change.provider?.major);
}

/** The value, which notes what it is asked for; elements of lists share a path. */
function watched(value: Value, path: string, asked: Asked): Value {
  if (isList(value)) return value.map((item) => watched(item, path, asked));
  if (!isObject(value)) return value;
  const at = (key: PropertyKey) => (path === "" ? String(key) : `${path}.${String(key)}`);
  return new Proxy<ValueObject>(value, {
    getOwnPropertyDescriptor(target, key) {
      const found = Reflect.getOwnPropertyDescriptor(target, key);
      asked.paths.add(at(key));
      if (found !== undefined) asked.found.add(at(key));
      return found;
    },
    get(target, key) {
      const found: Value | undefined = typeof key === "string" ? target[key] : undefined;
      return found === undefined ? found : watched(found, at(key), asked);
    },
  });
}
