// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withBefore } from "../../src/inputs/before.ts";
import { cdktfManifest } from "../../src/inputs/cdktf/manifest.ts";
import { cdktfSynth } from "../../src/inputs/cdktf/synth.ts";
import { fileInput, memoryInput } from "../../src/inputs/input.ts";
import { terraformState } from "../../src/inputs/terraform-state.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { Secret, UNKNOWN, type Value } from "../../src/model/value.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures");
const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a";

function synth(resources: object, rest: object = {}, name = "prod"): Deployment {
  const document = { resource: { azurerm_storage_account: resources }, ...rest };
  return cdktfSynth.read(
    memoryInput(`${name}/cdk.tf.json`, Buffer.from(JSON.stringify(document))),
  )[0] as Deployment;
}

function state(resources: Readonly<Record<string, object>>, name = "prod"): Deployment {
  const kept = Object.entries(resources).map(([address, value]) =>
    changeOf(address, "keep", value as Value, value as Value),
  );
  return deploymentOf("terraform-state", name, kept);
}

function changeOf(
  address: string,
  action: Change["action"],
  before: Value | undefined,
  after: Value | undefined,
): Change {
  const type = address.replace(/^(module\.[^.]+\.)*/, "").split(".")[0] as string;
  return {
    address,
    name: address,
    type,
    nativeType: type,
    action,
    before,
    after,
    provider: { name: "azurerm" },
  };
}

function deploymentOf(host: Deployment["host"], name: string, changes: readonly Change[]): Deployment {
  return { host, name, knows: "before-and-after", changes, edges: [], problems: [] };
}

function merge(after: Deployment, before: Deployment): Deployment {
  return withBefore([after], [before])[0] as Deployment;
}

function actions(deployment: Deployment): Record<string, string> {
  return Object.fromEntries(deployment.changes.map((change) => [change.address, change.action]));
}

/** What happens to `azurerm_storage_account.a`, configured like this and existing like that. */
function one(configured: object, existing: object): Change {
  const merged = merge(synth({ a: configured }), state({ "azurerm_storage_account.a": existing }));
  return merged.changes[0] as Change;
}

