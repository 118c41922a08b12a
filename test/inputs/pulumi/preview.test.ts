import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memoryInput } from "../../../src/inputs/input.ts";
import { pulumiEvents } from "../../../src/inputs/pulumi/events.ts";
import { pulumiPreview } from "../../../src/inputs/pulumi/preview.ts";
import type { Change } from "../../../src/model/change.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { InputError } from "../../../src/model/errors.ts";
import { isObject, Secret, UNKNOWN, type Value } from "../../../src/model/value.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/pulumi/${name}`, import.meta.url));

function preview(document: unknown): Deployment {
  const [deployment] = pulumiPreview.read(memoryInput("preview.json", Buffer.from(JSON.stringify(document))));
  return deployment as Deployment;
}

const shop = pulumiPreview.read(
  memoryInput("shop.preview.json", fixture("shop.preview.json")),
)[0] as Deployment;

function named(name: string, deployment = shop): Change {
  const change = deployment.changes.find((one) => one.name === name);
  if (change === undefined) throw new Error(`no change of ${name}`);
  return change;
}

function at(value: Value | undefined, path: string): Value | undefined {
  return path
    .split(".")
    .reduce<Value | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

describe("pulumi preview --json", () => {
  it("names the stack, knows both sides and holds resources only", () => {
    expect(shop).toMatchObject({
      host: "pulumi-preview",
      name: "prod-westeurope",
      knows: "before-and-after",
      problems: [],
    });
    expect(shop.changes.map((change) => `${change.action} ${change.type}`)).toEqual([
      "update azurerm_storage_account",
      "replace azurerm_storage_account",
      "create azure-native:storage:StorageAccount",
      "update azurerm_linux_web_app",
      "create apps/v1/Deployment",
      "delete azurerm_storage_container",
    ]);
  });

  it("an update in place keeps the id and what the provider fills in", () => {
    const change = named("assets");
    expect(change.address).toBe("urn:pulumi:prod-westeurope::shop::azure:storage/account:Account::assets");
    expect(change.nativeType).toBe("azure:storage/account:Account");
    expect(change.provider).toEqual({ name: "azurerm", major: 4 });
    expect(change.stack).toBe("prod-westeurope");
    expect(at(change.before, "public_network_access_enabled")).toBe(true);
    expect(at(change.after, "public_network_access_enabled")).toBe(false);
    expect(at(change.before, "network_rules.default_action")).toBe("Allow");
    expect(at(change.after, "network_rules.default_action")).toBe("Deny");
    expect(at(change.before, "network_rules.virtual_network_subnet_ids")).toEqual([]);
    expect(at(change.before, "primary_blob_endpoint")).toBe("https://shopassets.blob.core.windows.net/");
    // A bridged provider previews like Terraform: this is known only after the update.
    expect(at(change.after, "primary_blob_endpoint")).toBe(UNKNOWN);
    expect(at(change.after, "id")).toBe(at(change.before, "id"));
    expect(at(change.after, "tags")).toEqual({ costCenter: "4711" });
    expect(change.spell?.("network_rules.default_action")).toBe("networkRules.defaultAction");
    expect(change.spell?.("network_rules.bypass[0]")).toBe("networkRules.bypasses[0]");
  });

  it("a masked secret is a Secret of unknown content", () => {
    const secret = at(named("assets").before, "primary_access_key");
    expect(secret).toBeInstanceOf(Secret);
    expect((secret as Secret).reveal()).toBe(UNKNOWN);
    expect(JSON.stringify(shop.changes)).not.toContain("[secret]");
  });

  it("a replacement does not know its id", () => {
    const change = named("logs");
    expect(at(change.before, "account_replication_type")).toBe("LRS");
    expect(at(change.after, "account_replication_type")).toBe("ZRS");
    expect(at(change.before, "id")).toContain("/shoplogs");
    expect(at(change.after, "id")).toBe(UNKNOWN);
  });

  it("azure-native keeps its names, and unknown inputs stay unknown", () => {
    const change = named("media");
    expect(change.before).toBeUndefined();
    expect(at(change.after, "networkRuleSet.defaultAction")).toBe("Deny");
    expect(at(change.after, "location")).toBe(UNKNOWN);
    // Nobody wrote `encryption`: the provider's placeholder says nothing about it.
    expect(at(change.after, "encryption")).toBeUndefined();
    expect(change.provider).toEqual({ name: "azure-native" });
    expect(change.spell).toBeUndefined();
  });

  it("a Kubernetes object is its manifest", () => {
    expect(named("api").after).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "api", labels: { "app.kubernetes.io/name": "api" } },
      spec: { replicas: 3, strategy: { type: "Recreate" } },
    });
  });

  it("a deleted resource has no after, and its dependencies count", () => {
    expect(named("images").after).toBeUndefined();
    expect(shop.edges).toEqual([
      { from: named("front").address, to: named("assets").address },
      { from: named("images").address, to: named("assets").address },
    ]);
  });

  it("gives the same for the events of the same preview", () => {
    const [events] = pulumiEvents.read(memoryInput("shop.events.jsonl", fixture("shop.events.jsonl")));
    expect(JSON.parse(JSON.stringify(events?.changes))).toEqual(JSON.parse(JSON.stringify(shop.changes)));
    expect(events?.changes.map((change) => change.spell?.("network_rules.bypass"))).toEqual(
      shop.changes.map((change) => change.spell?.("network_rules.bypass")),
    );
    expect(events?.name).toBe(shop.name);
  });
});

