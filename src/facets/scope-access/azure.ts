import { UNKNOWN, Unknown } from "../../model/value.ts";
import { documentAt, own, textsOf } from "../document.ts";
import type { Facts, Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { ScopeAccess } from "../scope-access.ts";
import { isWideLevel, type ScopeLevel, scopeLevel, scopeOf } from "./azure-scope.ts";

/*
 * Names: azurerm provider 4.55, @pulumi/azure-native 3.28, ARM reference of Microsoft.Authorization. Role ids:
 * learn.microsoft.com/azure/role-based-access-control/built-in-roles. Policy definitions: github.com/Azure/azure-policy.
 */

/** Built-in roles that reach everything, data of storage included (its keys, or the right to give oneself a role). */
const ROLES: ReadonlyMap<string, string> = new Map([
  ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"],
  ["b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"],
  ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"],
  ["f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"],
  ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner"],
  ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"],
  ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"],
  ["17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor"],
  ["81a9662b-bebf-436f-a333-f67b29880f12", "Storage Account Key Operator Service Role"],
  ["c12c1c16-33a1-487b-954d-41c89c60f349", "Reader and Data Access"],
]);
const ROLE_NAMES: ReadonlySet<string> = new Set([...ROLES.values()].map((name) => name.toLowerCase()));

/** Built-in definitions about access to storage accounts, and the effect that each has unless told otherwise. */
const DEFINITIONS: ReadonlyMap<string, string> = new Map([
  ["13502221-8df0-4414-9937-de9c5c4e396b", "modify"], // Configure your Storage account public access to be disallowed
  ["a06d0189-92e8-4dba-b0c4-08d7669fce7d", "modify"], // Configure storage accounts to disable public network access
  ["4fa4b6c0-31ca-4c0d-b10d-24b96f62a751", "audit"], // Storage account public access should be disallowed
  ["b2982f36-99f2-4db5-8eff-283140c09693", "audit"], // Storage accounts should disable public network access
  ["34c877ad-507e-4c82-993e-3452a6e0ad3c", "audit"], // Storage accounts should restrict network access
  ["2a1a9cdf-e04d-429a-8416-3bfb72a1b26f", "audit"], // … using virtual network rules
  ["8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54", "audit"], // Storage accounts should prevent shared key access
]);

/** Effects that change and refuse nothing. */
const HARMLESS_EFFECT = /^(audit|auditifnotexists|disabled|manual)$/i;

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

const SPAN: Readonly<Record<ScopeLevel, string>> = {
  tenant: "the whole tenant",
  "management-group": "a whole management group",
  subscription: "the whole subscription",
  "resource-group": "one resource group",
  resource: "one resource",
};

/** The facts that follow from where something is assigned; an id that is not known yet is taken to have the type's level. */
function scopeFacts(scope: Field<string>, typeLevel?: ScopeLevel): Facts<ScopeAccess> {
  const level: Field<ScopeLevel> =
    scope.value instanceof Unknown && typeLevel !== undefined
      ? new Field<ScopeLevel>(scope.path, scope.raw, typeLevel)
      : scope.map((text) => scopeLevel(text) ?? UNKNOWN);
  return {
    scope: scope.map(scopeOf),
    span: level.map((one) => SPAN[one]),
    isWide: level.map(isWideLevel),
  };
}

/** ARM keeps the scope of an extension resource in `scope` or in its id. */
function armScope(r: ResourceReader): Field<string> {
  return r.has("scope").value === true ? r.string("scope", UNKNOWN) : r.string("id", UNKNOWN);
}

/** The last GUID in an id: the definition's, whatever scope stands before it. */
function lastGuid(id: string): string | undefined {
  return id.match(GUID)?.at(-1)?.toLowerCase();
}

interface RoleNames {
  readonly scope: (r: ResourceReader) => Field<string>;
  readonly at: string;
  readonly definition: string;
  readonly principal: string;
}

/** A role assignment, where the role reaches the data of storage. A custom role is not judged: its rights stand elsewhere. */
const role =
  (names: RoleNames): Mapping<ScopeAccess> =>
  (r) => {
    const byName = r.string("role_definition_name");
    const isNamed = typeof byName.value === "string" && byName.value !== "";
    const written = isNamed ? byName : r.string(`${names.at}${names.definition}`);
    if (typeof written.value !== "string") return undefined;
    const guid = isNamed ? undefined : lastGuid(written.value);
    const name = isNamed ? written.value : guid === undefined ? undefined : ROLES.get(guid);
    if (name === undefined || !(ROLE_NAMES.has(name.toLowerCase()) || /^storage /i.test(name)))
      return undefined;
    return {
      kind: r.constant("role"),
      ...scopeFacts(names.scope(r)),
      setting: new Field(written.path, written.raw, name),
      recipients: r.string(`${names.at}${names.principal}`).map((id) => (id === undefined ? [] : [id])),
      condition: r.string(`${names.at}condition`, ""),
      touchesStorage: r.constant(true),
      isCertain: r.constant(true),
    };
  };

interface AssignmentNames {
  readonly scope: (r: ResourceReader) => Field<string>;
  /** The level of the scopes that the type takes, where it takes one level only. */
  readonly level?: ScopeLevel;
  readonly definition: string;
  readonly isEnforced: (r: ResourceReader) => Field<boolean>;
  readonly parameters: string;
  readonly selectors: string;
  /** Properties whose words may tell what an assignment is about. */
  readonly words: readonly string[];
}

/** A policy assignment, where it is about access to storage accounts. */
const assignment =
  (names: AssignmentNames): Mapping<ScopeAccess> =>
  (r) => {
    const definition = r.string(names.definition, "");
    const guid = definition.value instanceof Unknown ? undefined : lastGuid(definition.value);
    const defaultEffect = guid === undefined ? undefined : DEFINITIONS.get(guid);
    if (defaultEffect === undefined && !speaksOfStorageAccess(r, names)) return undefined;
    return {
      kind: r.constant("policy-assignment"),
      ...scopeFacts(names.scope(r), names.level),
      setting: definition,
      isActive: activeOf(r, names, defaultEffect),
      isStaged: r.has(names.selectors),
      touchesStorage: r.constant(true),
      isCertain: r.constant(defaultEffect !== undefined),
    };
  };

function speaksOfStorageAccess(r: ResourceReader, names: AssignmentNames): boolean {
  const words = [...names.words, names.definition]
    .map((path) => r.string(path).value)
    .filter((text) => typeof text === "string");
  const text = words
    .join(" ")
    .toLowerCase()
    .replace(/[^a-z]+/g, "");
  return text.includes("storage") && /public|anonymous|networkaccess|firewall|sharedkey/.test(text);
}

/** In force: enforced, and with an effect that changes or refuses something. */
function activeOf(
  r: ResourceReader,
  names: AssignmentNames,
  defaultEffect: string | undefined,
): Field<boolean> {
  const enforced = names.isEnforced(r);
  if (enforced.value !== true) return enforced;
  const parameters = documentAt(r, names.parameters);
  const effects =
    parameters instanceof Unknown
      ? UNKNOWN
      : textsOf(own(own(parameters, "effect") ?? own(parameters, "Effect"), "value"));
  if (effects instanceof Unknown) return new Field<boolean>(r.pathOf(names.parameters), undefined, UNKNOWN);
  const effect = effects[0] ?? defaultEffect;
  const isHarmless = effect !== undefined && HARMLESS_EFFECT.test(effect);
  // What decides is named: the effect, where it is harmless or was written, else the enforcement.
  return effects.length > 0 || isHarmless
    ? new Field(r.pathOf(names.parameters), effects[0], !isHarmless)
    : enforced;
}

const terraformAssignment = (scopePath: string, level: ScopeLevel): Mapping<ScopeAccess> =>
  assignment({
    scope: (r) => r.string(scopePath, UNKNOWN),
    level,
    definition: "policy_definition_id",
    isEnforced: (r) => r.boolean("enforce", true),
    parameters: "parameters",
    selectors: "resource_selectors",
    words: ["name", "display_name", "description"],
  });

/** `Enroll` is not in force until resources are enrolled. */
const nativeAssignment = (at: string, scope: (r: ResourceReader) => Field<string>): Mapping<ScopeAccess> =>
  assignment({
    scope,
    definition: `${at}policyDefinitionId`,
    isEnforced: (r) => r.string(`${at}enforcementMode`, "Default").is("Default"),
    parameters: `${at}parameters`,
    selectors: `${at}resourceSelectors`,
    words: ["name", "policyAssignmentName", `${at}displayName`, `${at}description`],
  });

const TERRAFORM_ROLE: RoleNames = {
  scope: (r) => r.string("scope", UNKNOWN),
  at: "",
  definition: "role_definition_id",
  principal: "principal_id",
};

export const azureScope: Readonly<Record<string, Mapping<ScopeAccess>>> = {
  azurerm_role_assignment: role(TERRAFORM_ROLE),
  azurerm_pim_active_role_assignment: role(TERRAFORM_ROLE),
  azurerm_pim_eligible_role_assignment: role(TERRAFORM_ROLE),
  azurerm_management_group_policy_assignment: terraformAssignment("management_group_id", "management-group"),
  azurerm_subscription_policy_assignment: terraformAssignment("subscription_id", "subscription"),
  azurerm_resource_group_policy_assignment: terraformAssignment("resource_group_id", "resource-group"),
  "azure-native:authorization:RoleAssignment": role({
    scope: (r) => r.string("scope", UNKNOWN),
    at: "",
    definition: "roleDefinitionId",
    principal: "principalId",
  }),
  "azure-native:authorization:PolicyAssignment": nativeAssignment("", (r) => r.string("scope", UNKNOWN)),
  "Microsoft.Authorization/roleAssignments": role({
    scope: armScope,
    at: "properties.",
    definition: "roleDefinitionId",
    principal: "principalId",
  }),
  "Microsoft.Authorization/policyAssignments": nativeAssignment("properties.", armScope),
};
