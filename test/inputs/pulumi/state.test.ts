import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memoryInput } from "../../../src/inputs/input.ts";
import { pulumiState } from "../../../src/inputs/pulumi/state.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { InputError } from "../../../src/model/errors.ts";

const EXPORT = readFileSync(new URL("../../fixtures/pulumi/shop.stack.json", import.meta.url), "utf8");

function read(text: string): Deployment {
  return pulumiState.read(memoryInput("stack.json", Buffer.from(text)))[0] as Deployment;
}

describe("pulumi stack export", () => {
  const shop = read(EXPORT);
  const named = (name: string) => shop.changes.find((change) => change.name === name);

  it("keeps every resource, but not the copies that wait to be deleted", () => {
    expect(shop).toMatchObject({
      host: "pulumi-state",
      name: "prod-westeurope",
      knows: "before-and-after",
      problems: [],
    });
    expect(shop.changes.map((change) => `${change.action} ${change.name} ${change.type}`)).toEqual([
      "keep assets azurerm_storage_account",
      "keep images azurerm_storage_container",
      "keep logs azurerm_storage_account",
      "keep front azurerm_linux_web_app",
      "keep orders azurerm_servicebus_queue",
    ]);
    for (const change of shop.changes) expect(change.after).toBe(change.before);
    expect(JSON.stringify(shop)).not.toContain("shoplogsold");
  });

  it("takes the provider's version from the provider", () => {
    expect(named("assets")?.provider).toEqual({ name: "azurerm", major: 4 });
  });

  it("shows no secret, however it is kept", () => {
    const text = JSON.stringify(shop);
    for (const hidden of ["a-key-that-nobody-may-see", "deadbeef", "cafe"])
      expect(text).not.toContain(hidden);
    expect(text).toContain("(secret)");
  });

  it("resolves a dependency on a component", () => {
    const edges = shop.edges.filter((edge) => edge.from === named("front")?.address).map((edge) => edge.to);
    expect(edges).toEqual([named("assets")?.address, named("orders")?.address]);
  });
});

describe("checkpoints", () => {
  const { deployment } = JSON.parse(EXPORT) as { deployment: unknown };

  it.each([1, 2, 3, 4])("version %i is read", (version) => {
    const checkpoint = { version, checkpoint: { stack: "prod", latest: deployment } };
    expect(JSON.stringify(read(JSON.stringify(checkpoint)).changes)).toBe(
      JSON.stringify(read(EXPORT).changes),
    );
  });

  it("one from before the format had versions is read too", () => {
    expect(read(JSON.stringify({ target: "prod", latest: deployment })).changes).toHaveLength(5);
  });

  it("a stack that was never updated has nothing", () => {
    expect(read('{"version":3,"checkpoint":{"stack":"prod"}}')).toMatchObject({
      name: "stack",
      changes: [],
      problems: [],
    });
    expect(read('{"version":3,"deployment":{"manifest":{}}}').changes).toEqual([]);
  });

  it.each([
    [5, "newer than this version of Firebreak knows"],
    [0, "which no Pulumi since 2017 writes"],
    [undefined, "(none)"],
  ])("version %s is refused", (version, reason) => {
    const document = JSON.stringify({ version, deployment });
    expect(() => read(document)).toThrow(InputError);
    expect(() => read(document)).toThrow(reason);
  });

  it("anything else is refused", () => {
    for (const text of ["{}", "[]", '{"version":3,"deployment":3}', '{"latest":3}']) {
      expect(() => read(text)).toThrow("neither a deployment nor a checkpoint");
    }
  });

  it("says what is wrong with a part", () => {
    const { problems } = read(
      JSON.stringify({ version: 3, deployment: { resources: [{ urn: "x" }, 3], pending_operations: [{}] } }),
    );
    expect(problems.map((problem) => problem.severity)).toEqual(["error", "error", "warning"]);
  });
});
