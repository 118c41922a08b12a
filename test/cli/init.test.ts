import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { policies } from "../../policies/index.ts";
import { init } from "../../src/cli/init.ts";
import { EXTENSIONS } from "../../src/inputs/files/endings.ts";
import { isJudged } from "../../src/inputs/files/kinds.ts";
import { suppressionsIn } from "../../src/inputs/files/suppressions.ts";
import { UsageError } from "../../src/model/errors.ts";
import { fitsPolicy } from "../../src/model/suppression.ts";
import { fakeContext } from "./context.ts";

// A name that a shell would take apart.
const NAME = `the "main" repo's $HOME`;
let folder: string;
let repository: string;
const hookPath = () => join(repository, ".git/hooks/pre-commit");

/** Only what a test says: no configuration of the machine, no hook of a commit that runs these tests. */
const env = () => ({
  PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: "1",
});

function git(directory: string, ...args: readonly string[]) {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
  return spawnSync("git", ["-C", directory, ...who, ...args], { encoding: "utf8", env: env() });
}

/** Sets the hook up, or what `given` says, and tells what was said. */
async function set(from = repository, given: { hook?: boolean; remove?: boolean } = {}): Promise<string> {
  const { context, stdout } = fakeContext();
  expect(await init({ hook: true, remove: false, from, ...given }, context)).toBe(0);
  return stdout();
}

