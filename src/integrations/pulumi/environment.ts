import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { today } from "../../config/today.ts";

/** What the pack gets from the outside world; tests give their own. */
export interface PackEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly home: string;
  /** Runs a program to its end; undefined where there is no such program. */
  run(
    program: string,
    args: readonly string[],
    directory: string,
  ): Promise<{ readonly ok: boolean; readonly stdout: Buffer; readonly stderr: string } | undefined>;
}

/** Longest wait for a program, and the most that it may print. */
const LIMIT_MS = 60_000;
const LIMIT_BYTES = 256 * 1024 * 1024;

export function processEnvironment(): PackEnvironment {
  return {
    env: process.env,
    today: today(process.env["FIREBREAK_TODAY"]),
    home: homedir(),
    run: (program, args, directory) =>
      new Promise((resolve) => {
        const options = {
          cwd: directory,
          encoding: "buffer" as const,
          maxBuffer: LIMIT_BYTES,
          timeout: LIMIT_MS,
        };
        execFile(program, args, options, (error, stdout, stderr) => {
          if (error !== null && error.code === "ENOENT") resolve(undefined);
          else resolve({ ok: error === null, stdout, stderr: stderr.toString("utf8") });
        });
      }),
  };
}

/** Which stack the engine runs, as the language host tells a policy pack. */
export interface StackIdentity {
  readonly organization: string | undefined;
  readonly project: string;
  readonly stack: string;
}

/** The stack; undefined where no stack is run (`pulumi policy analyze` and `publish`). */
export function stackOf(env: PackEnvironment["env"]): StackIdentity | undefined {
  const project = named(env, "PROJECT");
  const stack = named(env, "STACK");
  if (project === undefined || stack === undefined) return undefined;
  return { organization: named(env, "ORGANIZATION"), project, stack };
}

/** Whether the engine only previews: nothing is touched, and all resources are known at the end. */
export function isPreview(env: PackEnvironment["env"]): boolean {
  return named(env, "DRY_RUN") === "true";
}

/** Language hosts of Node.js write the first form, all others the second (pulumi, sdk/go/common/resource/plugin). */
function named(env: PackEnvironment["env"], name: string): string | undefined {
  return filled(env[`PULUMI_NODEJS_${name}`]) ?? filled(env[`PULUMI_${name}`]);
}

export function filled(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
