import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { pulumiYamlFiles } from "../../../../src/inputs/files/pulumi-yaml/pulumi-yaml.ts";
import { parseUrn } from "../../../../src/inputs/pulumi/urn.ts";
import { library } from "../../../incidents/support.ts";
import { compared, judged, stoppedBy } from "../texts.ts";

const ID = "azure-2026-02-storage-access";
const FOLDER = join(import.meta.dirname, "../../../../fixtures/incidents", ID);

interface State {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly custom: boolean;
}
interface Preview {
  readonly steps: readonly { readonly urn: string; readonly oldState?: State; readonly newState?: State }[];
}

/** A preview's resources of one side as the program that would make them. */
function programOf(file: string, side: "oldState" | "newState"): string {
  const { steps } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Preview;
  const resources: Record<string, unknown> = {};
  for (const step of steps) {
    const state = step[side];
    const urn = parseUrn(step.urn);
    if (state === undefined || urn === undefined || urn.type.startsWith("pulumi:")) continue;
    const dependsOn = (state.dependencies ?? []).map((one) => `\${${parseUrn(one)?.name}}`);
    const version = urn.type.startsWith("azure:") ? { version: "6.40.0" } : {};
    resources[urn.name] = {
      type: urn.type,
      properties: state.inputs,
      options: { ...(dependsOn.length > 0 && { dependsOn }), ...version },
    };
  }
  return stringify({ name: "estate", runtime: "yaml", resources });
}

const variants = library.find(({ id }) => id === ID)?.variants ?? [];

describe.each(["pulumi-azure-native", "pulumi-classic"])("the program behind a preview of %s", (host) => {
  const file = `${host}/preview.json`;
  const change = (path: string) =>
    compared(
      pulumiYamlFiles,
      { "infra/Pulumi.yaml": programOf(path, "oldState"), "infra/Pulumi.production.yaml": "config: {}\n" },
      { "infra/Pulumi.yaml": programOf(path, "newState"), "infra/Pulumi.production.yaml": "config: {}\n" },
    );

  it("is stopped by the same policies", async () => {
    const report = judged(await change(file));
    expect(report.problems).toEqual([]);
    expect(stoppedBy(report)).toEqual(variants.find(({ id }) => id === host)?.blockedBy.toSorted());
    const placed = report.findings.filter(({ type }) => type !== "deployment");
    expect(placed.every(({ source }) => source?.file === "infra/Pulumi.yaml" && (source.line ?? 0) > 1)).toBe(
      true,
    );
  });

  it("passes where its change does", async () => {
    expect(stoppedBy(judged(await change(`safe/${file}`)))).toEqual([]);
  });
});
