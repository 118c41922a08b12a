import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Program {
  /** Node itself where nothing else is said. */
  readonly program?: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit codes that are no failure; 0 where nothing else is said. */
  readonly expected?: readonly number[];
}

/** Runs the program once and gives its wall time in seconds. */
export function seconds({ program = process.execPath, args, env, cwd, expected = [0] }: Program): number {
  const started = performance.now();
  const { status, error, stderr } = spawnSync(program, [...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
    encoding: "utf8",
    ...(cwd !== undefined && { cwd }),
  });
  const taken = (performance.now() - started) / 1000;
  if (error !== undefined) throw error;
  if (status === null || !expected.includes(status)) {
    throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr.slice(0, 500)}`);
  }
  return taken;
}

/** Loaded into the measured process: tells its peak resident memory (`maxRSS` is in KiB) when it ends. */
const PROBE = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.getBuiltinModule("node:fs").writeFileSync(process.env.BENCH_RSS, String(process.resourceUsage().maxRSS)));',
)}`;

/** Runs the Node program once and gives its peak resident memory in bytes. */
export function peakMemory(program: Program): number {
  const file = join(tmpdir(), `firebreak-rss-${process.pid}`);
  try {
    seconds({
      ...program,
      args: ["--import", PROBE, ...program.args],
      env: { ...program.env, BENCH_RSS: file },
    });
    return Number(readFileSync(file, "utf8")) * 1024;
  } finally {
    rmSync(file, { force: true });
  }
}

/** The median of each measurement, taken in turns, so that what else the machine does hits all alike. */
export function medians(rounds: number, ...measurements: readonly (() => number)[]): readonly number[] {
  const samples: number[][] = measurements.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, measure] of measurements.entries()) samples[i]?.push(measure());
  }
  return samples.map((of) => {
    const sorted = of.toSorted((a, b) => a - b);
    const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
    const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
    return (low + high) / 2;
  });
}
