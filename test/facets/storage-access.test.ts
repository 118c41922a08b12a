import { describe, expect, it } from "vitest";
import { isUnlisted } from "../../src/facets/facet.ts";
import { storageAccess } from "../../src/facets/storage-access.ts";
import { UNKNOWN, type Value } from "../../src/model/value.ts";

/** The values of the facts; `unknown` for those that are not known. */
function factsOf(type: string, state: Value, major?: number): Record<string, unknown> | undefined {
  const items = storageAccess.items(type, state, major);
  if (isUnlisted(items) || items[0] === undefined) return undefined;
  const facts = Object.entries(items[0].facts).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    facts.map(([name, field]) => [name, field?.value === UNKNOWN ? "unknown" : field?.value]),
  );
}

const SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s";

describe("the same account in every dialect", () => {
  const closed = {
    kind: "account",
    publicNetwork: true,
    keyAccess: false,
    anonymousAllowed: false,
    defaultAllow: false,
    trustedServices: false,
    ipRules: ["192.0.2.1", "192.0.2.2"],
    subnetRules: [SUBNET],
    resourceRules: [],
  };
  const arm = {
    publicNetworkAccess: "enabled",
    allowSharedKeyAccess: false,
    allowBlobPublicAccess: false,
    networkAcls: {
      defaultAction: "Deny",
      bypass: "Logging, Metrics",
      ipRules: [{ value: "192.0.2.2" }, { value: "192.0.2.1" }],
      virtualNetworkRules: [{ id: SUBNET }],
    },
  };
  const terraform = {
    public_network_access_enabled: true,
    shared_access_key_enabled: false,
    allow_nested_items_to_be_public: false,
    network_rules: [
      {
        default_action: "Deny",
        bypass: ["Logging", "Metrics"],
        ip_rules: ["192.0.2.2", "192.0.2.1"],
        virtual_network_subnet_ids: [SUBNET],
        private_link_access: [],
      },
    ],
  };
  it.each<[string, Value]>([
    ["azurerm_storage_account", terraform],
    ["Microsoft.Storage/storageAccounts", { properties: arm }],
    ["azapi_resource", { type: "Microsoft.Storage/storageAccounts@2023-05-01", body: { properties: arm } }],
    [
      "azapi_resource",
      { type: "Microsoft.Storage/storageAccounts@2023-05-01", body: JSON.stringify({ properties: arm }) },
    ],
    [
      "azure-native:storage:StorageAccount",
      {
        publicNetworkAccess: "Enabled",
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        networkRuleSet: {
          defaultAction: "Deny",
          bypass: "Logging, Metrics",
          ipRules: [{ iPAddressOrRange: "192.0.2.2" }, { iPAddressOrRange: "192.0.2.1" }],
          virtualNetworkRules: [{ virtualNetworkResourceId: SUBNET }],
        },
      },
    ],
  ])("%s", (type, state) => {
    expect(factsOf(type, state, 4)).toMatchObject(closed);
  });

  it("reads the rules from their own resource just the same", () => {
    const rules = terraform.network_rules[0] as Value;
    const { defaultAllow, trustedServices, ipRules, subnetRules, resourceRules } = closed;
    expect(factsOf("azurerm_storage_account_network_rules", rules)).toEqual({
      kind: "rules",
      ...{ defaultAllow, trustedServices, ipRules, subnetRules, resourceRules },
    });
  });
});

