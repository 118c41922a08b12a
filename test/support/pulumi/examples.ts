import { pulumiDialect } from "../../../src/dialects/pulumi.ts";
import { isObject, type Value, type ValueObject } from "../../../src/model/value.ts";
import type { Example } from "../../documents/support/examples.ts";
import type { Block } from "../../documents/support/markdown.ts";
import { type Described, described, type Resource } from "../../documents/support/resources.ts";
import { azureNativeResource } from "./azure-native.ts";
import { classicResource, kubernetesResource, type PulumiResource } from "./classic.ts";
import { type Known, literalReferences } from "./references.ts";
import { type ResourceChange, type ResourceSide, urnOf } from "./stack-change.ts";

/** A resource of an example, as Pulumi has it. */
export interface ExampleResource {
  /** Its address in the document. */
  readonly address: string;
  readonly type: string;
  readonly value: Value;
  readonly pulumi: PulumiResource;
}

/** A resource as the dialect of its type has it in Pulumi. */
function pulumiResource({ type, value, providerMajor }: Resource): PulumiResource {
  if (!isObject(value)) throw new Error(`a ${type} without properties`);
  if (type.startsWith("azure-native:")) return { token: type, inputs: value };
  if (type.startsWith("Microsoft.")) return azureNativeResource(type, value);
  if (type.includes("/")) return kubernetesResource(type, value);
  return classicResource(type, value, providerMajor);
}

/**
 * The resources of one block with what the readers make of them in Pulumi: the same types and properties. ARM resources
 * are the exception: azure-native is another dialect, and stays it.
 */
export function pulumiResources(block: Block): readonly ExampleResource[] {
  return described(block).resources.map((one) => {
    const pulumi = pulumiResource(one);
    return { address: one.address, type: one.type, value: one.value, pulumi };
  });
}

/** The type and properties that the readers see in a resource of Pulumi's. */
export function readBack({ token, inputs }: PulumiResource): { type: string; value: Value } {
  const dialect = pulumiDialect(token);
  return { type: dialect.type, value: dialect.translate(inputs) };
}

/**
 * The change that an example shows, of a Pulumi stack: every resource under its own name, with the provider of its package.
 * References are what a preview has in their place: ids of what exists, unknowns of what does not yet.
 */
export function exampleChange(example: Example): readonly ResourceChange[] {
  const known = knownIn(example);
  const before = sidesOf(example.before, known);
  const after = sidesOf(example.after, known);
  const addresses = new Set([...after.keys(), ...before.keys()]);
  const resources = [...addresses].map((address): ResourceChange => {
    const old = before.get(address);
    const next = after.get(address);
    const { urn } = next ?? old ?? unreachable(address);
    return {
      op: opOf(old?.side, next?.side),
      urn,
      ...(old !== undefined && { old: old.side }),
      // What exists keeps its id; nobody knows the id of what does not exist.
      ...(next !== undefined && { next: old === undefined ? withoutId(next.side) : next.side }),
    };
  });
  return [...providersOf(resources), ...resources];
}

interface Placed {
  readonly urn: string;
  readonly side: ResourceSide;
}

/** What the references of an example are known to be: attributes of all but what this very change creates. */
function knownIn(example: Example): Known {
  const resourcesOf = (block: Block | undefined) =>
    new Map((block === undefined ? [] : described(block).resources).map((one) => [one.address, one.value]));
  const before = resourcesOf(example.before);
  const after = resourcesOf(example.after);
  return (address, attribute) => {
    const value = before.get(address) ?? after.get(address);
    const written = isObject(value) && Object.hasOwn(value, attribute) ? value[attribute] : undefined;
    if (typeof written === "string") return written;
    // What the example does not show exists elsewhere.
    const isCreated = after.has(address) && !before.has(address);
    if (isCreated) return undefined;
    return attribute === "id" ? idOf(address) : `${idOf(address)}/${attribute}`;
  };
}

function sidesOf(block: Block | undefined, known: Known): ReadonlyMap<string, Placed> {
  if (block === undefined) return new Map();
  const { edges } = described(block);
  const isHcl = block.info[0] === "hcl";
  const resources = pulumiResources(isHcl ? { ...block, text: literalReferences(block.text, known) } : block);
  const urns = new Map(resources.map((one) => [one.address, urnOfExample(one)]));
  return new Map(
    resources.map((one) => [one.address, { urn: urnOfExample(one), side: sideOf(one, edges, urns) }]),
  );
}

function sideOf(
  { address, pulumi }: ExampleResource,
  edges: Described["edges"],
  urns: ReadonlyMap<string, string>,
): ResourceSide {
  const dependencies = edges.flatMap(({ from, to }) => (from === address ? [urns.get(to) ?? []].flat() : []));
  const pkg = pulumi.token.slice(0, pulumi.token.indexOf(":"));
  return {
    id: idOf(address),
    inputs: pulumi.inputs,
    dependencies: [...new Set(dependencies)],
    provider: `${providerUrn(pkg, pulumi.version ?? "3.0.0")}::${PROVIDER_ID}`,
  };
}

const PROVIDER_ID = "6f1c9a52-5f7e-4b8e-9a51-0c2f5c0d7e11";

/** Pulumi names default providers after their version. */
function providerUrn(pkg: string, version: string): string {
  return urnOf(`pulumi:providers:${pkg}`, `default_${version.replaceAll(".", "_")}`);
}

/** The default providers of the resources, which the engine registers before them. */
export function providersOf(resources: readonly ResourceChange[]): readonly ResourceChange[] {
  const wanted = new Map<string, { isOld: boolean; isNew: boolean }>();
  for (const { old, next } of resources) {
    for (const [side, isOld] of [
      [old, true],
      [next, false],
    ] as const) {
      if (side?.provider === undefined) continue;
      const urn = side.provider.slice(0, side.provider.lastIndexOf("::"));
      const seen = wanted.get(urn);
      wanted.set(urn, { isOld: isOld || seen?.isOld === true, isNew: !isOld || seen?.isNew === true });
    }
  }
  return [...wanted].map(([urn, { isOld, isNew }]): ResourceChange => {
    const version = urn.slice(urn.lastIndexOf("::default_") + "::default_".length).replaceAll("_", ".");
    const side: ResourceSide = { id: PROVIDER_ID, inputs: { version } };
    return {
      op: isOld ? (isNew ? "same" : "delete") : "create",
      urn,
      ...(isOld && { old: side }),
      ...(isNew && { next: side }),
    };
  });
}

/** The last part of the address names the resource: `azurerm_storage_account.vmext` is `vmext`, `Deployment/default/web` is `web`. */
function urnOfExample({ address, pulumi }: ExampleResource): string {
  return urnOf(pulumi.token, address.replace(/^(?:[a-z0-9]+_[a-z0-9_]*\.|.*\/)/, ""));
}

/** An id that no text of the examples holds by chance. */
function idOf(address: string): string {
  return `/examples/${address.replace(/[^A-Za-z0-9/]/g, "-")}`;
}

function withoutId({ id: _, ...side }: ResourceSide): ResourceSide {
  return side;
}

function opOf(old: ResourceSide | undefined, next: ResourceSide | undefined): ResourceChange["op"] {
  if (old === undefined) return "create";
  if (next === undefined) return "delete";
  return sameInputs(old.inputs, next.inputs) ? "same" : "update";
}

function sameInputs(one: ValueObject, other: ValueObject): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function unreachable(address: string): never {
  throw new Error(`${address} is in neither block`);
}