describe("a synth with a state before it", () => {
  it("says what is created, updated, kept and deleted", () => {
    const merged = merge(
      synth({ created: { name: "c" }, updated: { https: true }, kept: { name: "k" } }),
      state({
        "azurerm_storage_account.updated": { https: false },
        "azurerm_storage_account.kept": { name: "k", id: ID },
        "azurerm_storage_account.deleted": { name: "d" },
      }),
    );
    expect(merged.knows).toBe("before-and-after");
    expect(actions(merged)).toEqual({
      "azurerm_storage_account.created": "create",
      "azurerm_storage_account.updated": "update",
      "azurerm_storage_account.kept": "keep",
      "azurerm_storage_account.deleted": "delete",
    });
    expect(merged.changes[3]).toMatchObject({ before: { name: "d" }, after: undefined });
  });

  it("keeps in an update what only names the object, and nothing else the configuration leaves out", () => {
    const existing = {
      id: ID,
      name: "generated",
      primary_blob_endpoint: "https://a.blob.core.windows.net/",
      public_network_access_enabled: false,
      access_tier: "Cool",
    };
    const change = one({ https: true }, { ...existing, https: false });
    expect(change.action).toBe("update");
    expect(change.before).toEqual({ ...existing, https: false });
    expect(change.after).toEqual({
      id: ID,
      name: "generated",
      primary_blob_endpoint: "https://a.blob.core.windows.net/",
      https: true,
    });
  });

  it("takes what is kept as it exists", () => {
    const change = one({ https: true }, { id: ID, https: true, access_tier: "Cool" });
    expect(change).toMatchObject({ action: "keep", after: { id: ID, https: true, access_tier: "Cool" } });
  });

  it("asks the caller whether a property that is left out means something", () => {
    const after = synth({ a: { name: "a" } });
    const before = state({
      "azurerm_storage_account.a": { name: "a", public_network_access_enabled: false },
    });
    const isOpened = ({ before: was, after: is }: Change) =>
      JSON.stringify(was).includes('"public_network_access_enabled":false') &&
      !JSON.stringify(is).includes("public_network");
    expect(withBefore([after], [before])[0]?.changes[0]?.action).toBe("keep");
    const [merged] = withBefore([after], [before], { isChange: isOpened });
    expect(merged?.changes[0]).toMatchObject({ action: "update", after: { name: "a" } });
  });

  it.each<[string, object, object]>([
    [
      "a block written plainly and a list of one",
      { network_rules: { default_action: "Deny" } },
      { network_rules: [{ default_action: "Deny", ip_rules: [] }] },
    ],
    [
      "a list of one and a block",
      { network_rules: [{ default_action: "Deny" }] },
      { network_rules: { default_action: "Deny" } },
    ],
    ["numbers and booleans as text", { days: "7", on: "true" }, { days: 7, on: true }],
    ["a set in another order", { bypass: ["Logging", "Metrics"] }, { bypass: ["Metrics", "Logging"] }],
    [
      "blocks in another order",
      { rule: [{ n: "a" }, { n: "b" }] },
      {
        rule: [
          { n: "b", x: 1 },
          { n: "a", x: 2 },
        ],
      },
    ],
    [
      "nothing and what stands for nothing",
      { tags: {}, ip_rules: [], note: "" },
      { tags: null, ip_rules: null, note: null },
    ],
    ["null and the provider's choice", { access_tier: null }, { access_tier: "Hot" }],
    ["a region's two spellings", { location: "West Europe" }, { location: "westeurope" }],
    ["an id in another case", { scope: ID }, { scope: ID.toLowerCase() }],
    [
      "a document with its keys in another order",
      { policy: '{"a":1,"b":[2]}' },
      { policy: '{ "b": [2], "a": 1 }' },
    ],
    ["a reference", { subnet_id: "${azurerm_subnet.s.id}" }, { subnet_id: "/subscriptions/s/…" }],
    ["a list with a reference in it", { ids: ["${azurerm_subnet.s.id}", "b"] }, { ids: ["b", "a"] }],
  ])("takes for the same: %s", (_, configured, existing) => {
    expect(one(configured, existing).action).toBe("keep");
  });

  it.each<[string, object, object]>([
    ["another value", { https: false }, { https: true }],
    ["a value where nothing was", { note: "x" }, { note: null }],
    ["a block where none was", { network_rules: { default_action: "Deny" } }, { network_rules: [] }],
    [
      "another value in a block",
      { network_rules: { default_action: "Deny" } },
      { network_rules: [{ default_action: "Allow" }] },
    ],
    ["one more in a set", { bypass: ["Logging", "Metrics"] }, { bypass: ["Logging"] }],
    ["the same number, others in a set", { bypass: ["a", "a"] }, { bypass: ["a", "b"] }],
    ["a list emptied", { bypass: [] }, { bypass: ["Logging"] }],
    ["a tag that is gone", { tags: { a: "1" } }, { tags: { a: "1", b: "2" } }],
    ["a document with another value", { policy: '{"a":1}' }, { policy: '{"a":2}' }],
    ["text that is no number", { sku: "" }, { sku: 0 }],
  ])("takes for an update: %s", (_, configured, existing) => {
    expect(one(configured, existing).action).toBe("update");
  });

  it("compares secrets by what they hold, without showing it", () => {
    const change = one({ admin_password: "new" }, { admin_password: new Secret("old") });
    expect(change.action).toBe("update");
    expect(JSON.stringify(change)).not.toMatch(/new|old/);
    expect(one({ admin_password: "same" }, { admin_password: new Secret("same") }).action).toBe("keep");
  });

  it("leaves alone what ignore_changes names", () => {
    const lifecycle = (ignore_changes: unknown) => ({ lifecycle: { ignore_changes } });
    expect(one({ tags: { a: "1" }, ...lifecycle(["tags"]) }, { tags: { b: "2" } }).action).toBe("keep");
    expect(one({ tags: { a: "1" }, ...lifecycle(['tags["a"]']) }, { tags: { a: "2" } }).action).toBe("keep");
    expect(one({ tags: { a: "1" }, x: 1, ...lifecycle(["tags"]) }, { tags: { b: "2" }, x: 2 })).toMatchObject(
      {
        action: "update",
        after: { tags: { b: "2" }, x: 1 },
      },
    );
    expect(one({ x: 1, ...lifecycle("all") }, { x: 2 }).action).toBe("keep");
  });

  it("finds a resource whose count came or went, and one that moved", () => {
    expect(
      actions(merge(synth({ a: { count: 1, n: 1 } }), state({ "azurerm_storage_account.a": { n: 1 } }))),
    ).toEqual({
      "azurerm_storage_account.a[0]": "keep",
    });
    expect(
      actions(merge(synth({ a: { n: 1 } }), state({ "azurerm_storage_account.a[0]": { n: 1 } }))),
    ).toEqual({
      "azurerm_storage_account.a": "keep",
    });
    const moved = [{ from: "azurerm_storage_account.old", to: "azurerm_storage_account.a" }];
    expect(
      actions(merge(synth({ a: { n: 1 } }, { moved }), state({ "azurerm_storage_account.old": { n: 1 } }))),
    ).toEqual({
      "azurerm_storage_account.a": "keep",
    });
  });

  it("follows moves that go in a circle once", () => {
    const moved = [
      { from: "azurerm_storage_account.a", to: "azurerm_storage_account.b" },
      { from: "azurerm_storage_account.b", to: "azurerm_storage_account.a" },
    ];
    expect(
      actions(merge(synth({ a: { n: 1 } }, { moved }), state({ "azurerm_storage_account.a": { n: 1 } }))),
    ).toEqual({
      "azurerm_storage_account.a": "keep",
    });
  });

  it("forgets what a removed block lets go", () => {
    const removed = [{ from: "azurerm_storage_account.old", lifecycle: { destroy: false } }];
    expect(actions(merge(synth({}, { removed }), state({ "azurerm_storage_account.old": {} })))).toEqual({
      "azurerm_storage_account.old": "forget",
    });
  });

  it("takes existing instances where only Terraform can tell them", () => {
    const merged = merge(
      synth({ a: { for_each: "${var.regions}", name: "${each.key}", https: false } }),
      state({
        'azurerm_storage_account.a["x"]': { name: "x", https: true },
        'azurerm_storage_account.a["y"]': { name: "y", https: false },
      }),
    );
    expect(actions(merged)).toEqual({
      'azurerm_storage_account.a["x"]': "update",
      'azurerm_storage_account.a["y"]': "keep",
    });
  });

  it("does not take what is in a hidden module for deleted: nobody knows", () => {
    const merged = merge(
      synth({}, { module: { net: { source: "./net" } } }),
      state({
        "module.net.azurerm_storage_account.a": { n: 1 },
        "module.gone.azurerm_storage_account.b": { n: 1 },
      }),
    );
    expect(merged.changes).toMatchObject([
      {
        address: "module.net.azurerm_storage_account.a",
        action: "update",
        deferred: true,
        before: { n: 1 },
        after: UNKNOWN,
      },
      { address: "module.gone.azurerm_storage_account.b", action: "delete" },
    ]);
  });

  it("does not take a stack that could not be read for emptied", () => {
    const { directives: _, ...unread } = synth({});
    expect(merge(unread, state({ "azurerm_storage_account.a": {} })).changes).toEqual([]);
    expect(merge(unread, state({ "azurerm_storage_account.a": {} })).knows).toBe("after-only");
  });

  it("brings the dependencies of what is deleted, and the version of its provider", () => {
    const before = {
      ...state({ "azurerm_storage_account.a": {}, "azurerm_storage_account.b": {} }),
      edges: [{ from: "azurerm_storage_account.b", to: "azurerm_storage_account.a" }],
    };
    const terraform = { required_providers: { azurerm: { version: "4.1.0" } } };
    const merged = merge(synth({ a: {} }, { terraform }), before);
    expect(merged.edges).toEqual([{ from: "azurerm_storage_account.b", to: "azurerm_storage_account.a" }]);
    expect(merged.changes[1]?.provider).toEqual({ name: "azurerm", major: 4 });
  });

  it("works on real synths and state files", () => {
    const after = cdktfManifest.read(fileInput(join(FIXTURES, "cdktf/cdktf.out/manifest.json")));
    const before = terraformState.read(fileInput(join(FIXTURES, "tfstate/terraform.storage.tfstate")));
    const [fleet, storage] = withBefore(after, before);
    expect(fleet).toMatchObject({ knows: "after-only", problems: [{ severity: "warning" }] });
    expect(actions(storage as Deployment)).toEqual({
      "azurerm_firewall.firewall": "create",
      "azurerm_key_vault.vault": "create",
      "azurerm_resource_group.rg": "keep",
      "azurerm_storage_account.vmext": "update",
      "azurerm_storage_blob.indexes[0]": "create",
      "azurerm_storage_blob.indexes[1]": "create",
      'azurerm_storage_container.packages["canary"]': "create",
      'azurerm_storage_container.packages["broad"]': "update",
      "data.azurerm_client_config.tenant": "read",
      'azurerm_storage_container.packages["retired"]': "delete",
      'module.network["hub"].azurerm_virtual_network.this[0]': "update",
    });
    expect(
      storage?.changes.find((change) => change.address === "azurerm_storage_account.vmext"),
    ).toMatchObject({
      before: { public_network_access_enabled: true },
      after: { public_network_access_enabled: false, tags: { note: "set by hand" } },
    });
  });
});

