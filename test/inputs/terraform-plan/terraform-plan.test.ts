import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryInput } from "../../../src/inputs/input.ts";
import { terraformPlan } from "../../../src/inputs/terraform-plan/terraform-plan.ts";
import { InputError } from "../../../src/model/errors.ts";
import { Secret, UNKNOWN } from "../../../src/model/value.ts";
import { changeOf, planned, readPlan, readText } from "./support.ts";

const STATE = { before: { size: 1 }, after: { size: 2 } };

describe("actions", () => {
  it.each<[string, string[], Record<string, unknown>]>([
    ["keep", ["no-op"], {}],
    ["keep", [], {}],
    ["create", ["create"], {}],
    ["update", ["update"], {}],
    ["delete", ["delete"], {}],
    ["replace", ["delete", "create"], {}],
    ["replace", ["create", "delete"], {}],
    ["replace", ["forget", "create"], {}],
    ["forget", ["forget"], {}],
    ["read", ["read"], { mode: "data" }],
    ["read", ["no-op"], { mode: "data" }],
  ])("%s of %j", (action, actions, rest) => {
    expect(changeOf({ actions, ...STATE }, rest)).toMatchObject({
      action,
      address: "some_type.a",
      deferred: false,
    });
  });

  it("an import is one where nothing else happens", () => {
    expect(changeOf({ actions: ["no-op"], importing: { id: "x" }, ...STATE }).action).toBe("import");
    expect(changeOf({ actions: ["update"], importing: { id: "x" }, ...STATE }).action).toBe("update");
    expect(changeOf({ actions: ["no-op"], importing: null, ...STATE }).action).toBe("keep");
  });

  it("a deferred change says so, whatever the reason", () => {
    const resource_change = planned({ actions: ["update"], ...STATE });
    const { changes, problems } = readPlan({
      deferred_changes: [{ reason: "provider_config_unknown", resource_change }],
    });
    expect(changes).toMatchObject([{ action: "update", deferred: true, after: { size: 2 } }]);
    expect(problems).toMatchObject([{ severity: "warning", message: expect.stringContaining("1 resource") }]);
  });

  it("what a failed replacement left behind is not the resource itself", () => {
    const { changes } = readPlan({
      resource_changes: [
        planned({ actions: ["no-op"], ...STATE }),
        planned({ actions: ["delete"], before: {}, after: null }, { deposed: "3b4f7c1e" }),
      ],
    });
    expect(changes.map((one) => one.address)).toEqual([
      "some_type.a",
      "some_type.a (deposed object 3b4f7c1e)",
    ]);
  });
});

