import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { EXTENSIONS } from "../inputs/files/endings.ts";
import { InputError, UsageError } from "../model/errors.ts";

/** Where git looks for the hook of a repository, and what stands there. */
export interface Hook {
  readonly path: string;
  /** `edited` was written by us, and somebody changed it since; `foreign` is not ours at all. */
  readonly state: "none" | "ours" | "edited" | "foreign";
}

/** Finds the hook of the repository that a directory is in, as git does: with `core.hooksPath`, and in linked worktrees too. */
export function findHook(directory: string): Hook {
  const root = git(directory, "rev-parse", "--show-toplevel");
  // Relative to the top of the working tree: that is where git itself is when it looks.
  const path = resolve(root, git(root, "rev-parse", "--git-path", "hooks"), "pre-commit");
  return { path, state: stateOf(path) };
}

/** Writes the hook, or writes it anew where an older version of this tool did. */
export function writeHook({ path }: Hook): void {
  heeding(path, () => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, HOOK);
    chmodSync(path, 0o755);
  });
}

export function removeHook({ path }: Hook): void {
  heeding(path, () => rmSync(path));
}

function stateOf(path: string): Hook["state"] {
  return heeding(path, () => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return "none";
    if (!stats.isFile()) return "foreign";
    const content = readFileSync(path, "utf8");
    const [, seal, script = ""] =
      /^#!\/bin\/sh\n# Firebreak's hook \(([0-9a-f]{16})\)\n(.*)$/s.exec(content) ?? [];
    if (seal === undefined) return content.includes("# Firebreak's hook (") ? "edited" : "foreign";
    return seal === sealOf(script) ? "ours" : "edited";
  });
}

/** Of the commits that touch none of the files that are judged, git itself can tell: nothing else is started for them. */
const SCRIPT = `# Written by \`firebreak init --hook\`; \`firebreak init --hook --remove\` takes it away.
if git diff --cached --quiet --no-ext-diff -- ${EXTENSIONS.map((one) => `':(icase)*.${one}'`).join(" ")}; then exit 0; fi
PATH="$PWD/node_modules/.bin:$PATH"
if ! command -v firebreak >/dev/null; then
  echo "firebreak is neither in node_modules nor on PATH, so this change was not judged: npm install firebreak, or git commit --no-verify" >&2
  exit 1
fi
exec firebreak check --staged
`;

const HOOK = `#!/bin/sh\n# Firebreak's hook (${sealOf(SCRIPT)})\n${SCRIPT}`;

/** Tells whether a script is still as some version of this tool wrote it. */
function sealOf(script: string): string {
  return createHash("sha256").update(script).digest("hex").slice(0, 16);
}

function git(directory: string, ...args: readonly string[]): string {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { status, stdout, stderr, error } = spawnSync("git", ["-C", directory, ...args], {
    encoding: "utf8",
  });
  if (status === 0) return stdout.replace(/\r?\n$/, "");
  const why = error?.message ?? stderr.trim().split("\n", 1)[0] ?? "";
  throw new UsageError(`git finds no repository with files to commit here (${why})`);
}

function heeding<T>(path: string, operate: () => T): T {
  try {
    return operate();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`the hook ${path} cannot be read or written: ${code ?? message}`);
  }
}
