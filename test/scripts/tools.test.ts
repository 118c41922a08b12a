import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  executable,
  locate,
  OPENTOFU,
  PULUMI,
  TERRAFORM_PROVIDERS,
  TOOLS,
  type Tool,
} from "../../scripts/tools.ts";

const root = resolve(import.meta.dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firebreak-tools-"));
  vi.stubEnv("PATH", join(folder, "bin"));
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  vi.stubEnv("FIREBREAK_TOOLS", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts programs that do nothing into a folder below the test's own. */
function install(where: string, ...names: readonly string[]): string {
  const directory = join(folder, where);
  mkdirSync(directory, { recursive: true });
  for (const name of names) {
    const file = join(directory, executable(name));
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o755);
  }
  return directory;
}

function tools(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/tools.ts"), ...args], {
    encoding: "utf8",
    env: process.env,
  });
  return { status, stdout, stderr };
}

describe.each(TOOLS.map((tool): [string, Tool] => [tool.id, tool]))("the tool %s", (id, tool) => {
  it("is not there where it neither is on PATH nor was built, and says what to do", () => {
    expect(locate(tool)).toEqual({
      from: "none",
      buildable: false,
      why: expect.stringMatching(new RegExp(`neither is Go: install Go and run \`npm run tools -- ${id}\``)),
    });
    install("bin", "go");
    expect(locate(tool)).toEqual({
      from: "none",
      buildable: true,
      why: expect.stringMatching(/not built yet/),
    });
  });

  it("is found in the folder that is given, if it is there as a whole", () => {
    const directory = install("given", ...tool.binaries.slice(1));
    vi.stubEnv("FIREBREAK_TOOLS", directory);
    expect(locate(tool).from).toBe("none");
    install("given", ...tool.binaries);
    expect(locate(tool)).toEqual({ from: "built", directory, buildable: false });
  });

  it("is taken from PATH only where it serves from there", () => {
    install("bin", ...tool.binaries);
    expect(locate(tool).from).toBe(tool.servesFromPath ? "PATH" : "none");
  });

  it("is built from sums that are committed, so that a new clone builds the same", () => {
    const module = join(root, "tools", tool.module);
    const required = readFileSync(join(module, "go.mod"), "utf8");
    const sums = readFileSync(join(module, "go.sum"), "utf8");
    const modules = [...required.matchAll(/^\t(\S+) (v\S+?)(?: \/\/ indirect)?$/gm)];
    expect(modules.length).toBeGreaterThan(5);
    const lacking = modules.flatMap(([, name, version]) => {
      // What is replaced is not what is downloaded.
      const isReplaced = required.includes(`replace ${name} ${version} => `);
      return isReplaced || sums.includes(`${name} ${version}/go.mod h1:`) ? [] : [`${name} ${version}`];
    });
    expect(lacking).toEqual([]);
  });
});

describe("npm run tools", () => {
  it("says where there is no Go that nothing can be built, and fails nothing", () => {
    const { status, stdout } = tools();
    expect(status).toBe(0);
    expect(stdout.match(/tests with it will be skipped/g)).toHaveLength(TOOLS.length);
  });

  it("provides only what is named", () => {
    install("bin", ...OPENTOFU.binaries);
    expect(tools("tofu")).toMatchObject({ status: 0, stdout: "OpenTofu: on PATH; nothing is built.\n" });
    vi.stubEnv("FIREBREAK_TOOLS", install("given", ...PULUMI.binaries));
    expect(tools("pulumi").stdout).toContain(join(folder, "given"));
  });

  it("knows no other tool", () => {
    const { status, stderr } = tools("tofu", "terraform");
    expect(status).toBe(2);
    expect(stderr).toContain("There is no tool terraform");
  });

  it("leaves nothing half built where the build fails", () => {
    install("bin", "go");
    writeFileSync(join(folder, "bin/go"), "#!/bin/sh\nexit 1\n");
    const { status, stderr } = tools(TERRAFORM_PROVIDERS.id);
    expect(status).toBe(1);
    expect(stderr).toContain("`go build` failed");
    expect(locate(TERRAFORM_PROVIDERS).from).toBe("none");
  });
});
