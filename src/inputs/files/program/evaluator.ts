import type { Node } from "web-tree-sitter";
import { isCredentialName } from "../../../model/credentials.ts";
import type { Pending } from "../../../model/pending.ts";
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
import { plain } from "../../../syntax/construct-sites.ts";
import { chainOf } from "./chain.ts";
import { enumerationValue } from "./enumerations.ts";
import { Expressions } from "./expressions.ts";
import { fragmentText, numberValue, stringText } from "./literals.ts";
import type { Names } from "./names.ts";
import { PartlyKnownDocument, REST } from "./open-object.ts";
import type { Binding } from "./scopes.ts";
import { valueText } from "./value-text.ts";

type Fields = { [key: string]: Value };

/** Deeper than anybody writes a configuration. */
const MAX_DEPTH = 100;
/** Values of one file: constants that hold one another could stand for any number. */
const MAX_VALUES = 100_000;

/** Properties that people choose by one condition. */
const MAX_CHOSEN = 50;
/** Behind the value of a property that something behind it may set again. */
const UNLESS_SET = " unless set again";

/** Functions whose result can be told: the text of a document, or what they are given. */
const FUNCTIONS: ReadonlyMap<string, "document" | "same" | "secret"> = new Map([
  ["JSON.stringify", "document"],
  ["@pulumi/pulumi jsonStringify", "document"],
  ["cdktf Fn.jsonencode", "document"],
  ["cdktn Fn.jsonencode", "document"],
  ["@pulumi/pulumi output", "same"],
  ["@pulumi/pulumi secret", "secret"],
]);

/**
 * Works out what is written out: literals, and constants of the same file that are set to some. Everything else is
 * Computed, or what `attributeOf` knows of it.
 */
export class Evaluator {
  readonly #names: Names;
  readonly #expressions: Expressions;
  readonly #attributeOf: (node: Node) => Pending | undefined;
  /** Constants that are being worked out. */
  readonly #open = new Set<Binding>();
  #left = MAX_VALUES;

  constructor(names: Names, attributeOf: (node: Node) => Pending | undefined) {
    this.#names = names;
    this.#expressions = new Expressions(names);
    this.#attributeOf = attributeOf;
  }

