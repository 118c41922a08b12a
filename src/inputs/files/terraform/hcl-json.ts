import type { Node } from "web-tree-sitter";
import { emptyObject } from "../../../model/value.ts";
import { bodyOf, childrenOf, expressionOf, headerOf } from "../../../syntax/hcl.ts";
import { unquoted } from "../../cdktf/expression.ts";
import type { JsonObject } from "../../json-value.ts";

/** Deeper than anybody writes; what is further inside stays the text that it is. */
const MAX_DEPTH = 100;

/** Attributes that name something by its bare word, which Terraform's JSON syntax writes as plain text: block and attribute. */
const BARE: ReadonlySet<string> = new Set(["lifecycle.ignore_changes", "dynamic.iterator", "variable.type"]);

/**
 * HCL as Terraform's JSON syntax: plain values as they are, every other expression as a template
 * (developer.hashicorp.com/terraform/language/syntax/json).
 */
export class HclJson {
  readonly #text: string;
  #depth = 0;

  /** `text` is what the nodes were parsed from. */
  constructor(text: string) {
    this.#text = text;
  }

  /** What stands in the body of a block of that kind, or of a file. */
  body(node: Node | undefined, kind = ""): JsonObject {
    const content = emptyObject() as { [key: string]: unknown };
    if (node === undefined) return content;
    for (const child of node.namedChildren) {
      if (child.type === "block") this.#addBlock(content, child);
      else if (child.type === "attribute") {
        const [name] = childrenOf(child, "identifier");
        const value = expressionOf(child);
        if (name === undefined || value === undefined) continue;
        content[name.text] = BARE.has(`${kind}.${name.text}`) ? this.#bare(value) : this.value(value);
      }
    }
    return content;
  }

