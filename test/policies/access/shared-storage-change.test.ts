import { describe, expect, it } from "vitest";
import policy from "../../../policies/access/shared-storage-change.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run, type Scene } from "../../support/harness.ts";
import { client, container, DIALECTS, reader, type Settings } from "./storage.ts";

const users = [client("one"), client("two")];
const rules = "azurerm_storage_account_network_rules";

function facts(scene: Scene): readonly (string | undefined)[] {
  return run(policy, scene).findings.map((finding) => finding.fact?.name);
}

describe.each(DIALECTS)("$type", ({ type, of, container: containerType }) => {
  const turn = (before: Settings, after: Settings): ChangeSpec => ({
    type,
    before: of(before),
    after: of(after),
  });

  it.each<[string, Settings, Settings, string[]]>([
    ["public network off", {}, { publicNetwork: false }, ["publicNetwork"]],
    ["public network on", { publicNetwork: false }, {}, ["publicNetwork"]],
    ["anonymous access off", {}, { anonymous: false }, ["anonymousAllowed"]],
    ["keys off", {}, { keys: false }, ["keyAccess"]],
    ["default action to Deny", {}, { deny: true }, ["defaultAllow"]],
    ["an address less", { deny: true, ips: ["192.0.2.1"] }, { deny: true }, ["ipRules"]],
    ["several at once", {}, { anonymous: false, keys: false }, ["anonymousAllowed", "keyAccess"]],
    ["an address more", { deny: true }, { deny: true, ips: ["192.0.2.1"] }, []],
    ["an address less where all are let in", { ips: ["192.0.2.1"] }, {}, []],
    [
      "a network rule while the network is closed",
      { publicNetwork: false },
      { publicNetwork: false, deny: true },
      [],
    ],
    ["nothing but tags", {}, { tags: { owner: "x" } }, []],
  ])("%s", (_, before, after, expected) => {
    expect(facts({ changes: [turn(before, after), ...users] })).toEqual(expected);
  });

  it("is silent where nobody else uses the account, and where it is new", () => {
    expect(facts({ changes: [turn({}, { publicNetwork: false })] })).toEqual([]);
    expect(facts({ changes: [{ type, after: of({ publicNetwork: false }) }, ...users] })).toEqual([]);
  });

  it("counts users as the options say, and readers in several regions whatever their number", () => {
    const changes = [turn({}, { publicNetwork: false }), ...users];
    expect(facts({ changes, options: { minConsumers: 3 } })).toEqual([]);
    const spread = [turn({}, { publicNetwork: false }), reader("a", "westeurope"), reader("b", "eastus")];
    expect(facts({ changes: spread, options: { minConsumers: 9 } })).toEqual(["publicNetwork"]);
  });

  it("takes the word of tags and configuration", () => {
    const tagged = turn({ tags: { tier: "platform" } }, { publicNetwork: false, tags: { tier: "platform" } });
    expect(facts({ changes: [tagged] })).toEqual(["publicNetwork"]);
    const plain = turn({}, { publicNetwork: false });
    expect(facts({ changes: [plain], shared: [{ address: `${type}.*` }] })).toEqual(["publicNetwork"]);
    expect(facts({ changes: [plain, ...users], shared: [{ address: `${type}.*`, exempt: true }] })).toEqual(
      [],
    );
  });

  it("counts an account that serves anybody as shared, its containers with it", () => {
    const state = container(containerType, "blob");
    const kept = { type: containerType, before: state, after: state };
    expect(facts({ changes: [turn({}, { publicNetwork: false }), kept] })).toEqual(["publicNetwork"]);
    const account = of({});
    const made = { type: containerType, before: state, after: container(containerType, "private") };
    expect(facts({ changes: [{ type, before: account, after: account }, made] })).toEqual(["anonymousRead"]);
  });

  it("is undetermined where the setting is known only after apply", () => {
    const said = run(policy, { changes: [turn({}, { publicNetwork: UNKNOWN }), ...users] });
    expect(said.findings).toEqual([]);
    expect(said.undetermined).toHaveLength(1);
    expect(said.undetermined[0]?.because).toBe("known after apply");
  });

  it.each(["delete", "replace"] as const)("is told of a %s while there are users", (action) => {
    const after = action === "replace" ? { after: of({}) } : {};
    const gone: ChangeSpec = { type, before: of({}), ...after, action };
    expect(run(policy, { changes: [gone, ...users] }).findings.map((finding) => finding.path)).toEqual([""]);
    expect(facts({ changes: [gone] })).toEqual([]);
  });

  it("names each instance of a module for itself", () => {
    const instance = (key: string): ChangeSpec => ({
      ...turn({}, { publicNetwork: false }),
      address: `module.store["${key}"].${type}.this`,
    });
    const said = run(policy, { changes: [instance("a"), instance("b"), ...users] });
    expect(said.findings.map((finding) => finding.address)).toEqual([
      `module.store["a"].${type}.this`,
      `module.store["b"].${type}.this`,
    ]);
  });

  it("says who is hit, how many of them by hidden ways, and a way through", () => {
    const changes = [turn({}, { publicNetwork: false }), reader("a", "westeurope"), reader("b", "eastus")];
    const [finding] = run(policy, { changes }).findings;
    expect(finding?.message).toBe(
      "2 resources in 2 regions use this account, through URLs nobody declared; whoever comes over the public network loses access at once.",
    );
    expect(finding?.fix).toMatch(/private endpoint.*exempt: true.*waiver that expires/);
    expect(finding?.reach).toMatchObject({ resources: 2, regions: ["eastus", "westeurope"] });
  });
});

