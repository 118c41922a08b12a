import type { SourceLocation } from "../model/change.ts";
import { type JsonNode, jsonNodes, keyOffset, placeIn } from "./json-positions.ts";
import { intoOnly, type Step } from "./steps.ts";
import type { ConfigurationFile, WrittenBlock } from "./written.ts";

/** The blocks of a `.tf.json` file (developer.hashicorp.com/terraform/language/syntax/json); one that is broken has none. */
export function terraformJsonFile(file: string, text: string): ConfigurationFile {
  const bytes = Buffer.from(text);
  const root = jsonNodes(bytes);
  return {
    blocks: (header) => {
      let nodes = root === undefined ? [] : [root];
      for (const word of header) nodes = nodes.flatMap(objectsIn).flatMap((one) => membersOf(one, word));
      return nodes.flatMap(objectsOrSelf).map((node) => new JsonBlock(file, bytes, node));
    },
  };
}

class JsonBlock implements WrittenBlock {
  readonly place: SourceLocation;
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #node: JsonNode;

  constructor(file: string, bytes: Uint8Array, node: JsonNode) {
    this.#file = file;
    this.#bytes = bytes;
    this.#node = node;
    this.place = placeIn(file, bytes, keyOffset(bytes, node.offset));
  }

  placeOf(steps: readonly Step[]): SourceLocation | undefined {
    const found = inNode(this.#node, steps);
    if (found === undefined) return undefined;
    return placeIn(this.#file, this.#bytes, keyOffset(this.#bytes, found.offset));
  }

  text(attribute: string): string | undefined {
    const [found, ...others] = membersOf(this.#node, attribute);
    return others.length === 0 ? found?.text : undefined;
  }
}

function membersOf(node: JsonNode, name: string): JsonNode[] {
  return (node.members ?? []).filter(({ key }) => key === name).map(({ value }) => value);
}

/** One object and a list of objects mean the same. */
function objectsIn(node: JsonNode): JsonNode[] {
  return (node.elements ?? [node]).filter(({ members }) => members !== undefined);
}

/** Blocks in a list have no key of their own in front of them: the list's key stands for the only one. */
function objectsOrSelf(node: JsonNode): readonly JsonNode[] {
  if (node.elements === undefined) return node.members === undefined ? [] : [node];
  const objects = objectsIn(node);
  return objects.map(({ members = [] }) => ({ offset: node.offset, members }));
}

/** The value of the narrowest member that the steps lead to. */
function inNode(node: JsonNode, steps: readonly Step[]): JsonNode | undefined {
  if (node.elements !== undefined) {
    const [only, ...others] = node.elements;
    const inside = others.length === 0 ? intoOnly(steps) : undefined;
    return only === undefined || inside === undefined ? undefined : inNode(only, inside);
  }
  const inside = intoOnly(steps);
  const [name, ...rest] = inside ?? [];
  if (typeof name !== "string") return undefined;
  const [value, ...doubled] = membersOf(node, name);
  if (value !== undefined) return doubled.length > 0 ? undefined : (inNode(value, rest) ?? value);
  const [dynamic, ...more] = membersOf(node, "dynamic")
    .flatMap(objectsIn)
    .flatMap((one) => membersOf(one, name));
  if (dynamic === undefined || more.length > 0) return undefined;
  const [content] = objectsIn(dynamic).flatMap((one) => membersOf(one, "content"));
  const behind = typeof rest[0] === "number" ? rest.slice(1) : rest;
  return (content === undefined ? undefined : inNode(content, behind)) ?? dynamic;
}
