import { describe, expect, it } from "vitest";
import policy from "../../../policies/access/global-scope-change.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run, type Scene } from "../../support/harness.ts";

function facts(scene: Scene): readonly (string | undefined)[] {
  return run(policy, scene).findings.map((finding) => finding.fact?.name);
}

const SUB = "/subscriptions/00000000-0000-0000-0000-000000000001";
const GROUP = "/providers/Microsoft.Management/managementGroups/corp";
const ROLE = "/providers/Microsoft.Authorization/roleDefinitions/";
const BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const DEFINITION = "/providers/Microsoft.Authorization/policyDefinitions/";
const DISALLOW = "13502221-8df0-4414-9937-de9c5c4e396b";
const SHOULD = "4fa4b6c0-31ca-4c0d-b10d-24b96f62a751";

describe.each<{ type: string; of: (scope: string | Value, role: string) => Value }>([
  {
    type: "azurerm_role_assignment",
    of: (scope, role) => ({
      scope,
      role_definition_id: `${SUB}${ROLE}${role}`,
      principal_id: "p",
    }),
  },
  {
    type: "azure-native:authorization:RoleAssignment",
    of: (scope, role) => ({ scope, roleDefinitionId: `${SUB}${ROLE}${role}`, principalId: "p" }),
  },
  {
    type: "Microsoft.Authorization/roleAssignments",
    of: (scope, role) => ({
      id: typeof scope === "string" ? `${scope}/providers/Microsoft.Authorization/roleAssignments/1` : scope,
      properties: { roleDefinitionId: `${SUB}${ROLE}${role}`, principalId: "p" },
    }),
  },
])("$type", ({ type, of }) => {
  it.each<[string, string, string[]]>([
    [GROUP, BLOB_READER, ["setting"]],
    [SUB, BLOB_READER, ["setting"]],
    [SUB.toUpperCase(), BLOB_READER, ["setting"]],
    [`${SUB}/resourceGroups/g`, BLOB_READER, []],
    [SUB, READER, []],
  ])("at %s for role %s", (scope, role, expected) => {
    expect(facts({ changes: [{ type, after: of(scope, role) }] })).toEqual(expected);
    expect(facts({ changes: [{ type, before: of(scope, role) }] })).toEqual(expected);
  });

  it("is told of a role that moves up, and not of what stays", () => {
    const below = of(`${SUB}/resourceGroups/g`, BLOB_READER);
    const change: ChangeSpec = { type, before: below, after: of(SUB, BLOB_READER), action: "replace" };
    expect(facts({ changes: [change] })).toEqual(["scope"]);
    const same: ChangeSpec = {
      type,
      before: of(SUB, BLOB_READER),
      after: of(SUB, BLOB_READER),
      action: "update",
    };
    expect(facts({ changes: [same] })).toEqual([]);
  });

  it("names each instance of a module for itself", () => {
    const addresses = ["a", "b"].map((key) => `module.team["${key}"].${type}.reader`);
    const said = run(policy, {
      changes: addresses.map((address) => ({ type, address, after: of(SUB, BLOB_READER) })),
    });
    expect(said.findings.map((finding) => finding.address)).toEqual(addresses);
  });

  it("is undetermined where the scope is known only after apply", () => {
    const said = run(policy, { changes: [{ type, after: of(UNKNOWN, BLOB_READER) }] });
    expect(said).toMatchObject({ findings: [], undetermined: [{ because: "known after apply" }] });
  });
});

it("knows a role by its name", () => {
  const after = { scope: SUB, role_definition_name: "Storage Queue Data Reader", principal_id: "p" };
  const [finding] = run(policy, { changes: [{ type: "azurerm_role_assignment", after }] }).findings;
  expect(finding?.path).toBe("role_definition_name");
  expect(finding?.message).toMatch(
    /^The role Storage Queue Data Reader is set for the whole subscription in one go/,
  );
});

interface Assignment {
  readonly definition?: string;
  readonly enforce?: boolean;
  readonly effect?: string;
  readonly selectors?: boolean;
  readonly scope?: string;
  readonly name?: string;
}