describe("states", () => {
  it.each<[string, Record<string, unknown>, unknown, unknown]>([
    ["created", { before: null, after: { a: 1 } }, undefined, { a: 1 }],
    ["deleted", { before: { a: 1 }, after: null, after_unknown: {} }, { a: 1 }, undefined],
    ["no state at all", {}, undefined, undefined],
    ["wholly unknown", { after_unknown: true }, undefined, UNKNOWN],
    ["unknown property", { after: { a: 1 }, after_unknown: { id: true } }, undefined, { a: 1, id: UNKNOWN }],
    [
      "unknown below",
      { after: { a: { b: 1 } }, after_unknown: { a: { c: [true] } } },
      undefined,
      { a: { b: 1, c: [UNKNOWN] } },
    ],
    [
      "unknown element",
      { after: { l: [1, 2, 3] }, after_unknown: { l: [false, true, false] } },
      undefined,
      { l: [1, UNKNOWN, 3] },
    ],
    [
      "unknown element behind the list",
      { after: { l: [] }, after_unknown: { l: [{ id: true }] } },
      undefined,
      { l: [{ id: UNKNOWN }] },
    ],
    [
      "marked false",
      { after: { a: 1 }, after_unknown: { a: false, b: {} }, after_sensitive: false },
      undefined,
      { a: 1 },
    ],
    [
      "unknown in another shape than the value",
      { after: { a: { b: 1 }, c: "x" }, after_unknown: { a: [true], c: { d: true } } },
      undefined,
      { a: UNKNOWN, c: UNKNOWN },
    ],
    [
      "unknown and sensitive",
      { after: {}, after_unknown: { a: true }, after_sensitive: { a: true } },
      undefined,
      { a: UNKNOWN },
    ],
    ["null under sensitive", { after: { a: null }, after_sensitive: { a: true } }, undefined, { a: null }],
  ])("%s", (_, state, before, after) => {
    const change = changeOf({ actions: ["update"], ...state });
    expect(change.after).toEqual(after);
    expect(change.before).toEqual(before);
  });

  it.each<[string, unknown, unknown]>([
    ["whole", { a: "x" }, true],
    ["property", { a: "x" }, { a: true }],
    ["nested", { a: [{ b: "x" }] }, { a: [{ b: true }] }],
    ["block", { a: { b: "x" } }, { a: true }],
  ])("sensitive before and after stay secret: %s", (_, value, marks) => {
    const change = changeOf({
      actions: ["update"],
      before: value,
      after: value,
      before_sensitive: marks,
      after_sensitive: marks,
    });
    for (const state of [change.before, change.after]) {
      expect(JSON.stringify(state)).toContain("(secret)");
      expect(JSON.stringify(state)).not.toContain('"x"');
    }
  });

  it("what is kept has one state, secrets included", () => {
    const state = {
      before: { a: "x" },
      after: { a: "x" },
      before_sensitive: { a: true },
      after_sensitive: { a: true },
    };
    const change = changeOf({ actions: ["no-op"], ...state });
    expect(change.before).toBe(change.after);
    expect(change.after).toEqual({ a: new Secret("x") });
  });

  it("are the right ones whatever is asked for in which order, beyond the budget for parsed values too", () => {
    const big = "x".repeat(1_000_000);
    const count = 12;
    const { changes } = readPlan({
      resource_changes: Array.from({ length: count }, (_, i) =>
        planned(
          {
            actions: [i % 3 === 0 ? "no-op" : "update"],
            before: { i, was: i % 3 !== 0, big },
            after: { i, was: false, big },
          },
          { address: `some_type.a[${i}]` },
        ),
      ),
    });
    const asked = fc.array(
      fc.tuple(fc.nat(count - 1), fc.constantFrom("before" as const, "after" as const)),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(asked, (questions) => {
        for (const [i, which] of questions) {
          const was = which === "before" && i % 3 !== 0;
          expect(changes[i]?.[which]).toMatchObject({ i, was });
        }
      }),
      { numRuns: 20 },
    );
  });

  it("keep names that mean something to this language as what they are", () => {
    const properties = '{"__proto__":{"polluted":true},"constructor":"x","a":1}';
    const { changes } = readText(
      `{"format_version":"1.2","resource_changes":[{"address":"__proto__","type":"constructor","name":"toString","__proto__":{"address":"x"},` +
        `"change":{"actions":["update"],"before":${properties},"after":${properties},"after_unknown":{"__proto__":{"b":true}},"after_sensitive":{"constructor":true}}}]}`,
    );
    const after = changes[0]?.after as Record<string, unknown>;
    expect(Object.keys(after).sort()).toEqual(["__proto__", "a", "constructor"]);
    expect(Object.getOwnPropertyDescriptor(after, "__proto__")?.value).toEqual({
      polluted: true,
      b: UNKNOWN,
    });
    expect(after["constructor"]).toBeInstanceOf(Secret);
    expect(Object.hasOwn({}, "polluted") || "polluted" in {}).toBe(false);
  });
});

describe("formats", () => {
  it.each(["0.1", "0.2", "1.0", "1.2", "1.9", "1.10"])("%s is read", (format_version) => {
    expect(
      readPlan({ format_version, resource_changes: [planned({ actions: ["create"] })] }).changes,
    ).toHaveLength(1);
  });

  it.each([
    [
      "2.0",
      "prod/plan.json is a plan in format 2.0, which is newer than the 1.x that this version of Firebreak reads: update Firebreak",
    ],
    ["10.0", "format 10.0"],
    ["", "has no usable format_version"],
    ["one", "has no usable format_version"],
    [1.2, "has no usable format_version"],
    [null, "has no usable format_version"],
    [{}, "has no usable format_version"],
  ])("%j is refused", (format_version, message) => {
    expect(() => readPlan({ format_version })).toThrow(InputError);
    expect(() => readPlan({ format_version })).toThrow(message);
  });

  it("is read the same in UTF-16, as a shell redirect leaves it", () => {
    const text = JSON.stringify({
      format_version: "1.2",
      resource_changes: [planned({ actions: ["create"], after: { é: "ü" } })],
    });
    const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
    const read = (from: Buffer) =>
      terraformPlan
        .read(memoryInput("prod/plan.json", from))[0]
        ?.changes.map((one) => [one.address, one.after]);
    expect(read(bytes)).toEqual(read(Buffer.from(text)));
    expect(read(bytes)).toHaveLength(1);
  });
});

