import type { Change } from "../model/change.ts";
import { isObject, sameValue } from "../model/value.ts";

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

/** Whether the change can alter how the resource behaves: more than its tags and descriptions. */
export function isBehavioural(change: Change): boolean {
  if (change.action !== "update") return change.action !== "keep" && change.action !== "read";
  if (!isObject(change.before) || !isObject(change.after)) return true;
  const { before, after } = change;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!DESCRIPTIVE.has(key) && !sameValue(before[key] ?? null, after[key] ?? null)) return true;
  }
  return false;
}