  /** A block is an object below its labels; several of the same are a list. */
  #addBlock(into: { [key: string]: unknown }, block: Node): void {
    const header = headerOf(block);
    const [kind = ""] = header;
    let place = into;
    for (const label of header.slice(0, -1)) {
      const below = Object.hasOwn(place, label) ? place[label] : undefined;
      const next = isPlain(below) ? below : emptyObject();
      place[label] = next;
      place = next;
    }
    const last = header.at(-1) ?? "";
    const content = this.#within(block, () => this.body(bodyOf(block), kind));
    const known = Object.hasOwn(place, last) ? place[last] : undefined;
    if (known === undefined) place[last] = content;
    else if (Array.isArray(known)) known.push(content);
    else place[last] = [known, content];
  }

  /** The value of an expression. */
  value(expression: Node): unknown {
    return this.#within(expression, () => this.#value(expression));
  }

  #within(node: Node, work: () => unknown): unknown {
    if (this.#depth >= MAX_DEPTH) return this.#template(node);
    this.#depth++;
    const result = work();
    this.#depth--;
    return result;
  }

  #value(expression: Node): unknown {
    const [only, ...others] = expression.namedChildren.filter(({ type }) => type !== "comment");
    if (only === undefined || others.length > 0) return this.#template(expression);
    const [inner] = only.namedChildren;
    switch (inner?.type) {
      case "string_lit":
      case "quoted_template":
        return unquoted(this.#slice(inner)) ?? this.#template(expression);
      case "heredoc_template":
        return heredoc(this.#slice(inner));
      case "numeric_lit":
        return only.type === "literal_value" ? this.#number(inner) : this.#template(expression);
      case "bool_lit":
        return only.type === "literal_value" ? inner.text === "true" : this.#template(expression);
      case "null_lit":
        return only.type === "literal_value" ? null : this.#template(expression);
      case "unary_operation": {
        const source = this.#slice(inner);
        return /^-\s*\d+(?:\.\d+)?$/.test(source)
          ? Number(source.replace(/\s/g, ""))
          : this.#template(expression);
      }
      case "tuple":
        return only.type === "collection_value"
          ? childrenOf(inner, "expression").map((item) => this.value(item))
          : this.#template(expression);
      case "object":
        return (
          (only.type === "collection_value" ? this.#object(inner) : undefined) ?? this.#template(expression)
        );
      default:
        return this.#template(expression);
    }
  }

  /** A number with more digits than there are here stays the text that it is. */
  #number(node: Node): number | string {
    const number = Number(node.text);
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? node.text : number;
  }

  /** An object whose keys are all written out; undefined for others. */
  #object(object: Node): JsonObject | undefined {
    const content = emptyObject() as { [key: string]: unknown };
    for (const element of childrenOf(object, "object_elem")) {
      const [key, value] = childrenOf(element, "expression");
      const name = key === undefined ? undefined : this.#key(key);
      // Terraform's JSON syntax has a meaning of its own for these two.
      if (name === undefined || value === undefined || name === "//" || name === "dynamic") return undefined;
      content[name] = this.value(value);
    }
    return content;
  }

  /** A bare word or a text; undefined where a key is worked out. */
  #key(key: Node): string | undefined {
    const source = this.#slice(key);
    if (isWord(source)) return source;
    const text = source.startsWith('"') && isQuoted(key) ? unquoted(source) : undefined;
    return text === undefined || /[$%]\{/.test(text) ? undefined : text;
  }

  /** Words as they are, alone or in a list. */
  #bare(expression: Node): unknown {
    const [only] = expression.namedChildren.filter(({ type }) => type !== "comment");
    const [list] = only?.type === "collection_value" ? childrenOf(only, "tuple") : [];
    if (list !== undefined)
      return childrenOf(list, "expression").map((item) => unquotedOrSelf(this.#slice(item)));
    return unquotedOrSelf(this.#slice(expression));
  }

  #template(node: Node): string {
    return `\${${this.#source(node)}}`;
  }

  /** The text of an expression as one that stands in a template: without comments, and with heredocs as quoted texts. */
  #source(node: Node): string {
    const whole = this.#slice(node);
    if (!/#|\/\/|\/\*|<</.test(whole)) return whole;
    let source = "";
    let at = node.startIndex;
    for (const part of node.descendantsOfType(["comment", "heredoc_template"])) {
      if (part.startIndex < at) continue;
      source += this.#text.slice(at, part.startIndex);
      source += part.type === "comment" ? " " : quoted(heredoc(this.#slice(part)));
      at = part.endIndex;
    }
    return source + this.#text.slice(at, node.endIndex);
  }

  #slice(node: Node): string {
    return this.#text.slice(node.startIndex, node.endIndex);
  }
}

/** Nearly all are plain; what tells letters of all scripts takes milliseconds to make. */
function isWord(source: string): boolean {
  return /^(?:[A-Za-z_][\w-]*|\d+)$/.test(source) || /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(source);
}

function isPlain(json: unknown): json is { [key: string]: unknown } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isQuoted(expression: Node): boolean {
  const [only, ...others] = expression.namedChildren;
  return others.length === 0 && (only?.type === "literal_value" || only?.type === "template_expr");
}

function unquotedOrSelf(source: string): string {
  return (source.startsWith('"') ? unquoted(source) : undefined) ?? source;
}

/**
 * The lines of a heredoc. After `<<-` they lose the indentation that they have in common
 * (developer.hashicorp.com/terraform/language/expressions/strings#heredoc-strings).
 */
function heredoc(source: string): string {
  const [head = "", ...lines] = source.split(/\r?\n/);
  lines.pop(); // the word that ends it
  const written = lines.filter((line) => line.trim() !== "");
  const indents = head.startsWith("<<-") ? written.map((line) => line.length - line.trimStart().length) : [0];
  const indent = indents.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  return lines.map((line) => `${line.slice(Math.min(indent, line.length))}\n`).join("");
}

/** The text between quotes, as far as no template in it has quotes of its own. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