describe("what cannot be judged is a problem", () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ["an errored run", { errored: true, resource_changes: [] }, /ended with errors/],
    [
      "planned values alone",
      { planned_values: { root_module: { resources: [{}] } } },
      /planned values but no resource_changes/,
    ],
    [
      "the same in a module",
      { planned_values: { root_module: { child_modules: [{}] } }, resource_changes: null },
      /no resource_changes/,
    ],
    ["a list that is none", { resource_changes: { a: 1 } }, /resource_changes that are not a list/],
    [
      "an element that is none",
      { resource_changes: [42] },
      /element in resource_changes that is not an object/,
    ],
    ["a nested list", { resource_changes: [[planned({ actions: ["create"] })]] }, /not an object/],
    ["no address", { resource_changes: [{ type: "a", change: { actions: ["create"] } }] }, /without address/],
    [
      "an address of another kind",
      { resource_changes: [planned({ actions: ["create"] }, { address: 1 })] },
      /without address/,
    ],
    ["no type", { resource_changes: [{ address: "a.b", change: { actions: ["create"] } }] }, /without type/],
    ["no change", { resource_changes: [planned(undefined)] }, /does not know, on some_type.a/],
    ["a null change", { resource_changes: [planned(null)] }, /does not know, on some_type.a/],
    ["a change that is a list", { resource_changes: [planned([])] }, /does not know, on some_type.a/],
    ["no actions", { resource_changes: [planned({ ...STATE })] }, /does not know, on some_type.a/],
    [
      "actions that are a text",
      { resource_changes: [planned({ actions: "create" })] },
      /does not know, on some_type.a: "create"/,
    ],
    ["actions that are numbers", { resource_changes: [planned({ actions: [1] })] }, /does not know/],
    [
      "a new action",
      { resource_changes: [planned({ actions: ["evaporate"] })] },
      /does not know, on some_type.a: \["evaporate"\]/,
    ],
    [
      "a deferred change without change",
      { deferred_changes: [{ reason: "x" }] },
      /deferred change without resource_change/,
    ],
    ["deferred changes that are a text", { deferred_changes: "x" }, /deferred_changes that are not a list/],
  ])("%s", (_, plan, message) => {
    const { problems, changes } = readPlan(plan);
    expect(problems).toMatchObject([
      { severity: "error", message: expect.stringMatching(message), source: { file: "prod/plan.json" } },
    ]);
    expect(changes).toEqual([]);
  });

  it("drift only warns", () => {
    const drift = ["a", "b", "c", "d"].map((name) =>
      planned({ actions: ["update"] }, { address: `some_type.${name}` }),
    );
    const { problems } = readPlan({ resource_changes: [], resource_drift: drift });
    expect(problems).toMatchObject([
      {
        severity: "warning",
        message: expect.stringMatching(/some_type.a, some_type.b, some_type.c and 1 more/),
      },
    ]);
  });

  it("what a moved block renames has not drifted", () => {
    const moved = planned({ actions: ["no-op"] }, { previous_address: "some_type.old" });
    expect(readPlan({ resource_drift: [moved] }).problems).toEqual([]);
  });

  it("a plan with nothing to do has none", () => {
    expect(readPlan({ planned_values: { root_module: {} }, errored: false }).problems).toEqual([]);
    expect(readPlan({ resource_changes: null, deferred_changes: null, resource_drift: [] }).problems).toEqual(
      [],
    );
  });

  it.each([
    [
      "text behind the document",
      '{"format_version":"1.2"} {"format_version":"1.2","resource_changes":[]}',
      /more text behind/,
      1,
      26,
    ],
    [
      "a truncated plan",
      '{"format_version":"1.2",\n"resource_changes":[{"address"',
      /ends in the middle/,
      2,
      31,
    ],
    ["a missing comma", '{"format_version":"1.2"\n "resource_changes":[]}', /comma/, 2, 2],
  ])("%s is refused with its place", (_, text, message, line, column) => {
    const caught = (() => {
      try {
        return readText(text);
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(InputError);
    expect(caught).toMatchObject({
      message: expect.stringMatching(message),
      source: { file: "prod/plan.json", line, column },
    });
  });

  it.each(['{"a":tru}', '{"a":"\\x"}', '{"a":[1}]', "{a:1}"])(
    "values that are not JSON (%s) are refused when they are asked for",
    (state) => {
      const { changes } = readText(
        `{"format_version":"1.2","resource_changes":[{"address":"some_type.a","type":"some_type","change":{"actions":["update"],"before":{},"after":${state}}}]}`,
      );
      expect(() => changes[0]?.after).toThrow(InputError);
      expect(() => changes[0]?.before).toThrow("the plan's values of some_type.a cannot be read");
    },
  );

  it("no document makes the reader throw anything but an InputError", () => {
    const key = fc.constantFrom(
      "address",
      "type",
      "change",
      "actions",
      "before",
      "after",
      "after_unknown",
      "resource_changes",
      "configuration",
      "root_module",
      "resources",
      "expressions",
      "references",
      "module_calls",
      "module",
      "outputs",
      "provider_config",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "medium" },
        fc.constantFrom(null, true, "create", "var.x", "module.a.b", 1),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 3 }), tree, tree, (changes, deferred, configuration) => {
        const { problems, changes: read } = readPlan({
          resource_changes: changes,
          deferred_changes: deferred,
          configuration,
        });
        expect(read.length + problems.length).toBeGreaterThanOrEqual(changes.length);
        for (const one of read) expect([one.before, one.after]).toHaveLength(2);
      }),
    );
  });
});

