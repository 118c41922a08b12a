import { join } from "node:path";
import { setUp } from "../../config/setup.ts";
import { today } from "../../config/today.ts";
import { judge } from "../../engine/judge.ts";
import { facetsOf, meaningOf } from "../../engine/meaning.ts";
import { Graph } from "../../graph/graph.ts";
import type { BeforeOptions } from "../../inputs/before/merge.ts";
import { type MergesAhead, mergeAhead, withBefore } from "../../inputs/before.ts";
import { type ListedStack, StackReader } from "../../inputs/cdktf/stack-reader.ts";
import { readBefore } from "../../inputs/read.ts";
import type { Report } from "../../model/report.ts";
import { packageVersion } from "../../package.ts";
import type { JudgementOptions } from "./judgement.ts";

/** Judges one synth of an app. */
export interface Judge {
  /** Takes a stack that is written already; the others are not, so what is wrong is said when all are judged. */
  ahead(stack: ListedStack): void;
  judge(stacks: readonly ListedStack[]): Report;
}

/**
 * Loads the configuration, the packs and the before-state, and gives what judges a synth by them. Rejects with a UsageError
 * where they are wrong; a before-state that cannot be read is a problem of the report.
 */
export async function judgeFor(
  { before, pack = [], config }: JudgementOptions,
  outdir: string,
): Promise<Judge> {
  const day = today(process.env["FIREBREAK_TODAY"]);
  const { settings, policies } = await setUp({ pack, ...(config !== undefined && { config }) }, day);
  const existing = before === undefined ? undefined : await readBefore(before, [outdir]);
  const states = existing?.deployments ?? [];
  // Of what stays as it is, the graph's texts are made here, and not when the app waits for them.
  if (states.length > 0) new Graph(states);
  const options: BeforeOptions = { isChange: meaningOf(facetsOf(policies)) };
  const merges: MergesAhead = new Map();
  const reader = new StackReader(outdir);
  const file = join(outdir, "manifest.json");
  return {
    ahead(stack) {
      const deployment = reader.readAhead(stack);
      if (deployment !== undefined) mergeAhead(deployment, states, options, merges);
    },
    judge(stacks) {
      const deployments = reader.read(stacks).map((stack) => ({ ...stack, file }));
      const compared = states.length === 0 ? deployments : withBefore(deployments, states, options, merges);
      const problems = existing?.problems ?? [];
      return judge(compared, policies, settings, { today: day, version: packageVersion(), problems });
    },
  };
}
