import { unknownFrom } from "../../model/pending.ts";
import { emptyObject, isList, isObject, Secret, UNKNOWN, Unknown, type Value } from "../../model/value.ts";

/** Results larger than this are left unknown: a synth that doubles a text thirty times is an attack, not a stack. */
export const MAX_TEXT = 1 << 20;
export const MAX_ITEMS = 100_000;

type Function = (...args: readonly Value[]) => Value;

/** The functions of Terraform's language that CDKTF itself writes and those that are plain on known values. */
const FUNCTIONS: Readonly<Record<string, Function>> = {
  toset: (list) => (isList(list) && list.every(isScalar) ? distinct(list) : UNKNOWN),
  tolist: (list) => (isList(list) ? list : UNKNOWN),
  tomap: (map) => (isObject(map) ? map : UNKNOWN),
  tostring: (value) => textOf(value) ?? UNKNOWN,
  tobool: (value) =>
    typeof value === "boolean" ? value : value === "true" ? true : value === "false" ? false : UNKNOWN,
  tonumber: (value) =>
    value !== "" && isScalar(value) && Number.isFinite(Number(value)) ? Number(value) : UNKNOWN,
  lower: (text) => (typeof text === "string" ? text.toLowerCase() : UNKNOWN),
  upper: (text) => (typeof text === "string" ? text.toUpperCase() : UNKNOWN),
  join: (separator, list) => {
    if (typeof separator !== "string" || !isList(list)) return UNKNOWN;
    const texts = list.map(textOf).filter((text) => text !== undefined);
    const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
    return texts.length === list.length && length <= MAX_TEXT ? texts.join(separator) : UNKNOWN;
  },
  concat: (...lists) => {
    const items = lists.filter(isList);
    const length = items.reduce((sum, list) => sum + list.length, 0);
    return items.length === lists.length && length <= MAX_ITEMS ? items.flat() : UNKNOWN;
  },
  merge: (...maps) => {
    const objects = maps.filter(isObject);
    return objects.length === maps.length ? Object.assign(emptyObject(), ...objects) : UNKNOWN;
  },
  jsonencode: (value) => (value === undefined || hasHidden(value) ? UNKNOWN : jsonEncode(value)),
};

/** The function's result; unknown where the function or an argument is. A secret argument makes the result secret. */
export function call(name: string, args: readonly Value[]): Value {
  if (!Object.hasOwn(FUNCTIONS, name)) return UNKNOWN;
  if (args.some((arg) => arg instanceof Unknown)) return unknownFrom(args);
  const plain = args.map((arg) => (arg instanceof Secret ? arg.reveal() : arg));
  const known = plain.some((arg) => arg instanceof Unknown)
    ? UNKNOWN
    : (FUNCTIONS[name] as Function)(...plain);
  const result = known instanceof Unknown ? unknownFrom(plain) : known;
  return plain.some((arg, i) => arg !== args[i]) ? new Secret(result) : result;
}

/** A scalar as templates write it. */
export function textOf(value: Value | undefined): string | undefined {
  return isScalar(value) ? String(value) : undefined;
}

export function isScalar(value: Value | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function distinct(list: readonly Value[]): readonly Value[] {
  return [...new Map(list.map((item) => [String(item), item])).values()];
}

function hasHidden(value: Value): boolean {
  if (value instanceof Unknown || value instanceof Secret) return true;
  if (isList(value)) return value.some(hasHidden);
  return isObject(value) && Object.values(value).some(hasHidden);
}

/** As Terraform's jsonencode: keys in order, no blanks, `<`, `>` and `&` escaped. */
function jsonEncode(value: Value): string {
  return JSON.stringify(ordered(value)).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function ordered(value: Value): Value {
  if (isList(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const key of Object.keys(value).sort()) object[key] = ordered(value[key] as Value);
  return object;
}
