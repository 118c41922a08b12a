import type { Node } from "web-tree-sitter";
import { plain } from "../syntax/construct-sites.ts";
import { loadGrammar } from "../syntax/grammar.ts";
import type { Content, ReadSource, Reference } from "./language.ts";
import { appendMember, indentationAt } from "./layout.ts";
import { folded, type Member, type Scalar, type Written } from "./written.ts";

/** Deeper than anybody nests objects. */
const MAX_DEPTH = 50;

/** Reads programs in TypeScript and JavaScript that make resources: of Pulumi, CDKTF and CDK Terrain. */
export async function loadProgram(): Promise<ReadSource> {
  const grammar = await loadGrammar("typescript");
  return (text) => {
    const tree = grammar.parse(text);
    if (tree === undefined) return undefined;
    const root = tree.rootNode;
    const quoteOf = ({ start, end }: Written) =>
      /["']/.exec(text.slice(start, end))?.[0] === "'" ? "'" : '"';
    return {
      resourceAt(offset, type) {
        const made = madeAt(root, text, offset);
        const isRight = made !== undefined && !made.hasError && isOfClass(made, type);
        return isRight ? configOf(made, type) : undefined;
      },
      spell: (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      scalar: (value, instead) => contentText(value, instead === undefined ? '"' : quoteOf(instead)),
      member: (container, key, value) => `${key}: ${contentText(value, quoteOf(container))}`,
      add: ({ container }, key, value) =>
        appendMember(text, container, `${key}: ${contentText(value, quoteOf(container))}`, ","),
      reference: ({ start, end }) => referenceIn(root, text.slice(start, end), start),
    };
  };
}

function contentText(value: Content, quote: string): string {
  if (typeof value === "string") return quote + value + quote;
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map((one) => contentText(one, quote)).join(", ")}]`;
  const members = Object.entries(value).map(([key, one]) => `${key}: ${contentText(one, quote)}`);
  return `{ ${members.join(", ")} }`;
}

function isList(value: Content): value is readonly Content[] {
  return Array.isArray(value);
}

/** The innermost `new` around an offset or, where the place is that of a statement, the only one that starts on its line. */
function madeAt(root: Node, text: string, offset: number): Node | undefined {
  for (let node: Node | null = root.descendantForIndex(offset, offset); node !== null; node = node.parent) {
    if (node.type === "new_expression") return node;
  }
  const [start, next] = [text.lastIndexOf("\n", offset - 1) + 1, text.indexOf("\n", offset)];
  const end = next === -1 ? text.length : next;
  const statement = root.descendantForIndex(start + indentationAt(text, end).indent.length, end);
  const onLine = statement?.descendantsOfType("new_expression") ?? [];
  const [only, ...others] = onLine.filter((one) => one.startIndex >= start && one.startIndex < end);
  return others.length === 0 ? only : undefined;
}

/** Whether the class is called what the type ends with: `azurerm_key_vault_certificate` is made by `KeyVaultCertificate`. */
function isOfClass(made: Node, type: string): boolean {
  const name = made.childForFieldName("constructor")?.text.split(".").at(-1);
  return name !== undefined && name !== "" && folded(type).endsWith(folded(name));
}

/** Pulumi's resources take a name and their properties; constructs a scope, an id and their properties. */
function configOf(made: Node, type: string): Written | undefined {
  const list = made.childForFieldName("arguments")?.namedChildren.filter((one) => one.type !== "comment");
  const config = list?.[type.includes(":") ? 1 : 2];
  const object = config === undefined ? undefined : writtenAs(config, 0);
  return object?.members === undefined ? undefined : object;
}

function writtenAs(written: Node, depth: number): Written {
  const node = plain(written);
  const range = rangeOf(node);
  if (depth > MAX_DEPTH) return range;
  const inside = node.namedChildren.filter(({ type }) => type !== "comment");
  if (node.type === "object") return objectOf(inside, range, depth);
  if (node.type === "array") {
    const isSpread = inside.some(({ type }) => type === "spread_element");
    return isSpread ? range : { ...range, elements: inside.map((one) => writtenAs(one, depth + 1)) };
  }
  const literal = LITERALS[node.type]?.(node);
  return literal === undefined ? range : { ...range, literal };
}

function objectOf(inside: readonly Node[], range: { start: number; end: number }, depth: number): Written {
  const members: Member[] = [];
  for (const node of inside) {
    const key = node.type === "shorthand_property_identifier" ? node : node.childForFieldName("key");
    const name = key === null ? undefined : keyOf(key);
    // What is spread, worked out or a method may be any property.
    if (key === null || name === undefined) return { ...range, members, open: "any" };
    const value = node.childForFieldName("value");
    members.push({
      key: name,
      ...rangeOf(node),
      value: value === null ? rangeOf(key) : writtenAs(value, depth + 1),
    });
  }
  return { ...range, members };
}

function keyOf(key: Node): string | undefined {
  if (key.type === "string") return textOf(key);
  return key.type === "property_identifier" || key.type === "shorthand_property_identifier"
    ? key.text
    : undefined;
}

/** The text between quotes; undefined where it has escapes or something to work out in it. */
function textOf(node: Node): string | undefined {
  const parts = node.namedChildren;
  return parts.every(({ type }) => type === "string_fragment")
    ? parts.map((part) => part.text).join("")
    : undefined;
}

const LITERALS: Readonly<Record<string, (node: Node) => Scalar | undefined>> = {
  string: textOf,
  template_string: textOf,
  number: ({ text }) => (Number.isFinite(Number(text)) ? Number(text) : undefined),
  true: () => true,
  false: () => false,
};

function rangeOf({ startIndex: start, endIndex: end }: Node) {
  return { start, end };
}

/** `site.secretId`, of a constant that is made with `new` and declared once in the file. */
function referenceIn(root: Node, text: string, at: number): Reference | undefined {
  const [, name, attribute] = /^([A-Za-z_$][\w$]*)\.(\w+)$/.exec(text) ?? [];
  if (name === undefined || attribute === undefined) return undefined;
  const [only, ...others] = root
    .descendantsOfType(["variable_declarator", "required_parameter", "optional_parameter"])
    .filter((one) => (one.childForFieldName("name") ?? one.childForFieldName("pattern"))?.text === name);
  const value = only?.parent?.children[0]?.type === "const" ? only.childForFieldName("value") : null;
  const made = value === null || others.length > 0 ? undefined : plain(value);
  const to = made?.type === "new_expression" ? made.childForFieldName("constructor")?.text : undefined;
  const end = at + text.length;
  return to === undefined ? undefined : { to, attribute, start: end - attribute.length, end };
}
