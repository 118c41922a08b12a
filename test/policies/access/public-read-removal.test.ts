import { describe, expect, it } from "vitest";
import policy from "../../../policies/access/public-read-removal.ts";
import { UNKNOWN, type Value } from "../../../src/model/value.ts";
import { type ChangeSpec, run, type Scene } from "../../support/harness.ts";
import { client, container, DIALECTS, reader, type Settings } from "./storage.ts";

function facts(scene: Scene): readonly (string | undefined)[] {
  return run(policy, scene).findings.map((finding) => finding.fact?.name);
}

const keep = (type: string, state: Value): ChangeSpec => ({ type, before: state, after: state });

describe.each(DIALECTS)("$type", ({ type, of, container: containerType }) => {
  const turn = (before: Settings, after: Settings): ChangeSpec => ({
    type,
    before: of(before),
    after: of(after),
  });
  const publicPart = keep(containerType, container(containerType, "blob"));
  const privatePart = keep(containerType, container(containerType, "private"));

  it.each<[string, Settings, Settings, string[]]>([
    ["the account's flag off", {}, { anonymous: false }, ["anonymousAllowed"]],
    ["public network off", {}, { publicNetwork: false }, ["publicNetwork"]],
    ["default action to Deny", {}, { deny: true }, ["defaultAllow"]],
    ["the flag on", { anonymous: false }, {}, []],
    ["keys off", {}, { keys: false }, []],
    [
      "public network off where the flag was off",
      { anonymous: false },
      { anonymous: false, publicNetwork: false },
      [],
    ],
    [
      "the flag off where the network was closed",
      { publicNetwork: false },
      { publicNetwork: false, anonymous: false },
      [],
    ],
  ])("%s, with a reader: %j → %j", (_, before, after, expected) => {
    expect(facts({ changes: [turn(before, after), reader("a")] })).toEqual(expected);
    expect(facts({ changes: [turn(before, after), publicPart] })).toEqual(expected);
  });

  it("is silent where nothing reads anonymously", () => {
    expect(facts({ changes: [turn({}, { anonymous: false })] })).toEqual([]);
    expect(facts({ changes: [turn({}, { anonymous: false }), client("one"), privatePart] })).toEqual([]);
  });

  it("only advises where readers show an address and every container is private", () => {
    const [finding] = run(policy, {
      changes: [turn({}, { anonymous: false }), reader("a"), privatePart],
    }).findings;
    expect(finding).toMatchObject({ confidence: "low", level: "advisory" });
  });

  it("is told of a container that turns private, or goes", () => {
    const account = keep(type, of({}));
    const [open, closed] = [container(containerType, "blob"), container(containerType, "private")];
    const [finding] = run(policy, {
      changes: [account, { type: containerType, before: open, after: closed }, reader("a")],
    }).findings;
    expect(finding?.fact?.name).toBe("anonymousRead");
    expect(finding?.confidence).toBe("high");
    expect(finding?.message).toMatch(/^1 resource in westeurope reads this container/);
    expect(facts({ changes: [account, { type: containerType, before: open }] })).toEqual(["anonymousRead"]);
    expect(facts({ changes: [account, { type: containerType, before: closed, after: open }] })).toEqual([]);
  });

  it("is silent where the account has kept everybody out before", () => {
    const account = keep(type, of({ anonymous: false }));
    const change = {
      type: containerType,
      before: container(containerType, "blob"),
      after: container(containerType, "private"),
    };
    expect(facts({ changes: [account, change, reader("a")] })).toEqual([]);
  });

  it("is told of the account's end, and of an empty one in its place", () => {
    const replaced: ChangeSpec = { type, before: of({}), after: of({}), action: "replace" };
    for (const change of [{ type, before: of({}) }, replaced]) {
      expect(run(policy, { changes: [change, reader("a")] }).findings).toHaveLength(1);
      expect(run(policy, { changes: [change, client("a")] }).findings).toEqual([]);
    }
  });

  it("names each instance of a module for itself", () => {
    const addresses = ["a", "b"].map((key) => `module.store["${key}"].${type}.this`);
    const changes = addresses.map((address) => ({ ...turn({}, { anonymous: false }), address }));
    const said = run(policy, { changes: [...changes, reader("a")] });
    expect(said.findings.map((finding) => finding.address)).toEqual(addresses);
  });

  it("is undetermined where the setting is known only after apply", () => {
    const said = run(policy, { changes: [turn({}, { publicNetwork: UNKNOWN }), reader("a")] });
    expect(said.findings).toEqual([]);
    expect(said.undetermined).toHaveLength(1);
  });

  it("lets an exempt account go where no reader is known, and only there", () => {
    const shared = [{ address: `${type}.*`, exempt: true }];
    expect(facts({ changes: [turn({}, { anonymous: false }), publicPart], shared })).toEqual([]);
    expect(facts({ changes: [turn({}, { anonymous: false }), reader("a")], shared })).toEqual([
      "anonymousAllowed",
    ]);
  });
});

describe("buckets", () => {
  const policyOf = (principal: string) =>
    JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: principal, Action: "s3:GetObject", Resource: "*" }],
    });
  const s3 = keep("aws_s3_bucket", { bucket: "assets", id: "assets" });
  const open = { bucket: "assets", policy: policyOf("*") };
  const gcs = keep("google_storage_bucket", { name: "assets", public_access_prevention: "inherited" });
  const grant = { bucket: "assets", role: "roles/storage.objectViewer", member: "allUsers" };

  it.each<[string, readonly ChangeSpec[], string[]]>([
    ["a public bucket policy goes", [s3, { type: "aws_s3_bucket_policy", before: open }], ["anonymousRead"]],
    [
      "a bucket policy is narrowed",
      [
        s3,
        {
          type: "aws_s3_bucket_policy",
          before: open,
          after: { ...open, policy: policyOf("arn:aws:iam::123456789012:root") },
        },
      ],
      ["anonymousRead"],
    ],
    [
      "a block arrives over a public policy",
      [
        s3,
        keep("aws_s3_bucket_policy", open),
        {
          type: "aws_s3_bucket_public_access_block",
          after: { bucket: "assets", restrict_public_buckets: true },
        },
      ],
      ["anonymousPoliciesAllowed"],
    ],
    [
      "a block arrives where nothing was public",
      [
        s3,
        {
          type: "aws_s3_bucket_public_access_block",
          after: { bucket: "assets", restrict_public_buckets: true },
        },
      ],
      [],
    ],
    [
      "a grant to everybody goes",
      [gcs, { type: "google_storage_bucket_iam_member", before: grant }],
      ["anonymousRead"],
    ],
    [
      "public access prevention over a grant to everybody",
      [
        {
          type: "google_storage_bucket",
          before: { name: "assets", public_access_prevention: "inherited" },
          after: { name: "assets", public_access_prevention: "enforced" },
        },
        keep("google_storage_bucket_iam_member", grant),
      ],
      ["anonymousAllowed"],
    ],
  ])("%s", (_, changes, expected) => {
    expect(facts({ changes })).toEqual(expected);
  });
});
