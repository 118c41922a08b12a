import type { StorageAccess } from "../storage-access.ts";
import type { AccessFact, Turn } from "./turns.ts";

/** What a turn of access means to whoever is hit, as the second half of a sentence. */
const WORDS: Readonly<Record<AccessFact, { readonly lost: string; readonly gained: string }>> = {
  publicNetwork: {
    lost: "whoever comes over the public network loses access at once",
    gained: "it can be reached over the public network from then on",
  },
  defaultAllow: {
    lost: "whoever no network rule names loses access at once",
    gained: "requests from every network are let in from then on",
  },
  anonymousAllowed: {
    lost: "everything that reads without credentials loses access at once",
    gained: "containers and objects can be made readable for anybody from then on",
  },
  anonymousAclsAllowed: {
    lost: "everything that reads by a public ACL loses access at once",
    gained: "ACLs can make objects readable for anybody from then on",
  },
  anonymousPoliciesAllowed: {
    lost: "everything that reads by a public bucket policy, other accounts included, loses access at once",
    gained: "bucket policies can make objects readable for anybody from then on",
  },
  anonymousRead: {
    lost: "everything that reads without credentials loses access at once",
    gained: "anybody can read its content from then on",
  },
  website: {
    lost: "the website in it goes away at once",
    gained: "it serves a website to anybody from then on",
  },
  keyAccess: {
    lost: "every client that uses an account key, or a signature made with one, is refused at once",
    gained: "whoever holds an account key is let in from then on",
  },
  privatePath: {
    lost: "whoever comes through this private endpoint loses the way in at once",
    gained: "there is a private way in",
  },
  trustedServices: {
    lost: "the provider's own services, such as backup and monitoring, no longer pass its network rules",
    gained: "the provider's own services pass its network rules",
  },
  ipRules: { lost: "addresses lose their way in", gained: "addresses are let in" },
  subnetRules: { lost: "subnets lose their way in", gained: "subnets are let in" },
  resourceRules: { lost: "resources lose their way in", gained: "resources are let in" },
};

/** `whoever comes over the public network loses access at once`; for a list, what is gone from it or new in it. */
export function wordsOf(turn: Turn): string {
  const words = WORDS[turn.fact];
  const items = turn.tightens ? turn.removed : turn.added;
  const text = turn.tightens ? words.lost : words.gained;
  if (items.length === 0) return text;
  const shown = items.slice(0, 3).join(", ");
  return `${text} (${items.length > 3 ? `${shown} and ${items.length - 3} more` : shown})`;
}

/** What to call the thing that a change sets: `this account`, `the account of this container`. */
export function nameOfKind(kind: StorageAccess["kind"] | undefined): string {
  if (kind === "account") return "this account";
  if (kind === "bucket" || kind === "access-block" || kind === "grant") return "this bucket";
  if (kind === "container") return "this container";
  return "this storage";
}
