import { UNKNOWN, type Value } from "../../../model/value.ts";
import { Budget, evaluateBody } from "../../cdktf/evaluate.ts";
import type { SourceFile } from "./source-file.ts";

/** Files of values for variables. */
export const VALUES = /\.tfvars(?:\.json)?$/;

/** Those that are loaded without being named (developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence). */
const AUTOMATIC = /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/;

export function isAutomatic(name: string): boolean {
  return AUTOMATIC.test(name);
}

/** The names of automatic files in the order in which they are loaded: what comes later counts. */
export function inOrder(names: readonly string[]): readonly string[] {
  const rank = (name: string) => ["terraform.tfvars", "terraform.tfvars.json"].indexOf(name) >>> 0;
  return names.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The values that files give to variables, those of later files over those of earlier ones. */
export function valuesIn(files: readonly SourceFile[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const nothing = { lookup: () => UNKNOWN };
  for (const { attributes } of files) {
    for (const name of Object.keys(attributes))
      values.set(name, evaluateBody(attributes[name], nothing, new Budget(), name));
  }
  return values;
}
