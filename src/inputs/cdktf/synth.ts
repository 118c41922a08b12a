import { dirname } from "node:path";
import type { Deployment } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { type Input, readJson } from "../input.ts";
import { asObject, type JsonObject } from "../json-value.ts";
import { nameOf } from "../name.ts";
import type { Reader } from "../reader.ts";
import { configurationOf } from "./configuration.ts";
import { deploymentOf, stackNameIn } from "./deployment.ts";
import { Stack } from "./stack.ts";

/** Reads one synthesised stack (`cdk.tf.json`), or any other document in Terraform's JSON syntax. */
export const cdktfSynth: Reader = {
  read(input: Input): readonly Deployment[] {
    const document = synthDocument(input);
    const stack = new Stack(stackNameIn(document) ?? directoryName(input.path), document);
    return [deploymentOf(stack, configurationOf([stack]), input.path)];
  },
};

/** Whether a document with these top-level keys is Terraform configuration in JSON, from CDKTF, CDKTN or by hand. */
export function recogniseSynth(keys: readonly string[]): boolean {
  const has = (key: string) => keys.includes(key);
  if (has("resource_changes") || has("planned_values") || has("format_version")) return false;
  if (!keys.every((key) => TOP_LEVEL.has(key))) return false;
  return (
    has("resource") || has("data") || has("module") || (has("//") && (has("terraform") || has("provider")))
  );
}

/** The top-level blocks of the language (developer.hashicorp.com/terraform/language/syntax/json). */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  "//",
  "terraform",
  "provider",
  "resource",
  "data",
  "ephemeral",
  "module",
  "variable",
  "output",
  "locals",
  "moved",
  "import",
  "removed",
  "check",
  "action",
]);

export function synthDocument(input: Input): JsonObject {
  const document = asObject(readJson(input));
  if (document === undefined || !recogniseSynth(Object.keys(document))) {
    throw new InputError(
      `${input.path} is not a Terraform configuration in JSON: it has no resource, data or module blocks`,
    );
  }
  return document;
}

/** A configuration without a stack's name is called by its directory, since its files are one configuration there. */
function directoryName(path: string): string {
  const directory = dirname(path);
  return nameOf(directory === "." ? path : directory);
}
