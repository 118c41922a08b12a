import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { Computed, emptyObject, isList, isObject, type Value } from "../model/value.ts";
import type { ScalarRules } from "./yaml-scalars.ts";

/** What a document holds that no reader can use, and the offset where it stands. */
export class YamlFault extends Error {
  override readonly name = "YamlFault";
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export interface ValueOptions {
  readonly rules: ScalarRules;
  /** May replace a text, given the key that it stands under: of a list's elements, the key of the list. */
  readonly text?: ((text: string, key: string) => Value) | undefined;
}

/** Collections inside of each other, aliases followed. */
const MAX_DEPTH = 100;
/** Characters that the aliases of one file would add if they were written out; each value counts some more. */
export const MOST_ALIASED: number = 1 << 20;
const WEIGHT_OF_VALUE = 8;

/** A value that was given a name, and what it costs to write it out again. */
interface Anchored {
  readonly value: Value;
  readonly weight: number;
  readonly height: number;
}

const YAML_TAG = "tag:yaml.org,2002:";
/** Tags that ask for the meaning that a plain scalar would have. */
const PLAIN_TAGS: ReadonlySet<string | undefined> = new Set(
  ["int", "float", "bool", "null"].map((name) => `${YAML_TAG}${name}`),
);

/** The values of one document. Aliases share the value that they stand for; what that would cost written out is bounded. */
export class YamlValues {
  readonly #source: string;
  readonly #options: ValueOptions;
  readonly #anchors = new Map<string, Anchored>();
  readonly #aliases: { left: number };
  #weight = 0;
  #deepest = 0;

  /** `source` is the text that the offsets of the nodes count in, `aliases` what those of the whole file may still add. */
  constructor(source: string, options: ValueOptions, aliases: { left: number }) {
    this.#source = source;
    this.#options = options;
    this.#aliases = aliases;
  }

  /** The value of a node and all below; throws a YamlFault where it has none. */
  of(node: ParsedNode | null): Value {
    return node === null ? null : this.#value(node, "", 0);
  }

  #value(node: Node | null | undefined, key: string, depth: number): Value {
    if (node === null || node === undefined) return null;
    this.#weight += WEIGHT_OF_VALUE;
    this.#reach(depth, node);
    if (isAlias(node)) return this.#alias(node.source, node, depth);
    const { anchor } = node as { anchor?: string };
    if (anchor === undefined) return this.#plain(node, key, depth);
    const weight = this.#weight;
    const outer = this.#deepest;
    this.#deepest = depth;
    const value = this.#plain(node, key, depth);
    this.#anchors.set(anchor, { value, weight: this.#weight - weight, height: this.#deepest - depth });
    this.#deepest = Math.max(this.#deepest, outer);
    return value;
  }

  #alias(name: string, node: Node, depth: number): Value {
    const found = this.#anchors.get(name);
    if (found === undefined) throw fault(`nothing before it is named &${name}`, node);
    this.#weight += found.weight;
    this.#aliases.left -= found.weight;
    if (this.#aliases.left < 0) throw fault("with its aliases written out it would be too large", node);
    this.#reach(depth + found.height, node);
    return found.value;
  }

  #plain(node: Node, key: string, depth: number): Value {
    const { tag } = node as { tag?: string };
    // What a tag of somebody's own makes of its value, only their program knows.
    if (tag !== undefined && tag !== "!" && !tag.startsWith(YAML_TAG)) {
      const [start, end] = node.range ?? [0, 0];
      return new Computed(`${tag} ${this.#source.slice(start, end)}`);
    }
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.#value(item as Node, key, depth + 1));
    return isScalar(node) ? this.#scalar(node, key) : null;
  }

  #scalar(node: Scalar, key: string): Value {
    const text = textOf(node);
    this.#weight += text.length;
    const isPlain = node.type === "PLAIN" && node.tag === undefined;
    const value = isPlain || PLAIN_TAGS.has(node.tag) ? this.#options.rules(text) : text;
    return typeof value === "string" && this.#options.text !== undefined
      ? this.#options.text(value, key)
      : value;
  }

  #map(map: YAMLMap, depth: number): Value {
    const object = emptyObject();
    const merged: Value[] = [];
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = keyOf(pair);
      if (key === undefined) throw fault("a key is not a word", pair.key);
      if (isMergeKey(pair.key)) {
        const value = this.#value(pair.value, key, depth + 1);
        merged.push(...(isList(value) ? value : [value]));
        continue;
      }
      if (Object.hasOwn(object, key)) throw fault(`the key ${JSON.stringify(key)} is there twice`, pair.key);
      this.#weight += key.length;
      object[key] = this.#value(pair.value, key, depth + 1);
    }
    // A key of the map itself comes before those that are merged in, and the earlier of those before the later (yaml.org/type/merge.html).
    for (const source of merged) {
      if (!isObject(source)) throw fault("what is merged in with << is not a map", map);
      for (const [key, value] of Object.entries(source)) if (!Object.hasOwn(object, key)) object[key] = value;
    }
    return object;
  }

  #reach(depth: number, node: Node): void {
    if (depth > MAX_DEPTH) throw fault("it is nested too deeply", node);
    this.#deepest = Math.max(this.#deepest, depth);
  }
}

/** The key of a pair as it is written, whatever a reader takes it for (`on`, `1`); undefined where it is a collection. */
export function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) ? textOf(key) : undefined;
}

/** Whether the pair merges other maps into its own. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}

function textOf({ value }: Scalar): string {
  return typeof value === "string" ? value : "";
}

function fault(message: string, node: Node): YamlFault {
  return new YamlFault(message, node.range?.[0] ?? 0);
}
