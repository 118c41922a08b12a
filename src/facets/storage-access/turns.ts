import type { View } from "../facet.ts";
import type { StorageAccess, StoragePart } from "../storage-access.ts";

/** The facts that are a way in: true is open. In the order in which they are told. */
const WAYS_IN = [
  "publicNetwork",
  "defaultAllow",
  "anonymousAllowed",
  "anonymousAclsAllowed",
  "anonymousPoliciesAllowed",
  "anonymousRead",
  "website",
  "keyAccess",
  "privatePath",
  "trustedServices",
] as const;
/** Exceptions to the network rules. */
const LISTS = ["ipRules", "subnetRules", "resourceRules"] as const;

type WayIn = (typeof WAYS_IN)[number];
type RuleList = (typeof LISTS)[number];
export type AccessFact = WayIn | RuleList;

/** One fact about access that a change sets to another value. */
export interface Turn {
  readonly fact: AccessFact;
  /** Somebody loses a way in. */
  readonly tightens: boolean;
  /** Somebody gets a way in. */
  readonly widens: boolean;
  /** What is new in a list, and what is gone from it. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * What holds for a store while a resource that sets its access is not there. Deleting `azurerm_storage_account_network_rules`
 * sets the account back to Allow (its document); an S3 block that is deleted blocks nothing; a grant that is not there
 * grants nothing. A store itself is created or deleted as a whole, which is no change of access to it.
 */
const WITHOUT: Readonly<Record<StoragePart, View<StorageAccess> | undefined>> = {
  account: undefined,
  bucket: undefined,
  container: { anonymousRead: false, website: false },
  website: { website: false },
  rules: { defaultAllow: true, trustedServices: true, ipRules: [], subnetRules: [], resourceRules: [] },
  "access-block": { anonymousAclsAllowed: true, anonymousPoliciesAllowed: true },
  grant: { anonymousRead: false },
  "private-endpoint": { privatePath: false },
};

interface States {
  readonly before: View<StorageAccess> | undefined;
  readonly after: View<StorageAccess> | undefined;
  changed(...names: AccessFact[]): readonly string[];
}

/**
 * How a change turns the access to a store, fact by fact. Reads lazily: what is known is told before a fact that is not known
 * yet ends the check.
 */
export function* accessTurns(states: States): Generator<Turn> {
  const { before, after } = states;
  if (before === undefined || after === undefined) {
    yield* turnsOfSetting(before, after);
    return;
  }
  const isChanged = new Set<string>(states.changed(...WAYS_IN, ...LISTS));
  for (const fact of WAYS_IN) {
    // Rules written where there were none: until then the service let everybody in.
    const isFirstDeny = fact === "defaultAllow" && !hasFact(before, fact) && after.defaultAllow === false;
    if (!isFirstDeny && !isChanged.has(fact)) continue;
    if (isNetworkFact(fact) && isClosed(before) && isClosed(after)) continue;
    const will = after[fact] === true;
    yield { fact, tightens: !will, widens: will, added: [], removed: [] };
  }
  if (LISTS.some((fact) => isChanged.has(fact)) && denies(before) && denies(after)) {
    for (const fact of LISTS) if (isChanged.has(fact)) yield turnOfList(fact, before[fact], after[fact]);
  }
}

/** The turns of creating or deleting a resource that only sets access. */
function* turnsOfSetting(
  before: View<StorageAccess> | undefined,
  after: View<StorageAccess> | undefined,
): Generator<Turn> {
  const kind = (after ?? before)?.kind;
  const without = kind === undefined ? undefined : WITHOUT[kind];
  if (without === undefined || (after === undefined && before?.outlivesResource === true)) return;
  const was = before ?? without;
  const will = after ?? without;
  for (const fact of WAYS_IN) {
    if (!hasFact(without, fact) || !hasFact(was, fact) || !hasFact(will, fact) || was[fact] === will[fact])
      continue;
    yield { fact, tightens: will[fact] === false, widens: will[fact] === true, added: [], removed: [] };
  }
}

function turnOfList(fact: RuleList, was: readonly string[] = [], will: readonly string[] = []): Turn {
  const added = will.filter((item) => !was.includes(item));
  const removed = was.filter((item) => !will.includes(item));
  return { fact, tightens: removed.length > 0, widens: added.length > 0, added, removed };
}

/** Whether the dialect tells the fact at all; asking touches no value. */
function hasFact(view: View<StorageAccess>, fact: AccessFact): boolean {
  return Object.hasOwn(view, fact);
}

function isNetworkFact(fact: AccessFact): boolean {
  return fact === "defaultAllow" || fact === "trustedServices";
}

/** Closed to every network but private endpoints: network rules then decide nothing. */
function isClosed(view: View<StorageAccess>): boolean {
  return hasFact(view, "publicNetwork") && view.publicNetwork === false;
}

function denies(view: View<StorageAccess>): boolean {
  return view.defaultAllow === false && !isClosed(view);
}
