import { describe, expect, it } from "vitest";
import policy from "../../../policies/access/public-read-exposure.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run, type Scene } from "../../support/harness.ts";
import { container, DIALECTS, type Settings } from "./storage.ts";

function facts(scene: Scene): readonly (string | undefined)[] {
  return run(policy, scene).findings.map((finding) => finding.fact?.name);
}

const keep = (type: string, state: Value): ChangeSpec => ({ type, before: state, after: state });

describe.each(DIALECTS)("$type", ({ type, of, container: containerType }) => {
  it.each<[string, Settings, Settings, string[]]>([
    ["the flag on", { anonymous: false }, {}, ["anonymousAllowed"]],
    ["public network on", { publicNetwork: false }, {}, ["publicNetwork"]],
    ["public network on for selected networks", { publicNetwork: false, deny: true }, { deny: true }, []],
    ["default action to Allow", { deny: true }, {}, ["defaultAllow"]],
    ["a range of half the world", { deny: true }, { deny: true, ips: ["0.0.0.0/1"] }, ["ipRules"]],
    ["one more address", { deny: true }, { deny: true, ips: ["192.0.2.1"] }, []],
    ["the reverse of all", {}, { anonymous: false, publicNetwork: false, deny: true }, []],
    ["keys on", { keys: false }, {}, []],
  ])("%s", (_, before, after, expected) => {
    expect(facts({ changes: [{ type, before: of(before), after: of(after) }] })).toEqual(expected);
  });

  it("leaves a new account alone that keeps what providers default to, and a deleted one", () => {
    expect(facts({ changes: [{ type, after: of({}) }] })).toEqual([]);
    expect(facts({ changes: [{ type, before: of({ publicNetwork: false }) }] })).toEqual([]);
  });

  it("is told of a public container, new or turned, unless its account keeps everybody out", () => {
    const made: ChangeSpec = { type: containerType, after: container(containerType, "blob") };
    const turned: ChangeSpec = { ...made, before: container(containerType, "private") };
    expect(facts({ changes: [keep(type, of({})), made] })).toEqual(["anonymousRead"]);
    expect(facts({ changes: [turned] })).toEqual(["anonymousRead"]);
    expect(facts({ changes: [keep(type, of({ anonymous: false })), made] })).toEqual([]);
    expect(facts({ changes: [{ type: containerType, after: container(containerType, "private") }] })).toEqual(
      [],
    );
    expect(
      facts({ changes: [{ type: containerType, after: container(containerType, "blob", "$web") }] }),
    ).toEqual([]);
  });

  it("counts an account that is replaced like one that is changed, each instance of a module for itself", () => {
    const addresses = ["a", "b"].map((key) => `module.store["${key}"].${type}.this`);
    const states = { type, before: of({ anonymous: false }), after: of({}), action: "replace" as const };
    const said = run(policy, { changes: addresses.map((address) => ({ ...states, address })) });
    expect(said.findings.map((finding) => finding.address)).toEqual(addresses);
  });

  it("is undetermined where the setting is known only after apply", () => {
    const changes = [{ type, before: of({ publicNetwork: false }), after: of({ publicNetwork: UNKNOWN }) }];
    expect(run(policy, { changes })).toMatchObject({
      findings: [],
      undetermined: [{ because: "known after apply" }],
    });
  });
});

describe("network rules that go", () => {
  it("open the account where they were a resource of their own", () => {
    const before = { storage_account_id: "x", default_action: "Deny" };
    expect(facts({ changes: [{ type: "azurerm_storage_account_network_rules", before }] })).toEqual([
      "defaultAllow",
    ]);
  });

  it("leave open what happens where they were a block that is no longer written", () => {
    const said = run(policy, {
      changes: [
        {
          type: "azurerm_storage_account",
          before: { name: "a", network_rules: [{ default_action: "Deny" }] },
          after: { name: "a" },
        },
      ],
    });
    expect(said.findings).toEqual([]);
    expect(said.undetermined[0]?.because).toMatch(/no longer written/);
  });
});

describe("buckets", () => {
  const text = JSON.stringify({
    Statement: { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
  });
  const bucket = { bucket: "assets", id: "assets" };
  const both = { bucket: "assets", ignore_public_acls: true, restrict_public_buckets: true };
  const grant: Value = { bucket: "assets", role: "roles/storage.objectViewer", member: "allUsers" };
  it.each<[string, readonly ChangeSpec[], string[]]>([
    [
      "a public policy arrives",
      [{ type: "aws_s3_bucket_policy", after: { ...bucket, policy: text } }],
      ["anonymousRead"],
    ],
    [
      "a public policy arrives under a block",
      [
        keep("aws_s3_bucket", bucket),
        keep("aws_s3_bucket_public_access_block", both),
        { type: "aws_s3_bucket_policy", after: { ...bucket, policy: text } },
      ],
      [],
    ],
    [
      "a new bucket with a public ACL",
      [{ type: "aws_s3_bucket", after: { ...bucket, acl: "public-read" } }],
      ["anonymousRead"],
    ],
    ["a new bucket", [{ type: "aws_s3_bucket", after: { ...bucket, acl: UNKNOWN } }], []],
    [
      "a block goes",
      [{ type: "aws_s3_bucket_public_access_block", before: both }],
      ["anonymousAclsAllowed", "anonymousPoliciesAllowed"],
    ],
    [
      "a block leaves the state and stays in force",
      [{ type: "aws_s3_bucket_public_access_block", before: { ...both, skip_destroy: true } }],
      [],
    ],
    ["a grant to everybody", [{ type: "google_storage_bucket_iam_member", after: grant }], ["anonymousRead"]],
    [
      "prevention off",
      [
        {
          type: "google_storage_bucket",
          before: { name: "a", public_access_prevention: "enforced" },
          after: { name: "a", public_access_prevention: "inherited" },
        },
      ],
      ["anonymousAllowed"],
    ],
  ])("%s", (_, changes, expected) => {
    expect(facts({ changes })).toEqual(expected);
  });
});

it("says nothing of a default that it does not know, as long as nobody touches it", () => {
  const before = { name: "a", tags: { owner: "x" } };
  const said = run(policy, {
    changes: [{ type: "azurerm_storage_account", before, after: { name: "a", tags: { owner: "y" } } }],
  });
  expect(said).toMatchObject({ findings: [], undetermined: [], compliant: 1 });
});
