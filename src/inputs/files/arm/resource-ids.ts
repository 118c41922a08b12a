import type { Value } from "../../../model/value.ts";
import { isTextual } from "./functions.ts";
import { joined, nameText, OpenValue, segmentsOf } from "./open-value.ts";

/** Where a template, or a part of one, is deployed: what is not known stands as the expression for it. */
export interface Place {
  readonly level: "resource-group" | "subscription" | "management-group" | "tenant";
  readonly subscription: string | OpenValue;
  readonly group: string | OpenValue;
}

const SUBSCRIPTION = new OpenValue("subscription().subscriptionId");
const GROUP = new OpenValue("resourceGroup().name");
const MANAGEMENT_GROUP = new OpenValue("managementGroup().name");

/** Where a deployment of that level is that nothing more is known of. */
export function somewhere(level: Place["level"]): Place {
  return { level, subscription: SUBSCRIPTION, group: GROUP };
}

/** The id of the scope that a place is; empty for the tenant. */
export function scopeId(place: Place): string | OpenValue {
  const subscription = ["/subscriptions/", place.subscription];
  return joined(
    {
      "resource-group": [...subscription, "/resourceGroups/", place.group],
      subscription,
      "management-group": ["/providers/Microsoft.Management/managementGroups/", MANAGEMENT_GROUP],
      tenant: [],
    }[place.level],
  );
}

/**
 * The functions that make ids, by name in lower case: what stands in front of the type among the arguments, and the scope of
 * the id (learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource).
 */
const ID_FUNCTIONS: Readonly<
  Record<string, (front: readonly (string | OpenValue)[], place: Place) => string | OpenValue | undefined>
> = {
  resourceid: (front, place) => {
    const [group, subscription] = front.toReversed();
    const isInGroup = group !== undefined || place.level === "resource-group";
    if (!isInGroup) return scopeId(place);
    return scopeId({
      level: "resource-group",
      subscription: subscription ?? place.subscription,
      group: group ?? place.group,
    });
  },
  subscriptionresourceid: ([subscription], place) =>
    scopeId({ ...place, level: "subscription", subscription: subscription ?? place.subscription }),
  managementgroupresourceid: ([group], place) =>
    group === undefined
      ? scopeId({ ...place, level: "management-group" })
      : joined(["/providers/Microsoft.Management/managementGroups/", group]),
  tenantresourceid: () => "",
  extensionresourceid: ([scope]) => scope,
};

/** The id that a call of such a function gives; undefined where it is none of them, or does not name a resource. */
export function resourceIdOf(
  name: string,
  args: readonly Value[],
  place: Place,
): string | OpenValue | undefined {
  const lower = name.toLowerCase();
  const scopeOf = Object.hasOwn(ID_FUNCTIONS, lower) ? ID_FUNCTIONS[lower] : undefined;
  if (scopeOf === undefined || !args.every(isTextual)) return undefined;
  const at = args.findIndex((arg) => typeof arg === "string" && /^[\w-]+(?:\.[\w-]+)+\//.test(arg));
  const [namespace, ...types] = typeof args[at] === "string" ? args[at].split("/") : [];
  const names = args.slice(at + 1);
  const scope = scopeOf(args.slice(0, Math.max(0, at)), place);
  if (namespace === undefined || scope === undefined || names.length !== types.length) return undefined;
  const pairs = types.flatMap((type, i) => ["/", type, "/", names[i] ?? ""]);
  return joined([scope, "/providers/", namespace, ...pairs]);
}

/** What names a resource inside of one template: its type and its name, in lower case. */
export function resourceKey(type: string, name: string | OpenValue): string {
  return `${type} ${nameText(name)}`.toLowerCase();
}

/**
 * The key of the resource that a text names: by its id, or by `Namespace/type/name` as templates also write it. Other texts
 * name it by its name alone.
 */
export function keyOfId(id: string | OpenValue): string {
  const segments = segmentsOf(id);
  const provider = segments.lastIndexOf("providers");
  const [namespace = "", ...pairs] = segments.slice(provider + 1);
  if (pairs.length < 2 || pairs.length % 2 !== 0) return nameText(id).toLowerCase();
  const types = pairs.filter((_, i) => i % 2 === 0).map(nameText);
  const names = pairs.filter((_, i) => i % 2 === 1).flatMap((name) => ["/", name]);
  return resourceKey([nameText(namespace), ...types].join("/"), joined(names.slice(1)));
}

/**
 * An id of which nothing is open but where the template is deployed, as a text: what it names is certain, whatever the
 * subscription is called. Others stay open.
 */
export function settledId(id: OpenValue): string | OpenValue {
  const [first] = id.parts;
  const isId = typeof first === "string" && /^\/(?:subscriptions|providers)\//.test(first);
  return isId && id.parts.every((part) => typeof part === "string" || OF_THE_PLACE.has(part.text))
    ? nameText(id)
    : id;
}

const OF_THE_PLACE: ReadonlySet<string> = new Set(
  [SUBSCRIPTION, GROUP, MANAGEMENT_GROUP].map(({ text }) => text),
);
