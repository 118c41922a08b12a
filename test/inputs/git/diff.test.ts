import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Tree } from "../../../src/inputs/files/tree.ts";
import { type GitDiff, type GitVersions, gitDiff } from "../../../src/inputs/git/diff.ts";
import { Repository, temporaryFolder } from "../../support/repository.ts";

const open: GitDiff[] = [];
afterEach(() => {
  for (const diff of open.splice(0)) diff.close();
  vi.unstubAllEnvs();
});

async function diffIn(folder: string, versions: GitVersions = { after: "index" }): Promise<GitDiff> {
  const diff = await gitDiff(versions, folder);
  open.push(diff);
  return diff;
}

async function textIn(tree: Tree, path: string | undefined): Promise<string | undefined> {
  const file = path === undefined ? undefined : await tree.read(path);
  if (file === undefined) return undefined;
  return "bytes" in file ? Buffer.from(file.bytes).toString("utf8") : "too large";
}

/** Each change as `old path: content → new path: content`. */
async function told(diff: GitDiff): Promise<readonly string[]> {
  const sides = diff.changes.map(async ({ before, after }) => {
    const [was, will] = [await textIn(diff.before, before), await textIn(diff.after, after)];
    return `${before}: ${was} → ${after}: ${will}`;
  });
  return (await Promise.all(sides)).sort();
}

