import { fileURLToPath } from "node:url";
import { Language, type Node, Parser } from "web-tree-sitter";

/** A document in Terraform's JSON syntax: values, and expressions as templates. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

await Parser.init();
const parser = new Parser();
parser.setLanguage(
  await Language.load(
    fileURLToPath(import.meta.resolve("@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm")),
  ),
);

/** A mistake in an example, at a line of its text (from 1). */
export class ExampleError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * HCL in Terraform's JSON syntax (developer.hashicorp.com/terraform/language/syntax/json), as CDKTF synthesises it: what
 * is no plain value stays an expression in a template.
 */
export function hclToJson(text: string): JsonObject {
  const tree = parser.parse(text);
  if (tree === null) throw new Error("the parser gave up");
  const wrong = firstError(tree.rootNode);
  if (wrong !== undefined)
    throw new ExampleError(`this is not HCL: ${wrong.text.slice(0, 40)}`, lineOf(wrong));
  const document: JsonObject = {};
  const body = childOf(tree.rootNode, "body");
  for (const block of body === undefined ? [] : childrenOf(body, "block")) addBlock(document, block);
  return document;
}

function firstError(node: Node): Node | undefined {
  if (!node.hasError) return undefined;
  if (node.isError || node.isMissing) return node;
  for (const child of node.children) {
    const found = firstError(child);
    if (found !== undefined) return found;
  }
  return node;
}

function lineOf(node: Node): number {
  return node.startPosition.row + 1;
}

function childrenOf(node: Node, type: string): readonly Node[] {
  return node.namedChildren.filter((child) => child.type === type);
}

function childOf(node: Node, type: string): Node | undefined {
  return childrenOf(node, type)[0];
}

/** A block is an object below its type and labels; several of the same make a list. */
function addBlock(into: JsonObject, block: Node): void {
  const [head, ...labels] = block.namedChildren.filter(
    ({ type }) => type === "identifier" || type === "string_lit",
  );
  if (head === undefined) throw new ExampleError("a block without type", lineOf(block));
  if (head.text === "dynamic")
    throw new ExampleError("examples write blocks out instead of `dynamic`", lineOf(block));
  let place = into;
  const path = [head, ...labels].map((node) => (node.type === "string_lit" ? literalText(node) : node.text));
  for (const name of path.slice(0, -1)) {
    const below = place[name] ?? {};
    if (typeof below !== "object" || below === null || Array.isArray(below)) {
      throw new ExampleError(`${name} is written with and without labels`, lineOf(block));
    }
    place[name] = below;
    place = below;
  }
  const last = path.at(-1) as string;
  const content = bodyOf(block);
  const known = place[last];
  if (labels.length > 0 && known !== undefined) {
    throw new ExampleError(`${path.join(".")} is written twice`, lineOf(block));
  }
  place[last] = labels.length > 0 ? content : [...(Array.isArray(known) ? known : []), content];
}

function bodyOf(block: Node): JsonObject {
  const content: JsonObject = {};
  const body = childOf(block, "body");
  for (const child of body?.namedChildren ?? []) {
    if (child.type === "block") addBlock(content, child);
    if (child.type !== "attribute") continue;
    const [name, value] = child.namedChildren.filter(({ type }) => type !== "comment");
    if (name !== undefined && value !== undefined) content[name.text] = plainOrTemplate(value);
  }
  return content;
}

/** The value of an expression where it is plain; else the expression as a template. */
function plainOrTemplate(expression: Node): Json {
  const [only, ...rest] = expression.namedChildren.filter(({ type }) => type !== "comment");
  if (only === undefined || rest.length > 0) return asTemplate(expression);
  if (only.type === "literal_value") return literal(only.namedChildren[0] ?? only);
  if (only.type === "template_expr") return templateText(only.namedChildren[0] ?? only);
  if (only.type === "operation" && /^-\s*\d+(\.\d+)?$/.test(only.text)) {
    return Number(only.text.replace(/\s/g, ""));
  }
  const collection = only.type === "collection_value" ? only.namedChildren[0] : undefined;
  if (collection?.type === "tuple") return childrenOf(collection, "expression").map(plainOrTemplate);
  if (collection?.type === "object") return objectOf(collection);
  return asTemplate(expression);
}

function asTemplate(expression: Node): string {
  return `\${${expression.text}}`;
}

function literal(node: Node): Json {
  if (node.type === "numeric_lit") return Number(node.text);
  if (node.type === "bool_lit") return node.text === "true";
  if (node.type === "null_lit") return null;
  return literalText(node);
}

function objectOf(object: Node): JsonObject {
  const content: JsonObject = {};
  for (const element of childrenOf(object, "object_elem")) {
    const [key, value] = childrenOf(element, "expression");
    if (key === undefined || value === undefined)
      throw new ExampleError("a key without value", lineOf(element));
    // A bare word is a key, not a reference.
    const name = /^[A-Za-z_][\w-]*$/.test(key.text) ? key.text : plainOrTemplate(key);
    content[String(name)] = plainOrTemplate(value);
  }
  return content;
}

/** The text of a quoted string without templates. */
function literalText(node: Node): string {
  return childrenOf(node, "template_literal")
    .map((part) => unescaped(part.text))
    .join("");
}

/** A quoted template or a heredoc with its interpolations as they are. */
function templateText(template: Node): string {
  if (template.type === "heredoc_template") return heredoc(template.text);
  return template.namedChildren
    .map((part) => {
      if (part.type === "template_literal") return unescaped(part.text);
      return part.type === "template_interpolation" || part.type === "template_directive" ? part.text : "";
    })
    .join("");
}

/** `<<EOT` and `<<-EOT`: the second takes the lines' common indentation away; escapes stay what they are. */
function heredoc(text: string): string {
  const lines = text.split(/\r?\n/);
  const content = lines.slice(1, -1);
  const isIndented = (lines[0] ?? "").startsWith("<<-");
  const written = content.filter((line) => line.trim() !== "");
  const indent = isIndented ? Math.min(...written.map((line) => line.length - line.trimStart().length)) : 0;
  return content.map((line) => `${line.slice(Number.isFinite(indent) ? indent : 0)}\n`).join("");
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g, (whole, short, long, one) => {
    const code: string | undefined = short ?? long;
    return code === undefined ? (ESCAPES[one] ?? whole) : String.fromCodePoint(Number.parseInt(code, 16));
  });
}
