import { MemorySource } from "../../../json/bytes.ts";
import { JsonError, JsonScanner, parseBytes } from "../../../json/scanner.ts";
import { type JsonNode, jsonNodes, keyOffset } from "../../../syntax/json-positions.ts";
import { terraformJsonFile } from "../../../syntax/terraform-json.ts";
import type { ConfigurationFile } from "../../../syntax/written.ts";
import { labelled, localsOf, objectsIn, resourceBlocks } from "../../cdktf/blocks.ts";
import { asObject, type JsonObject, member } from "../../json-value.ts";
import { type SourceBlock, type SourceFile, unreadable } from "./source-file.ts";

/** Reads Terraform's JSON syntax, by hand or synthesised; one that is broken has nothing that could be read. */
export function jsonSource(name: string, text: string): SourceFile {
  const bytes = Buffer.from(text);
  const places = new Places(name, bytes);
  const parsed = parse(bytes);
  if (parsed instanceof JsonError) {
    const source = places.at(parsed.offset);
    const message = `${name} is no valid JSON at line ${source.line}, column ${source.column}: ${parsed.message}.`;
    return unreadable({ message, source, severity: "error" });
  }
  const document = asObject(parsed);
  if (document === undefined) {
    const message = `${name} is no configuration: it holds no object.`;
    return unreadable({ message, source: { file: name, line: 1, column: 1 }, severity: "error" });
  }
  const nodes = jsonNodes(bytes);
  const below = new Below();
  const placeOf = (header: readonly string[]) => {
    const node = nodes && below.at(nodes, header);
    return node === undefined ? { file: name } : places.at(keyOffset(bytes, node.offset));
  };
  let file: ConfigurationFile | undefined;
  return {
    blocks: blocksIn(document, placeOf),
    attributes: document,
    problems: [],
    suppressions: [],
    written: () => (file ??= terraformJsonFile(name, text)),
  };
}

/** The parsed text, or what is wrong with it. */
function parse(bytes: Buffer): unknown {
  try {
    const scanner = new JsonScanner(new MemorySource(bytes));
    // Bounds the depth before anything recurses.
    scanner.skip();
    if (!scanner.isAtEnd()) throw new JsonError("there is more text behind the document", scanner.offset);
    return parseBytes(bytes);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
}

/** Kinds with one label, and kinds with none. */
const LABELLED = ["module", "variable", "output"] as const;
const UNLABELLED = ["terraform", "moved", "import", "removed"] as const;

function blocksIn(
  document: JsonObject,
  placeOf: (header: readonly string[]) => SourceBlock["place"],
): readonly SourceBlock[] {
  const block = (kind: string, labels: readonly string[], body: JsonObject): SourceBlock => ({
    kind,
    labels,
    body,
    place: placeOf([kind, ...labels]),
  });
  return [
    ...resourceBlocks(document).map(({ isData, type, name, body }) =>
      block(isData ? "data" : "resource", [type, name], body),
    ),
    ...LABELLED.flatMap((kind) =>
      [...labelled(member(document, kind))].map(([label, body]) => block(kind, [label], body)),
    ),
    ...UNLABELLED.flatMap((kind) => objectsIn(member(document, kind)).map((body) => block(kind, [], body))),
    block("locals", [], Object.fromEntries(localsOf(document))),
  ];
}

/** Finds nodes by the keys that lead to them; a list of objects means what one object does. */
class Below {
  readonly #members = new Map<JsonNode, ReadonlyMap<string, readonly JsonNode[]>>();

  /** The first node below these keys. */
  at(node: JsonNode, [key, ...rest]: readonly string[]): JsonNode | undefined {
    if (key === undefined) return node;
    for (const next of this.#membersOf(node).get(key) ?? []) {
      const found = this.at(next, rest);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #membersOf(node: JsonNode): ReadonlyMap<string, readonly JsonNode[]> {
    const known = this.#members.get(node);
    if (known !== undefined) return known;
    const all = (node.elements ?? [node]).flatMap(({ members = [] }) => members);
    const groups = Map.groupBy(all, ({ key }) => key);
    const members = new Map([...groups].map(([key, some]) => [key, some.map(({ value }) => value)]));
    this.#members.set(node, members);
    return members;
  }
}

/** Lines and columns of a file's bytes. */
class Places {
  readonly #file: string;
  readonly #bytes: Buffer;
  #starts: readonly number[] | undefined;

  constructor(file: string, bytes: Buffer) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /** The column in UTF-16 units, as editors count. */
  at(offset: number) {
    this.#starts ??= startsOf(this.#bytes);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    const before = this.#bytes.toString("utf8", this.#starts[low], offset);
    return { file: this.#file, line: low + 1, column: before.length + 1 };
  }
}

/** Where lines start. */
function startsOf(bytes: Uint8Array): readonly number[] {
  const starts = [0];
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) starts.push(at + 1);
  return starts;
}