  /** Whether there was more than is worked out. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** The value of an expression; `key` is the property that it is of. */
  value(node: Node, key = "", depth = 0): Value {
    const known = this.#known(node, depth);
    const value = known === undefined ? (this.#attributeOf(node) ?? this.computed(node)) : known;
    const isHidden = isCredentialName(key) && (typeof value === "string" || value instanceof Unknown);
    return isHidden ? new Secret(value) : value;
  }

  /** An expression that is not worked out. */
  computed(...nodes: readonly Node[]): Computed {
    return new Computed(nodes.map((node) => this.#expressions.textOf(node)).join("; "));
  }

  /** The text of an expression that stands for one. */
  text(node: Node): string | undefined {
    const value = this.#known(node, 0);
    return typeof value === "string" ? value : undefined;
  }

  /** Whether nothing is given: `undefined`, or no expression at all. */
  isNothing(node: Node | undefined): boolean {
    return node === undefined || plain(node).type === "undefined" || this.#names.global(node) === "undefined";
  }

  /** The name of a member of an object; undefined where it is worked out. */
  keyOf(member: Node): string | undefined {
    if (member.type === "shorthand_property_identifier") return member.text;
    const key = member.childForFieldName(member.type === "method_definition" ? "name" : "key");
    if (key === null) return undefined;
    if (key.type === "property_identifier") return key.text;
    const inner = key.type === "computed_property_name" ? key.namedChildren[0] : key;
    const value = inner === undefined ? undefined : this.#known(inner, 0);
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  /** The expression that a constant of the file is set to, if the node names one that nothing changes; else the node. */
  definition(node: Node): Node {
    const { base, names } = chainOf(node);
    const binding = names.length === 0 ? this.#names.named(base)?.binding : undefined;
    if (binding?.meaning.kind !== "const" || binding.changes.length > 0) return plain(node);
    return binding.meaning.path.length === 0 ? plain(binding.meaning.value) : plain(node);
  }

  /** What an expression stands for; undefined where it is worked out when the program runs. */
  #known(written: Node, depth: number): Value | undefined {
    const node = plain(written);
    if (--this.#left < 0 || depth > MAX_DEPTH) return undefined;
    switch (node.type) {
      case "string":
        return stringText(node);
      case "number":
        return numberValue(node.text);
      case "true":
      case "false":
        return node.type === "true";
      case "null":
        return null;
      case "template_string":
        return this.#template(node, depth);
      case "unary_expression":
        return this.#negated(node, depth);
      case "binary_expression":
        return this.#sum(node, depth);
      case "array":
        return this.#list(node, depth);
      case "object":
        return this.#object(node, depth);
      case "call_expression":
        return this.#call(node, depth);
      case "identifier":
      case "shorthand_property_identifier":
      case "member_expression":
      case "subscript_expression":
        return this.#constant(node, depth);
      default:
        return undefined;
    }
  }

  #constant(node: Node, depth: number): Value | undefined {
    const named = this.#names.named(node);
    if (named?.binding.meaning.kind === "const" && !named.isPartial) {
      const { meaning, changes } = named.binding;
      // What is made of itself is nothing.
      if (this.#open.has(named.binding)) return undefined;
      this.#open.add(named.binding);
      const whole = this.#known(meaning.value, depth + 1);
      this.#open.delete(named.binding);
      if (whole === undefined) return this.#enumerationValue(node);
      // Texts and numbers cannot be changed.
      if (typeof whole === "object" && changes.length > 0) return undefined;
      return at(whole, [...meaning.path, ...named.rest]);
    }
    return this.#enumerationValue(node);
  }

  #enumerationValue(node: Node): Value | undefined {
    const imported = this.#names.imported(node);
    return imported && enumerationValue(imported);
  }

  #template(node: Node, depth: number): Value | undefined {
    let text = "";
    for (const part of node.namedChildren) {
      const inner = part.type === "template_substitution" ? part.namedChildren[0] : undefined;
      const value = inner === undefined ? fragmentText(part) : this.#known(inner, depth + 1);
      if (!isScalar(value)) return undefined;
      text += String(value);
    }
    return text;
  }

  #negated(node: Node, depth: number): Value | undefined {
    const argument = node.childForFieldName("argument");
    if (node.childForFieldName("operator")?.type !== "-" || argument === null) return undefined;
    const value = this.#known(argument, depth + 1);
    return typeof value === "number" ? -value : undefined;
  }

  /** `a + b + c`, however long. */
  #sum(node: Node, depth: number): Value | undefined {
    const terms: Node[] = [];
    let at = node;
    for (;;) {
      const [left, right] = [at.childForFieldName("left"), at.childForFieldName("right")];
      if (at.childForFieldName("operator")?.type !== "+" || left === null || right === null) return undefined;
      terms.push(right);
      at = plain(left);
      if (at.type !== "binary_expression") break;
    }
    let sum = this.#known(at, depth + 1);
    for (const term of terms.reverse()) {
      const value = this.#known(term, depth + 1);
      if (!isScalar(sum) || !isScalar(value)) return undefined;
      if (typeof sum === "number" && typeof value === "number") sum += value;
      else if (typeof sum === "string" || typeof value === "string") sum = String(sum) + String(value);
      else return undefined;
    }
    return sum;
  }