describe("a synth with an older synth before it", () => {
  it("takes what the newer one leaves out for a change to the default", () => {
    const merged = merge(synth({ a: { name: "a" } }), synth({ a: { name: "a", https: false } }));
    expect(merged.changes[0]).toMatchObject({
      action: "update",
      before: { name: "a", https: false },
      after: { name: "a" },
    });
  });

  it("keeps the provider's version of each side apart", () => {
    const bound = (version: string, resources: object) =>
      synth(resources, { terraform: { required_providers: { azurerm: { version } } } });
    const options = { isChange: () => true };
    const [merged] = withBefore(
      [bound("5.2.0", { a: { name: "a" } })],
      [bound("4.55.0", { a: { name: "a" }, gone: { name: "b" } })],
      options,
    );
    expect(merged?.changes).toMatchObject([
      { action: "update", provider: { major: 5 }, providerBefore: { major: 4 } },
      { action: "delete", provider: { major: 4 } },
    ]);
  });

  it("takes another reference for another value", () => {
    const rest = { data: { azurerm_subnet: { s: {}, t: {} } } };
    const of = (name: string) => synth({ a: { subnet: `\${data.azurerm_subnet.${name}.id}` } }, rest);
    expect(actions(merge(of("s"), of("s")))["azurerm_storage_account.a"]).toBe("keep");
    expect(actions(merge(of("s"), of("t")))["azurerm_storage_account.a"]).toBe("update");
  });

  it("takes a reference to another resource of another stack for another value", () => {
    const referring = (to: string): Deployment => ({
      ...synth({ a: { subnet_id: "${data.terraform_remote_state.network.outputs.subnet}" } }),
      crossEdges: [{ from: "azurerm_storage_account.a", deployment: "network", to, attribute: "id" }],
    });
    const first = referring("azurerm_subnet.first");
    expect(actions(merge(referring("azurerm_subnet.second"), first))).toEqual({
      "azurerm_storage_account.a": "update",
    });
    expect(actions(merge(referring("azurerm_subnet.first"), first))).toEqual({
      "azurerm_storage_account.a": "keep",
    });
  });
});

