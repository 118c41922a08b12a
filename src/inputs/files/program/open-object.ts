import { Computed, emptyObject, isList, isObject, Secret, type Value } from "../../../model/value.ts";

/** The key of an object under which stands what else may set its properties: a spread of something that is not known. */
export const REST = "...";

/** A document that is written as a text of an object of which not all is known. */
export class PartlyKnownDocument extends Computed {
  readonly content: Value;
  constructor(text: string, content: Value) {
    super(text);
    this.content = content;
  }
}

/**
 * Makes objects with something under REST answer with that for every property that they do not have, since it may be set
 * there: an absent property of theirs is not the provider's default. Documents become the objects that are in them.
 */
export function withOpenObjects(value: Value): Value {
  if (value instanceof PartlyKnownDocument) return withOpenObjects(value.content);
  if (value instanceof Secret) return new Secret(withOpenObjects(value.reveal()));
  if (isList(value)) return value.map(withOpenObjects);
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const [name, item] of Object.entries(value)) object[name] = withOpenObjects(item);
  return Object.hasOwn(object, REST) ? opened(object, object[REST] as Value) : object;
}

function opened(object: { [key: string]: Value }, rest: Value): Value {
  return new Proxy(object, {
    getOwnPropertyDescriptor: (target, name) =>
      Reflect.getOwnPropertyDescriptor(target, name) ?? described(name, rest),
    get: (target, name) =>
      Object.hasOwn(target, name) || typeof name !== "string"
        ? Reflect.get(target, name)
        : valueAt(name, rest),
    set: () => false,
  });
}

/** `toJSON` is no property of a resource, but what whoever prints an object asks it for. */
function valueAt(name: string, rest: Value): Value | undefined {
  return name === "toJSON" ? undefined : rest;
}

function described(name: string | symbol, value: Value): PropertyDescriptor | undefined {
  if (typeof name !== "string" || name === "toJSON") return undefined;
  return { value, enumerable: true, configurable: true, writable: true };
}
