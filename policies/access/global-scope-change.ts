import { type ScopeAccess, scopeAccess } from "../../src/facets/scope-access.ts";
import { definePolicy, type Reach, type View } from "../../src/policy.ts";

/** The facts whose change alters what holds for the scope. */
const FACTS = [
  "setting",
  "scope",
  "recipients",
  "condition",
  "isEnforced",
  "isActive",
  "isStaged",
  "blocksPublicAcls",
  "ignoresPublicAcls",
  "blocksPublicPolicies",
  "restrictsPublicBuckets",
] as const;
type Fact = (typeof FACTS)[number];

export default definePolicy({
  id: "access/global-scope-change",
  title: "Access to storage is not set for a whole scope at once",
  severity: "critical",
  hazard:
    "Every store below an account, subscription, management group, organisation or project changes in the same moment.",
  incidents: ["azure-2026-02-storage-access"],
  kind: "change",
  each: scopeAccess,
  check(context) {
    if (context.keepsFacts) return;
    const { before, after, report } = context;
    const state = after ?? before;
    if (state === undefined) return;
    // A policy that nothing is attached to does nothing: its attachments are judged.
    if (state.kind === "control-policy" && before === undefined) return;
    if (!holds(before) && !holds(after)) return;
    const facts: readonly Fact[] =
      before !== undefined && after !== undefined
        ? (context.changed(...FACTS) as readonly Fact[])
        : written(state);
    if (facts.length === 0) return;
    if (state.kind === "attachment") {
      const touches = attachedTouchesStorage(context.dependencies);
      if (touches === undefined) {
        const because = "the attached policy is not in this deployment, so what it allows is not known";
        report.undetermined({ at: "setting", because });
      }
      if (touches !== true) return;
    } else if (before?.touchesStorage === false && after?.touchesStorage !== true) return;
    else if (before === undefined && after?.touchesStorage === false) return;
    for (const at of facts) {
      report.violation({
        at,
        message: messageOf(before, after, state),
        fix: FIX[state.kind ?? "role"],
        confidence: state.isCertain === false ? "low" : "high",
      });
    }
  },
});

/** Set for a wide scope, in force, and not narrowed down to a part of it. */
function holds(state: View<ScopeAccess> | undefined): boolean {
  return state !== undefined && state.isWide === true && state.isActive !== false && state.isStaged !== true;
}

/** Where the setting as such comes or goes: each flag that is on, else the setting. */
function written(state: View<ScopeAccess>): readonly Fact[] {
  if (state.kind !== "access-block") return Object.hasOwn(state, "setting") ? ["setting"] : ["recipients"];
  const flags = [
    "blocksPublicAcls",
    "ignoresPublicAcls",
    "blocksPublicPolicies",
    "restrictsPublicBuckets",
  ] as const;
  return flags.filter((flag) => state[flag] === true);
}

function attachedTouchesStorage(dependencies: Reach): boolean | undefined {
  const answers = dependencies.dependents.flatMap(({ change }) => {
    if (!scopeAccess.covers(change.type)) return [];
    const items = scopeAccess.items(change.type, change.after ?? change.before, change.provider?.major);
    return "unlisted" in items ? [] : items.map((item) => item.facts.touchesStorage?.value);
  });
  if (answers.includes(true)) return true;
  return answers.length > 0 && answers.every((answer) => answer === false) ? false : undefined;
}

function messageOf(
  before: View<ScopeAccess> | undefined,
  after: View<ScopeAccess> | undefined,
  state: View<ScopeAccess>,
): string {
  const what = WHAT[state.kind ?? "role"](state);
  const how = after === undefined ? "is taken away" : before === undefined ? "is set" : "changes";
  return `${what} ${how} for ${state.span} in one go: every store below it is hit at once, those that nobody meant included.`;
}

type Kind = ScopeAccess["kind"];

const WHAT: Readonly<Record<Kind, (state: View<ScopeAccess>) => string>> = {
  role: (state) => (Object.hasOwn(state, "setting") ? `The role ${state.setting}` : "The access policy"),
  "policy-assignment": () => "A policy on access to storage",
  "access-block": () => "The block on public access",
  "organization-policy": (state) => `The constraint ${state.setting?.split("/").at(-1)}`,
  "control-policy": () => "A control policy that says who may reach S3",
  attachment: () => "A control policy that says who may reach S3",
};

const WAIVER = "if it must be the whole at once, add a waiver that expires.";
const NARROW = `Set it on the smallest ring first (one resource group, one account, one project), let it bake, then go on; ${WAIVER}`;
const FIX: Readonly<Record<Kind, string>> = {
  role: `Assign it at the resource group or the store that needs it; ${WAIVER}`,
  "policy-assignment": `Assign it in audit mode first, then region by region with resource selectors; exclude what is shared; ${WAIVER}`,
  "access-block": `Set the block bucket by bucket, shared buckets last, and the account's block when every bucket has it; ${WAIVER}`,
  "organization-policy": `Set it as a dry run first, then project by project; ${WAIVER}`,
  "control-policy": `Attach a second policy with the new content to one account first, then to the others; ${WAIVER}`,
  attachment: NARROW,
};