describe("a synth with a plan before it", () => {
  it("compares with what exists before the plan, not with what it would make", () => {
    const plan = deploymentOf("terraform-plan", "prod", [
      changeOf("azurerm_storage_account.a", "update", { https: true }, { https: false }),
      changeOf("azurerm_storage_account.b", "create", undefined, { https: true }),
    ]);
    expect(actions(merge(synth({ a: { https: true }, b: { https: true } }), plan))).toEqual({
      "azurerm_storage_account.a": "keep",
      "azurerm_storage_account.b": "create",
    });
  });
});

describe("a preview that knows both sides", () => {
  const urn = (name: string) => `urn:pulumi:prod::shop::azure:storage/account:Account::${name}`;
  const preview = deploymentOf("pulumi-preview", "prod", [
    changeOf(urn("a"), "update", { id: "/a", https: true }, { id: "/a", https: false }),
    changeOf(urn("renamed"), "update", { id: "/r" }, { id: "/r" }),
  ]);

  it("gains what it does not mention, as kept", () => {
    const before: Deployment = {
      ...deploymentOf("pulumi-state", "prod", [
        changeOf(urn("a"), "keep", { id: "/a", https: true }, { id: "/a", https: true }),
        changeOf(urn("b"), "keep", { id: "/b" }, { id: "/b" }),
      ]),
      edges: [{ from: urn("b"), to: urn("a") }],
    };
    const merged = merge(preview, before);
    expect(actions(merged)).toEqual({ [urn("a")]: "update", [urn("renamed")]: "update", [urn("b")]: "keep" });
    expect(merged.edges).toEqual([{ from: urn("b"), to: urn("a") }]);
  });

  it("does not gain a resource a second time under its former name", () => {
    const type = preview.changes[1]?.type as string;
    const former: Change = { ...changeOf(urn("former"), "keep", { id: "/r" }, { id: "/r" }), type };
    expect(
      actions(
        merge(
          { ...preview, changes: preview.changes.map((change) => ({ ...change, type })) },
          deploymentOf("pulumi-state", "prod", [former, changeOf(urn("a"), "keep", {}, {})]),
        ),
      ),
    ).toEqual({
      [urn("a")]: "update",
      [urn("renamed")]: "update",
    });
  });
});

