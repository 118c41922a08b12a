import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResourceState } from "../../../src/inputs/pulumi/resource.ts";
import { parseUrn } from "../../../src/inputs/pulumi/urn.ts";
import { propertyBag } from "../../../src/inputs/pulumi/values.ts";
import { actionOf } from "../../../src/integrations/pulumi/action.ts";
import { isList, isObject, Secret, UNKNOWN, type Value, type ValueObject } from "../../../src/model/value.ts";
import { urnOf } from "../../support/pulumi/stack-change.ts";

const ACCOUNT = "azure-native:storage:StorageAccount";
const ACCOUNT_ID =
  "/subscriptions/5A0E/resourceGroups/Shared/providers/Microsoft.Storage/storageAccounts/vmext";

function state(type: string, inputs: ValueObject, id?: string): ResourceState {
  const address = urnOf(type, "example");
  const urn = parseUrn(address);
  if (urn === undefined) throw new Error(`${address} is no URN`);
  return {
    address,
    urn,
    isCustom: true,
    id,
    isPendingDelete: false,
    isRetained: false,
    isExternal: false,
    isToBeReplaced: false,
    parent: undefined,
    provider: undefined,
    dependencies: [],
    inputs,
    outputs: {},
  };
}

/** The action where the inputs of a resource with this id become others. */
function action(old: ValueObject, next: ValueObject, { type = ACCOUNT, id = ACCOUNT_ID } = {}) {
  return actionOf(state(type, old, id), state(type, next));
}

describe("what happens to a resource", () => {
  it("is a creation where there was none", () => {
    expect(actionOf(undefined, state(ACCOUNT, { accountName: "vmext" }))).toBe("create");
  });

  it.each<[string, ValueObject, ValueObject]>([
    ["nothing", {}, {}],
    ["the same in another order", { a: 1, b: { c: [1], d: null } }, { b: { d: null, c: [1] }, a: 1 }],
    ["the same secret", { a: new Secret("x") }, { a: new Secret("x") }],
    ["what became a secret", { a: "x" }, { a: new Secret("x") }],
    ["what is none any more", { a: new Secret("x") }, { a: "x" }],
    ["a secret in a cipher", { a: new Secret(UNKNOWN) }, { a: new Secret("x") }],
    ["a cipher deep inside", { a: [{ b: new Secret(UNKNOWN) }] }, { a: [{ b: new Secret("x") }] }],
    ["a cipher of something large", { a: new Secret(UNKNOWN) }, { a: { b: [1, new Secret(2)] } }],
    ["a cipher, and a secret that is not known yet", { a: new Secret(UNKNOWN) }, { a: new Secret(UNKNOWN) }],
  ])("is none where the inputs stay: %s", (_, old, next) => {
    expect(action(old, next)).toBe("keep");
  });

  it.each<[string, ValueObject, ValueObject]>([
    ["another value", { a: 1 }, { a: 2 }],
    ["another kind of value", { a: 1 }, { a: "1" }],
    ["null and absent", { a: null }, {}],
    ["one more", { a: 1 }, { a: 1, b: 2 }],
    ["one less", { a: 1, b: 2 }, { a: 1 }],
    ["another name for it", { a: 1 }, { b: 1 }],
    ["another order of a list", { a: [1, 2] }, { a: [2, 1] }],
    ["a longer list", { a: [1] }, { a: [1, 1] }],
    ["an empty list and an empty object", { a: [] }, { a: {} }],
    ["another secret", { a: new Secret("x") }, { a: new Secret("y") }],
    ["a secret beside one in a cipher", { a: new Secret(UNKNOWN), b: 1 }, { a: new Secret("x"), b: 2 }],
    ["a secret that is gone", { a: new Secret(UNKNOWN) }, {}],
    ["what is not known yet", { a: 1 }, { a: UNKNOWN }],
    ["a secret that is not known yet", { a: new Secret("x") }, { a: new Secret(UNKNOWN) }],
  ])("is an update where they do not: %s", (_, old, next) => {
    expect(action(old, next)).toBe("update");
  });

  it("does not rest on what Pulumi keeps beside the properties", () => {
    const old = propertyBag({ __defaults: ["tls"], tls: "1.2", rules: { __defaults: [], a: 1 } });
    const next = propertyBag({ tls: "1.2", rules: { a: 1 } });
    expect(action(old, next)).toBe("keep");
  });
});

