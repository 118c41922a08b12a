import { Unknown } from "../../model/value.ts";
import { statementsOf, touchesS3 } from "../aws-statements.ts";
import { anyOf, documentAt } from "../document.ts";
import type { Mapping } from "../facet.ts";
import { Field, type ResourceReader } from "../field.ts";
import type { ScopeAccess } from "../scope-access.ts";

/** Policy types of AWS Organizations that allow or refuse requests; `aws_organizations_policy` defaults to the first. */
const CONTROL_TYPES = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"] as const;

/** Where an attachment applies (docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html). */
function spanOf(target: string): string {
  if (target.startsWith("r-")) return "the whole AWS organisation";
  if (target.startsWith("ou-")) return "a whole organisational unit";
  return "the whole AWS account";
}

function touchesStorage(r: ResourceReader): Field<boolean> {
  const statements = statementsOf(documentAt(r, "content"));
  const touches = statements instanceof Unknown ? statements : anyOf(statements, touchesS3);
  return new Field(r.pathOf("content"), r.value("content"), touches);
}

/** aws provider 6: the flags of the account's block are off unless set. */
export const awsScope: Readonly<Record<string, Mapping<ScopeAccess>>> = {
  aws_s3_account_public_access_block: (r) => ({
    kind: r.constant("access-block"),
    span: r.constant("every bucket of the AWS account"),
    isWide: r.constant(true),
    touchesStorage: r.constant(true),
    isCertain: r.constant(true),
    blocksPublicAcls: r.boolean("block_public_acls", false),
    ignoresPublicAcls: r.boolean("ignore_public_acls", false),
    blocksPublicPolicies: r.boolean("block_public_policy", false),
    restrictsPublicBuckets: r.boolean("restrict_public_buckets", false),
  }),
  aws_organizations_policy: (r) => {
    const isControl = r.string("type", CONTROL_TYPES[0]).is(...CONTROL_TYPES);
    if (isControl.value === false) return undefined;
    return {
      kind: r.constant("control-policy"),
      span: r.constant("every account that it is attached to"),
      isWide: r.constant(true),
      setting: r.string("content", ""),
      touchesStorage: touchesStorage(r),
      isCertain: r.constant(true),
    };
  },
  aws_organizations_policy_attachment: (r) => ({
    kind: r.constant("attachment"),
    scope: r.string("target_id", ""),
    span: r.string("target_id", "").map(spanOf),
    isWide: r.constant(true),
    setting: r.string("policy_id", ""),
    isCertain: r.constant(true),
  }),
};
