import { emptyObject, type Value } from "../model/value.ts";

/** A parsed JSON object whose members nobody has looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

export function asObject(json: unknown): JsonObject | undefined {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as JsonObject) : undefined;
}

export function asList(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

export function asText(json: unknown): string | undefined {
  return typeof json === "string" ? json : undefined;
}

/** The member of that name if the object itself has it. */
export function member(object: JsonObject | undefined, key: string): unknown {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Parsed JSON as a value of the model. `convert` may replace a string, given the name of the property that holds it. */
export function toValue(
  json: unknown,
  convert: (text: string, key: string) => Value = (text) => text,
  key = "",
): Value {
  if (typeof json === "string") return convert(json, key);
  if (json === null || typeof json === "boolean" || typeof json === "number") return json;
  if (Array.isArray(json)) return json.map((item) => toValue(item, convert, key));
  const object = emptyObject();
  for (const [name, item] of Object.entries(asObject(json) ?? {}))
    object[name] = toValue(item, convert, name);
  return object;
}
