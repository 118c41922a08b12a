// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type MergesAhead, mergeAhead, withBefore } from "../../../src/inputs/before.ts";
import { type ListedStack, StackReader } from "../../../src/inputs/cdktf/stack-reader.ts";
import type { Deployment } from "../../../src/model/deployment.ts";

const folder = mkdtempSync(join(tmpdir(), "firebreak-stacks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A stack that makes a group, and one that stands on it through its state. */
const platform = (tier: string) => ({
  resource: {
    azurerm_resource_group: { shared: { name: "shared", location: "eastus" } },
    azurerm_storage_account: { packages: { name: "packages", access_tier: tier } },
  },
  output: { group: { value: "${azurerm_resource_group.shared.name}" } },
});
const machines = {
  data: {
    terraform_remote_state: { "cross-stack-reference-input-platform": { backend: "local", config: {} } },
  },
  resource: {
    azurerm_linux_virtual_machine_scale_set: {
      fleet: {
        name: "fleet",
        resource_group_name:
          "${data.terraform_remote_state.cross-stack-reference-input-platform.outputs.group}",
      },
    },
  },
};

function written(name: string, document: object | string, dependencies: readonly string[] = []): ListedStack {
  const path = `${name}.tf.json`;
  writeFileSync(
    join(folder, path),
    typeof document === "string" ? document : JSON.stringify({ terraform: {}, ...document }),
  );
  return { name, path, dependencies, errors: [] };
}

/** Without what resolves references, which is a function. */
function told(deployments: readonly Deployment[]) {
  return deployments.map(({ configuration: _, ...rest }) => rest);
}

describe("stacks that are read while others are still written", () => {
  it("are understood as if they were read with the others", () => {
    const existing = new StackReader(folder).read([
      written("platform", platform("Hot")),
      written("machines", machines, ["platform"]),
    ]);
    const stacks = [
      written("platform", platform("Cool")),
      written("machines", machines, ["platform"]),
      written("edge", platform("Hot")),
    ];
    const plain = new StackReader(folder).read(stacks);
    const compared = withBefore(plain, existing);
    expect(compared.flatMap(({ changes }) => changes.map(({ action }) => action))).toContain("update");
    fc.assert(
      fc.property(fc.shuffledSubarray(stacks, { maxLength: 3 }), (early) => {
        const reader = new StackReader(folder);
        const merges: MergesAhead = new Map();
        for (const stack of early) {
          const deployment = reader.readAhead(stack);
          if (deployment !== undefined) mergeAhead(deployment, existing, {}, merges);
        }
        expect(merges.size).toBe(early.filter(({ name }) => name === "platform").length);
        const read = reader.read(stacks);
        expect(told(read)).toEqual(told(plain));
        expect(told(withBefore(read, existing, {}, merges))).toEqual(told(compared));
      }),
      { numRuns: 30 },
    );
  });

  it("count for nothing once their file is another", () => {
    const reader = new StackReader(folder);
    reader.readAhead(written("platform", platform("Hot")));
    const [deployment] = reader.read([written("platform", platform("Cool"))]);
    expect(deployment?.changes.map(({ after }) => after)).toContainEqual(
      expect.objectContaining({ access_tier: "Cool" }),
    );
  });

  it("are complained about once, when all are read", () => {
    const reader = new StackReader(folder);
    const broken = written("platform", '{"resource": ');
    expect(reader.readAhead(broken)).toBeUndefined();
    const [deployment] = reader.read([broken]);
    expect(deployment?.problems).toHaveLength(1);
    expect(deployment?.problems[0]).toMatchObject({ severity: "error", source: { line: 1 } });
  });
});
