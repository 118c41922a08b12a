import { type Document, isMap, isPair, isSeq, type Node, type Pair, type ParsedNode } from "yaml";
import type { SourceLocation } from "../model/change.ts";
import { isList, isObject, type Value } from "../model/value.ts";
import type { Step } from "./steps.ts";
import type { Written } from "./written.ts";
import type { TextLines } from "./yaml-lines.ts";
import { isMergeKey, keyOf } from "./yaml-value.ts";

/** Lines of a file, both included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** One document of a YAML file. */
export class YamlDocument implements Written {
  readonly value: Value;
  readonly place: SourceLocation;
  readonly #root: ParsedNode | null;
  /** Where the text starts in the file that the document was parsed from. */
  readonly #start: number;
  readonly #lines: TextLines;

  constructor(value: Value, { contents }: Document.Parsed, start: number, lines: TextLines) {
    this.value = value;
    this.#root = contents;
    this.#start = start;
    this.#lines = lines;
    this.place = this.#placeOf(contents);
  }

  /**
   * The key or the list element that is the narrowest which the steps lead to. What an alias or a merge key brings in stands
   * where it is brought in. As facets do, the steps may pass over a list of one element or count it.
   */
  placeOf(steps: readonly Step[]): SourceLocation | undefined {
    const found = inNode(this.#root, this.value, steps);
    return found === undefined ? undefined : this.#placeOf(found);
  }

  /** The lines of the whole, of all pairs and of all elements of lists. */
  ranges(): readonly LineRange[] {
    const ranges: LineRange[] = [];
    const lineAt = (offset: number) => this.#lines.lineAt(this.#start + offset);
    // A block scalar ends with its line break.
    const tell = (start: number, end: number) =>
      void ranges.push({ from: lineAt(start), to: lineAt(Math.max(start, end - 1)) });
    tell(startOf(this.#root), endOf(this.#root, tell));
    return ranges;
  }

  #placeOf(node: Node | null): SourceLocation {
    return this.#lines.placeAt(this.#start + startOf(node));
  }
}

/** Where something starts: of a map in block style its first key. */
function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** The node whose start is the place: the key of a pair, or an element of a list. */
function inNode(node: Node | null, value: Value | undefined, steps: readonly Step[]): Node | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return undefined;
  if (isSeq(node)) {
    const items = node.items as Node[];
    const elements = isList(value) ? value : [];
    if (typeof step !== "number") return items.length === 1 ? inNode(node, value, [0, ...steps]) : undefined;
    const item = items[step];
    return item === undefined ? undefined : (inNode(item, elements[step], rest) ?? item);
  }
  if (!isMap(node) || !isObject(value)) return undefined;
  if (typeof step === "number") return step === 0 ? inNode(node, value, rest) : undefined;
  const pairs = node.items as Pair<Node, Node | null>[];
  // A name may hold dots itself, which a path does not tell from those between names.
  let name = "";
  for (const [count, part] of steps.entries()) {
    if (typeof part !== "string") break;
    name = count === 0 ? part : `${name}.${part}`;
    if (!Object.hasOwn(value, name)) continue;
    const pair = pairs.find((one) => keyOf(one) === name);
    if (pair === undefined) return pairs.find(({ key }) => isMergeKey(key))?.key;
    return inNode(pair.value, value[name], steps.slice(count + 1)) ?? pair.key;
  }
  return undefined;
}

type Tell = (start: number, end: number) => void;

/** Where a node ends; tells the start and the end of each pair and element in it. */
function endOf(node: Node | null | undefined, tell: Tell): number {
  const end = node?.range?.[1] ?? 0;
  if (!isSeq(node) && !isMap(node)) return end;
  let last = startOf(node);
  for (const item of node.items as (Node | Pair<Node, Node | null>)[]) {
    const start = startOf(isPair(item) ? item.key : item);
    last = isPair(item) ? Math.max(item.key.range?.[1] ?? start, endOf(item.value, tell)) : endOf(item, tell);
    tell(start, last);
  }
  // In block style, comments and blank lines behind its last part are counted to the collection.
  return node.flow === true ? end : last;
}
