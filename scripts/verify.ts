/** Everything that must hold before a change is merged; `npm test` runs it. */
import { spawnSync } from "node:child_process";

const steps = [
  ["format and lint", "node --run lint"],
  ["types", "node --run check"],
  ["unused code", "node --run unused"],
  ["generated files", "node --run generate -- --check"],
  ["build", "node --run build"],
  ["tools", "node --run tools"],
  ["tests", "vitest run"],
] as const;

const failed: string[] = [];
for (const [name, command] of steps) {
  console.log(`\n▶ ${name}`);
  const started = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(status === 0 ? `✔ ${name} (${seconds} s)` : `✖ ${name} (${seconds} s)`);
  if (status !== 0) failed.push(name);
}

console.log(failed.length === 0 ? "\n✔ all checks passed" : `\n✖ failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
