import type { Value, ValueObject } from "../../../model/value.ts";
import type { Evaluator, Reference } from "./evaluator.ts";
import { isTextual } from "./functions.ts";
import { joined, nameText, type OpenValue, segmentsOf } from "./open-value.ts";
import { type Place, resourceKey, scopeId } from "./resource-ids.ts";

/** What a resource is, and what it is called. */
export interface Identity {
  readonly type: string;
  readonly name: string | OpenValue;
  /** What an extension resource is about. */
  readonly scope: Value | undefined;
}

/** Where a resource stands: inside of another one, or of a place. */
export interface Surroundings {
  readonly place: Place;
  readonly parent?: { readonly type: string; readonly name: string | OpenValue };
}

/** The whole type and name of a resource; undefined where it has none. */
export function identityOf(
  resource: ValueObject,
  { parent, place }: Surroundings,
  evaluator: Evaluator,
): Identity | undefined {
  const type = evaluator.value(resource.type ?? null);
  const name = evaluator.value(resource.name ?? null);
  if (typeof type !== "string" || !isTextual(name)) return undefined;
  const scope = evaluator.value(resource.scope ?? null);
  if (parent !== undefined && !type.includes("."))
    return { type: `${parent.type}/${type}`, name: joined([parent.name, "/", name]), scope: undefined };
  const extension = extensionOf(type, name, place);
  if (extension !== undefined) return extension;
  if (isTextual(scope)) return { type, name, scope: scopeText(scope, place) };
  return { type, name, scope: HAVE_A_SCOPE.test(type) ? scopeText(scopeId(place), place) : undefined };
}

/** Types whose effect is that of the scope that they are assigned at; without one of their own it is that of the deployment. */
const HAVE_A_SCOPE = /^Microsoft\.Authorization\//i;

/** `Microsoft.Storage/storageAccounts/providers/roleAssignments`, the older way to write what is about another resource. */
function extensionOf(type: string, name: string | OpenValue, place: Place): Identity | undefined {
  const types = type.split("/");
  const at = types.indexOf("providers");
  if (at < 2) return undefined;
  const names = segmentsOf(name);
  const namespace = names[at - 1];
  if (typeof namespace !== "string") return undefined;
  const pairs = types.slice(1, at).flatMap((one, i) => ["/", one, "/", names[i] ?? ""]);
  return {
    type: [namespace, ...types.slice(at + 1)].join("/"),
    name: joined(names.slice(at).flatMap((one, i) => (i === 0 ? [one] : ["/", one]))),
    scope: scopeText(joined([scopeId(place), "/providers/", types[0] as string, ...pairs]), place),
  };
}

/**
 * A scope as text: which it is follows from its form, with what is open in it as the expression for it. One that is open as
 * a whole stays so.
 */
function scopeText(scope: string | OpenValue, place: Place): Value {
  const [first = ""] = typeof scope === "string" ? [scope] : scope.parts;
  if (typeof first !== "string") return scope;
  if (first.startsWith("/")) return nameText(scope);
  return first.includes("/") ? nameText(joined([scopeId(place), "/providers/", scope])) : scope;
}

/** The resource that this one is a part of. */
export function parentKeys(type: string, name: string | OpenValue): readonly Reference[] {
  const types = type.split("/");
  const names = segmentsOf(name);
  if (types.length < 3 || names.length !== types.length - 1) return [];
  const parentName = joined(names.slice(0, -1).flatMap((one, i) => (i === 0 ? [one] : ["/", one])));
  return [{ key: resourceKey(types.slice(0, -1).join("/"), parentName) }];
}
