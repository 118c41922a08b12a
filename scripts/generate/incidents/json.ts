export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A file as the hosts write theirs, but on several lines, since fixtures are read by people. */
export function print(value: Json, indent = 2): string {
  return `${JSON.stringify(value, null, indent)}\n`;
}

/** Laid over each other, deeply: an object is completed, anything else replaced. */
export function overlay(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? overlay(below, value) : value;
  }
  return merged;
}

export const SUBSCRIPTION = "00000000-0000-4000-8000-0000000f18eb";

export function armId(group: string, provider: string, ...names: readonly string[]): string {
  const types = provider.split("/");
  const path = names.map((name, i) => `${types[i + 1]}/${name}`).join("/");
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${types[0]}/${path}`;
}
