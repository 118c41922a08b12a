import {
  Computed,
  emptyObject,
  holdsUnknown,
  isList,
  isObject,
  Secret,
  Unknown,
  type Value,
} from "../../../model/value.ts";
import type { Work } from "../work.ts";
import { type Access, partsOf } from "./interpolation.ts";

/** What a reference stands for, as the program tells; a Computed where only Pulumi can. */
export type Resolve = (access: Access) => Value;

/** The value of an expression of a program, as far as it is certain. */
export function evaluated(value: Value, resolve: Resolve, work: Work): Value {
  work.spend(1);
  if (typeof value === "string") return interpolated(value, resolve, work);
  if (isList(value)) return value.map((item) => evaluated(item, resolve, work));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && /^fn::/i.test(first[0])) {
    return called(first[0], evaluated(first[1], resolve, work), work);
  }
  const object = emptyObject();
  for (const [key, item] of entries) object[key] = evaluated(item, resolve, work);
  return object;
}

/** Text in which references are replaced; a text that is nothing but one is what that stands for. */
function interpolated(text: string, resolve: Resolve, work: Work): Value {
  const values = partsOf(text).map((part) => (typeof part === "string" ? part : resolve(part)));
  const result = values.length === 1 ? (values[0] ?? null) : joined(values);
  work.spend(textLength(result));
  return result;
}

function textLength(value: Value): number {
  return typeof value === "string" ? value.length : value instanceof Computed ? value.text.length : 1;
}

/** Values put together to one text: Computed where a part is, and secret where a part is. */
function joined(values: readonly Value[], delimiter = ""): Value {
  const plain = values.map((value) => (value instanceof Secret ? value.reveal() : value));
  const isCertain = plain.every((value) => typeof value !== "object");
  const text = plain
    .map((value) =>
      value instanceof Computed ? value.text : typeof value === "object" ? spelled(value) : String(value),
    )
    .join(delimiter);
  const result = isCertain ? text : new Computed(text);
  return values.some((value) => value instanceof Secret) ? new Secret(result) : result;
}

/** What a function certainly gives; undefined where only Pulumi can tell. */
type PulumiFunction = (argument: Value) => Value | undefined;

/**
 * Functions whose result follows from their argument, by name in lower case (yaml-language-reference, "Built-in functions").
 * Older programs write `Fn::`.
 */
const FUNCTIONS: Readonly<Record<string, PulumiFunction>> = {
  join: (argument) => {
    const [delimiter, list] = listOf(argument);
    return typeof delimiter === "string" && isList(list) && list.every(isScalar)
      ? joined(list, delimiter)
      : undefined;
  },
  select: (argument) => {
    const [index, list] = listOf(argument);
    return typeof index === "number" && isList(list) ? list[index] : undefined;
  },
  split: (argument) => {
    const [delimiter, text] = listOf(argument);
    return typeof delimiter === "string" && delimiter !== "" && typeof text === "string"
      ? text.split(delimiter)
      : undefined;
  },
  tojson: (argument) => (holdsUnknown(argument) ? undefined : JSON.stringify(argument)),
  tobase64: (argument) =>
    typeof argument === "string" ? Buffer.from(argument).toString("base64") : undefined,
  frombase64: (argument) =>
    typeof argument === "string" ? Buffer.from(argument, "base64").toString() : undefined,
  secret: (argument) => new Secret(argument),
};

function called(name: string, argument: Value, work: Work): Value {
  const key = name.slice("fn::".length).toLowerCase();
  const certain = Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key] : undefined;
  const isSecret = holdsSecret(argument);
  const result = certain?.(isSecret ? revealed(argument) : argument);
  const given = result ?? new Computed(`\${${name}(${spelled(argument)})}`);
  work.spend(textLength(given));
  return isSecret ? new Secret(given) : given;
}

function listOf(value: Value): readonly Value[] {
  return isList(value) ? value : [];
}

function isScalar(value: Value): boolean {
  return value instanceof Computed || (typeof value !== "object" && value !== undefined);
}

function holdsSecret(value: Value): boolean {
  if (value instanceof Secret) return true;
  if (isList(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

function revealed(value: Value): Value {
  if (value instanceof Secret) return revealed(value.reveal());
  if (isList(value)) return value.map(revealed);
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const [key, item] of Object.entries(value)) object[key] = revealed(item);
  return object;
}

/** A value on one line, without what is secret. */
export function spelled(value: Value): string {
  if (value instanceof Computed) return value.text;
  if (value instanceof Unknown || value instanceof Secret) return value.toString();
  if (isList(value)) return `[${value.map(spelled).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${spelled(item)}`)
    .join(", ")}}`;
}
