import { expect, it } from "vitest";
import { memoryInput } from "../../../src/inputs/input.ts";
import { pulumiEvents } from "../../../src/inputs/pulumi/events.ts";
import { pulumiPreview } from "../../../src/inputs/pulumi/preview.ts";
import { pulumiState } from "../../../src/inputs/pulumi/state.ts";
import type { Reader } from "../../../src/inputs/reader.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { Secret, UNKNOWN } from "../../../src/model/value.ts";
import { analyzedResources } from "./calls.ts";
import { checkpoint, engineEvents, eventLog, previewDigest, stackExport } from "./documents.ts";
import { providersOf } from "./examples.ts";
import { type ResourceChange, rootUrn, stackChange, urnOf } from "./stack-change.ts";

const ACCOUNT = "azure:storage/account:Account";
const provider = `${urnOf("pulumi:providers:azure", "default_6_0_0")}::6f1c`;
const account = (name: string) => urnOf(ACCOUNT, name);

/** One resource for each thing that can happen to one. */
const resources: readonly ResourceChange[] = [
  {
    op: "same",
    urn: account("stays"),
    old: {
      id: "/stays",
      provider,
      inputs: { name: "stays" },
      outputs: { name: "stays", endpoint: "https://s" },
    },
    next: {
      id: "/stays",
      provider,
      inputs: { name: "stays" },
      outputs: { name: "stays", endpoint: "https://s" },
    },
  },
  {
    op: "update",
    urn: account("changes"),
    old: { id: "/changes", provider, inputs: { name: "changes", key: new Secret("hunter1") }, protect: true },
    next: {
      id: "/changes",
      provider,
      inputs: { name: "changes", key: new Secret("hunter2"), owner: UNKNOWN },
      dependencies: [account("stays")],
      propertyDependencies: { owner: [account("stays")] },
      protect: true,
    },
  },
  { op: "create", urn: account("comes"), next: { provider, inputs: { name: "comes" } } },
  { op: "delete", urn: account("goes"), old: { id: "/goes", provider, inputs: { name: "goes" } } },
  {
    op: "replace",
    urn: account("anew"),
    old: { id: "/old", provider, inputs: { name: "old" } },
    next: { provider, inputs: { name: "new" } },
  },
  {
    op: "update",
    urn: account("renamed"),
    oldUrn: account("was"),
    old: { id: "/was", provider, inputs: { name: "was", size: 1 } },
    next: { id: "/was", provider, inputs: { name: "was", size: 2 }, aliases: [account("was")] },
  },
];
const change = stackChange([...providersOf(resources), ...resources]);

function read(reader: Reader, text: string): Deployment {
  const [deployment] = reader.read(memoryInput("document.json", Buffer.from(text)));
  if (deployment === undefined) throw new Error("nothing was read");
  return deployment;
}

function told({ changes }: Deployment) {
  return changes
    .map(({ address, type, action, before, after, provider }) => ({
      address,
      type,
      action,
      before,
      after,
      provider,
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

it("tells the same change in a digest, in events and in an event log", () => {
  const digest = read(pulumiPreview, previewDigest(change));
  expect(digest.problems).toEqual([]);
  expect(Object.fromEntries(digest.changes.map(({ name, action }) => [name, action]))).toEqual({
    stays: "keep",
    changes: "update",
    comes: "create",
    goes: "delete",
    anew: "replace",
    renamed: "update",
  });
  expect(digest.edges).toEqual([{ from: account("changes"), to: account("stays") }]);
  for (const events of [engineEvents(change), eventLog(change)]) {
    const streamed = read(pulumiEvents, events);
    expect(told(streamed)).toEqual(told(digest));
    expect(streamed.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  }
});

it("leaves what stays out of a digest without --show-sames", () => {
  const digest = read(pulumiPreview, previewDigest(change, { showSames: false }));
  expect(digest.changes.map(({ name }) => name)).not.toContain("stays");
  expect(JSON.parse(previewDigest(change, { showSames: false })).steps[0].urn).toBe(rootUrn(change));
});

it("writes the state before the change as an export and as a checkpoint", () => {
  const exported = read(pulumiState, stackExport(change));
  expect(exported.changes.map(({ name }) => name)).toEqual(["stays", "changes", "goes", "anew", "was"]);
  expect(told(read(pulumiState, checkpoint(change)))).toEqual(told(exported));
  expect(JSON.parse(checkpoint(change)).checkpoint.stack).toBe("organization/estate/prod");
});

it("shows no secret but in an export that was asked to, and on the wire", () => {
  const documents = [stackExport(change), checkpoint(change), previewDigest(change), eventLog(change)];
  for (const document of documents) expect(document).not.toMatch(/hunter[12]/);
  const secretOf = (text: string) => {
    const found = read(pulumiState, text).changes.find(({ name }) => name === "changes")?.before;
    return Object.entries(found ?? {}).find(([name]) => name === "key")?.[1];
  };
  const [hidden, shown] = [stackExport(change), stackExport(change, { showSecrets: true })].map(secretOf);
  expect(hidden).toBeInstanceOf(Secret);
  expect(hidden instanceof Secret && hidden.reveal()).toBe(UNKNOWN);
  expect(shown instanceof Secret && shown.reveal()).toBe("hunter1");
});

it("asks a pack about what will be, in the order of registration", () => {
  const calls = analyzedResources(change);
  expect(calls.map(({ name }) => name)).toEqual([
    "estate-prod",
    "default_6_0_0",
    "stays",
    "changes",
    "comes",
    "anew",
    "renamed",
  ]);
  const [root, azure, stays, changes] = calls;
  expect(root).toMatchObject({ type: "pulumi:pulumi:Stack", properties: {} });
  expect(stays).toMatchObject({ parent: rootUrn(change), outputs: { endpoint: "https://s" } });
  expect(changes).toMatchObject({
    options: { protect: true, parent: rootUrn(change) },
    provider: { urn: azure?.urn, properties: { version: "6.0.0" } },
    dependencies: [account("stays")],
    propertyDependencies: { owner: [account("stays")] },
  });
  expect(calls.at(-1)?.options?.aliases).toEqual([account("was")]);
});