describe("a plan of a part", () => {
  const existing = (...names: readonly string[]) => ({
    values: {
      root_module: {
        resources: [
          ...names.map((name) => ({ address: `some_type.${name}`, mode: "managed" })),
          { address: "data.some_type.read", mode: "data" },
        ],
        child_modules: [{ resources: [{ address: "module.m.some_type.a", mode: "managed" }] }],
      },
    },
  });
  const change = (address: string) => planned({ actions: ["no-op"], ...STATE }, { address });
  const whole = ["some_type.a", "module.m.some_type.a"].map(change);
  const messages = (plan: Record<string, unknown>) =>
    readPlan(plan).problems.map(({ severity, message }) => `${severity}: ${message}`);

  it("is one where what exists is not mentioned, even if the host does not say so", () => {
    expect(messages({ resource_changes: whole, prior_state: existing("a") })).toEqual([]);
    expect(messages({ resource_changes: [change("some_type.a")], prior_state: existing("a", "b") })).toEqual([
      expect.stringMatching(/^error: .* says nothing of some_type.b, module.m.some_type.a; what depends/),
    ]);
  });

  it("is one that the host does not call complete, even if nothing exists yet", () => {
    expect(messages({ complete: false, resource_changes: [] })).toEqual([
      expect.stringMatching(/^error: .* for a part of the resources only \(-target, -exclude\); /),
    ]);
    expect(messages({ complete: true, resource_changes: [], prior_state: existing("a") })).toEqual([]);
  });

  it("is not one that leaves something for later, which it mentions", () => {
    const deferred_changes = [{ reason: "provider_config_unknown", resource_change: whole[1] }];
    const plan = { complete: false, resource_changes: [whole[0]], deferred_changes };
    const later = expect.stringMatching(/^warning: .* leaves 1 resource to a later plan/);
    expect(messages({ ...plan, prior_state: existing("a") })).toEqual([later]);
    expect(messages({ ...plan, prior_state: existing("a", "b") })).toEqual([
      later,
      expect.stringMatching(/^error: .* says nothing of some_type.b;/),
    ]);
  });

  it("is not one that only refreshes, or that ended with errors anyway", () => {
    expect(messages({ prior_state: existing("a") })).toEqual([]);
    expect(
      messages({ errored: true, complete: false, resource_changes: [], prior_state: existing("a") }),
    ).toEqual([expect.stringMatching(/^error: .* ended with errors/)]);
  });

  it.each([
    [null],
    [[]],
    [{ values: [] }],
    [{ values: { root_module: { resources: {}, child_modules: 1 } } }],
    [{ values: { root_module: { resources: [1, { mode: "managed" }], child_modules: [null] } } }],
  ])("cannot be told from a prior state like %j", (prior_state) => {
    expect(messages({ resource_changes: whole, prior_state })).toEqual([]);
  });
});

describe("kubernetes_manifest", () => {
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas: 2 },
  };
  it("is the object that it holds", () => {
    const { changes } = readPlan({
      resource_changes: [
        planned(
          {
            actions: ["update"],
            before: { manifest },
            after: { manifest: { ...manifest, spec: { replicas: 3 } } },
          },
          { type: "kubernetes_manifest" },
        ),
      ],
    });
    expect(changes).toMatchObject([
      {
        type: "apps/v1/Deployment",
        nativeType: "kubernetes_manifest",
        before: { spec: { replicas: 2 } },
        after: { spec: { replicas: 3 } },
      },
    ]);
    expect(changes[0]?.spell?.("spec.replicas")).toBe("manifest.spec.replicas");
  });
  it("is what it is when it holds none yet, and when it goes", () => {
    const of = (change: object) => changeOf(change, { type: "kubernetes_manifest" });
    expect(
      of({ actions: ["create"], after: { manifest: null }, after_unknown: { manifest: true } }).type,
    ).toBe("kubernetes_manifest");
    expect(of({ actions: ["delete"], before: { manifest }, after: null })).toMatchObject({
      type: "apps/v1/Deployment",
      after: undefined,
    });
  });
});
