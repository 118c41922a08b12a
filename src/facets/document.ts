import { isList, isObject, Secret, UNKNOWN, Unknown, type Value } from "../model/value.ts";
import { ResourceReader } from "./field.ts";

/**
 * A document that a provider keeps as JSON text in one property (an S3 bucket policy, the body of an `azapi_resource`), or
 * as the object itself, as programs write it. UNKNOWN where it is not known or cannot be parsed; undefined where there is none.
 */
export function documentAt(resource: ResourceReader, path: string): Value | Unknown | undefined {
  let value = resource.value(path);
  if (value instanceof Secret) value = value.reveal();
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return value;
  try {
    // Its objects have a prototype, but are read by own properties only: `__proto__` in the text is a key like any other.
    return JSON.parse(value) as Value;
  } catch (error) {
    if (error instanceof SyntaxError) return UNKNOWN;
    throw error;
  }
}

/** A reader of the document at the path, naming its properties below that path. */
export function documentReader(resource: ResourceReader, path: string, type = resource.type): ResourceReader {
  return new ResourceReader(documentAt(resource, path), type, undefined, resource.pathOf(path));
}

/** One text, a list of texts, or something else: AWS writes both for principals, actions and condition values. */
export function textsOf(value: Value | undefined): readonly string[] | Unknown {
  if (value instanceof Secret) return textsOf(value.reveal());
  if (value instanceof Unknown) return UNKNOWN;
  if (value === undefined || value === null) return [];
  const items = isList(value) ? value : [value];
  const texts: string[] = [];
  for (const item of items) {
    if (item instanceof Unknown) return UNKNOWN;
    const text = item instanceof Secret ? item.reveal() : item;
    if (typeof text === "string" || typeof text === "boolean" || typeof text === "number")
      texts.push(String(text));
  }
  return texts;
}

/** An object's own property, a secret's content included; undefined for anything that is no object. */
export function own(object: Value | undefined, key: string): Value | undefined {
  if (!isObject(object) || !Object.hasOwn(object, key)) return undefined;
  const value = object[key];
  return value instanceof Secret ? value.reveal() : value;
}

/** `some`, in three values: true wins over unknown, unknown over false. */
export function anyOf<T>(items: readonly T[], test: (item: T) => boolean | Unknown): boolean | Unknown {
  const answers = items.map(test);
  if (answers.includes(true)) return true;
  return answers.some((answer) => answer instanceof Unknown) ? UNKNOWN : false;
}
