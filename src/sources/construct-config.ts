import type { Node } from "web-tree-sitter";
import { plain } from "../syntax/construct-sites.ts";
import { intoOnly, type Step } from "../syntax/steps.ts";

/**
 * The narrowest property in the literal object of a construct's configuration that the steps lead to. The bindings spell
 * Terraform's `default_action` as `defaultAction`; keys of maps keep their spelling.
 */
export function inConfig(object: Node, [name, ...rest]: readonly Step[]): Node | undefined {
  if (typeof name !== "string") return undefined;
  const members = object.namedChildren.filter(({ type }) => type !== "comment");
  const fitting = members.filter((member) => sameName(keyOf(member), name));
  const [member, ...doubled] = fitting;
  if (member === undefined || doubled.length > 0) return undefined;
  // What is spread behind it may set it again.
  if (members.slice(members.indexOf(member)).some(({ type }) => type === "spread_element")) return undefined;
  const value = member.childForFieldName("value");
  return (value === null ? undefined : inValue(plain(value), rest)) ?? member;
}

function inValue(value: Node, steps: readonly Step[]): Node | undefined {
  if (value.type === "array") {
    const [only, ...others] = value.namedChildren.filter(({ type }) => type !== "comment");
    const inside = others.length === 0 ? intoOnly(steps) : undefined;
    return only === undefined || inside === undefined ? undefined : inValue(plain(only), inside);
  }
  if (value.type === "call_expression") {
    const [argument, ...others] = value.childForFieldName("arguments")?.namedChildren ?? [];
    const isEncoder = /^(?:JSON\.stringify|Fn\.jsonencode)$/.test(
      value.childForFieldName("function")?.text ?? "",
    );
    return isEncoder && argument !== undefined && others.length === 0
      ? inValue(plain(argument), steps)
      : undefined;
  }
  // A single block is an object where a plan has a list of one.
  const inside = value.type === "object" ? intoOnly(steps) : undefined;
  return inside === undefined ? undefined : inConfig(value, inside);
}

/** The name of a member; undefined where it is worked out or spread. */
function keyOf(member: Node): string | undefined {
  if (member.type === "shorthand_property_identifier") return member.text;
  const key = member.type === "pair" ? member.childForFieldName("key") : null;
  if (key?.type === "property_identifier") return key.text;
  const text = key?.type === "computed_property_name" ? key.namedChildren[0] : key;
  return text?.type === "string" ? text.namedChildren.map((part) => part.text).join("") : undefined;
}

function sameName(key: string | undefined, name: string): boolean {
  return key === name || (key !== undefined && folded(key) === folded(name));
}

function folded(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
