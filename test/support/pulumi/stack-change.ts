import type { Value, ValueObject } from "../../../src/model/value.ts";

/** What Pulumi's engine does to a resource, as far as tests tell of it. */
type Op = "same" | "create" | "update" | "replace" | "delete";

/** A resource as it is, or as it will be. Secrets and unknowns are those of the model. */
export interface ResourceSide {
  readonly inputs: ValueObject;
  /** What the provider told; by default the inputs, over what an update leaves as it was. */
  readonly outputs?: ValueObject;
  readonly id?: string;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  /** `URN::ID`. */
  readonly provider?: string;
  readonly aliases?: readonly string[];
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
}

/** One resource of a stack, before and after a change. */
export interface ResourceChange {
  readonly op: Op;
  readonly urn: string;
  /** The URN that it had, where an alias renames it. */
  readonly oldUrn?: string;
  /** Components and the stack itself are not custom. */
  readonly custom?: boolean;
  readonly old?: ResourceSide;
  readonly next?: ResourceSide;
}

/** A change of a Pulumi stack, in no host's form: `documents.ts` and `calls.ts` write it in each of them. */
export interface StackChange {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** In the order in which the program registers them; what is deleted stands where it stood in the state. */
  readonly resources: readonly ResourceChange[];
}

/** A change of the stack `prod` of `estate`, with the stack's own resource as the parent of all that name none. */
export function stackChange(
  resources: readonly ResourceChange[],
  { organization = "organization", project = "estate", stack = "prod" } = {},
): StackChange {
  const root = rootUrn({ project, stack });
  const withParent = (side: ResourceSide): ResourceSide => ({ parent: root, ...side });
  const hasOld = resources.some((one) => one.old !== undefined);
  return {
    organization,
    project,
    stack,
    resources: [
      {
        op: hasOld ? "same" : "create",
        urn: root,
        custom: false,
        ...(hasOld && { old: { inputs: {} } }),
        next: { inputs: {} },
      },
      ...resources.map((one) => ({
        ...one,
        ...(one.old !== undefined && { old: withParent(one.old) }),
        ...(one.next !== undefined && { next: withParent(one.next) }),
      })),
    ],
  };
}

/** The URN of the resource that stands for the stack as a whole. */
export function rootUrn({ project, stack }: Pick<StackChange, "project" | "stack">): string {
  return urnOf("pulumi:pulumi:Stack", `${project}-${stack}`, { project, stack });
}

export function urnOf(type: string, name: string, { project = "estate", stack = "prod" } = {}): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

/** The type in a URN, without those of its parents. */
export function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** What the resource's outputs will be: given, or what the inputs say over what an update leaves. */
export function plannedOutputs({ op, old, next }: ResourceChange): ValueObject {
  const inputs = next?.inputs ?? {};
  if (next?.outputs !== undefined) return next.outputs;
  if (old === undefined || op === "replace") return inputs;
  const written = new Set(Object.keys(old.inputs));
  const stays = Object.entries(storedOutputs(old)).filter(([name]) => !written.has(name));
  return Object.fromEntries<Value>([...stays, ...Object.entries(inputs)]);
}

export function storedOutputs(side: ResourceSide): ValueObject {
  return side.outputs ?? side.inputs;
}
