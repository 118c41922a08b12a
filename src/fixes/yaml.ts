import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  stringify,
  type YAMLMap,
} from "yaml";
import type { Content, ReadSource, Reference, Source } from "./language.ts";
import { appendLines, appendMember, indentationAt } from "./layout.ts";
import { around, folded, type Member, type Scalar, valueUnder, type Written } from "./written.ts";

/** Deeper than anybody nests. */
const MAX_DEPTH = 100;

/** Reads YAML: manifests of Kubernetes and programs of Pulumi. */
export const yamlSource: ReadSource = (text) => sourceOf(text, (key) => key);

/** Reads JSON, of which YAML is a superset: manifests, and templates of the Azure Resource Manager. */
export const jsonSource: ReadSource = (text) => sourceOf(text, (key) => JSON.stringify(key));

function sourceOf(text: string, keyText: (key: string) => string): Source {
  const isJson = keyText("") !== "";
  const roots = [...parseAllDocuments(text, { prettyErrors: false })].flatMap(rootsOf);
  const scalar = (value: Scalar, instead?: Written) => {
    const quote = isJson ? '"' : instead && /^["']/.exec(text.slice(instead.start, instead.end))?.[0];
    return typeof value === "string" && quote !== undefined ? quote + value + quote : String(value);
  };
  const member = (key: string, value: Scalar) => `${keyText(key)}: ${scalar(value)}`;
  return {
    resourceAt(offset, type) {
      const root = roots.find(({ start, end }) => start <= offset && offset <= end);
      const found = root === undefined ? [] : around(root, offset).flatMap((node) => resourceIn(node, type));
      return found[0];
    },
    // What is written in YAML and JSON spells all names as the programs do.
    spell: (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    scalar,
    member: (_, key, value) => member(key, value),
    add({ container }, key, value) {
      if (container.isBlock) return appendLines(text, container, linesOf(key, value, indentOf(text, roots)));
      const written = isJson ? JSON.stringify(value) : flowOf(value);
      return appendMember(text, container, `${keyText(key)}: ${written}`, ",");
    },
    reference: ({ literal, start, end }) => referenceIn(text.slice(start, end), start, literal, roots),
  };
}

function linesOf(key: string, value: Content, indent: number): readonly string[] {
  return stringify({ [key]: value }, { indent })
    .trimEnd()
    .split("\n");
}

/** How much deeper the file indents a block than the one around it. */
function indentOf(text: string, roots: readonly Written[]): number {
  for (const { value, start } of roots.flatMap(({ members = [] }) => members)) {
    const [first] = value.isBlock ? (value.members ?? []) : [];
    const inner = first === undefined ? undefined : indentationAt(text, first.start).indent.length;
    const step = (inner ?? 0) - indentationAt(text, start).indent.length;
    if (step > 0) return step;
  }
  return 2;
}

function flowOf(value: Content): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
}

/** How resources are written: what tells their type, and where their properties stand. */
const SHAPES: readonly ((node: Written) => {
  readonly type: unknown;
  readonly properties: Written | undefined;
})[] = [
  // A Kubernetes object.
  (node) => ({ type: valueUnder(node, "apiVersion") && valueUnder(node, "kind")?.literal, properties: node }),
  // A resource of an ARM template: findings name its properties from the resource on.
  (node) => ({ type: valueUnder(node, "apiVersion") && valueUnder(node, "type")?.literal, properties: node }),
  // A resource of a Pulumi program.
  (node) => ({ type: valueUnder(node, "type")?.literal, properties: valueUnder(node, "properties") }),
];

function resourceIn(node: Written, type: string): readonly Written[] {
  return SHAPES.flatMap((shape) => {
    const { type: written, properties } = shape(node);
    const isRight = typeof written === "string" && lastWord(written) === lastWord(type);
    return isRight && properties !== undefined ? [properties] : [];
  });
}

/** `DaemonSet` of `apps/v1/DaemonSet`: all that the shorter ways to write a type have. */
function lastWord(type: string): string {
  return folded(type.split(/[/:]/).at(-1) ?? "");
}

/** `${site.secretId}`, of a resource that the same program has. */
function referenceIn(
  text: string,
  at: number,
  literal: Scalar | undefined,
  roots: readonly Written[],
): Reference | undefined {
  const [whole = "", name, attribute] = /^\$\{([\w-]+)\.(\w+)\}$/.exec(String(literal)) ?? [];
  const offset = text.indexOf(whole);
  if (name === undefined || attribute === undefined || offset === -1) return undefined;
  const resources = roots.length === 1 ? valueUnder(roots[0], "resources") : undefined;
  const to = valueUnder(valueUnder(resources, name), "type")?.literal;
  if (typeof to !== "string") return undefined;
  const end = at + offset + whole.length - 1;
  return { to, attribute, start: end - attribute.length, end };
}

/** A document that is broken has nothing that could be fixed. */
function rootsOf({ errors, contents }: Document.Parsed): readonly Written[] {
  return errors.length > 0 || contents === null ? [] : [written(contents, 0)];
}

function written(node: Node | null, depth: number): Written {
  const [start = 0, end = start] = node?.range ?? [];
  const range = { start, end };
  // What has a name is written once and used in several places; what has a tag may be anything.
  const isOwn = node !== null && !("anchor" in node && node.anchor !== undefined) && node.tag === undefined;
  if (!isOwn || depth > MAX_DEPTH) return range;
  if (isScalar(node)) return { ...range, ...literalOf(node.value) };
  if (isSeq<Node>(node)) {
    const elements = node.items.map((item) => written(item, depth + 1));
    return { start, end: node.flow === true ? end : endOf(elements, end), elements };
  }
  return isMap<Node, Node>(node) ? mapOf(node, range, depth) : range;
}

/** The library counts the lines up to what follows as a part of a block. */
function endOf(inside: readonly { readonly end: number }[], otherwise: number): number {
  return inside.at(-1)?.end ?? otherwise;
}

function literalOf(value: unknown): { readonly literal?: Scalar } {
  const isLiteral = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isLiteral ? { literal: value } : {};
}

function mapOf(map: YAMLMap<Node, Node>, range: { start: number; end: number }, depth: number): Written {
  const members: Member[] = [];
  for (const { key, value } of map.items as readonly Pair<Node, Node | null>[]) {
    const isMerged = isScalar(key) && key.value === "<<";
    if (!isScalar(key) || isMerged) return { ...range, open: "any" };
    const inside = written(value, depth + 1);
    const start = key.range?.[0] ?? range.start;
    members.push({
      key: String(key.value),
      start,
      end: Math.max(inside.end, key.range?.[1] ?? start),
      value: inside,
    });
  }
  const isBlock = map.flow !== true;
  return { start: range.start, end: isBlock ? endOf(members, range.end) : range.end, members, isBlock };
}
