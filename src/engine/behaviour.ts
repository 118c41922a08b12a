import type { Change } from "../model/change.ts";
import { isObject, sameValue, type Value, type ValueObject } from "../model/value.ts";

/** Properties that describe a resource without changing what it does. */
const DESCRIPTIVE: ReadonlySet<string> = new Set([
  "tags",
  "tags_all",
  "labels",
  "effective_labels",
  "terraform_labels",
  "description",
  "display_name",
  "displayName",
  "notes",
  "annotations",
  "timeouts",
]);

const KNOWN = new WeakMap<Change, boolean>();

/** Whether the change can alter how the resource behaves: more than its tags and descriptions. Asked once per change. */
export function isBehavioural(change: Change): boolean {
  let answer = KNOWN.get(change);
  if (answer === undefined) {
    answer = altersBehaviour(change);
    KNOWN.set(change, answer);
  }
  return answer;
}

function altersBehaviour(change: Change): boolean {
  if (change.action !== "update") return change.action !== "keep" && change.action !== "read";
  if (!isObject(change.before) || !isObject(change.after)) return true;
  const { before, after } = change;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!DESCRIPTIVE.has(key) && !sameValue(own(before, key), own(after, key))) return true;
  }
  return false;
}

/** A property that the object itself has, null where it has none: hosts write either for nothing. */
function own(object: ValueObject, key: string): Value {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}
