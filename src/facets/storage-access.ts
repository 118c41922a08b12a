import { defineFacet } from "./facet.ts";
import { awsStorage } from "./storage-access/aws.ts";
import { azureStorage } from "./storage-access/azure.ts";
import { googleStorage } from "./storage-access/google.ts";

/**
 * What a resource is to the store whose access it sets: the store itself, something in it, or a setting that the provider
 * keeps in a resource of its own.
 */
export type StoragePart =
  /** a storage account or bucket */
  | "account"
  | "bucket"
  /** a container, and the website container `$web` */
  | "container"
  | "website"
  /** network rules of an account */
  | "rules"
  /** what forbids public access to a bucket */
  | "access-block"
  /** an ACL, a bucket policy or an IAM grant */
  | "grant"
  | "private-endpoint";

/** Who can reach the data of a storage account or bucket. Each fact is there only where the resource can set it. */
export interface StorageAccess {
  readonly kind: StoragePart;
  /** It can be reached from outside private networks at all. */
  readonly publicNetwork: boolean;
  /** Requests that no network rule names are let in. */
  readonly defaultAllow: boolean;
  /** The provider's own services pass the network rules. */
  readonly trustedServices: boolean;
  /** Addresses, subnets and resources that the network rules let in. */
  readonly ipRules: readonly string[];
  readonly subnetRules: readonly string[];
  readonly resourceRules: readonly string[];
  /** Account keys, and the signatures made with them, are accepted. */
  readonly keyAccess: boolean;
  /** Anonymous readers would be let in, wherever a container, ACL or policy says so. */
  readonly anonymousAllowed: boolean;
  /** The same for S3, which forbids what ACLs and what policies grant apart from each other. */
  readonly anonymousAclsAllowed: boolean;
  readonly anonymousPoliciesAllowed: boolean;
  /** Anonymous readers are let in, as far as this resource decides. */
  readonly anonymousRead: boolean;
  /** A static website: `$web` is served to anybody, whatever the anonymous settings say. */
  readonly website: boolean;
  /** There is a private way in, independent of public network access. */
  readonly privatePath: boolean;
  /** The setting stays in force when the resource that holds it is deleted. */
  readonly outlivesResource: boolean;
}

/** Sources of the names and defaults stand beside each provider's table. */
export const storageAccess = defineFacet<StorageAccess>("storage-access", {
  ...azureStorage,
  ...awsStorage,
  ...googleStorage,
});
