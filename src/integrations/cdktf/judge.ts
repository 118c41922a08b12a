import { join } from "node:path";
import { setUp } from "../../config/setup.ts";
import { today } from "../../config/today.ts";
import { judge } from "../../engine/judge.ts";
import { facetsOf, meaningOf } from "../../engine/meaning.ts";
import { withBefore } from "../../inputs/before.ts";
import { readStacks } from "../../inputs/cdktf/manifest.ts";
import { readBefore } from "../../inputs/read.ts";
import type { Report } from "../../model/report.ts";
import { packageVersion } from "../../package.ts";
import type { JudgementOptions, Synth } from "./judgement.ts";

/**
 * Loads the configuration, the packs and the before-state, and gives what judges a synth by them. Rejects with a UsageError
 * where they are wrong; a before-state that cannot be read is a problem of the report.
 */
export async function makeReady(
  { before, pack = [], config }: JudgementOptions,
  outdir: string,
): Promise<(synth: Synth) => Report> {
  const day = today(process.env["FIREBREAK_TODAY"]);
  const { settings, policies } = await setUp({ pack, ...(config !== undefined && { config }) }, day);
  const existing = before === undefined ? undefined : await readBefore(before, [outdir]);
  const isChange = meaningOf(facetsOf(policies));
  return (synth) => {
    const { directory } = synth;
    const file = join(directory, "manifest.json");
    const stacks = readStacks(synth.stacks, directory).map((stack) => ({ ...stack, file }));
    const deployments =
      existing === undefined || existing.deployments.length === 0
        ? stacks
        : withBefore(stacks, existing.deployments, { isChange });
    return judge(deployments, policies, settings, {
      today: day,
      version: packageVersion(),
      problems: existing?.problems ?? [],
    });
  };
}