describe("what an account does not say", () => {
  it.each([
    [undefined, "unknown"],
    [2, false],
    [3, true],
    [4, true],
    [5, false],
  ])("is what version %s of azurerm makes of it", (major, anonymousAllowed) => {
    expect(
      factsOf("azurerm_storage_account", { allow_nested_items_to_be_public: null }, major),
    ).toMatchObject({
      publicNetwork: true,
      keyAccess: true,
      anonymousAllowed,
    });
  });

  it("follows the name of azurerm 2.x where that is written", () => {
    expect(factsOf("azurerm_storage_account", { allow_blob_public_access: true })?.anonymousAllowed).toBe(
      true,
    );
  });

  it("is ARM's default in the ARM dialects, and nothing about network rules", () => {
    const facts = factsOf("Microsoft.Storage/storageAccounts", { properties: {} });
    expect(facts).toEqual({ kind: "account", publicNetwork: true, keyAccess: true, anonymousAllowed: false });
  });

  it("stays unknown while it is known only after apply", () => {
    const facts = factsOf(
      "azurerm_storage_account",
      { public_network_access_enabled: UNKNOWN, network_rules: UNKNOWN },
      4,
    );
    expect(facts).toMatchObject({ publicNetwork: "unknown", defaultAllow: "unknown", ipRules: "unknown" });
  });

  it("counts a perimeter as closed to the public", () => {
    const facts = factsOf("azure-native:storage:StorageAccount", {
      publicNetworkAccess: "SecuredByPerimeter",
    });
    expect(facts?.publicNetwork).toBe(false);
  });
});

describe("a container", () => {
  it.each<[string, Value, boolean]>([
    ["azurerm_storage_container", { name: "p", container_access_type: "blob" }, true],
    ["azurerm_storage_container", { name: "p", container_access_type: "private" }, false],
    ["azurerm_storage_container", { name: "p" }, false],
    ["azure-native:storage:BlobContainer", { containerName: "p", publicAccess: "Blob" }, true],
    ["azure-native:storage:BlobContainer", { containerName: "p", publicAccess: "None" }, false],
    [
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      { name: "a/default/p", properties: { publicAccess: "Container" } },
      true,
    ],
    [
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      { name: "a/default/p", properties: {} },
      false,
    ],
  ])("of %s %j is public: %s", (type, state, anonymousRead) => {
    expect(factsOf(type, state)).toEqual({ kind: "container", anonymousRead, website: false });
  });
});

describe("a private endpoint", () => {
  const account = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a";
  const vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
  const open = { kind: "private-endpoint", privatePath: true };
  it.each<[string, Value, object | undefined]>([
    [
      "azurerm_private_endpoint",
      { private_service_connection: [{ private_connection_resource_id: account }] },
      open,
    ],
    [
      "azurerm_private_endpoint",
      {
        private_service_connection: [
          { private_connection_resource_id: UNKNOWN, subresource_names: ["blob"] },
        ],
      },
      open,
    ],
    [
      "azurerm_private_endpoint",
      { private_service_connection: [{ private_connection_resource_id: vault }] },
      undefined,
    ],
    [
      "azure-native:network:PrivateEndpoint",
      { privateLinkServiceConnections: [{ privateLinkServiceId: account }] },
      open,
    ],
    [
      "azure-native:network:PrivateEndpoint",
      { manualPrivateLinkServiceConnections: [{ privateLinkServiceId: account }] },
      open,
    ],
    [
      "Microsoft.Network/privateEndpoints",
      { properties: { privateLinkServiceConnections: [{ properties: { privateLinkServiceId: account } }] } },
      open,
    ],
  ])("%s %j", (type, state, facts) => {
    expect(factsOf(type, state)).toEqual(facts);
  });
});

