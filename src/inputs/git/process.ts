import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/**
 * What git is told beside its arguments: not to refresh the index on the side, to fetch nothing that a partial clone lacks, and
 * to speak plainly (git-scm.com/docs/git, "Environment Variables").
 */
const QUIETLY = { GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };

/** A monitor of files is a program that the repository's configuration names. */
const NO_PROGRAMS = ["-c", "core.fsmonitor=false"];

/** Starts git in a directory. The environment stays as it is: in a hook it says which index and repository are meant. */
export function startGit(
  directory: string,
  ...args: readonly string[]
): ChildProcessByStdio<Writable, Readable, Readable> {
  // Asked for here, so that starting without it costs nothing.
  const { spawn } = process.getBuiltinModule("node:child_process");
  return spawn("git", [...NO_PROGRAMS, ...args], {
    cwd: directory,
    env: { ...process.env, ...QUIETLY },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** What a run of git printed, or why it failed: git's own words. */
export type GitOutput = { readonly stdout: Buffer } | { readonly failure: string };

/** Runs git to its end. Rejects where git cannot be started. */
export function runGit(directory: string, ...args: readonly string[]): Promise<GitOutput> {
  const git = startGit(directory, ...args);
  git.stdin.end();
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  git.stdout.on("data", (part: Buffer) => stdout.push(part));
  git.stderr.on("data", (part: Buffer) => stderr.push(part));
  return new Promise((resolve, reject) => {
    git.on("error", reject);
    git.on("close", (code) => {
      if (code === 0) return resolve({ stdout: Buffer.concat(stdout) });
      const said = Buffer.concat(stderr).toString("utf8").split("\n", 1)[0] ?? "";
      resolve({ failure: said.replace(/^(?:fatal|error): /, "") || `git ended with ${code}` });
    });
  });
}
