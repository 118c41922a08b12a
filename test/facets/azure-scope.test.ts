import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scopeLevel, scopeOf } from "../../src/facets/scope-access/azure-scope.ts";

const SUB = "/subscriptions/00000000-0000-0000-0000-000000000001";

describe("scopeLevel", () => {
  it.each([
    ["/", "tenant"],
    ["/providers/Microsoft.Management/managementGroups/corp", "management-group"],
    ["/providers/microsoft.management/MANAGEMENTGROUPS/corp/", "management-group"],
    [SUB, "subscription"],
    [`${SUB}/resourcegroups/rg`, "resource-group"],
    [`${SUB}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a`, "resource"],
    [`${SUB}/providers/Microsoft.Authorization/roleAssignments/1`, "subscription"],
    ["/providers/Microsoft.Authorization/policyAssignments/p", "tenant"],
    [`${SUB}/resourceGroups/rg/providers/Microsoft.Authorization/policyAssignments/p`, "resource-group"],
    [`${SUB}/providers/Microsoft.Security/pricings/x`, "resource"],
    ["corp", undefined],
    ["", "tenant"],
    ["/subscriptions", undefined],
    ["/subscriptions//resourceGroups/x", undefined],
  ])("%s is %s", (scope, level) => {
    expect(scopeLevel(scope)).toBe(level);
  });

  it("does not depend on case, nor on a slash at the end", () => {
    const part = fc.stringMatching(/^[a-zA-Z0-9-]{1,8}$/);
    const scope = fc.oneof(
      part.map((mg) => `/providers/Microsoft.Management/managementGroups/${mg}`),
      part.map((sub) => `/subscriptions/${sub}`),
      fc.tuple(part, part).map(([sub, rg]) => `/subscriptions/${sub}/resourceGroups/${rg}`),
    );
    fc.assert(
      fc.property(scope, (text) => {
        const level = scopeLevel(text);
        expect(level).toBeDefined();
        expect(scopeLevel(text.toUpperCase())).toBe(level);
        expect(scopeLevel(`${text}/`)).toBe(level);
        expect(scopeOf(`${text}/providers/Microsoft.Authorization/locks/l`)).toBe(text);
      }),
    );
  });
});
