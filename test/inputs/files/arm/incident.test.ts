import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseArmId } from "../../../../src/dialects/arm.ts";
import { armTemplates } from "../../../../src/inputs/files/arm/template.ts";
import { library } from "../../../incidents/support.ts";
import { compared, judged, stoppedBy } from "../texts.ts";

const ID = "azure-2026-02-storage-access";
const FOLDER = join(import.meta.dirname, "../../../../fixtures/incidents", ID);

interface WhatIf {
  readonly changes: readonly {
    readonly resourceId: string;
    readonly before: Resource;
    readonly after: Resource;
  }[];
}
type Resource = Readonly<Record<string, unknown>> | null;

/** A what-if's resources of one side as the template that would make them: a nested deployment for each resource group. */
function templateOf(file: string, side: "before" | "after"): string {
  const { changes } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as WhatIf;
  const groups = new Map<string | undefined, object[]>();
  for (const change of changes) {
    const resource = change[side];
    const id = parseArmId(change.resourceId);
    if (resource === null || resource === undefined || id === undefined) continue;
    const behind = change.resourceId.slice(change.resourceId.lastIndexOf("/providers/")).split("/").slice(3);
    const name = behind.filter((_, i) => i % 2 === 1).join("/");
    const { id: _, ...rest } = resource;
    groups.set(id.resourceGroup, [...(groups.get(id.resourceGroup) ?? []), { ...rest, name }]);
  }
  const schema = (level: string) => `https://schema.management.azure.com/schemas/2018-05-01/${level}.json#`;
  return JSON.stringify(
    {
      $schema: schema("subscriptionDeploymentTemplate"),
      contentVersion: "1.0.0.0",
      resources: [...groups].flatMap(([group, resources]) =>
        group === undefined
          ? resources
          : [
              {
                type: "Microsoft.Resources/deployments",
                apiVersion: "2022-09-01",
                name: `in-${group}`,
                resourceGroup: group,
                properties: {
                  mode: "Incremental",
                  expressionEvaluationOptions: { scope: "inner" },
                  template: { $schema: schema("deploymentTemplate"), contentVersion: "1.0.0.0", resources },
                },
              },
            ],
      ),
    },
    null,
    2,
  );
}

const variant = library.find(({ id }) => id === ID)?.variants.find(({ id }) => id === "arm-what-if");

describe("the template behind a what-if", () => {
  const file = "arm-what-if/production.json";

  it("is stopped by the same policies", async () => {
    const path = "infra/production.json";
    const change = await compared(
      armTemplates,
      { [path]: templateOf(file, "before") },
      { [path]: templateOf(file, "after") },
    );
    const report = judged(change);
    expect(report.problems).toEqual([]);
    expect(stoppedBy(report)).toEqual(variant?.blockedBy.toSorted());
    const placed = report.findings.filter(({ type }) => type !== "deployment");
    expect(placed.every(({ source }) => source?.file === path && (source.line ?? 0) > 1)).toBe(true);
  });

  it("passes where its change does", async () => {
    const safe = `safe/${file}`;
    const change = await compared(
      armTemplates,
      { "infra/production.json": templateOf(safe, "before") },
      { "infra/production.json": templateOf(safe, "after") },
    );
    expect(stoppedBy(judged(change))).toEqual([]);
  });
});
