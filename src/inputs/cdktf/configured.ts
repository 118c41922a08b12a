import { type Translated, translateTerraform } from "../../dialects/terraform-kubernetes.ts";
import type { ResourceBlock } from "./blocks.ts";
import { evaluateBody } from "./evaluate.ts";
import type { Instance } from "./instances.ts";
import type { Stack } from "./stack.ts";

/** Properties of a block that are Terraform's own, not the resource's. */
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "//",
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
  const body = Object.fromEntries(Object.entries(block.body).filter(([name]) => !META_ARGUMENTS.has(name)));
  return translateTerraform(block.type, evaluateBody(body, scope, stack.budget));
}
