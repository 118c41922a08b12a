import type { Node, Tree } from "web-tree-sitter";
import type { SourceLocation } from "../model/change.ts";
import type { Grammar } from "./grammar.ts";

/** A text that is known in parts: what stands between two parts is worked out when the program runs. */
export type PartlyKnown = readonly string[];

/** A text of which nothing is known. */
const UNKNOWN_TEXT: PartlyKnown = ["", ""];

/** Where a program makes a construct: `new Class(scope, "id", {…})`. */
export interface ConstructSite {
  readonly place: SourceLocation;
  /** The class as it is called here, without namespaces. */
  readonly className: string;
  readonly id: PartlyKnown;
  /** What it is made in, as far as the text tells. */
  readonly scope: () => Scope | undefined;
  /** The object that configures it, if it is written out. */
  readonly config: Node | undefined;
}

/** A construct that the same file makes, or an object of the class that the code belongs to (`this`). */
type Scope = { readonly madeAt: ConstructSite } | { readonly instanceOf: string };

/** Another name of a class: that of a subclass, or one that it is imported, exported or assigned under. */
interface ClassName {
  readonly name: string;
  readonly of: string;
  readonly isSubclass: boolean;
}

/** What one file says of constructs. */
export interface ProgramFile {
  readonly sites: readonly ConstructSite[];
  readonly names: readonly ClassName[];
}

type Kind = "new" | "class" | "function" | "renamed" | "picked" | "variable" | "parameter";

/** What is looked for, by the grammar's names. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ["new_expression", "new"],
  ["class_declaration", "class"],
  ["abstract_class_declaration", "class"],
  ["class", "class"],
  ["function_declaration", "function"],
  ["function_expression", "function"],
  ["generator_function", "function"],
  ["generator_function_declaration", "function"],
  ["import_specifier", "renamed"],
  ["export_specifier", "renamed"],
  ["pair_pattern", "picked"],
  ["variable_declarator", "variable"],
  ["required_parameter", "parameter"],
  ["optional_parameter", "parameter"],
]);

/** A file with more of them is generated. */
const MAX_NODES = 20_000;

/** The nodes of each kind, in the order of the text; undefined where there are too many. */
function nodesIn(tree: Tree): ReadonlyMap<Kind, readonly Node[]> | undefined {
  const found = new Map<Kind, Node[]>();
  let left = MAX_NODES;
  const cursor = tree.walk();
  const around: string[] = [];
  const note = () => {
    const isMethodOfObject = cursor.nodeType === "method_definition" && around.at(-1) === "object";
    const kind = isMethodOfObject ? "function" : KINDS.get(cursor.nodeType);
    if (kind === undefined || !cursor.nodeIsNamed) return;
    const known = found.get(kind);
    if (known === undefined) found.set(kind, [cursor.currentNode]);
    else known.push(cursor.currentNode);
    left--;
  };
  for (let isMore = true; isMore && left >= 0; ) {
    note();
    const { nodeType } = cursor;
    if (cursor.gotoFirstChild()) {
      around.push(nodeType);
      continue;
    }
    while (isMore && !cursor.gotoNextSibling()) {
      isMore = cursor.gotoParent();
      around.pop();
    }
  }
  cursor.delete();
  return left < 0 ? undefined : found;
}

/** Finds the constructs in TypeScript or JavaScript; undefined where the text is too much to be looked through. */
export function programFile(file: string, text: string, grammar: Grammar): ProgramFile | undefined {
  const tree = grammar.parse(text);
  const found = tree === undefined ? undefined : nodesIn(tree);
  if (found === undefined) return undefined;
  const nodes = (kind: Kind) => found.get(kind) ?? [];
  const [variables, parameters] = [nodes("variable"), nodes("parameter")];
  // What decides which object `this` is.
  const owners = [
    ...nodes("class").map((node) => ({ ...rangeOf(node), name: classNameOf(node) })),
    ...nodes("function").map((node) => ({ ...rangeOf(node), name: undefined })),
  ];
  const sites = new Map<number, ConstructSite>();
  for (const node of nodes("new")) {
    const className = lastName(node.childForFieldName("constructor"));
    if (className === undefined) continue;
    const [scope, id, config] = argumentsOf(node);
    const object = config === undefined ? undefined : plain(config);
    sites.set(node.id, {
      place: placeOf(file, node),
      className,
      id: id === undefined ? UNKNOWN_TEXT : partsOf(id),
      scope: () => (scope === undefined ? undefined : scopeOf(plain(scope))),
      config: object?.type === "object" ? object : undefined,
    });
  }
  return {
    sites: [...sites.values()],
    names: [
      ...nodes("class").flatMap(subclassName),
      ...nodes("renamed").flatMap((node) => renamed(node, "name", "alias")),
      ...nodes("picked").flatMap((node) => renamed(node, "key", "value")),
      ...variables.flatMap((node) => renamed(node, "value", "name")),
    ],
  };

  function scopeOf(scope: Node): Scope | undefined {
    if (scope.type === "this") {
      const at = scope.startIndex;
      const around = owners.filter(({ start, end }) => start < at && at < end);
      const nearest = around.reduce<(typeof around)[number] | undefined>(
        (inner, one) => (inner === undefined || one.start > inner.start ? one : inner),
        undefined,
      );
      return nearest?.name === undefined ? undefined : { instanceOf: nearest.name };
    }
    if (scope.type !== "identifier") return undefined;
    // A constant that is declared once and shares its name with no parameter is the same wherever it is used.
    const named = (field: string) => (one: Node) => one.childForFieldName(field)?.text === scope.text;
    const [only, ...others] = variables.filter(named("name"));
    const isConstant = only?.parent?.children[0]?.type === "const";
    if (!isConstant || others.length > 0 || parameters.some(named("pattern"))) return undefined;
    const value = only?.childForFieldName("value");
    const madeAt = value ? sites.get(plain(value).id) : undefined;
    return madeAt === undefined ? undefined : { madeAt };
  }
}

