import type { AnalyzedResource, ProviderResource } from "./messages.ts";
import { nameOf, plannedOutputs, type StackChange, typeOf } from "./stack-change.ts";

/** What the engine asks a policy pack about the change: what will be, and nothing of what was. */
export function analyzedResources(change: StackChange): readonly AnalyzedResource[] {
  const providers = new Map(
    change.resources.flatMap(({ urn, next }) =>
      next !== undefined && typeOf(urn).startsWith("pulumi:providers:")
        ? [[urn, { urn, type: typeOf(urn), name: nameOf(urn), properties: next.inputs }] as const]
        : [],
    ),
  );
  return change.resources.flatMap((one): readonly AnalyzedResource[] => {
    const { next, urn } = one;
    if (next === undefined) return [];
    const provider = providerOf(next.provider, providers);
    return [
      {
        urn,
        type: typeOf(urn),
        name: nameOf(urn),
        properties: next.inputs,
        outputs: plannedOutputs(one),
        options: {
          protect: next.protect ?? false,
          aliases: next.aliases ?? [],
          ignoreChanges: next.ignoreChanges ?? [],
          ...(next.parent !== undefined && { parent: next.parent }),
        },
        ...(provider !== undefined && { provider }),
        ...(next.parent !== undefined && { parent: next.parent }),
        dependencies: next.dependencies ?? [],
        propertyDependencies: next.propertyDependencies ?? {},
      },
    ];
  });
}

function providerOf(
  reference: string | undefined,
  providers: ReadonlyMap<string, ProviderResource>,
): ProviderResource | undefined {
  return reference === undefined ? undefined : providers.get(reference.slice(0, reference.lastIndexOf("::")));
}