describe("what is staged", () => {
  it("is compared with HEAD, whatever the working tree holds", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "old", "same.tf": "same", "notes.md": "old" });
    repository.stage({ "a.tf": "staged", "new.tf": "new", "notes.md": "new" });
    repository.write({ "a.tf": "not staged", "untracked.tf": "x" });
    const diff = await diffIn(repository.folder);
    expect(await told(diff)).toEqual(["a.tf: old → a.tf: staged", "undefined: undefined → new.tf: new"]);
    expect(await diff.before.filesIn("")).toEqual(["a.tf", "notes.md", "same.tf"]);
    expect(await diff.after.filesIn("")).toEqual(["a.tf", "new.tf", "notes.md", "same.tf"]);
    expect(await textIn(diff.after, "same.tf")).toBe("same");
  });

  it("can be the first commit", async () => {
    const repository = Repository.create().stage({ "deep/er/a.tf": "new" });
    const diff = await diffIn(repository.folder);
    expect(await told(diff)).toEqual(["undefined: undefined → deep/er/a.tf: new"]);
    expect(await diff.before.filesIn("deep/er")).toEqual([]);
    expect(await diff.after.filesIn("deep/er")).toEqual(["a.tf"]);
    expect(await diff.after.filesIn("deep")).toEqual([]);
  });

  it("can be deletions and renames, also of what is a file of another kind then", async () => {
    const repository = Repository.create();
    const long = "resource\n".repeat(20);
    repository.commit({ "gone.tf": "gone", "was.tf": long, "dir/list.tf.txt": `${long}more` });
    repository.git("mv", "was.tf", "dir/is.tf");
    repository.git("mv", "dir/list.tf.txt", "dir/list.tf");
    repository.stage({ "gone.tf": undefined, "dir/is.tf": `${long}# one line more` });
    const changes = await told(await diffIn(repository.folder));
    expect(changes).toEqual([
      `dir/list.tf.txt: ${long}more → dir/list.tf: ${long}more`,
      "gone.tf: gone → undefined: undefined",
      `was.tf: ${long} → dir/is.tf: ${long}# one line more`,
    ]);
  });

  it("can have any name", async () => {
    const names = [
      "a b.tf",
      "quote\"'`.tf",
      "line\nbreak.tf",
      "tab\t.tf",
      "größe/日本語.tf",
      "-n.tf",
      "back\\slash.tf",
    ];
    const repository = Repository.create();
    repository.commit(Object.fromEntries(names.map((name) => [name, `old ${name}`])));
    repository.stage(Object.fromEntries(names.map((name) => [name, `new ${name}`])));
    const changes = await told(await diffIn(repository.folder));
    expect(changes).toEqual(names.map((name) => `${name}: old ${name} → ${name}: new ${name}`).sort());
  });

  it("is read where a hook runs: in a subdirectory, with GIT_DIR and an index of its own", async () => {
    const repository = Repository.create();
    repository.commit({ "a/b.tf": "old" });
    repository.stage({ "a/b.tf": "new" });
    const expected = ["a/b.tf: old → a/b.tf: new"];
    expect(await told(await diffIn(join(repository.folder, "a")))).toEqual(expected);
    vi.stubEnv("GIT_DIR", join(repository.folder, ".git"));
    expect(await told(await diffIn(repository.folder))).toEqual(expected);
    // `git commit --only` and `git commit -a` commit another index than the usual one.
    vi.stubEnv("GIT_INDEX_FILE", join(repository.folder, ".git/another"));
    execFileSync("git", ["read-tree", "HEAD"], { cwd: repository.folder });
    expect(await told(await diffIn(repository.folder))).toEqual([]);
  });

  it("may be a merge, of which what comes from the other side is a change too", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "old", "b.tf": "old" });
    repository.git("checkout", "--quiet", "-b", "other");
    repository.commit({ "b.tf": "theirs" });
    repository.git("checkout", "--quiet", "main");
    repository.commit({ "a.tf": "ours" });
    repository.git("merge", "--quiet", "--no-commit", "other");
    expect(await told(await diffIn(repository.folder))).toEqual(["b.tf: old → b.tf: theirs"]);
  });

  it("says which conflicts are open", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "old" });
    repository.git("checkout", "--quiet", "-b", "other");
    repository.commit({ "a.tf": "theirs" });
    repository.git("checkout", "--quiet", "main");
    repository.commit({ "a.tf": "ours" });
    expect(() => repository.git("merge", "--quiet", "other")).toThrow();
    const { problems } = await diffIn(repository.folder);
    expect(problems).toEqual([
      expect.objectContaining({ severity: "error", message: expect.stringContaining("conflicts") }),
    ]);
  });

  it("says what is no file: links and submodules", async () => {
    const inner = Repository.create();
    inner.commit({ "main.tf": "inner" });
    const repository = Repository.create();
    repository.commit({ "was.tf": "old" });
    repository.write({ "was.tf": undefined });
    symlinkSync("/etc/passwd", join(repository.folder, "was.tf"));
    repository.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      inner.folder,
      "modules/inner",
    );
    repository.git("add", "--all");
    const diff = await diffIn(repository.folder);
    expect(diff.problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      expect.stringMatching(/^warning modules\/inner is a submodule/),
      expect.stringMatching(/^error was\.tf is a link/),
    ]);
    expect(await textIn(diff.after, "was.tf")).toBeUndefined();
    expect(await textIn(diff.after, "modules/inner/main.tf")).toBeUndefined();
    expect(await told(diff)).toEqual(["was.tf: old → undefined: undefined"]);
  });

  it("leaves the repository as it is, and runs nothing that it names", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "old", ".gitattributes": "*.tf diff=evil filter=evil\n" });
    const [evil, done] = [join(repository.folder, "evil.sh"), join(repository.folder, "done")];
    repository.write({ "evil.sh": `#!/bin/sh\ntouch "${done}"\ncat\n` });
    chmodSync(evil, 0o755);
    for (const key of [
      "diff.evil.command",
      "diff.evil.textconv",
      "diff.external",
      "core.fsmonitor",
      "core.pager",
    ])
      repository.git("config", key, `"${evil}"`);
    repository.write({ "a.tf": "new" });
    repository.git("-c", "core.fsmonitor=false", "add", "a.tf");
    const index = join(repository.folder, ".git/index");
    // What git would refresh: the file on disk is newer than the index says.
    repository.write({ "a.tf": "new" });
    const [bytes, { mtimeMs }] = [readFileSync(index), statSync(index)];
    expect(await told(await diffIn(repository.folder))).toEqual(["a.tf: old → a.tf: new"]);
    expect(readFileSync(index).equals(bytes)).toBe(true);
    expect(statSync(index).mtimeMs).toBe(mtimeMs);
    expect(statSync(done, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("is content of any length, byte for byte", async () => {
    const repository = Repository.create();
    repository.commit();
    const large = Buffer.alloc(17 * 1024 * 1024, "x");
    const files = fc.sample(fc.uint8Array({ maxLength: 100_000 }), { numRuns: 30, seed: 1 });
    repository.stage({
      "0large.tf": large,
      ...Object.fromEntries(files.map((bytes, i) => [`${String(i).padStart(2, "0")}.tf`, bytes])),
    });
    const diff = await diffIn(repository.folder);
    const read = await Promise.all(diff.changes.map(({ after }) => diff.after.read(after ?? "")));
    expect(read.length).toBe(files.length + 1);
    const byName = new Map(diff.changes.map(({ after }, i) => [after, read[i]]));
    expect(byName.get("0large.tf")).toEqual({ isTooLarge: true });
    for (const [i, bytes] of files.entries()) {
      const file = byName.get(`${String(i).padStart(2, "0")}.tf`);
      expect(file !== undefined && "bytes" in file && Buffer.compare(file.bytes, bytes)).toBe(0);
    }
  });
});

