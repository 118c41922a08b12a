import { accessTurns, type Turn } from "../../src/facets/storage-access/turns.ts";
import { nameOfKind, wordsOf } from "../../src/facets/storage-access/words.ts";
import { storageAccess } from "../../src/facets/storage-access.ts";
import { forbidsAnybody, storeOf } from "../../src/graph/storage-readers.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "access/public-read-exposure",
  title: "Storage is not opened to the public in passing",
  severity: "high",
  hazard: "Data that was closed can be read by anybody from the moment the change is applied.",
  kind: "change",
  each: storageAccess,
  check(context) {
    if (context.keepsFacts) return;
    const { before, after, change, report } = context;
    const kind = (after ?? before)?.kind;
    const what = nameOfKind(kind);
    const isNewBucket = kind === "bucket" && before === undefined && after?.anonymousRead === true;
    if (isNewBucket) {
      report.violation({
        at: "anonymousRead",
        message: `Anybody can read ${what} from its first moment on.`,
        fix: FIX,
      });
      return;
    }
    if (before !== undefined && after !== undefined && losesDenyingRules(before, after)) {
      const because =
        "the network rules that denied by default are no longer written; whether the service keeps or drops them is not known here";
      report.undetermined({ at: "defaultAllow", because });
    }
    const store = storeOf(context);
    for (const turn of accessTurns(context)) {
      if (!opens(turn)) continue;
      // Selected networks only: the rules still deny everybody else.
      if (turn.fact === "publicNetwork" && after?.defaultAllow === false) continue;
      // The account or the bucket's block stands above it and keeps everybody out.
      if (
        turn.fact === "anonymousRead" &&
        store !== undefined &&
        store.change !== change &&
        forbidsAnybody(store, "after")
      )
        continue;
      // A website's container is public by nature.
      if (turn.fact === "anonymousRead" && after?.website === true) continue;
      report.violation({ at: turn.fact, message: `${lead(turn)} ${what}: ${wordsOf(turn)}.`, fix: FIX });
    }
  },
});

const FIX =
  "Let readers in by name: an identity, a signed URL, a network rule or a private endpoint. If it is meant to be public, keep it apart from what is not, and say so with a waiver that expires.";

function lead({ fact }: Turn): string {
  return fact.startsWith("anonymous")
    ? "The change opens anonymous read on"
    : "The change opens the network access to";
}

/** Whether a turn opens a store to everybody: not a key, not one more subnet. */
function opens(turn: Turn): boolean {
  if (!turn.widens) return false;
  if (turn.fact === "ipRules") return turn.added.some(isNearlyEverybody);
  return turn.fact === "publicNetwork" || turn.fact === "defaultAllow" || turn.fact.startsWith("anonymous");
}

/** A range of a 256th of all addresses or more. */
function isNearlyEverybody(range: string): boolean {
  const prefix = /\/(\d{1,3})$/.exec(range)?.[1];
  return prefix !== undefined && Number(prefix) <= 8;
}

interface Rules {
  readonly defaultAllow?: boolean;
}

function losesDenyingRules(before: Rules, after: Rules): boolean {
  return (
    !Object.hasOwn(after, "defaultAllow") &&
    Object.hasOwn(before, "defaultAllow") &&
    before.defaultAllow === false
  );
}
