import type { Node } from "web-tree-sitter";
import { loadGrammar } from "../syntax/grammar.ts";
import type { Content, ReadSource, Reference } from "./language.ts";
import { appendLines, appendMember, stepOf } from "./layout.ts";
import type { Member, Scalar, Written } from "./written.ts";

/** Deeper than anybody nests expressions. */
const MAX_DEPTH = 50;

/** Reads Terraform's HCL. */
export async function loadHcl(): Promise<ReadSource> {
  const grammar = await loadGrammar("hcl");
  return (text) => {
    const tree = grammar.parse(text);
    if (tree === undefined) return undefined;
    return {
      resourceAt(offset, type) {
        const block = blockAt(tree.rootNode, offset);
        const [kind, written] = block === undefined ? [] : headerOf(block);
        const isRight = kind === "resource" && written === type;
        return block === undefined || !isRight || block.hasError ? undefined : bodyOf(block, 0);
      },
      spell: (name) => name,
      scalar: (value) => JSON.stringify(value),
      member: (_, key, value) => `${key} = ${JSON.stringify(value)}`,
      add({ container }, key, value) {
        if (container.isBlock) {
          const blocksOf = isContent(value) ? [value].flat() : [];
          if (blocksOf.length === 0) return appendLines(text, container, linesOf(key, value, ""));
          const step = stepOf(text, container);
          const lines = blocksOf.flatMap((one) => linesOf(key, one, step));
          return appendLines(text, container, lines, container.members?.at(-1)?.isRepeatable !== true);
        }
        return isContent(value)
          ? undefined
          : appendMember(text, container, `${key} = ${JSON.stringify(value)}`, "");
      },
      reference: ({ start, end }) => referenceIn(text.slice(start, end), start),
    };
  };
}

/** Whether it is no scalar. */
function isContent(value: Content): value is Exclude<Content, Scalar> {
  return typeof value === "object";
}

/** The outermost block around an offset. */
function blockAt(root: Node, offset: number): Node | undefined {
  let found: Node | undefined;
  for (let node = root.descendantForIndex(offset, offset); node !== null; node = node.parent) {
    if (node.type === "block") found = node;
  }
  return found;
}

/** The lines of an attribute, or of a block where the value is an object. */
function linesOf(key: string, value: Content, step: string): readonly string[] {
  if (!isContent(value)) return [`${key} = ${JSON.stringify(value)}`];
  const inside = Object.entries(value).flatMap(([name, one]) => linesOf(name, one, step));
  return [`${key} {`, ...inside.map((line) => step + line), "}"];
}

const TRAVERSAL = /^((?:data\.)?([a-z]\w*)\.[\w-]+(?:\[[^[\]]*\])?\.)(\w+)$/;

function referenceIn(text: string, at: number): Reference | undefined {
  const [, before = "", to, attribute] = TRAVERSAL.exec(text) ?? [];
  if (to === undefined || attribute === undefined) return undefined;
  const start = at + before.length;
  return { to, attribute, start, end: start + attribute.length };
}

function childrenOf(node: Node | undefined, type: string): readonly Node[] {
  return node === undefined ? [] : node.namedChildren.filter((child) => child.type === type);
}

function headerOf(block: Node): readonly string[] {
  const words = block.namedChildren.filter(({ type }) => type === "identifier" || type === "string_lit");
  return words.map((word) => (word.type === "identifier" ? word.text : contentOf(word)));
}

function contentOf(text: Node): string {
  return childrenOf(text, "template_literal")
    .map((part) => part.text)
    .join("");
}

function rangeOf({ startIndex: start, endIndex: end }: Node) {
  return { start, end };
}

function bodyOf(block: Node, depth: number): Written {
  const members: Member[] = [];
  const open = new Set<string>();
  for (const child of childrenOf(block, "body")[0]?.namedChildren ?? []) {
    const [head, label] = child.type === "block" ? headerOf(child) : [];
    // What a dynamic block makes stands among the blocks that are written out.
    if (head === "dynamic" && label !== undefined) open.add(label);
    else if (head !== undefined && depth < MAX_DEPTH)
      members.push({ key: head, ...rangeOf(child), value: bodyOf(child, depth + 1), isRepeatable: true });
    const [name] = child.type === "attribute" ? childrenOf(child, "identifier") : [];
    const [value] = child.type === "attribute" ? childrenOf(child, "expression") : [];
    if (name !== undefined && value !== undefined)
      members.push({ key: name.text, ...rangeOf(child), value: expressionOf(value, depth + 1) });
  }
  return { ...rangeOf(block), members, open, isBlock: true };
}

function expressionOf(expression: Node, depth: number): Written {
  const [only, ...others] = expression.namedChildren.filter(({ type }) => type !== "comment");
  const [inner] = only?.namedChildren ?? [];
  const range = rangeOf(expression);
  if (only === undefined || inner === undefined || others.length > 0 || depth > MAX_DEPTH) return range;
  if (only.type === "literal_value") {
    const literal = literalOf(inner);
    return literal === undefined ? range : { ...range, literal };
  }
  if (only.type !== "collection_value") return range;
  if (inner.type === "tuple")
    return { ...range, elements: childrenOf(inner, "expression").map((one) => expressionOf(one, depth + 1)) };
  return inner.type === "object" ? objectOf(inner, range, depth) : range;
}

function objectOf(object: Node, range: { start: number; end: number }, depth: number): Written {
  const members: Member[] = [];
  for (const element of childrenOf(object, "object_elem")) {
    const [key, value] = childrenOf(element, "expression");
    const name = key === undefined ? undefined : keyOf(key);
    if (name === undefined || value === undefined) return { ...range, open: "any" };
    members.push({ key: name, ...rangeOf(element), value: expressionOf(value, depth + 1) });
  }
  return { ...range, members };
}

/** A bare word, or a text; undefined where the key is worked out. */
function keyOf(key: Node): string | undefined {
  const [only, ...others] = key.namedChildren;
  if (only?.type === "variable_expr" && others.length === 0) return only.text;
  const { literal } = expressionOf(key, 0);
  return literal === undefined ? undefined : String(literal);
}

const LITERALS: Readonly<Record<string, (node: Node) => Scalar | undefined>> = {
  bool_lit: ({ text }) => text === "true",
  numeric_lit: ({ text }) => Number(text),
  // One with escapes is not what it looks like.
  string_lit: (node) => (node.text.includes("\\") ? undefined : contentOf(node)),
};

function literalOf(node: Node): Scalar | undefined {
  return LITERALS[node.type]?.(node);
}
