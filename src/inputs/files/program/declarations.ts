import type { Node } from "web-tree-sitter";
import { plain } from "../../../syntax/construct-sites.ts";
import { chainOf } from "./chain.ts";
import { stringText } from "./literals.ts";
import type { Meaning } from "./scopes.ts";

/** A name that a node declares. */
interface Declaration {
  readonly name: string;
  readonly meaning: Meaning;
  /** `var` is the whole function's. */
  readonly isHoisted: boolean;
}

type Declarer = (node: Node) => readonly Declaration[];

const OTHER: Meaning = { kind: "other" };

/** What nodes declare, by the grammar's names. */
const DECLARERS: ReadonlyMap<string, Declarer> = new Map<string, Declarer>([
  ["variable_declarator", variable],
  ["required_parameter", (node) => allIn(node.childForFieldName("pattern"))],
  ["optional_parameter", (node) => allIn(node.childForFieldName("pattern"))],
  ["arrow_function", (node) => allIn(node.childForFieldName("parameter"))],
  ["catch_clause", (node) => allIn(node.childForFieldName("parameter"))],
  ["for_in_statement", (node) => allIn(node.childForFieldName("left"))],
  ["function_declaration", named],
  ["generator_function_declaration", named],
  ["function_expression", named],
  ["class_declaration", named],
  ["abstract_class_declaration", named],
  ["enum_declaration", named],
  ["internal_module", named],
  ["import_statement", imported],
  ["import_alias", importAlias],
]);

/** What names a node of that type declares; undefined where it declares none. */
export function declarationsOf(type: string): Declarer | undefined {
  return DECLARERS.get(type);
}

function declared(name: string, meaning: Meaning, isHoisted = false): Declaration {
  return { name, meaning, isHoisted };
}

function named(node: Node): readonly Declaration[] {
  return allIn(node.childForFieldName("name"));
}

/** All names of a pattern, whatever they stand for. */
function allIn(pattern: Node | null, isHoisted = false): readonly Declaration[] {
  if (pattern === null) return [];
  const names = ["identifier", "type_identifier"].includes(pattern.type)
    ? [pattern]
    : pattern.descendantsOfType(["identifier", "shorthand_property_identifier_pattern"]);
  return names.map((one) => declared(one.text, OTHER, isHoisted));
}

function variable(node: Node): readonly Declaration[] {
  const [name, value] = [node.childForFieldName("name"), node.childForFieldName("value")];
  const word = node.parent?.firstChild?.type;
  if (name === null) return [];
  // Nobody sets what holds a package to something else, so older programs' `var` will do for that.
  const isFixed = value !== null && (word === "const" || requiredModule(chainOf(value).base) !== undefined);
  if (!isFixed) return allIn(name, word === "var");
  if (name.type === "identifier") return [declared(name.text, { kind: "const", value, path: [] })];
  if (name.type !== "object_pattern") return allIn(name);
  return name.namedChildren.flatMap((part): readonly Declaration[] => {
    const picked = pickedBy(part);
    return picked === undefined
      ? allIn(part.type === "shorthand_property_identifier_pattern" ? null : part)
      : [declared(picked.name, { kind: "const", value, path: [picked.key] })];
  });
}

/** `{ key }` or `{ key: name }` of a pattern, without a default. */
function pickedBy(part: Node): { key: string; name: string } | undefined {
  if (part.type === "shorthand_property_identifier_pattern") return { key: part.text, name: part.text };
  if (part.type !== "pair_pattern") return undefined;
  const [key, name] = [part.childForFieldName("key"), part.childForFieldName("value")];
  const isPlain = key?.type === "property_identifier" && name?.type === "identifier";
  return isPlain ? { key: key.text, name: name.text } : undefined;
}

/** `import a, * as b, { c as d } from "module"` and `import a = require("module")`. */
function imported(node: Node): readonly Declaration[] {
  const clause = node.namedChildren.find(({ type }) => /^import_(?:require_)?clause$/.test(type));
  const source = (clause?.childForFieldName("source") ?? node.childForFieldName("source")) || null;
  if (clause === undefined || source === null) return [];
  const module = stringText(source);
  const from = (name: string, path: readonly string[]) => declared(name, { kind: "import", module, path });
  return clause.namedChildren.flatMap((part): readonly Declaration[] => {
    // With the interoperability that everybody turns on, the default export of a CommonJS package is the package.
    if (part.type === "identifier") return [from(part.text, [])];
    if (part.type === "namespace_import") return part.namedChildren.map((one) => from(one.text, []));
    if (part.type !== "named_imports") return [];
    return part.namedChildren.flatMap((one) => {
      const name = one.childForFieldName("name")?.text;
      if (name === undefined) return [];
      return [from(one.childForFieldName("alias")?.text ?? name, name === "default" ? [] : [name])];
    });
  });
}

/** `import Account = azure.storage.Account`. */
function importAlias(node: Node): readonly Declaration[] {
  const [name, value] = node.namedChildren;
  if (name === undefined || value === undefined) return [];
  return [declared(name.text, { kind: "const", value, path: [] })];
}

/** The module that `require("module")` or `await import("module")` gives. */
export function requiredModule(node: Node): string | undefined {
  const call = node.type === "await_expression" ? plain(node.namedChildren[0] ?? node) : node;
  if (call.type !== "call_expression") return undefined;
  const callee = call.childForFieldName("function");
  const isImport = node.type === "await_expression" && callee?.type === "import";
  const isRequire = callee?.type === "identifier" && callee.text === "require";
  if (!isImport && !isRequire) return undefined;
  const [argument, ...others] = call.childForFieldName("arguments")?.namedChildren ?? [];
  return argument?.type === "string" && others.length === 0 ? stringText(argument) : undefined;
}
