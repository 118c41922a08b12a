import { Computed, isList, isObject, type Value } from "../../../model/value.ts";

/**
 * A value as text that differs where the value does, but for secrets: for what is made of it and of something unknown.
 * Texts inside of it are not escaped, so that one that is made of another is longer by what is new in it.
 */
export function valueText(value: Value): string {
  if (value instanceof Computed) return value.text;
  if (isList(value)) return `[${value.map(valueText).join(", ")}]`;
  if (!isObject(value)) return typeof value === "string" ? JSON.stringify(value) : String(value);
  const members = Object.entries(value).map(([name, item]) => `${name}: ${valueText(item)}`);
  return `{ ${members.join(", ")} }`;
}
