import { isList, UNKNOWN, Unknown } from "../../model/value.ts";
import { anyOf, documentAt, own, textsOf } from "../document.ts";
import type { Facts, Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { ScopeAccess } from "../scope-access.ts";

/** Constraints on who reaches the data of buckets (cloud.google.com/storage/docs/org-policy-constraints). */
const CONSTRAINT =
  /(^|\/)(storage\.(publicAccessPrevention|uniformBucketLevelAccess|restrictAuthTypes|secureHttpTransport))$/;

/** Roles that reach the data of every bucket below: the basic roles and those of storage. */
function reachesStorage(role: string): boolean {
  return /^roles\/(owner|editor|viewer|storage\.)/.test(role);
}

type Level = "organization" | "folder" | "project";
const SPAN: Readonly<Record<Level, string>> = {
  organization: "the whole organisation",
  folder: "a whole folder",
  project: "the whole project",
};

function scopeFacts(scope: Field<string>, level: Field<Level>): Facts<ScopeAccess> {
  return {
    scope,
    span: level.map((one) => SPAN[one]),
    isWide: new Field(scope.path, scope.raw, true),
    touchesStorage: new Field(scope.path, scope.raw, true),
    isCertain: new Field(scope.path, scope.raw, true),
  };
}

/** Whether any rule of an organisation policy enforces its constraint; provider and API write the flag as a text or a boolean. */
function isEnforced(r: ResourceReader): Field<boolean> {
  const rules = r.blocks("spec.rules");
  const isOn =
    rules instanceof Unknown ? UNKNOWN : anyOf(rules, (rule) => rule.boolean("enforce", false).value);
  return new Field(r.pathOf("spec.rules"), r.value("spec.rules"), isOn);
}

/** `google_org_policy_policy`: without a `spec`, only a dry run is set. */
const orgPolicy: Mapping<ScopeAccess> = (r) => {
  const name = r.string("name", "");
  if (name.value instanceof Unknown || !CONSTRAINT.test(name.value)) return undefined;
  const parent = r.string("parent", UNKNOWN);
  return {
    kind: r.constant("organization-policy"),
    ...scopeFacts(
      parent,
      parent.map((text) =>
        text.startsWith("organizations/")
          ? "organization"
          : text.startsWith("folders/")
            ? "folder"
            : "project",
      ),
    ),
    setting: name,
    isEnforced: isEnforced(r),
    isActive: r.has("spec"),
  };
};

const legacyOrgPolicy =
  (level: Level, scopePath: string): Mapping<ScopeAccess> =>
  (r) => {
    const constraint = r.string("constraint", "");
    if (constraint.value instanceof Unknown || !CONSTRAINT.test(constraint.value)) return undefined;
    return {
      kind: r.constant("organization-policy"),
      ...scopeFacts(r.string(scopePath, UNKNOWN), r.constant(level)),
      setting: constraint,
      isEnforced: r.boolean("boolean_policy.enforced", false),
    };
  };

const grant =
  (level: Level, scopePath: string, members: string): Mapping<ScopeAccess> =>
  (r) => {
    const role = r.string("role", "");
    if (!(role.value instanceof Unknown) && !reachesStorage(role.value)) return undefined;
    const texts = textsOf(r.value(members));
    return {
      kind: r.constant("role"),
      ...scopeFacts(r.string(scopePath, ""), r.constant(level)),
      setting: role,
      recipients: new Field<readonly string[]>(
        r.pathOf(members),
        r.value(members),
        texts instanceof Unknown ? texts : [...texts].sort(),
      ),
      condition: r.string("condition.expression", ""),
    };
  };

/** The whole IAM policy of a scope: who is not in it loses access. */
const policy =
  (level: Level, scopePath: string): Mapping<ScopeAccess> =>
  (r) => ({
    kind: r.constant("role"),
    ...scopeFacts(r.string(scopePath, ""), r.constant(level)),
    recipients: new Field<readonly string[]>(r.pathOf("policy_data"), r.value("policy_data"), grantsOf(r)),
  });

/** `role member` for each grant in a policy document that reaches storage. */
function grantsOf(r: ResourceReader): readonly string[] | Unknown {
  const document = documentAt(r, "policy_data");
  if (document instanceof Unknown) return UNKNOWN;
  const bindings = own(document, "bindings") ?? [];
  if (!isList(bindings)) return UNKNOWN;
  const grants: string[] = [];
  for (const binding of bindings) {
    const roles = textsOf(own(binding, "role"));
    const members = textsOf(own(binding, "members"));
    if (roles instanceof Unknown || members instanceof Unknown) return UNKNOWN;
    for (const role of roles.filter(reachesStorage))
      for (const member of members) grants.push(`${role} ${member}`);
  }
  return grants.sort();
}

const SCOPE_PATHS: readonly (readonly [Level, string])[] = [
  ["organization", "org_id"],
  ["folder", "folder"],
  ["project", "project"],
];

export const googleScope: Readonly<Record<string, Mapping<ScopeAccess>>> = {
  google_org_policy_policy: orgPolicy,
  google_organization_policy: legacyOrgPolicy("organization", "org_id"),
  google_folder_organization_policy: legacyOrgPolicy("folder", "folder"),
  google_project_organization_policy: legacyOrgPolicy("project", "project"),
  ...Object.fromEntries(
    SCOPE_PATHS.flatMap(([level, path]) => [
      [`google_${level}_iam_member`, grant(level, path, "member")],
      [`google_${level}_iam_binding`, grant(level, path, "members")],
      [`google_${level}_iam_policy`, policy(level, path)],
    ]),
  ),
};
