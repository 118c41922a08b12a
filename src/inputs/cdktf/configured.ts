import { type Translated, translateTerraform } from "../../dialects/terraform-kubernetes.ts";
import type { JsonObject } from "../json-value.ts";
import type { ResourceBlock } from "./blocks.ts";
import { evaluateBody } from "./evaluate.ts";
import type { Instance } from "./instances.ts";
import type { Stack } from "./stack.ts";

/** Properties of a block that are Terraform's own, not the resource's. */
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "count",
  "for_each",
  "depends_on",
  "provider",
  "lifecycle",
  "connection",
  "provisioner",
]);

/** What one instance of a block is configured to be, in its canonical dialect. */
export function configured(stack: Stack, block: ResourceBlock, { scope }: Instance): Translated {
  return translateTerraform(block.type, evaluateBody(withoutMeta(block.body), scope, stack.budget));
}

/** The resource's own properties; most blocks have no others. */
function withoutMeta(body: JsonObject): JsonObject {
  if (!Object.keys(body).some((name) => META_ARGUMENTS.has(name))) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !META_ARGUMENTS.has(name)));
}
