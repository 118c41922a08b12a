import { emptyObject, isList, isObject, type Value } from "../../model/value.ts";
import { asList, asObject, asText, member } from "../json-value.ts";

/** The after-state with what what-if says to be without effect (read-only properties) put back to what it was. */
export function withoutEffect(after: Value, before: Value, delta: unknown, nesting = 0): Value {
  let value = after;
  for (const json of asList(delta)) {
    const change = asObject(json);
    const path = asText(member(change, "path"));
    const kind = (asText(member(change, "propertyChangeType")) ?? "").toLowerCase();
    if (path === undefined) continue;
    if (kind === "noeffect") value = restored(value, before, path);
    else if (nesting < 50 && asList(member(change, "children")).length > 0) {
      const children = member(change, "children");
      value = changedAt(value, path, (inner) =>
        withoutEffect(inner, valueAt(before, path) ?? null, children, nesting + 1),
      );
    }
  }
  return value;
}

/** Paths are dotted, and keys may hold dots themselves: the longest key that is there is the one that is meant. */
function stepOf(value: Value | undefined, path: string): { key: string; rest: string } {
  if (isObject(value) || isList(value)) {
    for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
      if (Object.hasOwn(value, path.slice(0, end)))
        return { key: path.slice(0, end), rest: path.slice(end + 1) };
    }
  }
  const dot = path.indexOf(".");
  return dot < 0 ? { key: path, rest: "" } : { key: path.slice(0, dot), rest: path.slice(dot + 1) };
}

function valueAt(value: Value | undefined, path: string): Value | undefined {
  while (path !== "") {
    const { key, rest } = stepOf(value, path);
    if (isList(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
    path = rest;
  }
  return value;
}

function changedAt(value: Value, path: string, change: (inner: Value) => Value): Value {
  if (path === "") return change(value);
  const { key, rest } = stepOf(value, path);
  if (isList(value))
    return value.map((item, i) => (String(i) === key ? changedAt(item, rest, change) : item));
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  return Object.assign(emptyObject(), value, { [key]: changedAt(value[key] as Value, rest, change) });
}

function restored(value: Value, before: Value, path: string): Value {
  const { key, rest } = stepOf(
    isObject(before) && !Object.hasOwn(before, path.split(".")[0] as string) ? value : before,
    path,
  );
  if (rest !== "") {
    if (!isObject(value) || !Object.hasOwn(value, key)) return value;
    const inner = restored(value[key] as Value, valueAt(before, key) ?? null, rest);
    return Object.assign(emptyObject(), value, { [key]: inner });
  }
  if (isList(value)) return value;
  if (!isObject(value)) return value;
  const copy = Object.assign(emptyObject(), value);
  const was = isObject(before) && Object.hasOwn(before, key) ? before[key] : undefined;
  if (was === undefined) delete copy[key];
  else copy[key] = was;
  return copy;
}
