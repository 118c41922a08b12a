import { emptyObject, isList, isObject, Secret, type Value } from "../model/value.ts";
import type { BridgedNames } from "./pulumi-bridged.ts";

/** The properties of a bridged resource with Terraform's names; the keys of the user's own maps stay. */
export function translateNames(names: BridgedNames, type: string, value: Value, inside = ""): Value {
  if (value instanceof Secret) return new Secret(translateNames(names, type, value.reveal(), inside));
  if (isList(value)) return value.map((item) => translateNames(names, type, item, inside));
  if (!isObject(value)) return value;
  const translated = emptyObject();
  for (const [name, item] of Object.entries(value)) {
    const terraform = names.terraformName(type, inside, name);
    translated[terraform] = names.isMap(type, name)
      ? item
      : translateNames(names, type, item, inside === "" ? terraform : `${inside}.${terraform}`);
  }
  return translated;
}

/**
 * The Pulumi spelling of a Terraform path, list indices kept. Two Pulumi names may stand for one Terraform name: the one
 * that a state of the resource has is meant, else the likelier.
 */
export function nativePath(
  names: BridgedNames,
  type: string,
  path: string,
  states: readonly (Value | undefined)[],
): string {
  const spelled: string[] = [];
  let values: readonly Value[] = states.filter((state) => state !== undefined);
  const parts = path.split(".");
  for (const [depth, part] of parts.entries()) {
    const bracket = part.indexOf("[");
    const name = bracket < 0 ? part : part.slice(0, bracket);
    const indices = bracket < 0 ? "" : part.slice(bracket);
    const blocks = values.flatMap(blocksOf);
    const inside = parts
      .slice(0, depth)
      .join(".")
      .replace(/\[\d+\]/g, "");
    const written = blocks.flatMap((block) =>
      Object.keys(block).filter((key) => names.terraformName(type, inside, key) === name),
    )[0];
    const native = written ?? names.pulumiNames(type, name)[0] ?? name;
    spelled.push(native + indices);
    if (names.isMap(type, native)) return [...spelled, ...parts.slice(depth + 1)].join(".");
    values = blocks.map((block) => block[native]).filter((item) => item !== undefined);
  }
  return spelled.join(".");
}

/** The objects in a value: itself, or the elements of a list. */
function blocksOf(value: Value): readonly { readonly [key: string]: Value }[] {
  const content = value instanceof Secret ? value.reveal() : value;
  if (isList(content)) return content.flatMap(blocksOf);
  return isObject(content) ? [content] : [];
}
