import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";
import { majorOf } from "../provider-version.ts";

/** One `resource` or `data` block. */
export interface ResourceBlock {
  /** `azurerm_subnet.a`, `data.azurerm_subnet.a`: without instance key. */
  readonly address: string;
  readonly isData: boolean;
  readonly type: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** The objects that stand for a block: Terraform's JSON syntax lets one object and a list of objects mean the same. */
export function objectsIn(json: unknown): readonly JsonObject[] {
  const items = Array.isArray(json) ? asList(json) : [json];
  return items.map(asObject).filter((item) => item !== undefined);
}

/** Blocks with one label (`variable`, `output`, `module`, `provider`), by label. */
export function labelled(json: unknown): Map<string, JsonObject> {
  const blocks = new Map<string, JsonObject>();
  for (const group of objectsIn(json)) {
    for (const [label, body] of Object.entries(group)) {
      if (label === "//") continue;
      for (const block of objectsIn(body)) blocks.set(label, block);
    }
  }
  return blocks;
}

/** The `resource` and `data` blocks of a document, in its order. */
export function resourceBlocks(document: JsonObject): readonly ResourceBlock[] {
  const blocks: ResourceBlock[] = [];
  for (const kind of ["resource", "data"] as const) {
    for (const byType of objectsIn(member(document, kind))) {
      for (const [type, named] of Object.entries(byType)) {
        if (type === "//") continue;
        for (const [name, body] of labelled(named)) {
          const isData = kind === "data";
          blocks.push({ address: `${isData ? "data." : ""}${type}.${name}`, isData, type, name, body });
        }
      }
    }
  }
  return blocks;
}

/** `locals`, still unevaluated. */
export function localsOf(document: JsonObject): Map<string, unknown> {
  const locals = new Map<string, unknown>();
  for (const group of objectsIn(member(document, "locals"))) {
    for (const [name, value] of Object.entries(group)) if (name !== "//") locals.set(name, value);
  }
  return locals;
}

/** The local names of providers with the name and the major version that the document requires of each. */
export function requiredProviders(
  document: JsonObject,
): Map<string, { name: string; major: number | undefined }> {
  const providers = new Map<string, { name: string; major: number | undefined }>();
  for (const terraform of objectsIn(member(document, "terraform"))) {
    for (const group of objectsIn(member(terraform, "required_providers"))) {
      for (const [local, requirement] of Object.entries(group)) {
        const { source, version } = asObject(requirement) ?? { version: requirement };
        providers.set(local, {
          name: asText(source)?.split("/").at(-1) ?? local,
          major: majorOf(asText(version) ?? ""),
        });
      }
    }
  }
  return providers;
}
