import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import recommended from "../../../packs/recommended.ts";
import { activate } from "../../engine/activate.ts";
import { judge } from "../../engine/judge.ts";
import { facetsOf, meaningOf } from "../../engine/meaning.ts";
import { NO_SETTINGS } from "../../engine/settings.ts";
import { readPaths } from "../../inputs/read.ts";
import { packageRoot } from "../../package.ts";
import { textOf } from "./telling.ts";

const incident = join(packageRoot, "fixtures/incidents/azure-2026-02-storage-access/cdktf-synth");

/** More gains little. */
const TIMES = 12;

/**
 * Judges the outage that comes with the package, again and again until somebody asks for something real: code that has run a
 * few hundred times is compiled, and several times as fast, when an app waits for it.
 */
export async function rehearse(isAsked: () => boolean): Promise<void> {
  const policies = activate([recommended], NO_SETTINGS);
  const isChange = meaningOf(facetsOf(policies));
  const before = join(incident, "before/production.tfstate");
  for (let time = 0; time < TIMES && !isAsked(); time++) {
    const { deployments } = await readPaths([join(incident, "cdktf.out")], { before, isChange });
    textOf(judge(deployments, policies, NO_SETTINGS, { today: "2026-02-02", version: "0" }), []);
    // Lets a question come in.
    await setImmediate();
  }
}
