import { resolve } from "node:path";
import recommended from "../../packs/recommended.ts";
import { activate } from "../../src/engine/activate.ts";
import { judge } from "../../src/engine/judge.ts";
import { NO_SETTINGS } from "../../src/engine/settings.ts";
import { type IncidentInput, incidentsIn } from "../../src/incidents/library.ts";
import { readPaths } from "../../src/inputs/read.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import type { Report } from "../../src/model/report.ts";

export const library = incidentsIn(resolve(import.meta.dirname, "../../fixtures/incidents"));

/** Reads and judges an input of the library with the recommended policies, as `firebreak check` does. */
export async function judgeInput({
  paths,
  before,
}: IncidentInput): Promise<{ deployments: readonly Deployment[]; report: Report }> {
  const { deployments, problems } = await readPaths(paths, { ...(before !== undefined && { before }) });
  const context = { today: "2026-02-02", version: "0.0.0", problems };
  return {
    deployments,
    report: judge(deployments, activate([recommended], NO_SETTINGS), NO_SETTINGS, context),
  };
}
