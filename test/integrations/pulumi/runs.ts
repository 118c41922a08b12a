import { memoryInput } from "../../../src/inputs/input.ts";
import { statesIn } from "../../../src/inputs/pulumi/state.ts";
import type { BeforeState } from "../../../src/integrations/pulumi/before-state.ts";
import { type Judgeable, StackRun } from "../../../src/integrations/pulumi/stack-run.ts";
import type { ValueObject } from "../../../src/model/value.ts";
import { stackExport } from "../../support/pulumi/documents.ts";
import {
  type ResourceChange,
  type StackChange,
  stackChange,
  urnOf,
} from "../../support/pulumi/stack-change.ts";
import { registrations, wholeStack } from "./requests.ts";

export const BUCKET = "aws:s3/bucket:Bucket";
export const TOPIC = "aws:sns/topic:Topic";
export const bucket = urnOf(BUCKET, "packages");

/** Members of a resource in the state that this test's stacks do not tell, by its URN. */
type More = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/** The state before the change, by way of what `pulumi stack export` prints. */
export function stateBefore(change: StackChange, more: More = {}): BeforeState {
  const document = JSON.parse(stackExport(change));
  for (const one of document.deployment.resources) Object.assign(one, more[one.urn]);
  const input = memoryInput("before.json", Buffer.from(JSON.stringify(document)));
  return { kind: "known", ...statesIn(input) };
}

interface Ran {
  /** What was to be judged when each resource was registered. */
  readonly resources: ReadonlyMap<string, Judgeable | undefined>;
  readonly stack: Judgeable;
}

/** Every resource has a provider, and the engine tells policies which. */
const PROVIDER = urnOf("pulumi:providers:aws", "default");
const OF_PROVIDER = { provider: `${PROVIDER}::1` };
const provider: ResourceChange = {
  op: "same",
  urn: PROVIDER,
  old: { inputs: {}, id: "1" },
  next: { inputs: {} },
};

/** The engine's run over the change, from the first registration to the end. */
export function run(
  resources: readonly ResourceChange[],
  { more = {}, before }: { readonly more?: More; readonly before?: BeforeState } = {},
): Ran {
  const change = stackChange([provider, ...resources]);
  const stackRun = new StackRun("prod", before ?? stateBefore(change, more));
  const judged = registrations(change).map((args) => [args.urn, stackRun.register(args)] as const);
  return { resources: new Map(judged), stack: stackRun.finish(wholeStack(change)) };
}

/** What happens to which resource, by name. */
export function actions({ deployment }: Judgeable): Readonly<Record<string, string>> {
  return Object.fromEntries(deployment.changes.map(({ name, action }) => [name, action]));
}

/** The change of the resource of that name. */
export function changeOf({ deployment }: Judgeable, name: string) {
  const change = deployment.changes.find((one) => one.name === name);
  if (change === undefined) throw new Error(`there is no ${name}`);
  return change;
}

/** A resource that stays as it is. */
export function same(type: string, name: string, inputs: ValueObject = {}, side = {}): ResourceChange {
  const one = { ...OF_PROVIDER, inputs, id: name, ...side };
  return { op: "same", urn: urnOf(type, name), old: one, next: one };
}

export function updated(
  type: string,
  name: string,
  old: ValueObject,
  next: ValueObject,
  side = {},
): ResourceChange {
  return {
    op: "update",
    urn: urnOf(type, name),
    old: { ...OF_PROVIDER, inputs: old, id: name, ...side },
    next: { ...OF_PROVIDER, inputs: next, ...side },
  };
}

export function created(type: string, name: string, inputs: ValueObject, side = {}): ResourceChange {
  return { op: "create", urn: urnOf(type, name), next: { ...OF_PROVIDER, inputs, ...side } };
}

export function deleted(type: string, name: string, inputs: ValueObject, side = {}): ResourceChange {
  return { op: "delete", urn: urnOf(type, name), old: { ...OF_PROVIDER, inputs, id: name, ...side } };
}
