import { objectsIn } from "../../cdktf/blocks.ts";
import { asObject, asText, type JsonObject, member } from "../../json-value.ts";
import { providerMajors } from "../../provider-version.ts";

/**
 * `required_providers` of these `terraform` blocks, each with the only major version that its constraint leaves or, where it
 * leaves several, the one of the lock file; those that only the lock file knows too.
 */
export function providersOf(blocks: readonly JsonObject[], locked: ReadonlyMap<string, string>): JsonObject {
  const required = new Map<string, { provider: string; constraint: string }>();
  for (const group of blocks.flatMap((block) => objectsIn(member(block, "required_providers")))) {
    for (const [local, requirement] of Object.entries(group)) {
      const { source, version } = asObject(requirement) ?? { version: requirement };
      const provider = withoutHost(asText(source) ?? `hashicorp/${local}`);
      required.set(local, { provider, constraint: asText(version) ?? "" });
    }
  }
  const lock = new Map([...locked].map(([name, version]) => [withoutHost(name), version]));
  const majors = providerMajors([...required.values()], () => lock);
  const listed = new Set([...required.values()].map(({ provider }) => provider));
  for (const provider of lock.keys()) {
    const local = provider.split("/").at(-1) as string;
    if (!listed.has(provider) && !required.has(local)) required.set(local, { provider, constraint: "" });
  }
  return Object.fromEntries(
    [...required].map(([local, { provider }]) => {
      const major = majors.get(provider);
      return [local, { source: provider, ...(major !== undefined && { version: `${major}.0.0` }) }];
    }),
  );
}

/** Terraform and OpenTofu have registries of their own, with the same providers. */
function withoutHost(provider: string): string {
  return provider.split("/").slice(-2).join("/");
}
