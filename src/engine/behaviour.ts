import type { Change } from "../model/change.ts";
import {
  isList,
  isObject,
  Secret,
  sameValue,
  Unknown,
  type Value,
  type ValueObject,
} from "../model/value.ts";

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

/** Whether a change alters how the resource behaves; `unknown` where all that differs is known only after apply. */
export type Behaviour = "alters" | "keeps" | "unknown";

const KNOWN = new WeakMap<Change, Behaviour>();

/** Whether the change alters how the resource behaves: more than its tags and descriptions. Asked once per change. */
export function behaviourOf(change: Change): Behaviour {
  let answer = KNOWN.get(change);
  if (answer === undefined) {
    answer = behaviourIn(change);
    KNOWN.set(change, answer);
  }
  return answer;
}

function behaviourIn({ action, before, after }: Change): Behaviour {
  if (action !== "update") return action === "keep" || action === "read" ? "keeps" : "alters";
  if (!isObject(before) || !isObject(after)) return "alters";
  let answer: Behaviour = "keeps";
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (DESCRIPTIVE.has(key)) continue;
    const difference = differenceOf(own(before, key), own(after, key));
    if (difference === "alters") return "alters";
    if (difference === "unknown") answer = "unknown";
  }
  return answer;
}

/**
 * How two values differ. One that is known only after apply may well be what it was: a resource that is updated in place
 * makes whatever is computed from it unknown for the time of the preview.
 */
function differenceOf(was: Value, is: Value): Behaviour {
  if (was instanceof Unknown || is instanceof Unknown) return sameValue(was, is) ? "keeps" : "unknown";
  if (was instanceof Secret || is instanceof Secret) {
    return differenceOf(was instanceof Secret ? was.reveal() : was, is instanceof Secret ? is.reveal() : is);
  }
  if (isList(was) && isList(is) && was.length === is.length) {
    return gravest(was.map((item, i) => differenceOf(item, is[i] ?? null)));
  }
  if (isObject(was) && isObject(is)) {
    const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
    return gravest([...keys].map((key) => differenceOf(own(was, key), own(is, key))));
  }
  return sameValue(was, is) ? "keeps" : "alters";
}

function gravest(differences: readonly Behaviour[]): Behaviour {
  if (differences.includes("alters")) return "alters";
  return differences.includes("unknown") ? "unknown" : "keeps";
}

/** A property that the object itself has, null where it has none: hosts write either for nothing. */
function own(object: ValueObject, key: string): Value {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}
