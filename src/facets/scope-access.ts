import { defineFacet } from "./facet.ts";
import { awsScope } from "./scope-access/aws.ts";
import { azureScope } from "./scope-access/azure.ts";
import { googleScope } from "./scope-access/google.ts";

/** Access to storage, set for a whole scope: an account, a subscription, a management group, an organisation, a project. */
export interface ScopeAccess {
  readonly kind:
    | "role"
    | "policy-assignment"
    | "access-block"
    | "organization-policy"
    | "control-policy"
    | "attachment";
  /** The scope as it is written. */
  readonly scope: string;
  /** The scope in words: `the whole subscription`. */
  readonly span: string;
  /** It spans more than one resource group. */
  readonly isWide: boolean;
  /** What is set: a role, a definition, a constraint, a policy's content. */
  readonly setting: string;
  /** To whom, where the setting is for somebody. */
  readonly recipients: readonly string[];
  /** Under which condition. */
  readonly condition: string;
  /** What it is set to, where it is a switch. */
  readonly isEnforced: boolean;
  /** It is in force: neither a dry run nor an audit. */
  readonly isActive: boolean;
  /** Selectors narrow it down to a part of the scope. */
  readonly isStaged: boolean;
  /** It says something of access to storage. */
  readonly touchesStorage: boolean;
  /** That it concerns access to storage is known, not guessed from its words. */
  readonly isCertain: boolean;
  /** S3's account-wide block, flag by flag. */
  readonly blocksPublicAcls: boolean;
  readonly ignoresPublicAcls: boolean;
  readonly blocksPublicPolicies: boolean;
  readonly restrictsPublicBuckets: boolean;
}

/** Sources stand beside each provider's table. */
export const scopeAccess = defineFacet<ScopeAccess>("scope-access", {
  ...azureScope,
  ...awsScope,
  ...googleScope,
});
