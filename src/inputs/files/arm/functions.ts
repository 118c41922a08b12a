import {
  emptyObject,
  holdsUnknown,
  isList,
  isObject,
  Secret,
  sameValue,
  Unknown,
  type Value,
  type ValueObject,
} from "../../../model/value.ts";
import { JsonWithComments } from "./jsonc.ts";
import { joined, OpenValue } from "./open-value.ts";

/** What a function certainly gives; undefined where that takes a deployment, or where Azure would refuse the arguments. */
type TemplateFunction = (args: readonly Value[]) => Value | undefined;

/**
 * Functions whose result follows from their arguments, by name in lower case (learn.microsoft.com/azure/azure-resource-manager/
 * templates/template-functions). Each checks what it is given: an open argument is of no type.
 */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  bool: ([value]) =>
    typeof value === "boolean" ? value : typeof value === "string" ? truth(value) : undefined,
  int: ([value]) =>
    typeof value === "number"
      ? value
      : typeof value === "string" && /^\s*-?\d+\s*$/.test(value)
        ? Number(value)
        : undefined,
  string: ([value]) => {
    if (value === undefined || holdsUnknown(value) || holdsSecret(value)) return undefined;
    return typeof value === "string"
      ? value
      : typeof value === "boolean"
        ? title(value)
        : JSON.stringify(value);
  },
  json: ([value]) => (typeof value === "string" ? json(value) : undefined),
  array: ([value]) =>
    value === undefined || value instanceof Unknown ? undefined : isList(value) ? value : [value],
  createarray: (args) => args,
  createobject: (args) => {
    const object = emptyObject();
    for (let i = 0; i + 1 < args.length; i += 2) {
      const key = args[i];
      if (typeof key !== "string") return undefined;
      object[key] = args[i + 1] as Value;
    }
    return object;
  },

  concat: (args) => {
    if (args.some(isList)) return args.every(isList) ? args.flat() : undefined;
    const parts = args.map((arg) => (typeof arg === "number" ? String(arg) : arg));
    return parts.every(isTextual) ? joined(parts) : undefined;
  },
  format: ([pattern, ...values]) => (typeof pattern === "string" ? formatted(pattern, values) : undefined),
  tolower: ([text]) => (typeof text === "string" ? text.toLowerCase() : undefined),
  toupper: ([text]) => (typeof text === "string" ? text.toUpperCase() : undefined),
  trim: ([text]) => (typeof text === "string" ? text.trim() : undefined),
  replace: ([text, from, to]) =>
    typeof text === "string" && typeof from === "string" && from !== "" && typeof to === "string"
      ? text.replaceAll(from, () => to)
      : undefined,
  split: ([text, by]) => {
    if (typeof text !== "string") return undefined;
    if (typeof by === "string") return by === "" ? undefined : text.split(by);
    const marks = isList(by) ? new Set(by) : new Set<Value>();
    if (marks.size === 0) return undefined;
    const parts = [""];
    for (const char of text) {
      if (marks.has(char)) parts.push("");
      else parts[parts.length - 1] += char;
    }
    return parts;
  },
  join: ([list, by]) =>
    isList(list) &&
    typeof by === "string" &&
    list.every((item) => typeof item === "string" || typeof item === "number")
      ? list.join(by)
      : undefined,
  substring: ([text, start, length]) =>
    typeof text === "string" &&
    typeof start === "number" &&
    (length === undefined || typeof length === "number")
      ? text.substring(start, length === undefined ? undefined : start + length)
      : undefined,
  indexof: ([where, what]) =>
    typeof where === "string" && typeof what === "string"
      ? where.toLowerCase().indexOf(what.toLowerCase())
      : undefined,
  startswith: ([text, start]) =>
    typeof text === "string" && typeof start === "string"
      ? text.toLowerCase().startsWith(start.toLowerCase())
      : undefined,
  endswith: ([text, end]) =>
    typeof text === "string" && typeof end === "string"
      ? text.toLowerCase().endsWith(end.toLowerCase())
      : undefined,
  base64: ([text]) => (typeof text === "string" ? Buffer.from(text).toString("base64") : undefined),

  length: ([value]) =>
    typeof value === "string" || isList(value)
      ? value.length
      : isObject(value)
        ? Object.keys(value).length
        : undefined,
  empty: ([value]) => {
    if (value === null || value === "") return true;
    if (typeof value === "string") return false;
    return isList(value) ? value.length === 0 : isObject(value) ? Object.keys(value).length === 0 : undefined;
  },
  first: ([value]) => (typeof value === "string" || isList(value) ? (value[0] ?? undefined) : undefined),
  last: ([value]) => (typeof value === "string" || isList(value) ? (value.at(-1) ?? undefined) : undefined),
  skip: ([value, count]) =>
    typeof count === "number" && (typeof value === "string" || isList(value))
      ? value.slice(Math.max(0, count))
      : undefined,
  take: ([value, count]) =>
    typeof count === "number" && (typeof value === "string" || isList(value))
      ? value.slice(0, Math.max(0, count))
      : undefined,
  contains: ([where, what]) => {
    if (isObject(where)) return typeof what === "string" ? memberOf(where, what) !== undefined : undefined;
    if (typeof where === "string" && typeof what === "string") return where.includes(what);
    if (!isList(where) || what === undefined || holdsUnknown(what)) return undefined;
    return where.some((item) => sameValue(item, what)) || (where.some(holdsUnknown) ? undefined : false);
  },
  union: (args) => {
    if (args.length > 0 && args.every(isObject)) return args.reduce<ValueObject>(merged, emptyObject());
    if (!args.every(isList) || args.some(holdsUnknown) || args.flat().length > MOST_UNITED) return undefined;
    return args.flat().filter((item, i, all) => all.findIndex((other) => sameValue(item, other)) === i);
  },
  objectkeys: ([value]) => (isObject(value) ? Object.keys(value).sort() : undefined),
  range: ([start, count]) =>
    typeof start === "number" && typeof count === "number" && count >= 0 && count <= 10_000
      ? Array.from({ length: count }, (_, i) => start + i)
      : undefined,

  equals: ([one, other]) => {
    if (one === undefined || other === undefined) return undefined;
    if (sameValue(one, other)) return true;
    // Texts that differ only in case: Azure compares them with regard to it.
    return holdsUnknown(one) || holdsUnknown(other) ? undefined : false;
  },
  not: ([value]) => (typeof value === "boolean" ? !value : undefined),
  and: (args) => (args.includes(false) ? false : args.every((arg) => arg === true) ? true : undefined),
  or: (args) => (args.includes(true) ? true : args.every((arg) => arg === false) ? false : undefined),
  coalesce: (args) => {
    const first = args.find((arg) => arg !== null) ?? null;
    return first instanceof Unknown ? undefined : first;
  },
  less: compared((one, other) => one < other),
  lessorequals: compared((one, other) => one <= other),
  greater: compared((one, other) => one > other),
  greaterorequals: compared((one, other) => one >= other),
  add: calculated((one, other) => one + other),
  sub: calculated((one, other) => one - other),
  mul: calculated((one, other) => one * other),
  div: calculated((one, other) => (other === 0 ? undefined : Math.trunc(one / other))),
  mod: calculated((one, other) => (other === 0 ? undefined : one % other)),
  min: (args) => numbersOf(args)?.reduce((one, other) => Math.min(one, other)),
  max: (args) => numbersOf(args)?.reduce((one, other) => Math.max(one, other)),
};