describe("settings kept in resources of their own", () => {
  const [azurerm] = DIALECTS;
  const state = azurerm?.of({}) ?? null;
  const account: ChangeSpec = { type: "azurerm_storage_account", before: state, after: state };
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/vmext";
  const denying: Value = { storage_account_id: id, default_action: "Deny", bypass: ["AzureServices"] };
  const endpoint: Value = {
    private_service_connection: [{ private_connection_resource_id: id, subresource_names: ["blob"] }],
  };

  it.each<[string, ChangeSpec, string[]]>([
    ["rules that deny arrive", { type: rules, after: denying }, ["defaultAllow"]],
    ["rules that deny go, which opens the account", { type: rules, before: denying }, ["defaultAllow"]],
    ["a private endpoint goes", { type: "azurerm_private_endpoint", before: endpoint }, ["privatePath"]],
    ["a private endpoint arrives", { type: "azurerm_private_endpoint", after: endpoint }, []],
  ])("%s", (_, change, expected) => {
    expect(facts({ changes: [account, change, ...users] })).toEqual(expected);
  });

  it("cannot judge rules whose account is not at hand", () => {
    const said = run(policy, { changes: [{ type: rules, after: denying }] });
    expect(said.findings).toEqual([]);
    expect(said.undetermined[0]?.because).toMatch(/not in this deployment/);
  });

  it("follows an S3 block and a Cloud Storage bucket to their users", () => {
    const bucket = { bucket: "assets", id: "assets" };
    const cdn = (name: string): ChangeSpec => {
      const site = { origin: [{ domain_name: "assets.s3.amazonaws.com" }], comment: name };
      return {
        type: "aws_cloudfront_distribution",
        address: `aws_cloudfront_distribution.${name}`,
        before: site,
        after: site,
      };
    };
    const block = { bucket: "assets", ignore_public_acls: true, restrict_public_buckets: true };
    const s3: ChangeSpec[] = [
      { type: "aws_s3_bucket", before: bucket, after: bucket },
      { type: "aws_s3_bucket_public_access_block", after: block },
    ];
    expect(facts({ changes: [...s3, cdn("a"), cdn("b")] })).toEqual([
      "anonymousAclsAllowed",
      "anonymousPoliciesAllowed",
    ]);

    const gcs: ChangeSpec = {
      type: "google_storage_bucket",
      before: { name: "assets", public_access_prevention: "inherited" },
      after: { name: "assets", public_access_prevention: "enforced" },
    };
    const backend = (name: string): ChangeSpec => {
      const one = { name, bucket_name: "assets" };
      return {
        type: "google_compute_backend_bucket",
        address: `google_compute_backend_bucket.${name}`,
        before: one,
        after: one,
      };
    };
    expect(facts({ changes: [gcs, backend("a"), backend("b")] })).toEqual(["anonymousAllowed"]);
  });
});

it("needs a before-state", () => {
  const [azurerm] = DIALECTS;
  const said = run(policy, {
    knows: "after-only",
    changes: [{ type: "azurerm_storage_account", after: azurerm?.of({ publicNetwork: false }) ?? null }],
  });
  expect(said.undetermined.map((one) => one.because)).toEqual(["no before-state"]);
});