describe("steps", () => {
  const urn = "urn:pulumi:dev::app::azure-native:storage:StorageAccount::data";
  const state = (members: object = {}) => ({
    urn,
    custom: true,
    type: "azure-native:storage:StorageAccount",
    ...members,
  });
  const old = state({ id: "/a", inputs: { kind: "Storage" } });
  const next = state({ inputs: { kind: "StorageV2" } });

  it.each([
    ["same", "keep"],
    ["update", "update"],
    ["replace", "replace"],
    ["create-replacement", "replace"],
    ["delete", "delete"],
    ["read", "read"],
    ["refresh", "read"],
    ["import", "import"],
    ["discard", "forget"],
  ])("%s is %s", (op, action) => {
    const { changes, problems } = preview({
      steps: [{ op, urn, oldState: old, newState: op === "delete" || op === "discard" ? undefined : next }],
      duration: 1,
    });
    expect(changes.map((change) => change.action)).toEqual([action]);
    expect(problems).toEqual([]);
  });

  it("what nobody wrote stays in an update, what was written and is no more goes", () => {
    const { changes } = preview({
      steps: [
        {
          op: "update",
          urn,
          oldState: state({
            inputs: { kind: "Storage", tags: { a: "1", b: "2" }, networkRuleSet: { defaultAction: "Deny" } },
            outputs: {
              kind: "Storage",
              tags: { a: "1", b: "2" },
              networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
              publicNetworkAccess: "Disabled",
            },
          }),
          newState: state({
            inputs: { kind: "StorageV2", tags: { a: "1" } },
            outputs: { kind: "StorageV2", publicNetworkAccess: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
          }),
        },
      ],
      duration: 1,
    });
    expect(changes[0]?.after).toEqual({
      kind: "StorageV2",
      tags: { a: "1" },
      publicNetworkAccess: "Disabled",
    });
  });

  it("the three steps of a replacement are one change", () => {
    const { changes, problems } = preview({
      steps: [
        { op: "create-replacement", urn, oldState: { ...old, delete: true }, newState: next },
        { op: "replace", urn, oldState: old, newState: next },
        { op: "delete-replaced", urn, oldState: { ...old, delete: true } },
      ],
      duration: 1,
    });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      action: "replace",
      before: { kind: "Storage" },
      after: { kind: "StorageV2" },
    });
    expect(problems).toEqual([]);
  });

  it("a leftover of an earlier replacement is said, and is not the resource itself", () => {
    const { changes, problems } = preview({
      steps: [
        { op: "update", urn, oldState: old, newState: next },
        { op: "delete-replaced", urn, oldState: { ...old, delete: true } },
      ],
      duration: 1,
    });
    expect(changes.map((change) => change.action)).toEqual(["update"]);
    expect(problems).toMatchObject([
      { severity: "warning", message: expect.stringContaining("an old copy") },
    ]);
  });

  it("what is retained on deletion is forgotten, not deleted", () => {
    const { changes } = preview({
      steps: [{ op: "delete", urn, oldState: { ...old, retainOnDelete: true } }],
      duration: 1,
    });
    expect(changes.map((change) => [change.action, change.after])).toEqual([["forget", undefined]]);
  });

  it("an operation that nobody knows is judged as an update and makes the run incomplete", () => {
    const { changes, problems } = preview({
      steps: [{ op: "teleport", urn, oldState: old, newState: next }],
      duration: 1,
    });
    expect(changes.map((change) => change.action)).toEqual(["update"]);
    expect(problems).toMatchObject([{ severity: "error", message: expect.stringContaining("teleport") }]);
  });

  it("a provider's version counts wherever in the document it stands", () => {
    const account = "urn:pulumi:dev::app::azure:storage/account:Account::data";
    const provider = "urn:pulumi:dev::app::pulumi:providers:azure::mine";
    const { changes } = preview({
      steps: [
        {
          op: "create",
          urn: account,
          newState: { urn: account, custom: true, provider: `${provider}::id`, inputs: {} },
        },
        {
          op: "create",
          urn: provider,
          newState: { urn: provider, custom: true, inputs: { version: "5.89.0" } },
        },
      ],
      duration: 1,
    });
    expect(changes.map((change) => change.provider)).toEqual([{ name: "azurerm", major: 3 }]);
  });

  it("a name may hold colons", () => {
    const odd = "urn:pulumi:dev::app::my:comp:Comp$azure-native:storage:StorageAccount::a::b";
    const { changes } = preview({
      steps: [{ op: "create", urn: odd, newState: { urn: odd, custom: true } }],
      duration: 1,
    });
    expect(changes[0]).toMatchObject({ name: "a::b", type: "azure-native:storage:StorageAccount" });
  });

  it("depending on a component is depending on its resources, being a child is not", () => {
    const component = "urn:pulumi:dev::app::my:index:Backend::backend";
    const child = "urn:pulumi:dev::app::my:index:Backend$azure-native:storage:StorageAccount::inner";
    const { edges } = preview({
      steps: [
        { op: "same", urn: component, newState: { urn: component, custom: false, parent: component } },
        { op: "same", urn: child, newState: { urn: child, custom: true, parent: component } },
        {
          op: "update",
          urn,
          oldState: old,
          newState: { ...next, parent: component, dependencies: [component] },
        },
      ],
      duration: 1,
    });
    expect(edges).toEqual([{ from: urn, to: child }]);
  });
});

describe("previews that cannot be trusted", () => {
  it("a diagnostic of severity error, without its text", () => {
    const { problems } = preview({
      steps: [],
      diagnostics: [
        { urn: "urn:x", message: "password hunter2 is wrong", severity: "error" },
        { message: "fine", severity: "info" },
      ],
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: "error", message: expect.stringContaining("urn:x") });
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  it("a preview that says so itself", () => {
    expect(preview({ steps: [], maybeCorrupt: true }).problems).toMatchObject([{ severity: "error" }]);
  });

  it("a step without a resource", () => {
    expect(preview({ steps: [{ op: "create" }, 3, null] }).problems).toHaveLength(3);
  });

  it("a preview without changes is read as one", () => {
    expect(preview({ config: {}, duration: 1, changeSummary: { same: 3 } })).toMatchObject({
      name: "preview",
      changes: [],
      problems: [],
    });
  });

  it.each(["[]", "3", '"text"'])("%s is none", (text) => {
    expect(() => pulumiPreview.read(memoryInput("p.json", Buffer.from(text)))).toThrow(InputError);
  });
});
