import { pulumiDialect } from "../../dialects/pulumi.ts";
import { bridgedMajor, bridgedNames } from "../../dialects/pulumi-bridged.ts";
import type { Action, Change, Provider } from "../../model/change.ts";
import { isObject, type Value } from "../../model/value.ts";
import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";
import { parseUrn, type Urn } from "./urn.ts";
import { isUnknownText, knownPart, overlay, propertyBag, unwritten } from "./values.ts";

/** One resource as Pulumi writes it in checkpoints, previews and events. */
export interface ResourceState {
  readonly address: string;
  readonly urn: Urn;
  /** A component or the stack itself is not custom: it groups resources and is none. */
  readonly isCustom: boolean;
  readonly id: string | undefined;
  /** The old copy of a replaced resource, waiting to be deleted. */
  readonly isPendingDelete: boolean;
  readonly isRetained: boolean;
  /** It is read, not managed: when it leaves the program, nothing is deleted. */
  readonly isExternal: boolean;
  /** It is replaced by the next update whatever its inputs say: by `pulumi state taint`, or since that was left half done. */
  readonly isToBeReplaced: boolean;
  readonly parent: string | undefined;
  /** `URN::ID` of the provider. */
  readonly provider: string | undefined;
  readonly dependencies: readonly string[];
  readonly inputs: { readonly [key: string]: Value };
  readonly outputs: { readonly [key: string]: Value };
}

/** The state in the JSON; `undefined` where it has no URN. */
export function resourceState(json: unknown): ResourceState | undefined {
  const object = asObject(json);
  const address = asText(member(object, "urn"));
  const urn = address === undefined ? undefined : parseUrn(address);
  if (object === undefined || address === undefined || urn === undefined) return undefined;
  return {
    address,
    urn,
    isCustom: member(object, "custom") === true,
    id: filled(member(object, "id")),
    isPendingDelete: member(object, "delete") === true,
    isRetained: member(object, "retainOnDelete") === true,
    isExternal: member(object, "external") === true,
    isToBeReplaced: member(object, "taint") === true || member(object, "pendingReplacement") === true,
    parent: filled(member(object, "parent")),
    provider: filled(member(object, "provider")),
    dependencies: dependenciesOf(object),
    inputs: propertyBag(member(object, "inputs")),
    outputs: propertyBag(member(object, "outputs")),
  };
}

/** Whether the state is a resource of a cloud: no component, no stack, no provider. */
export function isResource(state: ResourceState): boolean {
  return state.isCustom && !state.urn.type.startsWith("pulumi:");
}

/** A change of one resource, in the canonical dialect. */
export function changeOf(
  action: Action,
  old: ResourceState | undefined,
  next: ResourceState | undefined,
  providerVersion: (provider: string) => string | undefined,
): Change {
  const state = (next ?? old) as ResourceState;
  const dialect = pulumiDialect(state.urn.type);
  const before = old && storedProperties(old);
  const after =
    next && (action === "keep" && before !== undefined ? before : plannedProperties(action, old, next));
  const { spell } = dialect;
  const provider = providerOf(state, providerVersion);
  const canonicalBefore = before && dialect.translate(before);
  return {
    address: state.address,
    name: state.urn.name,
    type: dialect.type,
    nativeType: state.urn.type,
    action,
    before: canonicalBefore,
    after: after === before ? canonicalBefore : after && dialect.translate(after),
    ...(provider && { provider }),
    stack: state.urn.stack,
    ...(spell && { spell: (path: string) => spell(path, [after, before]) }),
  };
}

/** What is there: everything the provider reported, and over it what the user wrote. */
function storedProperties(state: ResourceState): Value {
  return withId(overlay(state.outputs, state.inputs), state.id, state);
}

/**
 * What will be there: the inputs, over what the provider's preview tells, over what stays since nobody wrote it before or
 * now. Bridged providers preview like Terraform, so what they call unknown is; others (azure-native) put a placeholder for
 * all that nobody wrote, which says nothing.
 */
function plannedProperties(action: Action, old: ResourceState | undefined, next: ResourceState): Value {
  const staysInPlace = old !== undefined && action !== "replace";
  const isBridged = bridgedNames(packageOf(next)) !== undefined;
  const stays = staysInPlace ? unwritten(old.outputs, old.inputs, next.inputs) : undefined;
  const previewed = overlay(stays, isBridged ? next.outputs : knownPart(next.outputs));
  return withId(overlay(previewed, next.inputs), next.id ?? (staysInPlace ? old.id : undefined), next);
}

function packageOf(state: ResourceState): string {
  return state.urn.type.split(":")[0] ?? "";
}

/** The id lies beside the properties; a Kubernetes object has none of its own. */
function withId(properties: Value, id: string | undefined, state: ResourceState): Value {
  if (id === undefined || !isObject(properties) || Object.hasOwn(properties, "id")) return properties;
  if (state.urn.type.startsWith("kubernetes:") || isUnknownText(id)) return properties;
  return Object.assign(Object.create(null) as { [key: string]: Value }, properties, { id });
}

function providerOf(
  state: ResourceState,
  versionOf: (provider: string) => string | undefined,
): Provider | undefined {
  const pkg = packageOf(state);
  const bridged = bridgedNames(pkg);
  if (bridged === undefined) return pkg === "" ? undefined : { name: pkg };
  const version = state.provider === undefined ? undefined : versionOf(state.provider);
  const major = version === undefined ? undefined : bridgedMajor(pkg, Number.parseInt(version, 10));
  return { name: bridged.provider, ...(major !== undefined && { major }) };
}

/** The version in the name of a default provider, `default_5_89_0`. */
export function defaultProviderVersion(provider: string): string | undefined {
  return /::default_(\d+)_\d+_\d+/.exec(provider)?.[1];
}

function dependenciesOf(object: JsonObject): readonly string[] {
  const found = asList(member(object, "dependencies"));
  const byProperty = Object.values(asObject(member(object, "propertyDependencies")) ?? {}).flatMap(asList);
  const urns = [...found, ...byProperty].map(filled).filter((urn) => urn !== undefined);
  return [...new Set(urns)];
}

function filled(json: unknown): string | undefined {
  return typeof json === "string" && json !== "" ? json : undefined;
}
