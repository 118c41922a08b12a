import { createRequire } from "node:module";
import { type PolicyResource, type ResourceValidationArgs, unknownCheckingProxy } from "@pulumi/policy";
import { loadSdk } from "../../../src/integrations/pulumi/sdk.ts";
import type { ValueObject } from "../../../src/model/value.ts";
import { analyzedResources } from "../../support/pulumi/calls.ts";
import { type AnalyzedResource, structOf } from "../../support/pulumi/messages.ts";
import type { StackChange } from "../../support/pulumi/stack-change.ts";

// The pack's own way of reading properties, which it puts into the SDK.
loadSdk();
const sdk: { deserializeProperties(properties: object, keepSecrets: boolean): object } = createRequire(
  import.meta.url,
)("@pulumi/policy/deserialize");

/** The properties as the SDK gives them to a policy (@pulumi/policy 1.21, server.js). */
function propsOf(properties: ValueObject): Record<string, unknown> {
  return unknownCheckingProxy(sdk.deserializeProperties(structOf(properties), false));
}

function optionsOf({ options = {} }: AnalyzedResource): PolicyResource["opts"] {
  return {
    protect: options.protect ?? false,
    ignoreChanges: [...(options.ignoreChanges ?? [])],
    aliases: [...(options.aliases ?? [])],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
    ...(options.parent !== undefined && { parent: options.parent }),
  };
}

function providerOf({ provider }: AnalyzedResource): Pick<ResourceValidationArgs, "provider"> {
  if (provider === undefined) return {};
  const { properties, ...rest } = provider;
  return { provider: { ...rest, props: propsOf(properties) } };
}

/** What a policy gets for each resource that the change's program registers, in that order. */
export function registrations(change: StackChange): readonly ResourceValidationArgs[] {
  return analyzedResources(change).map((one) => ({
    type: one.type,
    urn: one.urn,
    name: one.name,
    props: propsOf(one.properties),
    opts: optionsOf(one),
    ...providerOf(one),
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig<T extends object>(): T {
      throw new Error("nothing is configured here");
    },
    notApplicable(reason = "no reason"): never {
      throw new Error(reason);
    },
  }));
}

/** What a policy gets for the whole stack, in no useful order, as from the engine. */
export function wholeStack(change: StackChange): readonly PolicyResource[] {
  const analyzed = analyzedResources(change);
  const resources = new Map<string, PolicyResource>(
    analyzed.map((one) => [
      one.urn,
      {
        type: one.type,
        urn: one.urn,
        name: one.name,
        props: propsOf(one.outputs ?? one.properties),
        opts: optionsOf(one),
        ...providerOf(one),
        dependencies: [],
        propertyDependencies: {},
        isType: () => false,
        asType: () => undefined,
      },
    ]),
  );
  // The SDK leaves out what is not in the list.
  const found = (urns: readonly string[]) =>
    urns.map((urn) => resources.get(urn)).filter((one) => one !== undefined);
  for (const { urn, parent, dependencies = [], propertyDependencies = {} } of analyzed) {
    const resource = resources.get(urn);
    if (resource === undefined) continue;
    const above = parent === undefined ? undefined : resources.get(parent);
    if (above !== undefined) resource.parent = above;
    resource.dependencies = found(dependencies);
    for (const [name, urns] of Object.entries(propertyDependencies)) {
      resource.propertyDependencies[name] = found(urns);
    }
  }
  return [...resources.values()].reverse();
}
