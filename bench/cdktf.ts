/**
 * `npm run bench:cdktf [ROUNDS]`: what the guard adds to `app.synth()` of an app of 2,000 resources, without a before-state and
 * with one of which a tenth changes. In one process, in turn with an app that is not guarded; and, only told, as the first
 * synth of a process, when nothing is compiled yet. Exits 1 where the guard costs more than is promised.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuardOptions } from "firebreak/cdktf";
import { synthesise } from "./cdktf-app.ts";

const ROUNDS = Number(process.argv[2] ?? 9);
/** At most so much of the time that the synth takes without it. */
const PROMISED = 0.2;

const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
const before = join(folder, "before");
const out = join(folder, "cdktf.out");
const MODES: Readonly<Record<string, GuardOptions>> = {
  guarded: {},
  "guarded, with a before-state": { before },
};

try {
  // What an app says aloud is not what is measured.
  process.stderr.write = () => true;
  synthesise(out, false);
  cpSync(out, before, { recursive: true });
  synthesise(out, true, { before });
  const isKept = tell("one process", PROMISED, (options) => synthesise(out, true, options));
  tell("first of a process", undefined, first);
  process.exitCode = isKept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs all modes in turn and prints what each adds; whether all keep what is promised. */
function tell(title: string, promised: number | undefined, run: (options?: GuardOptions) => number): boolean {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const plain = run();
    return { plain, guarded: Object.values(MODES).map((options) => run(options)) };
  });
  console.log(`${title}: app.synth() takes ${median(rounds.map(({ plain }) => plain)).toFixed(0)} ms`);
  const kept = Object.keys(MODES).map((mode, i) => {
    const added = median(rounds.map(({ plain, guarded }) => ((guarded[i] ?? Number.NaN) - plain) / plain));
    const sign = promised === undefined ? " " : added <= promised ? "✔" : "✖";
    const limit = promised === undefined ? "" : ` (promised at most ${promised * 100} %)`;
    console.log(`${sign} ${mode.padEnd(30)} +${(added * 100).toFixed(0)} %${limit}`);
    return promised === undefined || added <= promised;
  });
  return kept.every(Boolean);
}

/** Milliseconds of the first synth of a process. */
function first(options?: GuardOptions): number {
  const args = [join(import.meta.dirname, "cdktf-app.ts"), out, "changed"];
  const guard = options === undefined ? [] : [JSON.stringify(options)];
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return Number(execFileSync(process.execPath, [...args, ...guard], { encoding: "utf8", stdio }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