/** Where a node starts. */
export function placeOf(file: string, { startPosition }: Node): SourceLocation {
  return { file, line: startPosition.row + 1, column: startPosition.column + 1 };
}

function argumentsOf(node: Node): readonly Node[] {
  const list = node.childForFieldName("arguments")?.namedChildren ?? [];
  return list.filter(({ type }) => type !== "comment");
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "parenthesized_expression",
  "as_expression",
  "satisfies_expression",
  "non_null_expression",
]);

/** Deeper than anybody nests parentheses, or sums of texts. */
const MAX_NESTING = 50;

/** The expression without what only the compiler looks at. */
export function plain(node: Node): Node {
  let inner = node;
  for (let depth = 0; depth < MAX_NESTING && WRAPPERS.has(inner.type); depth++) {
    const [content] = inner.namedChildren;
    if (content === undefined) break;
    inner = content;
  }
  return inner;
}

/** `Account`, `storageAccount.Account`: the name at the end. */
function lastName(node: Node | null): string | undefined {
  if (node === null) return undefined;
  if (node.type === "member_expression") return node.childForFieldName("property")?.text;
  return node.type.endsWith("identifier") ? node.text : undefined;
}

/** The parts of a text that are written out. */
function partsOf(written: Node, depth = 0): PartlyKnown {
  const node = plain(written);
  if (node.type === "string" || node.type === "template_string") return fragmentsOf(node);
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  const isSum = node.type === "binary_expression" && node.childForFieldName("operator")?.type === "+";
  if (!isSum || left === null || right === null || depth > MAX_NESTING) return UNKNOWN_TEXT;
  const [first, second] = [partsOf(left, depth + 1), partsOf(right, depth + 1)];
  return [...first.slice(0, -1), `${first.at(-1)}${second[0]}`, ...second.slice(1)];
}

/** What is between quotes; escapes, which no id needs, count as worked out. */
function fragmentsOf(node: Node): PartlyKnown {
  const parts = [""];
  for (const part of node.namedChildren) {
    if (part.type === "string_fragment") parts.push(`${parts.pop()}${part.text}`);
    else parts.push("");
  }
  return parts;
}

function rangeOf({ startIndex: start, endIndex: end }: Node) {
  return { start, end };
}

/** `class Ring`, `const Ring = class`. */
function classNameOf(node: Node): string | undefined {
  const variable = node.parent?.type === "variable_declarator" ? node.parent : null;
  return (node.childForFieldName("name") ?? variable?.childForFieldName("name"))?.text;
}

/** Whatever class is named behind `extends`: bare, or as an argument of a mixin. */
function subclassName(node: Node): readonly ClassName[] {
  const name = classNameOf(node);
  const heritage = node.namedChildren.find(({ type }) => type === "class_heritage");
  if (name === undefined || heritage === undefined) return [];
  const bases = heritage.descendantsOfType(["identifier", "property_identifier"]);
  return bases.map((base) => ({ name, of: base.text, isSubclass: true }));
}

function renamed(node: Node, from: string, to: string): readonly ClassName[] {
  const [of, name] = [lastName(node.childForFieldName(from)), lastName(node.childForFieldName(to))];
  return of === undefined || name === undefined || of === name ? [] : [{ name, of, isSubclass: false }];
}
