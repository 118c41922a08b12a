import { certificate } from "../facets/certificate.ts";
import { certificateReference } from "../facets/certificate-reference.ts";
import type { Facet } from "../facets/facet.ts";
import { retryBehaviour } from "../facets/retry-behaviour.ts";
import { rolloutSettings } from "../facets/rollout-settings.ts";
import { scopeAccess } from "../facets/scope-access.ts";
import { storageAccess } from "../facets/storage-access.ts";
import { isTouched } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";

/** Everything that is known of resources. */
export const FACETS: readonly Facet<unknown>[] = [
  certificate,
  certificateReference,
  retryBehaviour,
  rolloutSettings,
  scopeAccess,
  storageAccess,
];

/** Terraform's own resource, and providers that make nothing outside of the state and the machine that runs it. */
const HARMLESS = ["terraform", "random", "null", "time", "local", "archive", "external", "http", "cloudinit"];

const known = new Set([...FACETS.flatMap(({ types }) => types).map(providerOf), ...HARMLESS]);

/** `azurerm_storage_account` → `azurerm`. */
function providerOf(type: string): string {
  return type.replace(/_.*/s, "");
}

/**
 * Says so where all that the synths of a run hold belongs to providers of which nothing is known: hardly a policy looks at
 * it, and a pass would look like a judgement.
 */
export function unknownProviders(deployments: readonly Deployment[]): readonly Problem[] {
  const synthesised = deployments.flatMap(({ host, changes }) => (host === "cdktf-synth" ? changes : []));
  if (!synthesised.some(isTouched)) return [];
  const providers = new Set(
    synthesised.filter(({ action }) => action !== "read").map(({ nativeType }) => providerOf(nativeType)),
  );
  if ([...providers].some((provider) => known.has(provider))) return [];
  const names = [...providers].sort().join(", ");
  const message = `Nothing here is of a provider that Firebreak knows (${names}), so it has next to nothing to say of these changes.`;
  return [{ severity: "error", message }];
}