/** Puts a `firebreak` on PATH that notes how it was called and ends as told. */
function standIn(code: number, path = join(folder, "bin/firebreak")): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\necho "$@: $(git diff --cached --name-only | tr '\\n' ' ')" >> '${join(folder, "calls")}'\nexit ${code}\n`,
  );
  chmodSync(path, 0o755);
}

function calls(): readonly string[] {
  const file = join(folder, "calls");
  return existsSync(file) ? readFileSync(file, "utf8").split(/ ?\n/).slice(0, -1) : [];
}

/** Commits files, and tells whether that went through. */
function commit(directory: string, ...files: readonly string[]): boolean {
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    appendFileSync(join(directory, file), "x\n");
  }
  expect(git(directory, "add", "--", ...files).status).toBe(0);
  return git(directory, "commit", "--message", "a").status === 0;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firebreak-hook-"));
  for (const [name, value] of Object.entries(env())) vi.stubEnv(name, value);
  for (const name of ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"]) vi.stubEnv(name, undefined);
  repository = join(folder, NAME);
  mkdirSync(repository);
  git(repository, "init", "--quiet");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("firebreak init --hook", () => {
  it("writes a hook that git runs", async () => {
    expect(await set()).toBe(`${hookPath()} judges what is committed from now on\n`);
    expect(statSync(hookPath()).mode & 0o111).toBe(0o111);
    standIn(0);
    expect(commit(repository, "main.tf")).toBe(true);
    expect(calls()).toEqual(["check --staged: main.tf"]);
  });

  it("changes nothing when it is said again", async () => {
    await set();
    const before = readFileSync(hookPath(), "utf8");
    chmodSync(hookPath(), 0o644);
    expect(await set()).toBe(`${hookPath()} is set up\n`);
    expect(readFileSync(hookPath(), "utf8")).toBe(before);
    expect(statSync(hookPath()).mode & 0o111).toBe(0o111);
  });

  it("works from a subdirectory, and where git is told of another place for hooks", async () => {
    git(repository, "config", "core.hooksPath", "my hooks");
    mkdirSync(join(repository, "a/b"), { recursive: true });
    expect(await set(join(repository, "a/b"))).toContain(join(repository, "my hooks/pre-commit"));
    standIn(1);
    expect(commit(repository, "a/b/x.yaml")).toBe(false);
    expect(calls()).toEqual(["check --staged: a/b/x.yaml"]);
  });

  it("works in a linked worktree, with its own index", async () => {
    expect(commit(repository, "README.md")).toBe(true);
    const linked = join(folder, "linked");
    expect(git(repository, "worktree", "add", "--quiet", linked).status).toBe(0);
    await set(linked);
    expect(existsSync(hookPath())).toBe(true);
    standIn(0);
    expect(commit(linked, "main.tf")).toBe(true);
    expect(commit(repository, "notes.txt")).toBe(true);
    expect(calls()).toEqual(["check --staged: main.tf"]);
  });

  it.each<[string, () => void, RegExp]>([
    [
      "another hook",
      () => writeFileSync(hookPath(), "#!/bin/sh\nexit 0\n"),
      /^there is another hook .*: add `firebreak check --staged \|\| exit` to it/,
    ],
    ["a link", () => symlinkSync("/nowhere", hookPath()), /^there is another hook /],
  ])("leaves %s alone", async (_, make, message) => {
    mkdirSync(dirname(hookPath()), { recursive: true });
    make();
    await expect(set()).rejects.toThrow(message);
    await expect(set(repository, { remove: true })).rejects.toThrow(
      /is not Firebreak's: nothing was taken away$/,
    );
    await expect(set()).rejects.toThrow(UsageError);
  });

  it("leaves its own hook alone once somebody has changed it", async () => {
    await set();
    appendFileSync(hookPath(), "make lint\n");
    await expect(set()).rejects.toThrow(
      /^somebody has changed the hook .* since Firebreak wrote it: delete it first/,
    );
    await expect(set(repository, { remove: true })).rejects.toThrow(/: delete it by hand$/);
    expect(readFileSync(hookPath(), "utf8")).toMatch(/make lint\n$/);
  });

  it("is undone by --remove, which may be said twice", async () => {
    await set();
    expect(await set(repository, { remove: true })).toBe(`${hookPath()} is gone\n`);
    expect(existsSync(hookPath())).toBe(false);
    expect(await set(repository, { remove: true })).toBe(`there is no hook ${hookPath()}\n`);
  });

  it("needs a working tree, and says what it can do", async () => {
    await expect(set(folder)).rejects.toThrow(/^git finds no repository with files to commit here \(/);
    await expect(set(join(repository, ".git"))).rejects.toThrow(UsageError);
    await expect(set(repository, { hook: false })).rejects.toThrow(/: firebreak init --hook$/);
  });
});

describe("the hook", () => {
  beforeEach(() => set());

  it("starts nothing for a commit that touches no file that is judged", () => {
    standIn(1);
    expect(commit(repository, "README.md", "src/main.go", "tf")).toBe(true);
    expect(calls()).toEqual([]);
  });

  it("is asked about files that change, move or go, in whatever directory", () => {
    standIn(0);
    expect(commit(repository, "a/b c/é.tf", "x.json")).toBe(true);
    git(repository, "mv", "x.json", "x.txt");
    expect(commit(repository, "y.md")).toBe(true);
    git(repository, "rm", "--quiet", "a/b c/é.tf");
    expect(commit(repository, "y.md")).toBe(true);
    expect(calls()).toHaveLength(3);
  });

  it.each([1, 2, 3])("stops the commit when the check ends with %s", (code) => {
    standIn(code);
    expect(commit(repository, "main.tf")).toBe(false);
    expect(git(repository, "rev-parse", "--verify", "--quiet", "HEAD").status).not.toBe(0);
  });

  it("takes the firebreak of the repository before any other", () => {
    standIn(1);
    standIn(0, join(repository, "node_modules/.bin/firebreak"));
    expect(commit(repository, "main.tf")).toBe(true);
  });

  it("stops the commit, and says why, when there is no firebreak", () => {
    // Only what the hook itself needs.
    for (const tool of ["git", "sh"]) {
      const found = execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
      mkdirSync(join(folder, "bin"), { recursive: true });
      symlinkSync(found, join(folder, "bin", tool));
    }
    writeFileSync(join(repository, "main.tf"), "x");
    git(repository, "add", "main.tf");
    const { status, stderr } = spawnSync(hookPath(), {
      cwd: repository,
      encoding: "utf8",
      env: { ...env(), PATH: join(folder, "bin") },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^firebreak is neither in node_modules nor on PATH, so this change was not judged: .*\n$/,
    );
  });

  it("looks at the files of a commit that takes only some", () => {
    standIn(0);
    expect(commit(repository, "main.tf", "README.md")).toBe(true);
    appendFileSync(join(repository, "main.tf"), "y");
    appendFileSync(join(repository, "README.md"), "y");
    expect(git(repository, "commit", "--message", "a", "README.md").status).toBe(0);
    expect(git(repository, "commit", "--message", "a", "main.tf").status).toBe(0);
    expect(calls()).toEqual(["check --staged: README.md main.tf", "check --staged: main.tf"]);
  });
});

describe("what others start it by", () => {
  const guide = readFileSync("docs/pre-commit.md", "utf8");
  const snippet = (first: string): unknown =>
    parse(
      guide
        .split("```")
        .find((part) => part.startsWith(`yaml\n# ${first}\n`))
        ?.slice(5) ?? "",
    );
  const files = `(?i)\\.(?:${EXTENSIONS.join("|")})$`;

  it("takes the files that are judged", () => {
    expect(parse(readFileSync(".pre-commit-hooks.yaml", "utf8"))).toMatchObject([{ id: "firebreak", files }]);
    expect(snippet(".pre-commit-config.yaml")).toMatchObject({ repos: [{ hooks: [{ files }] }] });
    expect(snippet("lefthook.yml")).toMatchObject({
      "pre-commit": { commands: { firebreak: { glob: `*.{${EXTENSIONS.join(",")}}` } } },
    });
  });

  it("leaves none of them out", () => {
    for (const extension of EXTENSIONS) expect(isJudged(`a/b.${extension}`)).toBe(true);
    const judged = ["a.tf.json", "a.tofu.json", "a.auto.tfvars", "a.tfvars.json", "A.YML", "a.mjs", "a.d.ts"];
    for (const name of judged) {
      expect(isJudged(name)).toBe(true);
      expect(EXTENSIONS).toContain(name.replace(/^.*\./, "").toLowerCase());
    }
    for (const name of ["a.md", "tf", "a.hcl", "a.tf~", "a.tsv"]) expect(isJudged(name)).toBe(false);
  });
});

describe("the examples of the guide", () => {
  const parts = readFileSync("docs/pre-commit.md", "utf8").split("```");
  it.each(["hcl", "yaml", "ts"])("accept findings in %s", (language) => {
    const text = parts.find((part) => part.startsWith(`${language}\n`) && part.includes("firebreak:allow"));
    const comments = (text ?? "").split("\n").flatMap((line, i) => {
      const at = line.indexOf("firebreak:");
      return at === -1 ? [] : [{ text: line.slice(at), line: i, column: at + 1 }];
    });
    const lines = Array.from({ length: 20 }, (_, i) => ({ from: i, to: i }));
    const { suppressions, problems } = suppressionsIn("a", comments, lines);
    expect(problems).toEqual([]);
    expect(suppressions.length).toBeGreaterThan(0);
    for (const { policy } of suppressions)
      expect(policies.some(({ id }) => fitsPolicy(policy, id))).toBe(true);
  });
});
