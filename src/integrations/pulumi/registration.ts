import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { ResourceState } from "../../inputs/pulumi/resource.ts";
import { parseUrn } from "../../inputs/pulumi/urn.ts";
import { propertyBag } from "../../inputs/pulumi/values.ts";
import { wireFormat } from "./sdk.ts";

/**
 * Whether the engine shows a resource that it is not going to create: one that `--target` leaves out comes without any
 * inputs (seen with pulumi 3.248), and nothing that a provider has checked has none.
 */
export function isLeftOut(state: ResourceState, old: ResourceState | undefined): boolean {
  return old === undefined && Object.keys(state.inputs).length === 0;
}

/** What only a state tells; the engine says nothing of it. */
const UNTOLD = {
  id: undefined,
  isPendingDelete: false,
  isRetained: false,
  isExternal: false,
  isToBeReplaced: false,
} as const;

/** A resource as the program registers it: its inputs, as the provider has checked them. Its outputs are not known yet. */
export function registeredState(
  args: ResourceValidationArgs,
  old: ResourceState | undefined,
): ResourceState | undefined {
  const urn = parseUrn(args.urn);
  if (urn === undefined) return undefined;
  return {
    address: args.urn,
    urn,
    // The engine does not tell a component from a resource, but only resources have a provider.
    isCustom: old?.isCustom ?? (args.provider !== undefined || urn.type.startsWith("pulumi:providers:")),
    ...UNTOLD,
    parent: args.opts.parent,
    provider: providerReference(args.provider, old),
    dependencies: [],
    inputs: propertyBag(wireFormat(args.props)),
    outputs: {},
  };
}

/** The same resource at the end of the run: with its outputs (in a preview, those that are foreseen) and whom it depends on. */
export function finishedState(resource: PolicyResource, registered: ResourceState): ResourceState {
  const byProperty = Object.values(resource.propertyDependencies).flat();
  const dependencies = new Set([...resource.dependencies, ...byProperty].map((one) => one.urn));
  return {
    ...registered,
    parent: resource.parent?.urn ?? registered.parent,
    dependencies: [...dependencies].sort(),
    outputs: propertyBag(wireFormat(resource.props)),
  };
}

/** `URN::ID` as states write it; the id is not told and nothing asks for it. */
function providerReference(
  provider: ResourceValidationArgs["provider"],
  old: ResourceState | undefined,
): string | undefined {
  return provider === undefined ? old?.provider : `${provider.urn}::`;
}

/** The state of a provider that a resource uses: its version decides what a property that is left out means. */
export function providerState(args: ResourceValidationArgs): ResourceState | undefined {
  const { provider } = args;
  const urn = provider === undefined ? undefined : parseUrn(provider.urn);
  if (provider === undefined || urn === undefined) return undefined;
  return {
    address: provider.urn,
    urn,
    isCustom: true,
    ...UNTOLD,
    parent: undefined,
    provider: undefined,
    dependencies: [],
    inputs: propertyBag(wireFormat(provider.props)),
    outputs: {},
  };
}
