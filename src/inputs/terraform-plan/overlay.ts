import { emptyObject, Secret, UNKNOWN, type Value } from "../../model/value.ts";

/**
 * Lays Terraform's two maps over a state, in place: where `unknown` says true the value is known only after apply, where
 * `sensitive` says true it is a secret. Both have the shape of the value, `true` standing for all below it
 * (developer.hashicorp.com/terraform/internals/json-format, change representation).
 */
export function overlay(value: unknown, unknown: unknown, sensitive: unknown): Value {
  if (unknown === true) return UNKNOWN;
  if (sensitive === true) {
    const content = overlay(value, unknown, undefined);
    return content === null ? null : new Secret(content);
  }
  if (!isMarked(unknown) && !isMarked(sensitive)) return value as Value;
  // Marks of another shape than the value tell only that something is not known.
  if (!fits(unknown, value)) return UNKNOWN;
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const items: unknown[] = Array.isArray(value) ? value : [];
    const length = Math.max(items.length, Array.isArray(unknown) ? unknown.length : 0);
    for (let i = 0; i < length; i++) {
      items[i] = overlay(items[i] ?? null, partOf(unknown, i), partOf(sensitive, i));
    }
    return items as Value;
  }
  if (typeof value !== "object" && typeof unknown !== "object") return value as Value;
  if (value === null && !isMarked(unknown)) return null;
  const merged = (value ?? emptyObject()) as Record<string, Value>;
  for (const key of new Set([...keysOf(unknown), ...keysOf(sensitive)])) {
    const isThere = Object.hasOwn(merged, key);
    if (!isThere && !isMarked(partOf(unknown, key))) continue;
    const value = overlay(isThere ? merged[key] : null, partOf(unknown, key), partOf(sensitive, key));
    // Not an assignment: `__proto__` is a property like any other here.
    Object.defineProperty(merged, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return merged;
}

/** Whether a map of what is unknown has the shape of the value; null has any. */
function fits(unknown: unknown, value: unknown): boolean {
  if (value === null || value === undefined || !isMarked(unknown)) return true;
  return typeof value === "object" && Array.isArray(value) === Array.isArray(unknown);
}

/** Whether anything below is marked: most maps are empty, and then the value is as it is. */
function isMarked(marks: unknown): boolean {
  if (marks === true) return true;
  return typeof marks === "object" && marks !== null && Object.values(marks).some(isMarked);
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function partOf(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}