describe("what changed since a revision", () => {
  it("is HEAD against it, or the working tree", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "first" });
    repository.commit({ "a.tf": "second" });
    repository.stage({ "a.tf": "staged" });
    repository.write({ "a.tf": "written" });
    const head = await diffIn(repository.folder, { after: "head", since: "HEAD~1" });
    expect(await told(head)).toEqual(["a.tf: first → a.tf: second"]);
    const worktree = await diffIn(repository.folder, { after: "worktree", since: "HEAD~1" });
    expect(await told(worktree)).toEqual(["a.tf: first → a.tf: written"]);
  });

  it("can be told from where two branches parted", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "old", "b.tf": "old" });
    repository.git("checkout", "--quiet", "-b", "feature");
    repository.commit({ "a.tf": "mine" });
    repository.git("checkout", "--quiet", "main");
    repository.commit({ "b.tf": "theirs" });
    repository.git("checkout", "--quiet", "--detach", "feature");
    const parted = await diffIn(repository.folder, { after: "head", since: "main..." });
    expect(await told(parted)).toEqual(["a.tf: old → a.tf: mine"]);
    const plain = await diffIn(repository.folder, { after: "head", since: "main" });
    expect(await told(plain)).toEqual(["a.tf: old → a.tf: mine", "b.tf: theirs → b.tf: old"]);
  });

  it("works in a linked worktree, a bare repository and a shallow clone", async () => {
    const repository = Repository.create();
    repository.commit({ "a.tf": "zero" });
    repository.commit({ "a.tf": "first" });
    repository.commit({ "a.tf": "second" });
    const expected = ["a.tf: first → a.tf: second"];
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "--quiet", "--detach", linked);
    expect(await told(await diffIn(linked, { after: "head", since: "HEAD~1" }))).toEqual(expected);
    new Repository(linked).stage({ "a.tf": "third" });
    expect(await told(await diffIn(linked))).toEqual(["a.tf: second → a.tf: third"]);
    const bare = join(temporaryFolder(), "bare.git");
    repository.git("clone", "--quiet", "--bare", ".", bare);
    expect(await told(await diffIn(bare, { after: "head", since: "HEAD~1" }))).toEqual(expected);
    const shallow = join(temporaryFolder(), "shallow");
    repository.git("clone", "--quiet", "--depth=2", pathToFileURL(repository.folder).href, shallow);
    expect(await told(await diffIn(shallow, { after: "head", since: "HEAD~1" }))).toEqual(expected);
    await expect(diffIn(shallow, { after: "head", since: "HEAD~2" })).rejects.toThrow(/shallow clone/);
  });

  it.each(["nope", "--output=x", "^HEAD", "HEAD:a.tf", "a b", "", "nope..."])(
    "needs a revision that is there, which %j is not",
    async (since) => {
      const repository = Repository.create();
      repository.commit({ "a.tf": "first" });
      await expect(diffIn(repository.folder, { after: "head", since })).rejects.toThrow(/^--since /);
    },
  );

  it("needs a repository", async () => {
    await expect(diffIn(temporaryFolder())).rejects.toThrow(/in no git repository/);
    await expect(diffIn(temporaryFolder(), { after: "head", since: "HEAD" })).rejects.toThrow(
      /in no git repository/,
    );
  });
});