  #list(node: Node, depth: number): Value | undefined {
    const items: Value[] = [];
    for (const element of node.namedChildren) {
      if (element.type === "comment") continue;
      if (element.type === "spread_element") {
        const spread = element.namedChildren[0];
        const value = spread && this.#known(spread, depth + 1);
        if (!isList(value)) return undefined;
        items.push(...value);
      } else if (element.type === "ERROR") return undefined;
      else items.push(this.value(element, "", depth + 1));
    }
    return items;
  }

  #object(node: Node, depth: number): Value | undefined {
    const object = emptyObject();
    /** What may set any property. */
    const open: Node[] = [];
    for (const member of node.namedChildren) {
      if (member.type === "comment") continue;
      if (member.type === "ERROR") return undefined;
      const isOpen =
        member.type === "spread_element"
          ? !this.#spread(object, member, depth)
          : !this.#member(object, member, depth);
      if (!isOpen) continue;
      open.push(member);
      // What it sets, its own text tells under REST.
      for (const [key, old] of Object.entries(object)) {
        const isTold = old instanceof Computed && old.text.endsWith(UNLESS_SET);
        if (!isTold) object[key] = hidden(key, old, `${valueText(old)}${UNLESS_SET}`);
      }
    }
    if (open.length > 0) object[REST] = this.computed(...open);
    return object;
  }

  /** Sets what a member sets; false where that may be any property. */
  #member(object: Fields, member: Node, depth: number): boolean {
    const key = this.keyOf(member);
    const value = member.type === "pair" ? member.childForFieldName("value") : member;
    if (key === undefined || value === null) return false;
    if (member.type === "method_definition") object[key] = this.computed(member);
    else if (this.isNothing(value)) delete object[key];
    else object[key] = this.value(value, key, depth + 1);
    return true;
  }

  /** Sets what a spread sets; false where that may be any property. */
  #spread(object: Fields, member: Node, depth: number): boolean {
    const spread = member.namedChildren[0];
    if (spread === undefined) return false;
    const value = this.#known(spread, depth + 1);
    if (value === null || value === false || this.isNothing(spread)) return true;
    if (isObject(value) && !Object.hasOwn(value, REST)) {
      Object.assign(object, value);
      return true;
    }
    const keys = this.#possibleKeys(plain(spread), depth);
    if (keys === undefined) return false;
    const { text } = this.computed(spread);
    for (const key of keys) {
      const old = Object.hasOwn(object, key) ? object[key] : undefined;
      object[key] = hidden(key, old, old === undefined ? text : `${valueText(old)} unless ${text}`);
    }
    return true;
  }

  /** What `condition && {…}` and `condition ? {…} : {…}` may set, where the objects are written out. */
  #possibleKeys(node: Node, depth: number): readonly string[] | undefined {
    const isAnd = node.type === "binary_expression" && node.childForFieldName("operator")?.type === "&&";
    const fields =
      node.type === "ternary_expression" ? ["consequence", "alternative"] : isAnd ? ["right"] : [];
    const keys = new Set<string>();
    for (const field of fields) {
      const branch = node.childForFieldName(field);
      if (branch === null || this.isNothing(branch)) continue;
      const value = this.#known(branch, depth + 1);
      if (value === null || value === false) continue;
      if (!isObject(value) || Object.hasOwn(value, REST)) return undefined;
      for (const key of Object.keys(value)) keys.add(key);
    }
    return fields.length === 0 || keys.size > MAX_CHOSEN ? undefined : [...keys];
  }

  /** Whether a call gives the text of the object that is its argument. */
  isDocument(call: Node): boolean {
    return this.#functionOf(call) === "document";
  }

  #functionOf(call: Node) {
    const callee = call.childForFieldName("function");
    if (callee === null) return undefined;
    const imported = this.#names.imported(callee);
    const name = imported ? `${imported.module} ${imported.path.join(".")}` : this.#names.global(callee);
    return FUNCTIONS.get(name ?? "");
  }

  #call(node: Node, depth: number): Value | undefined {
    const [argument, ...others] =
      node.childForFieldName("arguments")?.namedChildren.filter(({ type }) => type !== "comment") ?? [];
    const does = argument === undefined || others.length > 0 ? undefined : this.#functionOf(node);
    if (argument === undefined || does === undefined) return undefined;
    if (does === "secret") return new Secret(this.value(argument, "", depth + 1));
    const value = this.#known(argument, depth + 1);
    if (does === "same" || value === undefined) return value;
    const isText = !holdsUnknown(value) && !holdsSecret(value);
    return isText ? JSON.stringify(value) : new PartlyKnownDocument(this.computed(node).text, value);
  }
}

/** What replaces a property whose value something else decides too. */
function hidden(key: string, old: Value | undefined, text: string): Value {
  const value = new Computed(text);
  return isCredentialName(key) || old instanceof Secret ? new Secret(value) : value;
}

/** What stands in a value at the end of the way; undefined where the way leads out of it, or to what is not known. */
function at(value: Value, path: readonly string[]): Value | undefined {
  let inner: Value | undefined = value;
  for (const key of path) {
    if (isList(inner) && /^\d+$/.test(key)) inner = inner[Number(key)];
    else inner = isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }
  return inner;
}

function isScalar(value: Value | undefined): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function holdsSecret(value: Value): boolean {
  if (value instanceof Secret) return true;
  if (isList(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}
