import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export const root: string = join(import.meta.dirname, "../../..");
export const CLI: string = join(root, "dist/cli.js");

const incident = join(root, "fixtures/incidents/azure-2026-02-storage-access");
/** A plan that is blocked, and one that passes. */
export const BLOCKED: string = join(incident, "terraform-plan/production.tfplan.json");
export const PASSED: string = join(incident, "safe/terraform-plan/production.tfplan.json");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Situation {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Nothing of the developer's own environment changes what the command line says. */
function environment(more: Situation["env"]): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, FIREBREAK_DEBUG: ___, FIREBREAK_TODAY: ____, ...env } = process.env;
  return { ...env, ...more };
}

/** Runs the built command line to its end. */
export function firebreak(args: readonly string[], { cwd = root, input, env }: Situation = {}): Ended {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    env: environment(env),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 50_000,
    input: input ?? "",
  });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}

/** Starts the built command line, for tests that feed it or leave it early. */
export function started(args: readonly string[], { cwd = root, env }: Situation = {}): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { cwd, env: environment(env), stdio: "pipe" });
}

/** A directory that is gone after the test, with these files in it. */
export function directory(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-e2e-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

export function text(file: string): string {
  return readFileSync(file, "utf8");
}