describe.each<{ type: string; of: (assignment: Assignment) => Value }>([
  {
    type: "azurerm_subscription_policy_assignment",
    of: ({ definition = DISALLOW, enforce = true, effect, selectors, scope = SUB, name = "x" }) => ({
      name,
      subscription_id: scope,
      policy_definition_id: `${DEFINITION}${definition}`,
      enforce,
      parameters: effect === undefined ? null : JSON.stringify({ effect: { value: effect } }),
      resource_selectors: selectors
        ? [{ selectors: [{ kind: "resourceLocation", in: ["westeurope"] }] }]
        : [],
    }),
  },
  {
    type: "azure-native:authorization:PolicyAssignment",
    of: ({ definition = DISALLOW, enforce = true, effect, selectors, scope = SUB, name = "x" }) => ({
      policyAssignmentName: name,
      scope,
      policyDefinitionId: `${DEFINITION}${definition}`,
      enforcementMode: enforce ? "Default" : "DoNotEnforce",
      ...(effect !== undefined && { parameters: { effect: { value: effect } } }),
      ...(selectors && {
        resourceSelectors: [{ selectors: [{ kind: "resourceLocation", in: ["westeurope"] }] }],
      }),
    }),
  },
  {
    type: "Microsoft.Authorization/policyAssignments",
    of: ({ definition = DISALLOW, enforce = true, effect, selectors, scope = SUB, name = "x" }) => ({
      id: `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`,
      name,
      properties: {
        policyDefinitionId: `${DEFINITION}${definition}`,
        enforcementMode: enforce ? "Default" : "DoNotEnforce",
        ...(effect !== undefined && { parameters: { effect: { value: effect } } }),
        ...(selectors && {
          resourceSelectors: [{ selectors: [{ kind: "resourceLocation", in: ["westeurope"] }] }],
        }),
      },
    }),
  },
])("$type", ({ type, of }) => {
  it.each<[string, Assignment, string[]]>([
    ["modifies every account", {}, ["setting"]],
    ["denies", { definition: SHOULD, effect: "Deny" }, ["setting"]],
    ["only audits", { definition: SHOULD }, []],
    ["is not enforced", { enforce: false }, []],
    ["is switched off", { effect: "Disabled" }, []],
    ["is staged by selectors", { selectors: true }, []],
    ["is about one resource group", { scope: `${SUB}/resourceGroups/g` }, []],
    ["is about something else", { definition: "404c3081-a854-4457-ae30-26a93ef643f9" }, []],
  ])("that %s", (_, assignment, expected) => {
    expect(facts({ changes: [{ type, after: of(assignment) }] })).toEqual(expected);
  });

  it("is told when enforcement starts or selectors go, and not of the reverse", () => {
    const turn = (before: Assignment, after: Assignment): Scene => ({
      changes: [{ type, before: of(before), after: of(after) }],
    });
    expect(facts(turn({ enforce: false }, {}))).toEqual(["isActive"]);
    expect(facts(turn({ selectors: true }, {}))).toEqual(["isStaged"]);
    expect(facts(turn({ selectors: true, effect: "Disabled" }, { selectors: true }))).toEqual([]);
  });

  it("only advises where it has to guess from the words", () => {
    const custom = { definition: "404c3081-a854-4457-ae30-26a93ef643f9", name: "deny-storage-public-access" };
    const [finding] = run(policy, { changes: [{ type, after: of(custom) }] }).findings;
    expect(finding).toMatchObject({ confidence: "low", level: "advisory" });
  });
});

it("takes the level from the type where the scope's id is known only after apply", () => {
  const state = (enforce: boolean, name: string, id: Value): Value => ({
    name: "x",
    [name]: id,
    policy_definition_id: `${DEFINITION}${DISALLOW}`,
    enforce,
  });
  const starts = (type: string, name: string): ChangeSpec => ({
    type,
    before: state(false, name, UNKNOWN),
    after: state(true, name, UNKNOWN),
  });
  expect(facts({ changes: [starts("azurerm_subscription_policy_assignment", "subscription_id")] })).toContain(
    "isActive",
  );
  expect(
    facts({ changes: [starts("azurerm_management_group_policy_assignment", "management_group_id")] }),
  ).toContain("isActive");
  expect(
    run(policy, { changes: [starts("azurerm_resource_group_policy_assignment", "resource_group_id")] }),
  ).toMatchObject({ findings: [], undetermined: [] });
});

