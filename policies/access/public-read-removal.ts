import { type AccessFact, accessTurns } from "../../src/facets/storage-access/turns.ts";
import { nameOfKind, wordsOf } from "../../src/facets/storage-access/words.ts";
import { storageAccess } from "../../src/facets/storage-access.ts";
import { forbidsAnybody, isKnownPrivate, servesAnybody, storeOf } from "../../src/graph/storage-readers.ts";
import { definePolicy, type Reach } from "../../src/policy.ts";

/** The facts that, turned off, take anonymous read away. */
const ANONYMOUS: ReadonlySet<AccessFact> = new Set([
  "anonymousAllowed",
  "anonymousAclsAllowed",
  "anonymousPoliciesAllowed",
  "anonymousRead",
  "website",
]);
/** Those that shut anonymous readers out together with everybody else. */
const NETWORK: ReadonlySet<AccessFact> = new Set(["publicNetwork", "defaultAllow"]);

export default definePolicy({
  id: "access/public-read-removal",
  title: "Anonymous read is not taken from storage that something reads anonymously",
  severity: "critical",
  hazard: "Everything that downloads from this storage without credentials fails at once.",
  incidents: ["azure-2026-02-storage-access"],
  kind: "change",
  each: storageAccess,
  check(context) {
    if (context.keepsFacts) return;
    const { before, after, change, report } = context;
    const store = storeOf(context);
    if (store?.change.action === "create") return;
    const kind = (before ?? after)?.kind;
    // What names the container itself tells more than what names only its account.
    const own = context.reach.readers({ anonymous: true });
    const readers = own.isEmpty && store !== undefined ? store.reach.readers({ anonymous: true }) : own;
    const isDeclared = kind === "container" || kind === "grant" || kind === "website";
    const isServed = isDeclared || (store !== undefined && servesAnybody(store));
    if (readers.isEmpty && !isServed) return;
    // The account, or the bucket's block, has kept everybody out already.
    if (
      kind !== "website" &&
      store !== undefined &&
      store.change !== change &&
      forbidsAnybody(store, "before")
    )
      return;
    if (readers.isEmpty && context.sharingOf(store?.change ?? change).configured === "exempt") return;
    // Readers that only show an address may have an identity; where no container is public, they must.
    const isGuess = !isServed && store !== undefined && isKnownPrivate(store.reach);
    const confidence = isGuess ? "low" : readers.isEmpty ? "medium" : "high";
    const what = nameOfKind(kind);

    const isGone = change.action === "delete" || change.action === "replace";
    if (isGone && (kind === "account" || kind === "bucket")) {
      const how = change.action === "delete" ? "deleted" : "replaced by an empty one";
      report.violation({
        message: `${readersOf(readers, what)}; it is ${how}, and they lose it at once.`,
        fix: MOVE,
        confidence,
        reach: readers,
      });
      return;
    }
    for (const turn of accessTurns(context)) {
      if (!turn.tightens) continue;
      if (!ANONYMOUS.has(turn.fact) && !(NETWORK.has(turn.fact) && couldReadBefore(before))) continue;
      if (ANONYMOUS.has(turn.fact) && turn.fact !== "anonymousRead" && before?.publicNetwork === false)
        continue;
      report.violation({
        at: turn.fact,
        message: `${readersOf(readers, what)}; ${wordsOf(turn)}.`,
        fix: MOVE,
        confidence,
        reach: readers,
      });
    }
  },
});

const MOVE =
  "Give the readers an identity, a signed URL or a private endpoint first, ring by ring; take anonymous read away when nothing uses it any more. If nothing does, say so with a waiver that expires.";

/** Whether anonymous readers got in until now; an account that forbids them serves at most its website. */
function couldReadBefore(
  before: { readonly anonymousAllowed?: boolean; readonly website?: boolean } | undefined,
): boolean {
  if (before === undefined || !Object.hasOwn(before, "anonymousAllowed")) return true;
  return before.website === true || before.anonymousAllowed === true;
}

function readersOf(readers: Reach, what: string): string {
  if (readers.isEmpty) return `Anybody may read ${what}, and who does is not known here`;
  const [read, their] = readers.size === 1 ? ["reads", "its"] : ["read", "their"];
  return `${readers.describe()} ${read} ${what} by its address and, as far as ${their} text shows, without credentials`;
}
