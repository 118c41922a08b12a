import { maskCredential } from "../../model/credentials.ts";
import { unknownFrom } from "../../model/pending.ts";
import {
  Computed,
  emptyObject,
  isList,
  isObject,
  Secret,
  UNKNOWN,
  Unknown,
  type Value,
} from "../../model/value.ts";
import { asList, asObject, toValue } from "../json-value.ts";
import { type Expression, parseString } from "./expression.ts";
import { call, isScalar, MAX_ITEMS, MAX_TEXT, textOf } from "./functions.ts";
import { chosen, combined, negated } from "./operators.ts";
import { LONGEST_TEXT, remembered } from "./remembered.ts";

/** What the names in an expression stand for. */
export interface Scope {
  /** The value at `root.key.key…`; UNKNOWN where only Terraform can tell. */
  lookup(root: string, keys: readonly (string | number)[]): Value;
  /** What stands for the value of something written that names what is not known; without it, the value itself. */
  readonly described?: Describe;
}

/** Gets a value, what is written in its place, the property's name, and the scope in which that was worked out. */
export type Describe = (value: Value, json: unknown, key: string, scope: Scope) => Value;

/** The names that a `for`, `for_each`, `count` or `dynamic` block adds around an expression. */
export function withNames(scope: Scope, names: Readonly<Record<string, Value>>): Scope {
  return {
    lookup: (root, keys) => (Object.hasOwn(names, root) ? walk(names[root], keys) : scope.lookup(root, keys)),
    ...(scope.described && { described: scope.described }),
  };
}

/** The value at a path inside a value. What is not there is unknown: the provider may add it. */
export function walk(value: Value | undefined, keys: readonly (string | number)[]): Value {
  for (const [i, key] of keys.entries()) {
    if (value instanceof Secret) return new Secret(walk(value.reveal(), keys.slice(i)));
    if (value instanceof Computed) return partOf(value, keys.slice(i));
    if (isList(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    // Synths write a single block plainly, expressions index it as the list it is to Terraform.
    else if (!isObject(value) || String(key) !== "0") return value instanceof Unknown ? value : UNKNOWN;
  }
  return value ?? UNKNOWN;
}

/** What stands at a path inside of something computed is computed too. */
function partOf({ text }: Computed, keys: readonly (string | number)[]): Computed {
  const whole = /^[\w.-]*$/.test(text) ? text : `(${text})`;
  return new Computed(keys.reduce<string>((path, key) => `${path}.${key}`, whole));
}

/** Deeper than any program nests; locals that name locals count together. */
const MAX_DEPTH = 600;

/** Bounds the work that one document can ask for, and how deep it leads. */
export class Budget {
  #left = 2_000_000;
  #depth = { now: 0 };
  get isSpent(): boolean {
    return this.#left < 0;
  }
  /** Begins one step of the work, which `leave` ends; false where too much has been done, or too deep. */
  enter(): boolean {
    if (--this.#left < 0 || this.#depth.now >= MAX_DEPTH) return false;
    this.#depth.now++;
    return true;
  }
  /** Counts work that is no step by itself. */
  spend(units: number): void {
    this.#left -= units;
  }
  leave(): void {
    this.#depth.now--;
  }
  /** Counts depth together with another document's: what leads from one into the other goes deeper in both. */
  nestIn(other: Budget): void {
    this.#depth = other.#depth;
  }
}

const parsed = remembered((text) => parseString(text));

/**
 * The value of a block's properties in a scope, without `//`. Strings are templates; one that names what is not known yet is UNKNOWN.
 */
export function evaluateBody(json: unknown, scope: Scope, budget: Budget, key = ""): Value {
  if (!budget.enter()) return UNKNOWN;
  const value = bodyOf(json, scope, budget, key);
  budget.leave();
  return value;
}

function bodyOf(json: unknown, scope: Scope, budget: Budget, key: string): Value {
  if (typeof json === "string") {
    if (!json.includes("${") && !json.includes("%{")) return maskCredential(json, key);
    // Long texts are parsed each time that they are asked for.
    if (json.length > LONGEST_TEXT) budget.spend(json.length / 50);
    if (budget.isSpent) return UNKNOWN;
    const value = evaluate(parsed(json), scope, budget);
    if (typeof value === "string") return maskCredential(value, key);
    return scope.described === undefined ? value : scope.described(value, json, key, scope);
  }
  if (Array.isArray(json)) return asList(json).map((item) => evaluateBody(item, scope, budget, key));
  const object = asObject(json);
  if (object === undefined) return toValue(json);
  const body = emptyObject();
  // By key: pairs would be an array more for each of all properties.
  for (const name of Object.keys(object)) {
    if (name === "//" || name === "dynamic") continue;
    body[name] = evaluateBody(object[name], scope, budget, name);
  }
  if (Object.hasOwn(object, "dynamic")) addDynamicBlocks(body, object.dynamic, scope, budget);
  return body;
}

/** `dynamic` blocks, written out where what they repeat over is known. */
function addDynamicBlocks(body: { [key: string]: Value }, json: unknown, scope: Scope, budget: Budget): void {
  for (const group of Array.isArray(json) ? asList(json) : [json]) {
    for (const [label, blocks] of Object.entries(asObject(group) ?? {})) {
      for (const block of Array.isArray(blocks) ? asList(blocks) : [blocks]) {
        const { for_each, iterator, content } = asObject(block) ?? {};
        const over = evaluateBody(for_each, scope, budget);
        const elements = elementsOf(over);
        const before = (Object.hasOwn(body, label) ? body[label] : undefined) ?? [];
        if (elements === undefined || before instanceof Unknown) {
          const unknown = unknownFrom([over, before]);
          body[label] = scope.described?.(unknown, [before, block], label, scope) ?? unknown;
          continue;
        }
        const name = typeof iterator === "string" ? iterator : label;
        const added = elements.map(([key, value]) =>
          evaluateBody(content, withNames(scope, { [name]: { key, value } }), budget),
        );
        body[label] = [...(isList(before) ? before : [before]), ...added];
      }
    }
  }
}

/** Keys and values of a collection in Terraform's order; undefined where it is not known. */
export function elementsOf(value: Value | undefined): readonly (readonly [Value, Value])[] | undefined {
  if (isList(value)) return value.map((item, i) => [i, item] as const);
  if (!isObject(value)) return undefined;
  return Object.keys(value)
    .sort()
    .map((key) => [key, value[key] as Value] as const);
}

function evaluate(expression: Expression, scope: Scope, budget: Budget): Value {
  if (!budget.enter()) return UNKNOWN;
  const value = resultOf(expression, scope, budget);
  budget.leave();
  return value;
}

function resultOf(expression: Expression, scope: Scope, budget: Budget): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "template":
      return joined(expression.parts.map((part) => evaluate(part, scope, budget)));
    case "list":
      return expression.items.map((item) => evaluate(item, scope, budget));
    case "object":
      return objectOf(
        expression.entries.map(([key, value]) => [
          evaluate(key, scope, budget),
          evaluate(value, scope, budget),
        ]),
      );
    case "name":
      return scope.lookup(expression.name, []);
    case "index":
      return indexed(expression, scope, budget);
    case "call":
      return call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope, budget)),
      );
    case "for":
      return collected(expression, scope, budget);
    case "operation":
      return combined(
        expression.operator,
        evaluate(expression.left, scope, budget),
        evaluate(expression.right, scope, budget),
      );
    case "negation":
      return negated(expression.operator, evaluate(expression.of, scope, budget));
    case "condition":
      return chosen(
        evaluate(expression.condition, scope, budget),
        evaluate(expression.yes, scope, budget),
        evaluate(expression.no, scope, budget),
      );
    case "undecided":
      return UNKNOWN;
  }
}

