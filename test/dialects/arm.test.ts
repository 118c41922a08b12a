import { describe, expect, it } from "vitest";
import {
  armIdKey,
  parentResourceId,
  parseArmId,
  resourceGroupId,
  subscriptionId,
} from "../../src/dialects/arm.ts";

const GROUP = "/subscriptions/sub/resourceGroups/rg";
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/vmext`;

describe("parseArmId", () => {
  it.each([
    [ACCOUNT, "Microsoft.Storage/storageAccounts", "vmext", GROUP],
    [
      `${ACCOUNT}/blobServices/default/containers/c`,
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      "c",
      GROUP,
    ],
    [`${ACCOUNT}/providers/Microsoft.Authorization/locks/l`, "Microsoft.Authorization/locks", "l", ACCOUNT],
    [GROUP, "Microsoft.Resources/resourceGroups", "rg", "/subscriptions/sub"],
    ["/subscriptions/sub", "Microsoft.Resources/subscriptions", "sub", "/"],
    [
      "/providers/Microsoft.Management/managementGroups/corp",
      "Microsoft.Management/managementGroups",
      "corp",
      "/",
    ],
    [
      "/providers/Microsoft.Management/managementGroups/corp/providers/Microsoft.Authorization/policyAssignments/deny",
      "Microsoft.Authorization/policyAssignments",
      "deny",
      "/providers/Microsoft.Management/managementGroups/corp",
    ],
  ])("%s is a %s", (id, type, name, scope) => {
    expect(parseArmId(id)).toMatchObject({ type, name, scope });
  });

  it("tells subscription, resource group and management group in any case", () => {
    const id = "/SUBSCRIPTIONS/Sub/resourcegroups/Rg/providers/Microsoft.Web/sites/s";
    expect(parseArmId(id)).toMatchObject({
      subscription: "Sub",
      resourceGroup: "Rg",
      managementGroup: undefined,
    });
    expect(parseArmId("/providers/Microsoft.Management/managementGroups/corp")?.managementGroup).toBe("corp");
  });

  it.each([
    "",
    "/",
    "storage",
    "/subscriptions",
    "/a//b",
    "/x/y",
    `${GROUP}/providers/Microsoft.Storage/storageAccounts`,
  ])("%j is no id", (text) => expect(parseArmId(text)).toBeUndefined());
});

describe("what an id is inside of", () => {
  it("is the parent resource, step by step, and the resource that an extension is about", () => {
    expect(parentResourceId(`${ACCOUNT}/blobServices/default/containers/c`)).toBe(
      `${ACCOUNT}/blobServices/default`,
    );
    expect(parentResourceId(`${ACCOUNT}/blobServices/default`)).toBe(ACCOUNT);
    expect(parentResourceId(ACCOUNT)).toBeUndefined();
    expect(parentResourceId(`${ACCOUNT}/providers/Microsoft.Authorization/locks/l`)).toBe(ACCOUNT);
    expect(parentResourceId(`${GROUP}/providers/Microsoft.Authorization/locks/l`)).toBeUndefined();
    expect(parentResourceId(GROUP)).toBeUndefined();
  });

  it("is the resource group and the subscription", () => {
    expect(resourceGroupId(ACCOUNT)).toBe(GROUP);
    expect(subscriptionId(ACCOUNT)).toBe("/subscriptions/sub");
    expect(resourceGroupId("/subscriptions/sub")).toBeUndefined();
    expect(subscriptionId("/providers/Microsoft.Management/managementGroups/corp")).toBeUndefined();
  });

  it("has the same key in any case", () => {
    expect(armIdKey(`${ACCOUNT}/`)).toBe(armIdKey(ACCOUNT.toUpperCase()));
  });
});