describe("S3", () => {
  const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const read = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" };
  it.each<[string, Value, boolean | string]>([
    ["grants everybody", policy(read), true],
    [
      "names everybody as an AWS principal",
      policy({ ...read, Principal: { AWS: ["*"] }, Action: ["s3:*"] }),
      true,
    ],
    ["only asks for TLS", policy({ ...read, Condition: { Bool: { "aws:SecureTransport": "true" } } }), true],
    [
      "narrows by organisation",
      policy({ ...read, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      false,
    ],
    [
      "narrows by address",
      policy({ ...read, Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
      false,
    ],
    [
      "lets in every address",
      policy({ ...read, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }),
      true,
    ],
    ["names an account", policy({ ...read, Principal: { AWS: "arn:aws:iam::123456789012:root" } }), false],
    ["names a service", policy({ ...read, Principal: { Service: "cloudfront.amazonaws.com" } }), false],
    ["denies", policy({ ...read, Effect: "Deny" }), false],
    ["only lets write", policy({ ...read, Action: "s3:PutObject" }), false],
    ["is no JSON", "{", "unknown"],
    ["is no policy", "[]", "unknown"],
    ["is known after apply", UNKNOWN, "unknown"],
  ])("a bucket policy that %s", (_, text, anonymousRead) => {
    expect(factsOf("aws_s3_bucket_policy", { bucket: "b", policy: text })).toEqual({
      kind: "grant",
      anonymousRead,
    });
  });

  it("reads a policy written as an object, and keys from hostile text as keys", () => {
    const text =
      '{"__proto__": {"Statement": []}, "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}}';
    expect(factsOf("aws_s3_bucket_policy", { policy: JSON.parse(text) as Value })?.anonymousRead).toBe(true);
    expect(
      factsOf("aws_s3_bucket_policy", { policy: '{"__proto__": {"Statement": []}}' })?.anonymousRead,
    ).toBe("unknown");
  });

  it.each<[Value, boolean]>([
    [{ acl: "public-read" }, true],
    [{ acl: "private" }, false],
    [
      {
        access_control_policy: [
          { grant: [{ grantee: [{ uri: "http://acs.amazonaws.com/groups/global/AllUsers" }] }] },
        ],
      },
      true,
    ],
    [{ access_control_policy: [{ grant: [{ grantee: [{ id: "x" }] }, { grantee: [{ id: "y" }] }] }] }, false],
  ])("an ACL %j", (state, anonymousRead) => {
    expect(factsOf("aws_s3_bucket_acl", state)?.anonymousRead).toBe(anonymousRead);
  });

  it("takes a computed inline ACL of a bucket for none", () => {
    expect(factsOf("aws_s3_bucket", { acl: UNKNOWN, policy: UNKNOWN })).toEqual({ kind: "bucket" });
    expect(factsOf("aws_s3_bucket", { acl: "public-read" })).toEqual({ kind: "bucket", anonymousRead: true });
    expect(factsOf("aws_s3_bucket", { policy: policy(read) })).toEqual({
      kind: "bucket",
      anonymousRead: true,
    });
  });

  it("reads the two flags of the block that shut readers out", () => {
    const state = {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: null,
    };
    expect(factsOf("aws_s3_bucket_public_access_block", state)).toEqual({
      kind: "access-block",
      anonymousAclsAllowed: false,
      anonymousPoliciesAllowed: true,
      outlivesResource: false,
    });
  });
});

describe("Cloud Storage", () => {
  const viewer = "roles/storage.objectViewer";
  it.each<[string, Value, boolean | string]>([
    ["google_storage_bucket_iam_member", { role: viewer, member: "allUsers" }, true],
    ["google_storage_bucket_iam_member", { role: viewer, member: "user:jane@example.com" }, false],
    ["google_storage_bucket_iam_member", { role: "roles/storage.objectCreator", member: "allUsers" }, false],
    ["google_storage_bucket_iam_member", { role: viewer, member: UNKNOWN }, "unknown"],
    [
      "google_storage_bucket_iam_binding",
      { role: viewer, members: ["user:jane@example.com", "allAuthenticatedUsers"] },
      true,
    ],
    [
      "google_storage_bucket_iam_policy",
      { policy_data: JSON.stringify({ bindings: [{ role: viewer, members: ["allUsers"] }] }) },
      true,
    ],
    ["google_storage_bucket_iam_policy", { policy_data: "{}" }, false],
    ["google_storage_bucket_iam_policy", { policy_data: "nonsense" }, "unknown"],
  ])("%s %j", (type, state, anonymousRead) => {
    expect(factsOf(type, state)).toEqual({ kind: "grant", anonymousRead });
  });

  it.each([
    ["enforced", false],
    ["inherited", true],
    [null, true],
  ])("public access prevention %s", (word, anonymousAllowed) => {
    expect(factsOf("google_storage_bucket", { public_access_prevention: word })).toEqual({
      kind: "bucket",
      anonymousAllowed,
    });
  });
});
