/** What an Azure scope spans, widest first. */
export type ScopeLevel = "tenant" | "management-group" | "subscription" | "resource-group" | "resource";

/** An extension resource's own part of its id: what stands before it is the scope that it applies to. */
const EXTENSION = "/providers/microsoft.authorization/";

/**
 * The level of an Azure scope, or of the id of something assigned at a scope; undefined where the text is no scope. Scopes
 * compare without regard to case (learn.microsoft.com/azure/role-based-access-control/scope-overview).
 */
export function scopeLevel(scope: string): ScopeLevel | undefined {
  const parts = scopeOf(scope).toLowerCase().split("/");
  if (parts[0] !== "") return undefined;
  const [, first, second, third, fourth, ...rest] = parts;
  if (first === "" && second === undefined) return "tenant";
  if (parts.some((part, i) => i > 0 && part === "")) return undefined;
  if (first === "providers") {
    const isGroup = second === "microsoft.management" && third === "managementgroups" && fourth !== undefined;
    if (isGroup) return rest.length === 0 ? "management-group" : "resource";
    return fourth === undefined ? undefined : "resource";
  }
  if (first !== "subscriptions" || second === undefined) return undefined;
  if (third === undefined) return "subscription";
  if (third === "resourcegroups" && fourth !== undefined)
    return rest.length === 0 ? "resource-group" : "resource";
  return third === "providers" && rest.length > 0 ? "resource" : undefined;
}

/** The scope itself: an assignment's id without the part that names the assignment, no slash at the end. */
export function scopeOf(id: string): string {
  const at = id.toLowerCase().indexOf(EXTENSION);
  const scope = at < 0 ? id : id.slice(0, at);
  let end = scope.length;
  while (end > 0 && scope.charCodeAt(end - 1) === 0x2f) end--;
  return end === 0 ? "/" : scope.slice(0, end);
}

/** Whether the scope spans more than one resource group. */
export function isWideLevel(level: ScopeLevel): boolean {
  return level === "tenant" || level === "management-group" || level === "subscription";
}
