import { type Facts, isUnlisted, type View } from "../facets/facet.ts";
import { type StorageAccess, storageAccess } from "../facets/storage-access.ts";
import { type Change, providerMajorOf } from "../model/change.ts";
import { UNKNOWN, type Unknown } from "../model/value.ts";
import type { Reach } from "./reach.ts";

type State = "before" | "after";

/** Facts that were read already: many checks look at the same stores and parts, and reading a plan's values is parsing. */
const known: Readonly<Record<State, WeakMap<Change, { readonly facts: Facts<StorageAccess> | undefined }>>> =
  {
    before: new WeakMap(),
    after: new WeakMap(),
  };

/** The access facts of a resource in one of its states; undefined where it has none. */
function accessFacts(change: Change, state: State): Facts<StorageAccess> | undefined {
  if (!storageAccess.covers(change.type)) return undefined;
  let entry = known[state].get(change);
  if (entry === undefined) {
    const items = storageAccess.items(change.type, change[state], providerMajorOf(change, state));
    entry = { facts: isUnlisted(items) ? undefined : items[0]?.facts };
    known[state].set(change, entry);
  }
  return entry.facts;
}

/** What a check over a store's access, or a part's, knows. */
interface Surroundings {
  readonly change: Change;
  readonly before: View<StorageAccess> | undefined;
  readonly after: View<StorageAccess> | undefined;
  readonly reach: Reach;
  readonly dependencies: Reach;
  reachOf(change: Change): Reach;
}

/** A store, and who depends on it. */
export interface Store {
  readonly change: Change;
  readonly reach: Reach;
}

/** The store whose access a resource sets: itself, or the one that it is a part of; undefined where that is not at hand. */
export function storeOf(context: Surroundings): Store | undefined {
  const { change, before, after } = context;
  if (isStore((after ?? before)?.kind)) return { change, reach: context.reach };
  const owner = context.dependencies.dependents.find((one) => isStore(kindOf(one.change)))?.change;
  return owner && { change: owner, reach: context.reachOf(owner) };
}

/** Whether the store, or a block beside it, keeps everybody out whatever its parts grant. */
export function forbidsAnybody({ change, reach }: Store, state: State): boolean {
  const own = accessFacts(change, state);
  if (own?.anonymousAllowed?.value === false || own?.publicNetwork?.value === false) return true;
  return reach.dependents.some((one) => {
    const block = accessFacts(one.change, state);
    return block?.anonymousAclsAllowed?.value === false && block.anonymousPoliciesAllowed?.value === false;
  });
}

/** The parts of a store that anybody may read as things stand: public containers, grants to everybody, a website. */
function anonymousContent(reach: Reach): readonly Change[] {
  return partsWith(reach, (facts) => letsIn(facts));
}

/** Whether a store serves content that anybody may read as things stand. */
export function servesAnybody({ change, reach }: Store): boolean {
  const own = accessFacts(change, "before");
  return (own !== undefined && letsIn(own)) || anonymousContent(reach).length > 0;
}

/** Whether the deployment shows any part of a store that says who may read it, and none of them lets anybody in. */
export function isKnownPrivate(reach: Reach): boolean {
  const telling = partsWith(reach, (facts) => facts.anonymousRead !== undefined);
  return (
    telling.length > 0 && partsWith(reach, (facts) => letsIn(facts) || letsIn(facts, UNKNOWN)).length === 0
  );
}

function letsIn(facts: Facts<StorageAccess>, answer: true | Unknown = true): boolean {
  return facts.anonymousRead?.value === answer || facts.website?.value === answer;
}

function partsWith(reach: Reach, test: (facts: Facts<StorageAccess>) => boolean): readonly Change[] {
  return reach.dependents
    .map((one) => one.change)
    .filter((change) => {
      const facts = accessFacts(change, "before");
      return facts !== undefined && test(facts);
    });
}

function kindOf(change: Change): unknown {
  return (accessFacts(change, "after") ?? accessFacts(change, "before"))?.kind?.value;
}

function isStore(kind: unknown): boolean {
  return kind === "account" || kind === "bucket";
}
