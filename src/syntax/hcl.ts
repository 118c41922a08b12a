import type { Node } from "web-tree-sitter";
import type { SourceLocation } from "../model/change.ts";
import type { Grammar } from "./grammar.ts";
import { intoOnly, type Step } from "./steps.ts";
import type { ConfigurationFile, WrittenBlock } from "./written.ts";

/** Functions that give the text of the object that is written as their argument. */
const ENCODERS: ReadonlySet<string> = new Set(["jsonencode", "yamlencode"]);

/** The blocks of a `.tf` or `.tofu` file. What is broken in it is passed over, so that the rest can still be found. */
export function hclFile(file: string, text: string, grammar: Grammar): ConfigurationFile {
  const tree = grammar.parse(text);
  return fileOf(file, tree === undefined ? [] : [tree.rootNode]);
}

/** The blocks of a file whose syntax trees these are, one for each part of it. */
export function fileOf(file: string, roots: readonly Node[]): ConfigurationFile {
  const blocks = new Map<string, HclBlock[]>();
  // A brace that is missing puts the blocks behind it inside of the one before; a check has data sources of its own.
  const pending = roots.flatMap((root) => childrenOf(bodyOf(root), "block")).toReversed();
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    const header = headerOf(block);
    const key = header.join(".");
    const known = blocks.get(key);
    const written = new HclBlock(file, block);
    if (known === undefined) blocks.set(key, [written]);
    else known.push(written);
    if (block.hasError || header[0] === "check")
      pending.push(...childrenOf(bodyOf(block), "block").toReversed());
  }
  return { blocks: (header) => blocks.get(header.join(".")) ?? [] };
}

class HclBlock implements WrittenBlock {
  readonly place: SourceLocation;
  readonly #file: string;
  readonly #block: Node;

  constructor(file: string, block: Node) {
    this.place = placeOf(file, block);
    this.#file = file;
    this.#block = block;
  }

  placeOf(steps: readonly Step[]): SourceLocation | undefined {
    const found = inBody(bodyOf(this.#block), steps);
    return found === undefined ? undefined : placeOf(this.#file, found);
  }

  text(attribute: string): string | undefined {
    const [found, ...others] = attributesOf(bodyOf(this.#block), attribute);
    const value = found === undefined || others.length > 0 ? undefined : expressionOf(found);
    return value === undefined ? undefined : literalText(value);
  }
}

function placeOf(file: string, { startPosition }: Node): SourceLocation {
  return { file, line: startPosition.row + 1, column: startPosition.column + 1 };
}

/** The named children of that type. */
export function childrenOf(node: Node | undefined, type: string): readonly Node[] {
  return node === undefined ? [] : node.namedChildren.filter((child) => child.type === type);
}

/** What stands in a block or in a file. */
export function bodyOf(block: Node): Node | undefined {
  return childrenOf(block, "body")[0];
}

/** `resource "type" "name"` as its words. */
export function headerOf(block: Node): readonly string[] {
  const words: string[] = [];
  for (const child of block.namedChildren) {
    if (child.type === "identifier") words.push(child.text);
    else if (child.type === "string_lit") words.push(quotedText(child));
    else break;
  }
  return words;
}

function quotedText(node: Node): string {
  return childrenOf(node, "template_literal")
    .map((part) => part.text)
    .join("");
}

function attributesOf(body: Node | undefined, name: string): readonly Node[] {
  return childrenOf(body, "attribute").filter((one) => childrenOf(one, "identifier")[0]?.text === name);
}

/** The value of an attribute, as it is written. */
export function expressionOf(attribute: Node): Node | undefined {
  return childrenOf(attribute, "expression")[0];
}

/** The narrowest attribute, element of an object or block that the steps lead to in the body of a block. */
function inBody(body: Node | undefined, [name, ...rest]: readonly Step[]): Node | undefined {
  if (body === undefined || typeof name !== "string") return undefined;
  const [attribute, ...doubled] = attributesOf(body, name);
  if (attribute !== undefined)
    return doubled.length > 0 ? undefined : (inExpression(expressionOf(attribute), rest) ?? attribute);
  const [block, ...others] = childrenOf(body, "block").filter((one) => {
    const [head, label] = headerOf(one);
    return head === name || (head === "dynamic" && label === name);
  });
  // Which of several blocks is the one that a plan counts so is for the provider to say: many are sets.
  if (block === undefined || others.length > 0) return undefined;
  if (headerOf(block)[0] === "dynamic") {
    const content = childrenOf(bodyOf(block), "block").find((one) => headerOf(one)[0] === "content");
    const inside = typeof rest[0] === "number" ? rest.slice(1) : rest;
    return (content === undefined ? undefined : inBody(bodyOf(content), inside)) ?? block;
  }
  const inside = intoOnly(rest);
  return inside === undefined ? undefined : (inBody(bodyOf(block), inside) ?? block);
}

/** The element of an object that the steps lead to where the expression is written out that far. */
function inExpression(expression: Node | undefined, steps: readonly Step[]): Node | undefined {
  const inner = expression?.namedChildren.filter(({ type }) => type !== "comment") ?? [];
  const [only] = inner;
  if (only === undefined || inner.length > 1 || steps.length === 0) return undefined;
  if (only.type === "expression") return inExpression(only, steps);
  if (only.type === "function_call") {
    const [argument, ...others] = childrenOf(childrenOf(only, "function_arguments")[0], "expression");
    const isEncoder = ENCODERS.has(childrenOf(only, "identifier")[0]?.text ?? "");
    return isEncoder && others.length === 0 ? inExpression(argument, steps) : undefined;
  }
  const collection = only.type === "collection_value" ? only.namedChildren[0] : undefined;
  if (collection?.type === "tuple") {
    const [element, ...others] = childrenOf(collection, "expression");
    const inside = others.length === 0 ? intoOnly(steps) : undefined;
    return inside === undefined ? undefined : inExpression(element, inside);
  }
  return collection?.type === "object" ? inObject(collection, steps) : undefined;
}

function inObject(object: Node, [name, ...rest]: readonly Step[]): Node | undefined {
  const [element, ...others] = childrenOf(object, "object_elem").filter((one) => {
    const key = childrenOf(one, "expression")[0];
    return key !== undefined && keyText(key) === name;
  });
  if (element === undefined || others.length > 0) return undefined;
  return inExpression(childrenOf(element, "expression")[1], rest) ?? element;
}

/** The key of an element: a bare word or a text; undefined where it is worked out. */
function keyText(key: Node): string | undefined {
  const [only] = key.namedChildren;
  return only?.type === "variable_expr" && key.namedChildren.length === 1 ? only.text : literalText(key);
}

/** The text of an expression that is one quoted text without templates. */
function literalText(expression: Node): string | undefined {
  const [only, ...others] = expression.namedChildren;
  const literal = only?.type === "literal_value" && others.length === 0 ? only.namedChildren[0] : undefined;
  return literal?.type === "string_lit" ? quotedText(literal) : undefined;
}
