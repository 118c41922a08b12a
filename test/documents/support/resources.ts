import { parseAllDocuments } from "yaml";
import { cdktfSynth } from "../../../src/inputs/cdktf/synth.ts";
import { memoryInput } from "../../../src/inputs/input.ts";
import { toValue } from "../../../src/inputs/json-value.ts";
import type { Edge } from "../../../src/model/deployment.ts";
import { emptyObject, isList, isObject, type Value } from "../../../src/model/value.ts";
import { ExampleError, hclToJson, type Json } from "./hcl.ts";
import type { Block } from "./markdown.ts";

/** A resource as one block of an example describes it. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly value: Value;
  readonly providerMajor?: number;
}

/** What a block describes. */
export interface Described {
  readonly resources: readonly Resource[];
  readonly edges: readonly Edge[];
}

/** The newest provider versions that the facets know; an example that means another says so in `required_providers`. */
const PROVIDERS: Readonly<Record<string, string>> = {
  aws: "~> 6.0",
  azuread: "~> 3.0",
  azurerm: "~> 4.0",
  google: "~> 7.0",
};

const READERS: Readonly<Record<string, (block: Block) => Described>> = {
  hcl: describedInHcl,
  yaml: describedInYaml,
  json: describedInJson,
};

export const LANGUAGES: readonly string[] = Object.keys(READERS);

/** The resources of a block; a mistake in it is an error that names file and line. */
export function described(block: Block): Described {
  const read = READERS[block.info[0] ?? ""];
  if (read === undefined) throw new Error(`${block.at}: there are no examples in "${block.info[0]}"`);
  try {
    return read(block);
  } catch (error) {
    const [file, line] = [block.at.replace(/:\d+$/, ""), Number(/\d+$/.exec(block.at)?.[0])];
    const inside = error instanceof ExampleError ? error.line : 0;
    throw new Error(`${file}:${line + inside}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** HCL is read as a CDKTF synth of the same resources would be. */
function describedInHcl(block: Block): Described {
  const document = hclToJson(block.text);
  if (document.resource === undefined) throw new Error("there is no resource here");
  const version = withDefaultProviders(document.terraform);
  const bytes = Buffer.from(JSON.stringify({ ...document, terraform: version }));
  const [deployment] = cdktfSynth.read(memoryInput("example", bytes));
  if (deployment === undefined || deployment.changes.length === 0)
    throw new Error("there is no resource here");
  const [problem] = deployment.problems;
  if (problem !== undefined) throw new Error(problem.message);
  const resources = deployment.changes.map(({ address, type, after, provider }) => ({
    address,
    type,
    value: after ?? emptyObject(),
    ...(provider?.major !== undefined && { providerMajor: provider.major }),
  }));
  return { resources, edges: deployment.edges };
}

function withDefaultProviders(terraform: Json | undefined): Json[] {
  const written = Array.isArray(terraform) ? terraform : [];
  const required = Object.entries(PROVIDERS).map(([name, version]) => [
    name,
    { source: `hashicorp/${name}`, version },
  ]);
  // What is written stands behind the defaults and so wins.
  return [{ required_providers: [Object.fromEntries(required)] }, ...written];
}

function describedInYaml(block: Block): Described {
  const documents = parseAllDocuments(block.text);
  if (!Array.isArray(documents)) throw new Error("there is no manifest here");
  const resources = documents.map((document): Resource => {
    const [error] = document.errors;
    if (error !== undefined) throw new ExampleError(error.message, error.linePos?.[0].line ?? 1);
    const value = toValue(document.toJS());
    const { apiVersion, kind, metadata } = isObject(value) ? value : {};
    const name = isObject(metadata) ? metadata.name : undefined;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") {
      throw new Error("a manifest needs apiVersion, kind and metadata.name");
    }
    const namespace =
      isObject(metadata) && typeof metadata.namespace === "string" ? metadata.namespace : "default";
    return { address: `${kind}/${namespace}/${name}`, type: `${apiVersion}/${kind}`, value };
  });
  return { resources, edges: [] };
}

/** `{ "address": { "type": "…", …properties } }`, or an ARM template. */
function describedInJson(block: Block): Described {
  const document = toValue(JSON.parse(block.text));
  if (!isObject(document)) throw new Error("expected an object of resources by address");
  const listed = isList(document.resources) ? document.resources.map(armResource) : undefined;
  return { resources: listed ?? Object.entries(document).map(addressed), edges: [] };
}

function armResource(resource: Value): Resource {
  const { type, name } = isObject(resource) ? resource : {};
  if (typeof type !== "string" || typeof name !== "string") {
    throw new Error("a resource of an ARM template needs type and name");
  }
  return { address: `${type}/${name}`, type, value: resource };
}

/** ARM's resources hold their type themselves; elsewhere it is only said here. */
function addressed([address, resource]: [string, Value]): Resource {
  const type = isObject(resource) ? resource.type : undefined;
  if (!isObject(resource) || typeof type !== "string") throw new Error(`${address} has no type`);
  if (type.startsWith("Microsoft.")) return { address, type, value: resource };
  const value = Object.fromEntries(Object.entries(resource).filter(([key]) => key !== "type"));
  return { address, type, value };
}
