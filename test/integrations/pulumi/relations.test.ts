import { describe, expect, it } from "vitest";
import type { Judgeable } from "../../../src/integrations/pulumi/stack-run.ts";
import { type ResourceChange, urnOf } from "../../support/pulumi/stack-change.ts";
import { actions, BUCKET, bucket, changeOf, created, deleted, run, same, TOPIC, updated } from "./runs.ts";

/** Who depends on the resource of that name. */
function reachOf(judged: Judgeable | undefined, name: string) {
  if (judged === undefined) throw new Error(`nothing is judged of ${name}`);
  return judged.relations.reachOf(changeOf(judged, name)).summary();
}

describe("a component", () => {
  const component = urnOf("estate:platform:Store", "store");
  const inside = `urn:pulumi:prod::estate::estate:platform:Store$${BUCKET}::packages`;
  const store: ResourceChange = {
    op: "same",
    urn: component,
    custom: false,
    old: { inputs: { size: 1 } },
    next: { inputs: { size: 2 } },
  };
  const held: ResourceChange = {
    op: "update",
    urn: inside,
    old: { inputs: { acl: "public-read" }, parent: component },
    next: { inputs: { acl: "private" }, parent: component },
  };

  it("is no resource, and what is in it is", () => {
    const { resources, stack } = run([store, held]);
    expect(resources.get(component)).toBeUndefined();
    expect(stack.deployment.changes).toMatchObject([{ address: inside, name: "packages", action: "update" }]);
  });

  it("stands for what is in it where others depend on it", () => {
    const { stack } = run([store, held, same(TOPIC, "alarms", {}, { dependencies: [component] })]);
    expect(stack.deployment.edges).toEqual([{ from: urnOf(TOPIC, "alarms"), to: inside }]);
    expect(reachOf(stack, "packages")).toMatchObject({ resources: 1 });
  });

  it("that is new is told from a resource: it has no provider", () => {
    const fresh = urnOf("estate:platform:Store", "fresh");
    const { resources, stack } = run([
      { op: "create", urn: fresh, custom: false, next: { inputs: { a: 1 } } },
    ]);
    expect(resources.get(fresh)).toBeUndefined();
    expect(actions(stack)).toEqual({});
  });
});

describe("the provider's version", () => {
  const east = urnOf("pulumi:providers:aws", "east");

  /** A provider of this version, and a bucket that uses it. */
  function bucketOf(version: string | undefined, reference: string): readonly ResourceChange[] {
    const inputs = version === undefined ? {} : { version };
    const side = { provider: `${reference}::1`, inputs: { acl: "private" } };
    return [
      { op: "same", urn: reference, old: { inputs, id: "1" }, next: { inputs } },
      { op: "update", urn: bucket, old: { ...side, inputs: { acl: "public" } }, next: side },
    ];
  }

  it.each([
    ["its inputs", "6.83.0", east, 5],
    ["a later version", "7.1.0", east, 6],
    ["a default provider's name", undefined, urnOf("pulumi:providers:aws", "default_6_83_0"), 5],
  ])("comes from %s", (_, version, reference, major) => {
    const { resources, stack } = run(bucketOf(version, reference));
    for (const one of [resources.get(bucket), stack]) {
      expect(one?.deployment.changes).toMatchObject([{ provider: { name: "aws", major } }]);
    }
  });

  it("is not made up", () => {
    const { stack } = run(bucketOf(undefined, east));
    expect(changeOf(stack, "packages").provider).toEqual({ name: "aws" });
  });

  it("is known of what is deleted together with its provider", () => {
    const { stack } = run([
      { op: "delete", urn: east, old: { inputs: { version: "6.83.0" }, id: "1" } },
      deleted(BUCKET, "packages", {}, { provider: `${east}::1` }),
    ]);
    expect(changeOf(stack, "packages")).toMatchObject({ provider: { name: "aws", major: 5 } });
  });
});

describe("who depends on a resource that is being registered", () => {
  const topic = same(TOPIC, "alarms", { region: "us-east-1" }, { dependencies: [bucket] });

  it("is told from what exists", () => {
    const { resources } = run([updated(BUCKET, "packages", { acl: "a" }, { acl: "b" }), topic]);
    expect(reachOf(resources.get(bucket), "packages")).toMatchObject({
      resources: 1,
      nearest: [urnOf(TOPIC, "alarms")],
    });
  });

  it("is told under the old name of what is renamed", () => {
    const renamed = urnOf(BUCKET, "renamed");
    const { resources } = run([
      {
        op: "update",
        urn: renamed,
        oldUrn: bucket,
        old: { inputs: { acl: "a" } },
        next: { inputs: { acl: "b" }, aliases: [bucket] },
      },
      topic,
    ]);
    expect(reachOf(resources.get(renamed), "renamed")).toMatchObject({
      resources: 1,
      nearest: [urnOf(TOPIC, "alarms")],
    });
  });

  it("is nobody where it is new", () => {
    const { resources } = run([created(BUCKET, "packages", { acl: "a" }), topic]);
    expect(reachOf(resources.get(bucket), "packages")).toMatchObject({ resources: 0 });
  });
});
