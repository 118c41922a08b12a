/** The parts of an Azure resource id. Azure compares ids without regard to case (learn.microsoft.com, resource ids). */
export interface ArmId {
  /** `Microsoft.Storage/storageAccounts/blobServices`, spelled as the id does. */
  readonly type: string;
  /** The resource's own name: the last segment. */
  readonly name: string;
  /** What the resource is in: subscription, resource group, or the resource that an extension resource is about. */
  readonly scope: string;
  readonly subscription: string | undefined;
  readonly resourceGroup: string | undefined;
  readonly managementGroup: string | undefined;
}

/** Types of the ids that name a scope, not a resource of a provider. */
const SCOPES: Readonly<Record<string, string>> = {
  subscriptions: "Microsoft.Resources/subscriptions",
  resourcegroups: "Microsoft.Resources/resourceGroups",
};

/** Takes an id apart; undefined where the text is none. */
export function parseArmId(id: string): ArmId | undefined {
  const segments = segmentsOf(id);
  if (segments === undefined || segments.length < 2) return undefined;
  const lower = segments.map((segment) => segment.toLowerCase());
  const provider = lower.lastIndexOf("providers");
  const name = segments.at(-1) as string;
  const within = {
    name,
    subscription: after(segments, lower, "subscriptions"),
    resourceGroup: after(segments, lower, "resourcegroups"),
    managementGroup:
      lower[1] === "microsoft.management" ? after(segments, lower, "managementgroups") : undefined,
  };
  if (provider < 0) {
    const type = SCOPES[lower.at(-2) as string];
    return type === undefined ? undefined : { type, scope: joined(segments.slice(0, -2)), ...within };
  }
  // Behind the namespace come pairs of a type and a name.
  const pairs = segments.slice(provider + 2);
  if (pairs.length < 2 || pairs.length % 2 !== 0) return undefined;
  const types = pairs.filter((_, i) => i % 2 === 0);
  return {
    type: [segments[provider + 1], ...types].join("/"),
    scope: joined(segments.slice(0, provider)),
    ...within,
  };
}

/** The id of the resource that this one is a part of (an account of its container) or, as an extension, is about. */
export function parentResourceId(id: string): string | undefined {
  const segments = segmentsOf(id) ?? [];
  const provider = segments.map((segment) => segment.toLowerCase()).lastIndexOf("providers");
  if (provider < 0) return undefined;
  if (segments.length - provider > 4) return joined(segments.slice(0, -2));
  const scope = joined(segments.slice(0, provider));
  return parseArmId(scope)?.type.startsWith("Microsoft.Resources/") === false ? scope : undefined;
}

/** The id of the resource group that the resource is in. */
export function resourceGroupId(id: string): string | undefined {
  return upTo(id, "resourcegroups");
}

/** The id of the subscription that the resource is in. */
export function subscriptionId(id: string): string | undefined {
  return upTo(id, "subscriptions");
}

/** Ids as keys: Azure gives the same id in different cases. */
export function armIdKey(id: string): string {
  return id.toLowerCase().replace(/\/+$/, "");
}

function segmentsOf(id: string): readonly string[] | undefined {
  if (!id.startsWith("/")) return undefined;
  const segments = id.slice(1).replace(/\/$/, "").split("/");
  return segments.includes("") ? undefined : segments;
}

function after(segments: readonly string[], lower: readonly string[], word: string): string | undefined {
  const at = lower.indexOf(word);
  return at < 0 ? undefined : segments[at + 1];
}

function upTo(id: string, word: string): string | undefined {
  const segments = segmentsOf(id) ?? [];
  const at = segments.map((segment) => segment.toLowerCase()).indexOf(word);
  return at < 0 || segments[at + 1] === undefined ? undefined : joined(segments.slice(0, at + 2));
}

function joined(segments: readonly string[]): string {
  return segments.length === 0 ? "/" : `/${segments.join("/")}`;
}