describe("AWS", () => {
  const block = "aws_s3_account_public_access_block";
  it.each<[string, ChangeSpec, string[]]>([
    [
      "a block arrives",
      { type: block, after: { ignore_public_acls: true, block_public_acls: true } },
      ["blocksPublicAcls", "ignoresPublicAcls"],
    ],
    [
      "a flag turns",
      { type: block, before: { restrict_public_buckets: false }, after: { restrict_public_buckets: true } },
      ["restrictsPublicBuckets"],
    ],
    ["a block goes", { type: block, before: { restrict_public_buckets: true } }, ["restrictsPublicBuckets"]],
    ["a block without any flag", { type: block, after: {} }, []],
  ])("%s", (_, change, expected) => {
    expect(facts({ changes: [change] })).toEqual(expected);
  });

  const control = (action: string): Value => ({
    id: "p-12345678",
    type: "SERVICE_CONTROL_POLICY",
    content: JSON.stringify({ Statement: [{ Effect: "Deny", Action: action, Resource: "*" }] }),
  });
  const attachment: ChangeSpec = {
    type: "aws_organizations_policy_attachment",
    after: { policy_id: "p-12345678", target_id: "r-ab12" },
  };
  const kept = (state: Value): ChangeSpec => ({
    type: "aws_organizations_policy",
    before: state,
    after: state,
  });

  it("is told of a control policy that changes, and of one that is attached", () => {
    const change = {
      type: "aws_organizations_policy",
      before: control("ec2:*"),
      after: control("s3:PutBucketAcl"),
    };
    expect(facts({ changes: [change] })).toEqual(["setting"]);
    expect(facts({ changes: [kept(control("s3:*")), attachment] })).toEqual(["setting"]);
  });

  it("is silent about other services, new policies and other kinds of policy", () => {
    expect(
      facts({
        changes: [{ type: "aws_organizations_policy", before: control("ec2:*"), after: control("iam:*") }],
      }),
    ).toEqual([]);
    expect(facts({ changes: [kept(control("organizations:LeaveOrganization")), attachment] })).toEqual([]);
    expect(facts({ changes: [{ type: "aws_organizations_policy", after: control("s3:*") }] })).toEqual([]);
    const tags = (text: string): Value => ({ type: "TAG_POLICY", content: text });
    expect(
      facts({ changes: [{ type: "aws_organizations_policy", before: tags("{}"), after: tags('{"a":1}') }] }),
    ).toEqual([]);
  });

  it("cannot judge what it does not see", () => {
    expect(run(policy, { changes: [attachment] }).undetermined).toHaveLength(1);
    const blurred = { type: "SERVICE_CONTROL_POLICY", content: UNKNOWN };
    const change = { type: "aws_organizations_policy", before: control("s3:*"), after: blurred };
    expect(run(policy, { changes: [change] })).toMatchObject({
      findings: [],
      undetermined: [{ path: "content" }],
    });
  });
});

describe("Google Cloud", () => {
  const prevention = (enforce: string, parent = "organizations/1", spec = "spec"): Value => ({
    name: `${parent}/policies/storage.publicAccessPrevention`,
    parent,
    [spec]: [{ rules: [{ enforce }] }],
  });
  const member = { project: "p", role: "roles/storage.objectViewer", member: "group:all@example.com" };
  it.each<[string, ChangeSpec, string[]]>([
    ["a constraint is set", { type: "google_org_policy_policy", after: prevention("TRUE") }, ["setting"]],
    [
      "a constraint is set for a dry run",
      { type: "google_org_policy_policy", after: prevention("TRUE", "organizations/1", "dry_run_spec") },
      [],
    ],
    [
      "a constraint turns",
      {
        type: "google_org_policy_policy",
        before: prevention("FALSE", "projects/p"),
        after: prevention("TRUE", "projects/p"),
      },
      ["isEnforced"],
    ],
    [
      "another constraint",
      {
        type: "google_org_policy_policy",
        after: { name: "organizations/1/policies/compute.vmExternalIpAccess" },
      },
      [],
    ],
    [
      "a constraint in the old form",
      {
        type: "google_organization_policy",
        after: {
          org_id: "1",
          constraint: "constraints/storage.publicAccessPrevention",
          boolean_policy: [{ enforced: true }],
        },
      },
      ["setting"],
    ],
    ["a role for a project", { type: "google_project_iam_member", after: member }, ["setting"]],
    [
      "another role",
      { type: "google_project_iam_member", after: { ...member, role: "roles/run.invoker" } },
      [],
    ],
    [
      "members of a binding",
      {
        type: "google_folder_iam_binding",
        before: { folder: "f", role: "roles/editor", members: ["user:a", "user:b"] },
        after: { folder: "f", role: "roles/editor", members: ["user:a"] },
      },
      ["recipients"],
    ],
    [
      "a whole policy that drops a grant",
      {
        type: "google_project_iam_policy",
        before: {
          project: "p",
          policy_data: JSON.stringify({ bindings: [{ role: "roles/owner", members: ["user:a"] }] }),
        },
        after: { project: "p", policy_data: '{"bindings":[]}' },
      },
      ["recipients"],
    ],
    [
      "a whole policy that changes elsewhere",
      {
        type: "google_project_iam_policy",
        before: { project: "p", policy_data: '{"bindings":[]}' },
        after: {
          project: "p",
          policy_data: JSON.stringify({ bindings: [{ role: "roles/run.invoker", members: ["user:a"] }] }),
        },
      },
      [],
    ],
  ])("%s", (_, change, expected) => {
    expect(facts({ changes: [change] })).toEqual(expected);
  });
});
