/**
 * Synthesises the estate of fixtures/apps as each change leaves it: `FOLDER CHANGE…`, each to FOLDER/CHANGE. Started with
 * `--conditions=cdktn` it does so with CDK Terrain.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { estate } from "../../../fixtures/apps/estate.ts";

const [folder = ".", ...changes] = process.argv.slice(2);
for (const change of changes) {
  const out = join(folder, change);
  mkdirSync(out, { recursive: true });
  // As the construct libraries' own command line tells an app.
  process.env.CDKTF_OUTDIR = out;
  estate(change).synth();
}
