/**
 * `npm run bench:cdktf [ROUNDS]`: what the guard adds to `app.synth()` of an app of 2,000 resources. The same program runs
 * without the guard, with it, and with it and a before-state of which a tenth changes, in turn and each time anew. Exits 1
 * where the guard costs more than is promised.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = Number(process.argv[2] ?? 9);
/** At most so much of the time that the synth takes without it. */
const PROMISED = 0.2;

const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
const before = join(folder, "before");
const out = join(folder, "cdktf.out");
try {
  synth("none");
  cpSync(out, before, { recursive: true });
  const runs = {
    plain: () => synth("tenth"),
    guarded: () => synth("tenth", "{}"),
    "guarded, with a before-state": () => synth("tenth", JSON.stringify({ before })),
  };
  const taken = new Map(Object.keys(runs).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(runs)) taken.get(name)?.push(run());
  }
  const plain = least(taken.get("plain") ?? []);
  console.log(`  ${"app.synth()".padEnd(30)} ${plain.toFixed(0)} ms`);
  for (const [name, times] of taken) {
    if (name === "plain") continue;
    const added = least(times) - plain;
    const isKept = added <= plain * PROMISED;
    if (!isKept) process.exitCode = 1;
    const share = ((added / plain) * 100).toFixed(0);
    console.log(
      `${isKept ? "✔" : "✖"} ${name.padEnd(30)} +${added.toFixed(0)} ms, ${share} % (promised at most ${PROMISED * 100} %)`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds that the app's synth took, the guard included. */
function synth(change: string, guarded?: string): number {
  const program = join(import.meta.dirname, "cdktf-app.ts");
  const args = [program, out, change, ...(guarded === undefined ? [] : [guarded])];
  return Number(
    execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
}

/** The least of several runs: what else the machine does only ever adds. */
function least(values: readonly number[]): number {
  return Math.min(...values);
}
