import { emptyObject, isObject, type Value } from "../../model/value.ts";

/** The configured value with the existing one at every path that `ignore_changes` names (`tags`, `tags["owner"]`, `a[0].b`). */
export function ignoring(configured: Value, existing: Value, paths: readonly string[]): Value {
  return paths.reduce((value, path) => {
    const steps = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
      ([, text, index, name]) => text ?? index ?? name ?? "",
    );
    return replaced(value, existing, steps);
  }, configured);
}

function replaced(value: Value, existing: Value | undefined, steps: readonly string[]): Value {
  const [step, ...rest] = steps;
  if (step === undefined) return existing ?? null;
  if (Array.isArray(existing) && !Array.isArray(value)) existing = existing[0];
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      String(i) === step ? replaced(item, Array.isArray(existing) ? existing[i] : existing, rest) : item,
    );
  }
  if (!isObject(value)) return value;
  const copy = Object.assign(emptyObject(), value);
  const below = isObject(existing) && Object.hasOwn(existing, step) ? existing[step] : undefined;
  copy[step] = rest.length === 0 ? (below ?? null) : replaced(copy[step] ?? null, below, rest);
  return copy;
}
