import { type Example, examplesOf } from "../../documents/support/examples.ts";
import { readDocument } from "../../documents/support/markdown.ts";
import { exampleChange } from "./examples.ts";
import { type ResourceChange, type StackChange, stackChange } from "./stack-change.ts";

/** Examples in one stack, which are judged together. */
export interface ExampleStack {
  readonly title: string;
  /** The policy that the examples are to be refused by; undefined where they are to be let through. */
  readonly avoids: string | undefined;
  /** The `firebreak.yaml` of the examples' documents. */
  readonly config: string | undefined;
  /** Where the pack gets the before-state from: a file that is named, or the checkpoint of a `file://` backend. */
  readonly before: "file" | "backend";
  readonly change: StackChange;
}

interface Draft {
  readonly avoids: string | undefined;
  readonly config: string | undefined;
  readonly at: string[];
  readonly resources: ResourceChange[];
  readonly names: Set<string>;
}

/**
 * All examples of the policies' documents in as few stacks as can be: a pack has to be started for each. An example joins a
 * stack where none of its names is taken: those to avoid that of their own policy, so that it sees what it is to refuse
 * and little else; those to prefer any other's.
 */
export function exampleStacks(policies: readonly { readonly id: string }[]): readonly ExampleStack[] {
  const drafts: Draft[] = [];
  for (const { id } of policies) {
    for (const example of examplesOf(readDocument(`policies/${id}.md`))) add(drafts, id, example);
  }
  return drafts.map(({ avoids, config, at, resources }) => ({
    title: `${avoids ?? "preferred"}: ${at.join(", ")}`,
    avoids,
    config,
    before: "file",
    change: stackChange(distinct(resources)),
  }));
}

function add(drafts: Draft[], policy: string, example: Example): void {
  const resources = exampleChange(example);
  const names = new Set(resources.flatMap(namesOf));
  const avoids = example.kind === "avoid" ? policy : undefined;
  const config = example.config?.text;
  const free = drafts.find(
    (draft) => draft.avoids === avoids && draft.config === config && draft.names.isDisjointFrom(names),
  );
  const draft = free ?? { avoids, config, at: [], resources: [], names: new Set<string>() };
  if (free === undefined) drafts.push(draft);
  draft.at.push(example.at);
  draft.resources.push(...resources);
  for (const name of names) draft.names.add(name);
}

/** How a resource is called: its URN, and the texts of what names it in the cloud. */
function namesOf({ urn, old, next }: ResourceChange): readonly string[] {
  // Default providers are the same for all.
  if (urn.includes("::pulumi:providers:")) return [];
  const texts = [old, next].flatMap((side) =>
    Object.entries(side?.inputs ?? {}).flatMap(([name, value]) =>
      /^(?:name|bucket|.*Name)$/.test(name) && typeof value === "string" ? [value] : [],
    ),
  );
  return [urn, ...texts];
}

/** Without the providers that another example has brought already. */
function distinct(resources: readonly ResourceChange[]): readonly ResourceChange[] {
  const byUrn = new Map<string, ResourceChange>();
  for (const one of resources) {
    const seen = byUrn.get(one.urn);
    const old = seen?.old ?? one.old;
    const next = seen?.next ?? one.next;
    const op = old === undefined ? "create" : next === undefined ? "delete" : "same";
    byUrn.set(
      one.urn,
      seen === undefined
        ? one
        : { ...one, op, ...(old !== undefined && { old }), ...(next !== undefined && { next }) },
    );
  }
  const all = [...byUrn.values()];
  const isProvider = ({ urn }: ResourceChange) => urn.includes("::pulumi:providers:");
  return [...all.filter(isProvider), ...all.filter((one) => !isProvider(one))];
}