describe("which before belongs to which stack", () => {
  const a = synth({ only_a: { n: 1 }, shared: { n: 1 } }, {}, "stack-a");
  const b = synth({ only_b: { n: 1 }, shared: { n: 1 } }, {}, "stack-b");
  const stateA = (name: string) =>
    state({ "azurerm_storage_account.only_a": { n: 1 }, "azurerm_storage_account.shared": { n: 1 } }, name);
  const stateB = (name: string) =>
    state({ "azurerm_storage_account.only_b": { n: 1 }, "azurerm_storage_account.shared": { n: 1 } }, name);

  it("is told by the name, else by the addresses that both have", () => {
    for (const before of [
      [stateB("stack-b"), stateA("stack-a")],
      [stateB("two"), stateA("one")],
      [stateB("two"), stateA("stack-a")],
    ]) {
      const merged = withBefore([a, b], before);
      expect(merged.map((deployment) => Object.values(actions(deployment)))).toEqual([
        ["keep", "keep"],
        ["keep", "keep"],
      ]);
      expect(merged.flatMap((deployment) => deployment.problems)).toEqual([]);
    }
  });

  it("is not guessed where two fit equally well", () => {
    const [merged] = withBefore([a], [stateA("x"), stateA("y")]);
    expect(merged).toMatchObject({ knows: "after-only" });
    expect(merged?.problems.map((problem) => [problem.severity, problem.message])).toContainEqual([
      "error",
      "stack-a: x, y fit equally well as its before, so none is taken; name one after the stack.",
    ]);
    const shared = state({ "azurerm_storage_account.shared": { n: 1 } }, "x");
    const both = withBefore([a, b], [shared]);
    expect(both.map((deployment) => deployment.knows)).toEqual(["after-only", "after-only"]);
    expect(both[0]?.problems[0]?.message).toContain("fits other stacks as well");
    expect(withBefore([a], [stateA("stack-a"), stateB("stack-a")])[0]?.problems[0]?.message).toContain(
      "2 states have this name",
    );
  });

  it("is doubted where nothing is in both", () => {
    const [merged] = withBefore([a], [state({ "aws_s3_bucket.x": {} }, "elsewhere")]);
    expect(merged?.problems).toMatchObject([
      { severity: "error", message: expect.stringContaining("hardly the right one") },
    ]);
  });

  it("is never one of another family of hosts", () => {
    const [merged] = withBefore([a], [deploymentOf("pulumi-state", "stack-a", [])]);
    expect(merged).toMatchObject({ knows: "after-only", problems: [{ severity: "error" }] });
    expect(merged?.problems[0]?.message).toBe(
      "stack-a: a pulumi-state cannot be the before of a cdktf-synth.",
    );
  });

  it("is an empty state for what is new", () => {
    expect(Object.values(actions(merge(a, state({}))))).toEqual(["create", "create"]);
  });
});

