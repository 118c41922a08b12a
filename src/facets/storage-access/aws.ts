import { Unknown } from "../../model/value.ts";
import { grantsAnonymousRead, statementsOf } from "../aws-statements.ts";
import { anyOf, documentAt } from "../document.ts";
import type { Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { StorageAccess } from "../storage-access.ts";

/** Canned ACLs that let anybody read (docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl). */
const PUBLIC_ACLS = ["public-read", "public-read-write"] as const;

/** Grantees of an explicit ACL that stand for everybody. */
const EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers";

/**
 * A bucket with its deprecated inline ACL and policy. Where they are unknown, they are not written: from provider 4.0 on they
 * are computed, and `aws_s3_bucket_acl` and `aws_s3_bucket_policy` decide.
 */
const bucket: Mapping<StorageAccess> = (r) => {
  const policy = r.value("policy") instanceof Unknown ? undefined : anonymousByPolicy(r, "policy");
  const acl = r.value("acl") instanceof Unknown ? undefined : r.string("acl", "private").is(...PUBLIC_ACLS);
  return {
    kind: r.constant("bucket"),
    anonymousRead: policy !== undefined && policy.value !== false ? policy : acl,
  };
};

function anonymousByPolicy(r: ResourceReader, path: string): Field<boolean> {
  const statements = statementsOf(documentAt(r, path));
  const isPublic = statements instanceof Unknown ? statements : anyOf(statements, grantsAnonymousRead);
  return new Field(r.pathOf(path), r.value(path), isPublic);
}

function anonymousByAcl(r: ResourceReader): Field<boolean> {
  const grants = r.blocks("access_control_policy.grant");
  if (grants instanceof Unknown || grants.length === 0) return r.string("acl", "private").is(...PUBLIC_ACLS);
  const isPublic = anyOf(grants, (grant) => grant.string("grantee.uri", "").is(EVERYBODY).value);
  return new Field(r.pathOf("access_control_policy"), r.value("access_control_policy"), isPublic);
}

/** aws provider 6: each flag is off unless set. The two `block_*` flags reject new grants and leave readers alone. */
export const awsStorage: Readonly<Record<string, Mapping<StorageAccess>>> = {
  aws_s3_bucket: bucket,
  aws_s3_bucket_acl: (r) => ({ kind: r.constant("grant"), anonymousRead: anonymousByAcl(r) }),
  aws_s3_bucket_policy: (r) => ({ kind: r.constant("grant"), anonymousRead: anonymousByPolicy(r, "policy") }),
  aws_s3_bucket_public_access_block: (r) => ({
    kind: r.constant("access-block"),
    anonymousAclsAllowed: r.boolean("ignore_public_acls", false).map((ignored) => !ignored),
    anonymousPoliciesAllowed: r.boolean("restrict_public_buckets", false).map((restricted) => !restricted),
    outlivesResource: r.boolean("skip_destroy", false),
  }),
};
