import * as z from "zod";
import { accessTurns, type Turn } from "../../src/facets/storage-access/turns.ts";
import { nameOfKind, wordsOf } from "../../src/facets/storage-access/words.ts";
import { storageAccess } from "../../src/facets/storage-access.ts";
import { servesAnybody, storeOf } from "../../src/graph/storage-readers.ts";
import { definePolicy, type Reach } from "../../src/policy.ts";

export default definePolicy({
  id: "access/shared-storage-change",
  title: "Access to shared storage changes step by step",
  severity: "critical",
  hazard: "Everything that uses a shared account or bucket gains or loses access in the same moment.",
  incidents: ["azure-2026-02-storage-access"],
  kind: "change",
  options: z.strictObject({
    minConsumers: z.int().positive().default(2).describe("From how many users on a store counts as shared."),
  }),
  each: storageAccess,
  check(context) {
    if (context.keepsFacts) return;
    const { change, options, report } = context;
    const store = storeOf(context);
    // What is being set up has no users yet that could be hit.
    if (store?.change.action === "create") return;
    const sharing = context.sharingOf(store?.change ?? change);
    if (sharing.configured === "exempt") return;
    const users = (store?.reach ?? context.reach).users;
    const because =
      sharing.configured === "shared"
        ? "the configuration lists it under `shared:`"
        : sharing.tag !== undefined
          ? `it is tagged \`${sharing.tag}\``
          : store !== undefined && servesAnybody(store)
            ? "anybody may read what it serves"
            : undefined;
    const isShared =
      because !== undefined ||
      users.size >= options.minConsumers ||
      users.regions.length > 1 ||
      users.deployments.length > 1;
    const kind = (context.after ?? context.before)?.kind;
    const what = nameOfKind(kind);

    const own = context.reach.users;
    if (
      isShared &&
      holdsData(kind) &&
      !own.isEmpty &&
      (change.action === "delete" || change.action === "replace")
    ) {
      const how = change.action === "delete" ? "deleted" : "replaced by an empty one";
      report.violation({
        message: `${usersOf(own, what, because)}, which is ${how}: all of them lose it at once.`,
        fix: "Move the users to other storage first, ring by ring, and remove this when nothing reads it any more; or add a waiver that expires.",
        reach: own,
      });
      if (change.action === "delete") return;
    }
    for (const turn of accessTurns(context)) {
      if (!turn.tightens && isAddition(turn)) continue;
      if (isShared) {
        report.violation({
          at: turn.fact,
          message: `${usersOf(users, what, because)}; ${wordsOf(turn)}.`,
          fix: turn.tightens ? TIGHTEN : WIDEN,
          reach: users,
        });
      } else if (store === undefined) {
        const unknown =
          "the storage that this belongs to is not in this deployment, so its users are not known";
        report.undetermined({ at: turn.fact, because: unknown });
      }
    }
  },
});

const WAYS_OUT =
  "If it is not shared, list it under `shared:` with `exempt: true`; if it must be now, add a waiver that expires.";
const TIGHTEN = `Make the change on the storage of the smallest ring first and let it bake, or give the readers a private endpoint or an identity before. ${WAYS_OUT}`;
const WIDEN = `Make the change on the storage of the smallest ring first and let it bake, or let in by name those who need it. ${WAYS_OUT}`;

/** `37 resources in 2 regions use this account, 31 of them through URLs nobody declared`. */
function usersOf(users: Reach, what: string, because: string | undefined): string {
  if (users.isEmpty) return `${capital(what)} counts as shared, because ${because}`;
  const { hidden } = users;
  const through = users.direct.where((one) => one.hidden).dependents.every((one) => one.via === "endpoint");
  const by = through ? "URLs" : "names, ids or URLs";
  const some = hidden === users.size ? "" : `${hidden} of them `;
  return `${users.describe()} ${users.size === 1 ? "uses" : "use"} ${what}${hidden === 0 ? "" : `, ${some}through ${by} nobody declared`}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A way in that comes on top, such as a private endpoint or one more address: it hits nobody, and prepares what comes next. */
function isAddition({ fact }: Turn): boolean {
  return ["ipRules", "subnetRules", "resourceRules", "privatePath", "trustedServices"].includes(fact);
}

function holdsData(kind: string | undefined): boolean {
  return kind === "account" || kind === "bucket" || kind === "container";
}
