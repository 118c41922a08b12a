import { join } from "node:path";
import { setUp } from "../../config/setup.ts";
import { today } from "../../config/today.ts";
import { judge } from "../../engine/judge.ts";
import { facetsOf, meaningOf } from "../../engine/meaning.ts";
import { Graph } from "../../graph/graph.ts";
import { withBefore } from "../../inputs/before.ts";
import { readStacks } from "../../inputs/cdktf/manifest.ts";
import { readBefore } from "../../inputs/read.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { Report } from "../../model/report.ts";
import { packageVersion } from "../../package.ts";
import type { JudgementOptions, Synth } from "./judgement.ts";

/**
 * Loads the configuration, the packs and the before-state, and gives what judges a synth by them. Rejects with a UsageError
 * where they are wrong; a before-state that cannot be read is a problem of the report.
 */
export async function judgeFor(
  { before, pack = [], config }: JudgementOptions,
  outdir: string,
): Promise<(synth: Synth) => Report> {
  const day = today(process.env["FIREBREAK_TODAY"]);
  const { settings, policies } = await setUp({ pack, ...(config !== undefined && { config }) }, day);
  const existing = before === undefined ? undefined : await readBefore(before, [outdir]);
  const states = existing?.deployments ?? [];
  // Of what stays as it is, the graph's texts are made here, and not when the app waits for them.
  if (states.length > 0) new Graph(states);
  const judged = (deployments: readonly Deployment[]) =>
    judge(
      states.length === 0
        ? deployments
        : withBefore(deployments, states, { isChange: meaningOf(facetsOf(policies)) }),
      policies,
      settings,
      { today: day, version: packageVersion(), problems: existing?.problems ?? [] },
    );
  return ({ stacks, directory }) => {
    const file = join(directory, "manifest.json");
    return judged(readStacks(stacks, directory).map((stack) => ({ ...stack, file })));
  };
}
