import { createHash } from "node:crypto";
import { isCredentialName } from "../../../model/credentials.ts";
import { Pending } from "../../../model/pending.ts";
import {
  Computed,
  emptyObject,
  isList,
  isObject,
  Secret,
  Unknown,
  type Value,
} from "../../../model/value.ts";
import type { Scope } from "../../cdktf/evaluate.ts";
import { eachReference } from "../../cdktf/references.ts";
import { parseTemplate } from "../../cdktf/template.ts";

/** More of a text is told apart by a digest only. */
const MAX_TEXT = 1_000;
const MAX_MEANINGS = 300;
/** Most names of one expression that are followed. */
const MOST_NAMES = 100;

/** What is written: its text, and the names in it that can mean something else another time. */
interface Written {
  readonly text: string;
  readonly names: readonly (readonly string[])[];
}

/**
 * Puts a Computed where something written has no known value, and wherever inside of its value something is unknown. Its text
 * also says what the names in the expression stand for, so that it is another one where any of them is.
 */
export class Describer {
  readonly #written = new Map<string, Written>();
  readonly #writtenObjects = new WeakMap<object, Written>();
  /** Whether something without a text is in there. */
  readonly #isOpen = new WeakMap<object, boolean>();
  readonly #texts = new WeakMap<object, string>();

  describe(value: Value, json: unknown, key: string, scope: Scope): Value {
    if (!this.#lacksText(value)) return value;
    const { text, names } = this.#writtenIn(json);
    const meanings = names.map((name) => [name.join("."), meaningOf(name, scope)] as const);
    const known = meanings.filter(([name, meaning]) => meaning !== undefined && !isJust(name, meaning));
    const isSecret = isCredentialName(key) || known.some(([, meaning]) => meaning instanceof Secret);
    const where = known.map(([name, meaning]) => `; ${this.#meant(name, meaning as Value)}`).join("");
    const computed = new Computed(`${text}${shortened(where, MAX_MEANINGS, "; ")}`);
    return filled(value, isSecret ? new Secret(computed) : computed);
  }

  #lacksText(value: Value): boolean {
    if (value instanceof Secret) return this.#lacksText(value.reveal());
    if (value instanceof Unknown) return isTextless(value);
    if (!isList(value) && !isObject(value)) return false;
    const known = this.#isOpen.get(value);
    if (known !== undefined) return known;
    const is = Object.values(value).some((part) => this.#lacksText(part));
    this.#isOpen.set(value, is);
    return is;
  }

  /** Of a list, what its parts say together. */
  #writtenIn(json: unknown): Written {
    if (typeof json === "string") {
      const known = this.#written.get(json) ?? writtenAs(json, expressionIn(json));
      this.#written.set(json, known);
      return known;
    }
    if (typeof json !== "object" || json === null) return { text: String(json), names: [] };
    const known = this.#writtenObjects.get(json);
    if (known !== undefined) return known;
    const parts = Array.isArray(json) ? json.map((part) => this.#writtenIn(part)) : undefined;
    const written =
      parts === undefined
        ? writtenAs(json, textOf(json as Value))
        : { text: parts.map(({ text }) => text).join(", "), names: parts.flatMap(({ names }) => names) };
    this.#writtenObjects.set(json, written);
    return written;
  }

  #meant(name: string, meaning: Value): string {
    const text = this.#textOf(meaning);
    return meaning instanceof Computed && text.startsWith(`${name},`) ? text : `${name} = ${text}`;
  }

  /** A value as a text that is another one for any other value. */
  #textOf(value: Value): string {
    if (!isList(value) && !isObject(value)) return shortened(textOf(value), MAX_TEXT, "");
    let text = this.#texts.get(value);
    if (text === undefined) {
      text = shortened(textOf(value), MAX_TEXT, "");
      this.#texts.set(value, text);
    }
    return text;
  }
}

/** How many of its words name one thing: `local.x`, `each.value`, `module.x.y`; of a resource it is an attribute, three. */
const LENGTHS: Readonly<Record<string, number>> = {
  local: 2,
  var: 2,
  each: 2,
  count: 2,
  path: 2,
  terraform: 2,
};

function writtenAs(json: unknown, text: string): Written {
  const names = new Map<string, readonly string[]>();
  eachReference(json, ({ names: all }) => {
    const name = all.slice(0, LENGTHS[all[0] as string] ?? 3);
    if (names.size < MOST_NAMES) names.set(name.join("."), name);
  });
  return { text: shortened(text, MAX_TEXT, ""), names: [...names.values()] };
}

/** What a name stands for; undefined where nothing is known of it. */
function meaningOf([root = "", ...keys]: readonly string[], scope: Scope): Value | undefined {
  const value = scope.lookup(root, keys);
  return isTextless(value) || value instanceof Pending ? undefined : value;
}

/** Whether something computed is computed by its very name. */
function isJust(name: string, value: Value | undefined): boolean {
  return value instanceof Computed && value.text === name;
}

/** Unknown without a text. What an attribute of a resource will be is told by the resource. */
function isTextless(value: Value): boolean {
  if (!(value instanceof Unknown) || value instanceof Computed) return false;
  return !(value instanceof Pending) || value.attribute === undefined;
}

/** The value with `computed` in place of all that is unknown without a text. */
function filled(value: Value, computed: Value): Value {
  if (value instanceof Secret) return new Secret(filled(value.reveal(), computed));
  if (value instanceof Unknown) return isTextless(value) ? computed : value;
  if (isList(value)) return value.map((item) => filled(item, computed));
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const name of Object.keys(value)) object[name] = filled(value[name] as Value, computed);
  return object;
}

/** The expression of a text that is nothing but one template, else the text. */
function expressionIn(source: string): string {
  const [only, ...others] = parseTemplate(source);
  return others.length === 0 && typeof only === "object" && source.startsWith("${")
    ? only.expression
    : source;
}

/** A value written out, what is secret and what is computed too: for telling values apart. */
export function textOf(value: Value): string {
  if (value instanceof Computed) return value.text;
  return JSON.stringify(plain(value)) ?? "";
}

function plain(value: Value): unknown {
  if (value instanceof Computed) return { computed: value.text };
  if (value instanceof Pending) return { attribute: value.attribute };
  if (value instanceof Secret) return plain(value.reveal());
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, part]) => [name, plain(part)]);
}

/** A text that is too long as its digest. */
export function shortened(text: string, most: number, before: string): string {
  if (text.length <= most) return text;
  return `${before}${text.slice(0, most / 10)}… #${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