describe("another object in its place", () => {
  it.each<[string, ValueObject, ValueObject]>([
    ["name", { accountName: "vmext" }, { accountName: "vmext2" }],
    ["resource group", { resourceGroupName: "shared" }, { resourceGroupName: "web" }],
    ["region", { location: "eastus" }, { location: "westus" }],
  ])("comes of another %s in Azure", (_, old, next) => {
    expect(action(old, next)).toBe("replace");
    expect(action(old, next, { type: "azure:storage/account:Account" })).toBe("replace");
  });

  it.each<[string, ValueObject, ValueObject]>([
    ["a region", { location: "East US" }, { location: "eastus" }],
    ["a resource group", { resourceGroupName: "shared" }, { resourceGroupName: "SHARED" }],
  ])("does not come of another spelling of %s in Azure", (_, old, next) => {
    expect(action(old, next)).toBe("update");
  });

  it.each<[string, ValueObject, ValueObject]>([
    ["is not in the id", { hostName: "a.example" }, { hostName: "b.example" }],
    ["is only a part of one of the id's parts", { shortName: "ext" }, { shortName: "new" }],
    ["is not known yet", { accountName: "vmext" }, { accountName: UNKNOWN }],
    ["is left to the provider", { accountName: "vmext" }, {}],
    ["is deeper inside", { sku: { name: "vmext" } }, { sku: { name: "web" } }],
  ])("does not come of a name that %s", (_, old, next) => {
    expect(action(old, next)).toBe("update");
  });

  it("does not come of a region elsewhere, where it may be moved", () => {
    const dataset = { type: "gcp:bigquery/dataset:Dataset", id: "projects/estate/datasets/events" };
    expect(action({ location: "EU" }, { location: "US" }, dataset)).toBe("update");
  });

  it.each<[string, ValueObject, ValueObject, { type: string; id: string }]>([
    [
      "bucket",
      { bucket: "packages" },
      { bucket: "packages-2" },
      { type: "aws:s3/bucketV2:BucketV2", id: "packages" },
    ],
    [
      "name in an ARN",
      { name: "web", port: 80 },
      { name: "api", port: 80 },
      {
        type: "aws:lb/targetGroup:TargetGroup",
        id: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067",
      },
    ],
    [
      "zone",
      { zone: "us-east1-b" },
      { zone: "us-east1-c" },
      { type: "gcp:compute/instance:Instance", id: "projects/estate/zones/us-east1-b/instances/web" },
    ],
    [
      "project",
      { project: "estate" },
      { project: "other" },
      { type: "gcp:compute/instance:Instance", id: "projects/estate/zones/us-east1-b/instances/web" },
    ],
  ])("comes of another %s in the id of other clouds", (_, old, next, resource) => {
    expect(action(old, next, resource)).toBe("replace");
  });

  it.each<[string, ValueObject, ValueObject, { type: string; id: string }]>([
    [
      "an API's display name",
      { apiId: "web", displayName: "web" },
      { apiId: "web", displayName: "Web shop" },
      {
        type: "azure-native:apimanagement:Api",
        id: "/subscriptions/5A0E/resourceGroups/shared/providers/Microsoft.ApiManagement/service/edge/apis/web",
      },
    ],
    [
      "a project's name beside its id",
      { projectId: "estate", name: "estate" },
      { projectId: "estate", name: "The estate" },
      { type: "gcp:organizations/project:Project", id: "projects/estate" },
    ],
  ])("does not come of a label that only reads like the id: %s", (_, old, next, resource) => {
    expect(action(old, next, resource)).toBe("update");
  });

  it("comes of another spelling where the cloud tells capitals apart", () => {
    const queue = {
      type: "aws:sqs/queue:Queue",
      id: "https://sqs.eu-west-1.amazonaws.com/123456789012/Jobs",
    };
    expect(action({ name: "Jobs" }, { name: "jobs" }, queue)).toBe("replace");
  });

  describe("of Kubernetes", () => {
    const deployment = { type: "kubernetes:apps/v1:Deployment", id: "shop/web" };
    const metadata = { name: "web", namespace: "shop", labels: { name: "web" } };

    it.each<[string, ValueObject]>([
      ["name", { ...metadata, name: "api" }],
      ["namespace", { ...metadata, namespace: "default" }],
    ])("comes of another %s", (_, next) => {
      expect(action({ metadata }, { metadata: next }, deployment)).toBe("replace");
    });

    it("does not come of another label or image", () => {
      const next = { metadata: { ...metadata, labels: { name: "api" } }, image: "web:2" };
      expect(action({ metadata, image: "web:1" }, next, deployment)).toBe("update");
    });
  });

  it("cannot be told without an id, except of a region in Azure", () => {
    const unfinished = (old: ValueObject, next: ValueObject) =>
      actionOf(state(ACCOUNT, old), state(ACCOUNT, next));
    expect(unfinished({ accountName: "vmext" }, { accountName: "vmext2" })).toBe("update");
    expect(unfinished({ location: "eastus" }, { location: "westus" })).toBe("replace");
  });
});

describe("any inputs", () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(new Secret(UNKNOWN)),
    fc.string().map((text) => new Secret(text)),
  );
  // What a name means is told above: here no input is one.
  const key = fc.string({ maxLength: 6 }).map((text) => `${text}_`);
  const { inputs } = fc.letrec<{ value: Value; inputs: ValueObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
    inputs: fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  }));

  it("are kept where they are equal, in whatever order their keys stand", () => {
    fc.assert(
      fc.property(inputs, (one) => {
        const turned = reversed(one);
        expect(action(one, isObject(turned) ? turned : {})).toBe("keep");
      }),
    );
  });

  it("are not kept where any one value that is no secret is another", () => {
    fc.assert(
      fc.property(inputs, fc.nat(), (one, pick) => {
        const places = placesIn(one);
        fc.pre(places.length > 0);
        const changed = changedAt(one, places[pick % places.length] ?? []);
        expect(action(one, isObject(changed) ? changed : {})).toBe("update");
      }),
    );
  });
});

/** The same value with the keys of all its objects the other way round. */
function reversed(value: Value): Value {
  if (value instanceof Secret) return new Secret(reversed(value.reveal()));
  if (isList(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, Value] => [name, reversed(item)]);
  return Object.fromEntries(entries.reverse());
}

type Place = readonly (string | number)[];

/** Where in the value something stands that is neither a secret nor holds other values. */
function placesIn(value: Value): readonly Place[] {
  if (value instanceof Secret) return [];
  if (!isList(value) && !isObject(value)) return [[]];
  const members = isList(value) ? [...value.entries()] : Object.entries(value);
  return members.flatMap(([name, item]) => placesIn(item).map((place) => [name, ...place]));
}

function changedAt(value: Value, [step, ...rest]: Place): Value {
  if (step === undefined) return `${String(value)}, but another`;
  if (isList(value)) return value.map((item, i) => (i === step ? changedAt(item, rest) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === step ? changedAt(item, rest) : item]),
  );
}