describe("for every configuration", () => {
  const scalar = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null));
  const key = fc
    .stringMatching(/^[a-z_]{1,8}$/)
    .filter(
      (name) =>
        ![
          "count",
          "for_each",
          "provider",
          "lifecycle",
          "connection",
          "provisioner",
          "depends_on",
          "dynamic",
        ].includes(name),
    );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  const properties = fc.dictionary(key, value, { maxKeys: 5 });
  const resources = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), properties, { minKeys: 1, maxKeys: 4 });

  it("comparing it with itself as state keeps everything", () => {
    fc.assert(
      fc.property(resources, (bodies) => {
        const after = synth(bodies);
        const existing = deploymentOf(
          "terraform-state",
          "prod",
          after.changes.map((change) => ({ ...change, action: "keep", before: change.after })),
        );
        for (const merged of [merge(after, existing), merge(after, synth(bodies))]) {
          expect(new Set(merged.changes.map((change) => change.action))).toEqual(new Set(["keep"]));
        }
      }),
    );
  });

  it("every resource of either side is there once", () => {
    fc.assert(
      fc.property(resources, resources, (one, other) => {
        const after = synth(one);
        const existing = Object.fromEntries(
          Object.entries(other).map(([name, body]) => [`azurerm_storage_account.${name}`, body]),
        );
        const merged = merge(after, state(existing));
        const expected = new Set([
          ...after.changes.map((change) => change.address),
          ...Object.keys(existing),
        ]);
        expect(merged.changes.map((change) => change.address).sort()).toEqual([...expected].sort());
      }),
    );
  });
});

describe("hostile values", () => {
  it("take bounded time: lists in lists that differ at the bottom", () => {
    const deep = (levels: number, leaf: number): Value =>
      levels === 0 ? leaf : [deep(levels - 1, leaf), deep(levels - 1, leaf + 2)];
    const change = one({ v: deep(12, 0) as object }, { v: deep(12, 1) });
    expect(change.action).toBe("update");
    let one1: Value = 1;
    let two: Value = 2;
    for (let i = 0; i < 400; i++) [one1, two] = [[one1], [two]];
    expect(
      merge(synth({ a: { v: one1 as object } }), state({ "azurerm_storage_account.a": { v: two } }))
        .changes[0]?.action,
    ).toBe("update");
  });
});