/** A chain of keys from a name is looked up as a whole, so that the scope sees `azurerm_subnet.a.id`, not its parts. */
function indexed(expression: Expression, scope: Scope, budget: Budget): Value {
  const keys: (string | number)[] = [];
  let root = expression;
  while (root.kind === "index") {
    const key = evaluate(root.key, scope, budget);
    if (typeof key !== "string" && typeof key !== "number") return unknownFrom([key]);
    keys.push(key);
    root = root.of;
  }
  keys.reverse();
  return root.kind === "name" ? scope.lookup(root.name, keys) : walk(evaluate(root, scope, budget), keys);
}

function collected(expression: Expression & { kind: "for" }, scope: Scope, budget: Budget): Value {
  const over = evaluate(expression.over, scope, budget);
  const elements = elementsOf(over);
  if (elements === undefined) return unknownFrom([over]);
  const [first = "", second] = expression.variables;
  const results = elements.map(([key, value]): [Value, Value] => {
    const inner = withNames(
      scope,
      second === undefined ? { [first]: value } : { [first]: key, [second]: value },
    );
    return [
      expression.key === undefined ? null : evaluate(expression.key, inner, budget),
      evaluate(expression.value, inner, budget),
    ];
  });
  return expression.key === undefined ? results.map(([, value]) => value) : objectOf(results);
}

/** An object from evaluated keys; unknown as a whole where a key is. */
function objectOf(entries: readonly (readonly [Value, Value])[]): Value {
  const object = emptyObject();
  for (const [key, value] of entries) {
    const name = textOf(key);
    if (name === undefined) return unknownFrom([key]);
    object[name] = value;
  }
  return object;
}

/** Text put together from parts: secret where a part is, unknown where a part is. */
function joined(parts: readonly Value[]): Value {
  const plain = parts.map((part) => (part instanceof Secret ? part.reveal() : part));
  const texts = plain.filter(isScalar).map(String);
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const value = texts.length === parts.length && length <= MAX_TEXT ? texts.join("") : unknownFrom(plain);
  return plain.some((part, i) => part !== parts[i]) ? new Secret(value) : value;
}

const sizes = new WeakMap<object, number>();

/** Whether a value is small enough to be used again; shared parts count each time, as they would when written out. */
export function isBounded(value: Value): boolean {
  return sizeOf(value) <= MAX_ITEMS;
}

function sizeOf(value: Value): number {
  if (value instanceof Secret) return sizeOf(value.reveal());
  if (typeof value === "string") return 1 + value.length / 64;
  if (!isList(value) && !isObject(value)) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  for (const item of isList(value) ? value : Object.values(value)) size += sizeOf(item);
  sizes.set(value, size);
  return size;
}
