import type { SourceLocation } from "../../../model/change.ts";
import { objectsIn } from "../../cdktf/blocks.ts";
import { asObject, type JsonObject, member } from "../../json-value.ts";
import { providersOf } from "./providers.ts";
import type { SourceBlock, SourceFile } from "./source-file.ts";

/** The files of a directory as one document, and where its blocks are written. */
export interface Merged {
  readonly document: JsonObject;
  /** By the body of a block. */
  readonly places: ReadonlyMap<JsonObject, SourceLocation>;
}

/** Kinds of which a header is there once; override files say more of them. */
const NAMED: ReadonlySet<string> = new Set(["resource", "data", "module", "variable", "output"]);

/**
 * Makes one document of files: of blocks with the same header the first counts, and override files are laid over it one after
 * the other (developer.hashicorp.com/terraform/language/files/override).
 */
export function merged(
  files: readonly SourceFile[],
  overrides: readonly SourceFile[],
  locked: ReadonlyMap<string, string>,
): Merged {
  const named = new Map<string, SourceBlock>();
  const others = new Map<string, JsonObject[]>();
  const locals: { [name: string]: unknown } = {};
  const add = (block: SourceBlock, isOverride: boolean) => {
    const { kind, labels, body } = block;
    if (kind === "locals") {
      for (const [name, value] of Object.entries(body))
        if (isOverride || !Object.hasOwn(locals, name))
          Object.defineProperty(locals, name, { value, enumerable: true, configurable: true });
    } else if (NAMED.has(kind)) {
      const header = [kind, ...labels].join(" ");
      const known = named.get(header);
      if (known === undefined) named.set(header, block);
      else if (isOverride) named.set(header, { ...known, body: overridden(known.body, body) });
    } else others.set(kind, [...(others.get(kind) ?? []), body]);
  };
  for (const file of files) for (const block of file.blocks) add(block, false);
  for (const file of overrides) for (const block of file.blocks) add(block, true);

  const blocks = [...named.values()];
  const document: { [kind: string]: unknown } = { locals, ...Object.fromEntries(others) };
  for (const kind of NAMED)
    document[kind] = blocks
      .filter((block) => block.kind === kind)
      .map(({ labels, body }) => nested(labels, body));
  document.terraform = [{ required_providers: providersOf(others.get("terraform") ?? [], locked) }];
  return { document, places: new Map(blocks.map(({ body, place }) => [body, place])) };
}

/** A body below its labels. */
function nested(labels: readonly string[], body: JsonObject): JsonObject {
  return labels.reduceRight<JsonObject>((inner, label) => ({ [label]: inner }), body);
}

/** Arguments and blocks of an override take the place of those of their name; only a lifecycle is merged by its arguments. */
function overridden(body: JsonObject, override: JsonObject): JsonObject {
  const dynamic = { ...asObject(member(body, "dynamic")) };
  const result: { [name: string]: unknown } = { ...body };
  for (const [name, value] of Object.entries(override)) {
    if (name === "dynamic") {
      for (const label of Object.keys(asObject(value) ?? {})) delete result[label];
      Object.assign(dynamic, value);
    } else {
      delete dynamic[name];
      result[name] =
        name === "lifecycle" ? Object.assign({}, ...objectsIn(body[name]), ...objectsIn(value)) : value;
    }
  }
  if (Object.keys(dynamic).length > 0) result.dynamic = dynamic;
  else delete result.dynamic;
  return result;
}
