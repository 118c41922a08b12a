import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** What a hook or a user's own settings say must not decide what a test sees. */
const ENVIRONMENT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"))),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "firebreak repository "));
  folders.push(folder);
  return folder;
}

/** A real git repository in a folder of its own. */
export class Repository {
  readonly folder: string;

  constructor(folder = temporaryFolder()) {
    this.folder = folder;
  }

  static create(): Repository {
    const repository = new Repository();
    repository.git("init", "--quiet", "--initial-branch=main", ".");
    return repository;
  }

  /** Runs git here and gives what it prints. */
  git(...args: readonly string[]): string {
    return execFileSync("git", args, {
      cwd: this.folder,
      env: ENVIRONMENT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Writes files into the working tree; undefined deletes one. */
  write(files: Readonly<Record<string, string | Uint8Array | undefined>>): this {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      if (content === undefined) rmSync(file, { recursive: true });
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
    return this;
  }

  /** Writes files and stages everything. */
  stage(files: Readonly<Record<string, string | Uint8Array | undefined>> = {}): this {
    this.write(files).git("add", "--all");
    return this;
  }

  /** Writes files and commits everything; gives the commit. */
  commit(files: Readonly<Record<string, string | Uint8Array | undefined>> = {}): string {
    this.stage(files).git("commit", "--quiet", "--allow-empty", "--no-verify", "--message=change");
    return this.git("rev-parse", "HEAD").trim();
  }
}
