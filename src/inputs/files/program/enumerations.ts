import type { Imported } from "./names.ts";

/** Members that are called like their values. */
function alike(names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, name]));
}

/**
 * Enumerations of Pulumi's packages whose values facets read. Names are made from values in a way that cannot be undone
 * (`node-image` is `Node_image`), so those that count are written down
 * (pulumi.com/registry, azure-native: storage, compute, containerservice; aws: s3.CannedAcl).
 */
const ENUMERATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "azure-native storage PublicNetworkAccess": alike("Enabled Disabled SecuredByPerimeter"),
  "azure-native storage DefaultAction": alike("Allow Deny"),
  "azure-native storage Bypass": alike("None Logging Metrics AzureServices"),
  "azure-native storage PublicAccess": alike("None Container Blob"),
  "azure-native storage Kind": alike("Storage StorageV2 BlobStorage FileStorage BlockBlobStorage"),
  "azure-native storage AccessTier": alike("Hot Cool Premium Cold"),
  "azure-native compute UpgradeMode": alike("Automatic Manual Rolling"),
  "aws s3 CannedAcl": {
    Private: "private",
    PublicRead: "public-read",
    PublicReadWrite: "public-read-write",
    AwsExecRead: "aws-exec-read",
    AuthenticatedRead: "authenticated-read",
    BucketOwnerRead: "bucket-owner-read",
    BucketOwnerFullControl: "bucket-owner-full-control",
    LogDeliveryWrite: "log-delivery-write",
  },
};

/** The value of a member of an enumeration of one of Pulumi's packages; undefined where it is not known to be one. */
export function enumerationValue({ module, path }: Imported): string | undefined {
  const [scope, pkg = "", ...folders] = module.split("/");
  if (scope !== "@pulumi") return undefined;
  // The API version between module and enumeration changes no names.
  const words = [...folders, ...path].filter((word) => !/^v\d|^index(?:\.js)?$/.test(word));
  const member = words.pop() ?? "";
  const key = [pkg, ...words].join(" ");
  const members = Object.hasOwn(ENUMERATIONS, key) ? ENUMERATIONS[key] : undefined;
  return members !== undefined && Object.hasOwn(members, member) ? members[member] : undefined;
}
