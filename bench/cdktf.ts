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

const ROUNDS = Number(process.argv[2] ?? 15);
/** At most so much of the time that the synth takes without it. */
const PROMISED = 0.2;
/** The library keeps all that it ever made: a process with many apps spends its time on looking through them. */
const ROUNDS_A_PROCESS = 3;

const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
const before = join(folder, "before");
const out = join(folder, "cdktf.out");
const MODES: Readonly<Record<string, GuardOptions | null>> = {
  unguarded: null,
  guarded: {},
  "guarded, with a before-state": { before },
};

try {
  synthesise(out, false);
  cpSync(out, before, { recursive: true });
  const warm = Array.from({ length: Math.ceil(ROUNDS / ROUNDS_A_PROCESS) }, () =>
    rounds(ROUNDS_A_PROCESS + 1),
  );
  const isKept = tell(
    "one process",
    warm.flatMap(([, ...later]) => later),
    PROMISED,
  );
  const cold = Array.from({ length: ROUNDS }, () => Object.values(MODES).flatMap((mode) => timesOf([mode])));
  tell("first of a process", cold);
  process.exitCode = isKept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Prints what each way adds, of rounds of one time each; whether all keep what is promised. The median of the rounds decides; the
 * fastest of all is told beside it, since whatever else a machine does only adds to a time.
 */
function tell(title: string, measured: readonly (readonly number[])[], promised?: number): boolean {
  const timesIn = (mode: number) => measured.map((times) => times[mode] ?? Number.NaN);
  const plain = timesIn(0);
  console.log(
    `${title}: app.synth() takes ${Math.min(...plain).toFixed(0)} ms (median ${median(plain).toFixed(0)})`,
  );
  const kept = Object.keys(MODES).map((mode, i) => {
    if (i === 0) return true;
    const added = Math.min(...timesIn(i)) / Math.min(...plain) - 1;
    const usual = median(timesIn(i).map((time, round) => time / (plain[round] ?? Number.NaN) - 1));
    const sign = promised === undefined ? " " : usual <= promised ? "✔" : "✖";
    const limit = promised === undefined ? "" : `, promised at most ${percent(promised)}`;
    console.log(`${sign} ${mode.padEnd(30)} ${percent(added)} (median ${percent(usual)}${limit})`);
    return promised === undefined || usual <= promised;
  });
  return kept.every(Boolean);
}

/** Signed, as what is added. */
function percent(part: number): string {
  return `${part < 0 ? "−" : "+"}${Math.abs(part * 100).toFixed(0)} %`;
}

/** All ways in turn, again and again in one process: by round, the times of each. */
function rounds(count: number): readonly (readonly number[])[] {
  const modes = Object.values(MODES);
  const times = timesOf(Array.from({ length: count }, () => modes).flat());
  return Array.from({ length: count }, (_, i) => times.slice(i * modes.length, (i + 1) * modes.length));
}

/** Milliseconds of each synth, in a new process. */
function timesOf(guards: readonly (GuardOptions | null)[]): readonly number[] {
  const args = [join(import.meta.dirname, "cdktf-app.ts"), out, JSON.stringify(guards)];
  // What an app says aloud is not what is measured.
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", stdio }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