/** A member of an object; Azure does not tell names apart by case. */
export function memberOf(object: ValueObject, key: string): Value | undefined {
  if (Object.hasOwn(object, key)) return object[key];
  const lower = key.toLowerCase();
  const found = Object.keys(object).find((name) => name.toLowerCase() === lower);
  return found === undefined ? undefined : object[found];
}

export function isTextual(value: Value | undefined): value is string | OpenValue {
  return typeof value === "string" || value instanceof OpenValue;
}

/** Each element of lists that are united is compared with all others. */
const MOST_UNITED = 1_000;

function holdsSecret(value: Value): boolean {
  if (isList(value)) return value.some(holdsSecret);
  return value instanceof Secret || (isObject(value) && Object.values(value).some(holdsSecret));
}

function truth(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

/** Booleans as .NET writes them, in which Azure works expressions out. */
function title(value: boolean): string {
  return value ? "True" : "False";
}

function json(text: string): Value | undefined {
  const { value, fault } = new JsonWithComments("", text);
  return fault === undefined ? value : undefined;
}

/** `{0}` filled in; with a format of its own (`{0:D2}`) only Azure does it. */
function formatted(pattern: string, values: readonly Value[]): Value | undefined {
  const parts: (string | OpenValue)[] = [];
  for (const [piece, index] of pattern.matchAll(/\{\{|\}\}|\{(\d+)\}|[^{}]+|[{}]/g)) {
    if (index === undefined) {
      if (piece === "{" || piece === "}") return undefined;
      parts.push(piece === "{{" ? "{" : piece === "}}" ? "}" : piece);
      continue;
    }
    const value = values[Number(index)];
    if (isTextual(value)) parts.push(value);
    else if (typeof value === "number") parts.push(String(value));
    else if (typeof value === "boolean") parts.push(title(value));
    else return undefined;
  }
  return joined(parts);
}

/** Objects are merged all the way down, everything else is replaced. */
function merged(lower: ValueObject, upper: ValueObject): ValueObject {
  const result = Object.assign(emptyObject(), lower);
  for (const [key, item] of Object.entries(upper)) {
    const below = Object.hasOwn(lower, key) ? lower[key] : undefined;
    result[key] = isObject(below) && isObject(item) ? merged(below, item) : item;
  }
  return result;
}

function compared(test: (one: number | string, other: number | string) => boolean): TemplateFunction {
  return ([one, other]) => {
    if (typeof one === "number" && typeof other === "number") return test(one, other);
    return typeof one === "string" && typeof other === "string" ? test(one, other) : undefined;
  };
}

function calculated(work: (one: number, other: number) => number | undefined): TemplateFunction {
  return ([one, other]) =>
    typeof one === "number" && typeof other === "number" ? work(one, other) : undefined;
}

function numbersOf(args: readonly Value[]): readonly number[] | undefined {
  const [first] = args;
  const values = args.length === 1 && isList(first) ? first : args;
  return values.length > 0 && values.every((value) => typeof value === "number") ? values : undefined;
}
