import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { InputError, UsageError } from "../model/errors.ts";

/** How `--before` names a revision: what was committed there at the path that is judged. */
const PREFIX = "git:";

/** The most that is taken out of a repository. */
const MAX_FILES = 10_000;
const MAX_BYTES = 1024 * 1024 * 1024;

/** The revision that the text names; undefined where it names a path. */
export function revisionIn(before: string): string | undefined {
  return before.startsWith(PREFIX) ? before.slice(PREFIX.length) : undefined;
}

/**
 * Lays out what was committed at a revision below `path`, in a folder of its own, while `use` runs. Only plain files: links
 * and submodules lead elsewhere. A revision that does not exist, or a path in no repository, is a UsageError; a path that
 * was not committed there an InputError.
 */
export async function withCommitted<T>(
  revision: string,
  path: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const directory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
  const root = git(directory, "rev-parse", "--show-toplevel")?.toString("utf8").trimEnd();
  if (root === undefined)
    throw new UsageError(`--before git:${revision}: ${path} is in no git repository, or there is no git`);
  const commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  if (commit === undefined)
    throw new UsageError(`--before git:${revision}: the repository of ${path} has no such revision`);
  const inside = join(relative(realpathSync(root), realpathSync(directory)), relative(directory, path));
  const files = filesAt(root, commit.toString("utf8").trimEnd(), inside.split(sep).join("/"));
  if (files.length === 0) throw new InputError(`${path} was not committed at ${revision}`);
  if (files.length > MAX_FILES || files.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES) {
    throw new InputError(
      `${path} at ${revision} is too large: at most ${MAX_FILES} files and 1 GiB are read`,
    );
  }
  const copy = mkdtempSync(join(tmpdir(), "firebreak-before-"));
  try {
    layOut(root, files, copy);
    return await use(join(copy, inside));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

interface CommittedFile {
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/** The plain files below a path of a commit (git-ls-tree: mode, type, object, size, path). */
function filesAt(root: string, commit: string, path: string): readonly CommittedFile[] {
  const listed = git(
    root,
    "ls-tree",
    "-r",
    "-l",
    "-z",
    "--full-tree",
    commit,
    "--",
    path === "" ? "." : path,
  );
  return (listed?.toString("utf8") ?? "").split("\0").flatMap((line) => {
    const [, object = "", size = "", file = ""] =
      /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
    return object === "" ? [] : [{ object, size: Number(size), path: file }];
  });
}

function layOut(root: string, files: readonly CommittedFile[], copy: string): void {
  const wanted = files.map(({ object }) => `${object}\n`).join("");
  const batch = git(root, "cat-file", "--batch", { input: wanted });
  if (batch === undefined) throw new InputError("git cannot read what was committed");
  let at = 0;
  for (const { path, size } of files) {
    // Each object is preceded by a line that names it and followed by a line end.
    const start = batch.indexOf("\n", at) + 1;
    const file = resolve(copy, path);
    // Git refuses such names itself; a repository that was made by hand may have them.
    if (!file.startsWith(copy + sep)) throw new InputError(`${path} leads out of the repository`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, batch.subarray(start, start + size));
    at = start + size + 1;
  }
}

type GitArguments = readonly [...string[], string | { readonly input: string }];

/** What git prints; undefined where it fails or is not there. */
function git(directory: string, ...args: GitArguments): Buffer | undefined {
  const last = args.at(-1);
  const options = typeof last === "object" ? last : {};
  const words = args.filter((one) => typeof one === "string");
  // Asked for here, so that starting without it costs nothing.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { status, stdout } = spawnSync("git", ["-C", directory, ...words], {
    ...options,
    maxBuffer: MAX_BYTES + MAX_FILES * 256,
    stdio: ["pipe", "pipe", "ignore"],
  });
  return status === 0 ? stdout : undefined;
}
