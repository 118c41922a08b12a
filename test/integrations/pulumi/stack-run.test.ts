import { describe, expect, it } from "vitest";
import type { BeforeState } from "../../../src/integrations/pulumi/before-state.ts";
import { StackRun } from "../../../src/integrations/pulumi/stack-run.ts";
import { Secret, UNKNOWN } from "../../../src/model/value.ts";
import { stackChange, urnOf } from "../../support/pulumi/stack-change.ts";
import { registrations, wholeStack } from "./requests.ts";
import {
  actions,
  BUCKET,
  bucket,
  changeOf,
  created,
  deleted,
  run,
  same,
  stateBefore,
  TOPIC,
  updated,
} from "./runs.ts";

describe("what happens in a run", () => {
  it("is told of each resource as it is registered, and of all at the end", () => {
    const { resources, stack } = run([
      same(BUCKET, "kept", { bucket: "kept" }),
      updated(BUCKET, "packages", { acl: "public-read" }, { acl: "private" }),
      updated(BUCKET, "renamed", { bucket: "renamed" }, { bucket: "other" }),
      created(BUCKET, "logs", { acl: "private" }),
      deleted(BUCKET, "gone", { acl: "public-read" }),
    ]);
    expect(actions(stack)).toEqual({
      kept: "keep",
      packages: "update",
      renamed: "replace",
      logs: "create",
      gone: "delete",
    });
    const each = [...resources.values()].filter((one) => one !== undefined).map(actions);
    expect(each).toEqual([{ packages: "update" }, { renamed: "replace" }, { logs: "create" }]);
    expect(stack.deployment).toMatchObject({
      host: "pulumi-analyzer",
      name: "prod",
      knows: "before-and-after",
      problems: [],
    });
  });

  it("is told the same whatever the order of the engine's list", () => {
    const change = stackChange([
      updated(BUCKET, "packages", { acl: "public-read" }, { acl: "private" }),
      same(TOPIC, "alarms", {}, { dependencies: [bucket] }),
      created(BUCKET, "logs", {}),
      deleted(BUCKET, "gone", {}),
    ]);
    const finished = (turn: boolean) => {
      const stackRun = new StackRun("prod", stateBefore(change));
      for (const args of registrations(change)) stackRun.register(args);
      const list = wholeStack(change);
      return JSON.stringify(stackRun.finish(turn ? [...list].reverse() : list).deployment);
    };
    expect(finished(true)).toBe(finished(false));
  });

  it("has the values before and after, those that nobody wrote included", () => {
    const old = { inputs: { acl: "public-read" }, outputs: { acl: "public-read", region: "us-east-1" } };
    const { stack } = run([{ op: "update", urn: bucket, old, next: { inputs: { acl: "private" } } }]);
    const { before, after } = changeOf(stack, "packages");
    expect(before).toMatchObject({ acl: "public-read", region: "us-east-1" });
    expect(after).toMatchObject({ acl: "private", region: "us-east-1" });
  });

  it.each(["taint", "pendingReplacement"])(
    "replaces what the state marks by `%s`, its inputs unchanged",
    (mark) => {
      // pulumi, pkg/resource/deploy/step_generator.go: both marks make a replacement of it, whatever the inputs say.
      const more = { [bucket]: { [mark]: true } };
      const { resources, stack } = run([{ ...same(BUCKET, "packages", { acl: "private" }), op: "replace" }], {
        more,
      });
      expect(actions(stack)).toEqual({ packages: "replace" });
      expect(resources.get(bucket)?.deployment.changes).toMatchObject([{ action: "replace" }]);
    },
  );

  it("keeps secrets and unknowns what they are", () => {
    const next = { acl: UNKNOWN, policy: new Secret("hunter2") };
    const { resources, stack } = run([updated(BUCKET, "packages", { acl: "private" }, next)]);
    for (const one of [resources.get(bucket), stack]) {
      const after = one && changeOf(one, "packages").after;
      expect(after).toMatchObject({ acl: UNKNOWN, policy: expect.any(Secret) });
      expect(JSON.stringify(one?.deployment)).not.toContain("hunter2");
    }
  });

  it("warns of what is wrong with the state", () => {
    const problem = { message: "an update was interrupted", severity: "warning" as const };
    const { stack } = run([], { before: { kind: "known", states: [], problems: [problem] } });
    expect(stack.deployment.problems).toEqual([problem]);
  });
});

