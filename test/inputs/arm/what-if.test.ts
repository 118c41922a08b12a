import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { armWhatIf, recogniseWhatIf } from "../../../src/inputs/arm/what-if.ts";
import { fileInput, memoryInput } from "../../../src/inputs/input.ts";
import type { Change } from "../../../src/model/change.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { Secret, UNKNOWN, type ValueObject } from "../../../src/model/value.ts";

const FILE = join(import.meta.dirname, "../../fixtures/arm/what-if.json");
const GROUP = "/subscriptions/sub/resourceGroups/rg";
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/vmext`;

function read(document: unknown): Deployment {
  return armWhatIf.read(
    memoryInput("prod/what-if.json", Buffer.from(JSON.stringify(document))),
  )[0] as Deployment;
}

/** The one change of a result that holds only it. */
function changeOf(change: object): Change {
  return read({ status: "Succeeded", changes: [{ resourceId: ACCOUNT, ...change }] }).changes[0] as Change;
}

describe("a change of a storage account, as the CLI prints it", () => {
  const [deployment] = armWhatIf.read(fileInput(FILE));

  it("is an update from what was to what is predicted", () => {
    expect(deployment).toMatchObject({ host: "arm-what-if", knows: "before-and-after", problems: [] });
    expect(deployment?.changes[0]).toMatchObject({
      address: ACCOUNT,
      name: "vmext",
      type: "Microsoft.Storage/storageAccounts",
      action: "update",
      before: { properties: { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Allow" } } },
      after: {
        location: "eastus",
        properties: { publicNetworkAccess: "Disabled", networkAcls: { defaultAction: "Deny" } },
      },
    });
  });

  it("does not take away what what-if says to be without effect", () => {
    const after = deployment?.changes[0]?.after as ValueObject;
    expect((after.properties as ValueObject).primaryEndpoints).toEqual({
      blob: "https://vmext.blob.core.windows.net/",
    });
  });

  it("leaves alone what the template does not mention, which depends on the account it is a part of", () => {
    expect(deployment?.changes[1]).toMatchObject({
      name: "packages",
      type: "Microsoft.Storage/storageAccounts/blobServices/containers",
      action: "keep",
      before: { properties: { publicAccess: "Blob" } },
      after: { properties: { publicAccess: "Blob" } },
    });
    expect(deployment?.edges).toEqual([{ from: deployment?.changes[1]?.address, to: ACCOUNT }]);
  });

  it("is the same as REST gives it", () => {
    const { changes, status } = JSON.parse(readFileSync(FILE, "utf8"));
    const rest = read({ status, properties: { correlationId: "c", changes } });
    const plain = (one: Deployment | undefined) =>
      JSON.stringify(one?.changes.map(({ source: _, ...change }) => change));
    expect(plain(rest)).toBe(plain(deployment));
  });
});

describe("kinds of change", () => {
  it.each([
    ["Create", "create"],
    ["Delete", "delete"],
    ["Modify", "update"],
    ["Deploy", "update"],
    ["NoChange", "keep"],
    ["NoEffect", "keep"],
    ["Ignore", "keep"],
  ])("%s is %s", (changeType, action) => {
    expect(changeOf({ changeType }).action).toBe(action);
    expect(changeOf({ changeType: changeType.toUpperCase() }).action).toBe(action);
  });

  it("have unknown values where the result shows none (ResourceIdOnly), so that nothing is decided on them", () => {
    expect(changeOf({ changeType: "Create" })).toMatchObject({ before: undefined, after: UNKNOWN });
    expect(changeOf({ changeType: "Delete" })).toMatchObject({ before: UNKNOWN, after: undefined });
    expect(changeOf({ changeType: "Modify" })).toMatchObject({ before: UNKNOWN, after: UNKNOWN });
    expect(changeOf({ changeType: "Deploy", before: { properties: { a: 1 } } })).toMatchObject({
      before: { properties: { a: 1 } },
      after: UNKNOWN,
    });
  });

  it("that what-if does not support, or that nobody knows, are problems", () => {
    const deployment = read({
      changes: [
        {
          resourceId: ACCOUNT,
          changeType: "Unsupported",
          unsupportedReason: "its id depends on reference().",
        },
        { resourceId: ACCOUNT, changeType: "Dance" },
        { changeType: "Create" },
      ],
    });
    expect(deployment.changes).toEqual([]);
    expect(deployment.problems.map(({ severity, message }) => [severity, message])).toEqual([
      ["error", `what-if cannot tell what happens to ${ACCOUNT} (its id depends on reference().).`],
      ["error", `the what-if reports a change of kind "Dance", which is not known here, to ${ACCOUNT}.`],
      ["error", "the what-if reports a change without a resource id."],
    ]);
  });

  it("that are only possible are deferred", () => {
    const deployment = read({
      changes: [],
      potentialChanges: [{ resourceId: ACCOUNT, changeType: "Delete" }],
    });
    expect(deployment.changes).toMatchObject([{ action: "delete", deferred: true }]);
  });
});

describe("values", () => {
  const properties = (values: object) =>
    (changeOf({ changeType: "Create", after: { properties: values } }).after as ValueObject).properties;

  it.each([
    ["[reference(resourceId('Microsoft.Web/sites', 'x')).host]", UNKNOWN],
    ["[parameters('name')]", UNKNOWN],
    ["[concat('a', 'b')]", UNKNOWN],
    ["[[literal]", "[literal]"],
    ["[1, 2]", "[1, 2]"],
    ['["a", "b"]', '["a", "b"]'],
    ["plain", "plain"],
  ])("%s is %j", (text, expected) => {
    expect(properties({ v: text })).toEqual({ v: expected });
  });

  it("that are masked, or credentials by name, are secret", () => {
    const values = properties({ protectedSettings: "*******", adminPassword: "hunter2" }) as ValueObject;
    expect(values.protectedSettings).toBeInstanceOf(Secret);
    expect(values.adminPassword).toBeInstanceOf(Secret);
    expect(JSON.stringify(values)).not.toContain("hunter2");
  });

  it("without effect are put back inside of lists and under keys with dots", () => {
    const change = changeOf({
      changeType: "Modify",
      before: { tags: { "a.b": "was" }, properties: { rules: [{ name: "x", state: "Succeeded" }] } },
      after: { tags: { "a.b": "is" }, properties: { rules: [{ name: "y" }] } },
      delta: [
        { path: "tags.a.b", propertyChangeType: "NoEffect", before: "was", after: "is" },
        {
          path: "properties.rules",
          propertyChangeType: "Array",
          children: [
            {
              path: "0",
              propertyChangeType: "Modify",
              children: [{ path: "state", propertyChangeType: "NoEffect", before: "Succeeded" }],
            },
          ],
        },
      ],
    });
    expect(change.after).toEqual({
      tags: { "a.b": "was" },
      properties: { rules: [{ name: "y", state: "Succeeded" }] },
    });
  });

  it("that only the after has and that are without effect are taken out", () => {
    const change = changeOf({
      changeType: "Modify",
      before: { properties: {} },
      after: { properties: { readOnly: 1, set: 2 } },
      delta: [{ path: "properties.readOnly", propertyChangeType: "NoEffect", after: 1 }],
    });
    expect(change.after).toEqual({ properties: { set: 2 } });
  });
});

describe("a what-if that went wrong", () => {
  it("is a problem: an error, another status, a diagnostic", () => {
    expect(
      read({ status: "Failed", error: { code: "InvalidTemplate", message: "bad line." } }).problems,
    ).toMatchObject([{ severity: "error", message: "the what-if failed: InvalidTemplate: bad line." }]);
    expect(read({ status: "Failed", changes: [] }).problems).toMatchObject([{ severity: "error" }]);
    expect(
      read({
        changes: [],
        diagnostics: [{ level: "Warning", code: "NestedDeploymentShortCircuited", message: "not expanded" }],
      }).problems,
    ).toMatchObject([
      { severity: "warning", message: expect.stringContaining("NestedDeploymentShortCircuited") },
    ]);
  });

  it("is refused where it is none, or has nothing in it", () => {
    expect(() => read([])).toThrow("prod/what-if.json is not the result of an ARM what-if");
    expect(() => read({ status: "Succeeded", properties: {} })).toThrow("without a list of changes");
  });
});

it("recogniseWhatIf knows results of what-if by their keys", () => {
  expect(recogniseWhatIf(["changes", "error", "status"])).toBe(true);
  expect(recogniseWhatIf(["status", "properties"])).toBe(true);
  expect(recogniseWhatIf(["status", "error"])).toBe(true);
  expect(recogniseWhatIf(["changes", "steps"])).toBe(false);
  expect(recogniseWhatIf(["properties"])).toBe(false);
});