describe("what the engine does not list any more", () => {
  it("is deleted", () => {
    const { stack } = run([deleted(BUCKET, "packages", { acl: "private" })]);
    expect(changeOf(stack, "packages")).toMatchObject({
      address: bucket,
      action: "delete",
      before: { acl: "private" },
      after: undefined,
    });
  });

  it("is forgotten where it is to be retained", () => {
    const more = { [bucket]: { retainOnDelete: true } };
    expect(actions(run([deleted(BUCKET, "packages", {})], { more }).stack)).toEqual({
      packages: "forget",
    });
  });

  it("is forgotten where the stack has only read it, never made it", () => {
    // pulumi, pkg/resource/deploy/step.go: deleting an external resource is the operation `discard`.
    const more = { [bucket]: { external: true } };
    expect(actions(run([deleted(BUCKET, "packages", {})], { more }).stack)).toEqual({
      packages: "forget",
    });
  });

  it("is no deletion of a component or a provider", () => {
    const component = urnOf("estate:platform:Store", "store");
    const east = urnOf("pulumi:providers:aws", "east");
    const { stack } = run([
      { op: "delete", urn: component, custom: false, old: { inputs: {} } },
      { op: "delete", urn: east, old: { inputs: {}, id: "1" } },
    ]);
    expect(actions(stack)).toEqual({});
  });

  it("was gone before where it only waited for its deletion", () => {
    const more = { [bucket]: { delete: true } };
    expect(actions(run([deleted(BUCKET, "packages", {})], { more }).stack)).toEqual({});
  });

  it("is still what others depended on", () => {
    const { stack } = run([
      deleted(BUCKET, "packages", {}),
      updated(TOPIC, "alarms", { a: 1 }, { a: 2 }, { dependencies: [bucket] }),
      deleted(TOPIC, "old", {}, { dependencies: [bucket] }),
    ]);
    expect(stack.deployment.edges).toContainEqual({ from: urnOf(TOPIC, "old"), to: bucket });
  });
});

describe("an alias", () => {
  const old = urnOf(BUCKET, "old");

  it("is under what a resource stood before, which is neither created nor deleted", () => {
    const side = { inputs: { acl: "private" }, id: "packages" };
    const { resources, stack } = run([
      { op: "same", urn: bucket, oldUrn: old, old: side, next: { ...side, aliases: [old] } },
    ]);
    expect(actions(stack)).toEqual({ packages: "keep" });
    expect(resources.get(bucket)).toBeUndefined();
  });

  it("does not hide what changes", () => {
    const { stack } = run([
      {
        op: "update",
        urn: bucket,
        oldUrn: old,
        old: { inputs: { acl: "public-read" } },
        next: { inputs: { acl: "private" }, aliases: [old] },
      },
    ]);
    expect(stack.deployment.changes).toMatchObject([
      { action: "update", before: { acl: "public-read" }, after: { acl: "private" } },
    ]);
  });

  it("that nothing has stood under changes nothing", () => {
    const { stack } = run([created(BUCKET, "packages", { acl: "private" }, { aliases: [old] })]);
    expect(actions(stack)).toEqual({ packages: "create" });
  });

  it("goes behind the resource's own name where both are there", () => {
    const { stack } = run([
      deleted(BUCKET, "old", { acl: "a" }),
      {
        op: "same",
        urn: bucket,
        old: { inputs: { acl: "b" } },
        next: { inputs: { acl: "b" }, aliases: [old] },
      },
    ]);
    expect(actions(stack)).toEqual({ packages: "keep", old: "delete" });
  });
});

describe("--target", () => {
  it("leaves creations out, which come without inputs", () => {
    const { resources, stack } = run([
      created(BUCKET, "packages", {}),
      updated(BUCKET, "logs", { a: 1 }, { a: 2 }),
    ]);
    expect(resources.get(bucket)).toBeUndefined();
    expect(actions(stack)).toEqual({ logs: "update" });
  });

  it("shows the old inputs of what it leaves as it is", () => {
    const { stack } = run([same(BUCKET, "packages", { acl: "private" }), created(BUCKET, "logs", { a: 1 })]);
    expect(actions(stack)).toEqual({ packages: "keep", logs: "create" });
  });

  it("does not make a resource without inputs that exists disappear", () => {
    expect(actions(run([same(BUCKET, "packages", {})]).stack)).toEqual({ packages: "keep" });
  });

  it("tells whether it was shown any inputs", () => {
    const change = stackChange([same(BUCKET, "packages", { acl: "private" })]);
    const unseen = new StackRun("prod", stateBefore(change));
    unseen.finish(wholeStack(change));
    expect(unseen.sawInputs).toBe(false);
  });
});

describe("without a state before the change", () => {
  it.each<BeforeState>([
    { kind: "unknown", because: "nobody could be asked" },
    { kind: "unreadable", because: "it is cut off" },
  ])("only what will be is known: $kind", (before) => {
    const { resources, stack } = run(
      [updated(BUCKET, "packages", { acl: "public-read" }, { acl: "private" }), deleted(BUCKET, "gone", {})],
      { before },
    );
    for (const one of [resources.get(bucket), stack]) {
      expect(one?.deployment.knows).toBe("after-only");
      expect(one?.deployment.changes).toMatchObject([{ name: "packages", before: undefined }]);
    }
  });

  it("everything is new in a stack that is known to be empty", () => {
    const { stack } = run([created(BUCKET, "packages", { a: 1 })], {
      before: { kind: "known", states: [], problems: [] },
    });
    expect(stack.deployment.knows).toBe("before-and-after");
    expect(actions(stack)).toEqual({ packages: "create" });
  });
});
