import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examplesOf, sceneOf } from "../documents/support/examples.ts";
import { parseDocument, SECTIONS } from "../documents/support/markdown.ts";
import { run } from "../support/harness.ts";

const root = resolve(import.meta.dirname, "../..");
let project: string;

/** A project that has what a policy builds upon, and no policies yet. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "firebreak-new-policy-"));
  for (const folder of ["src", "node_modules"]) symlinkSync(join(root, folder), join(project, folder));
  cpSync(join(root, "test/support"), join(project, "test/support"), { recursive: true });
  for (const file of ["package.json", "tsconfig.json"]) cpSync(join(root, file), join(project, file));
  mkdirSync(join(project, "policies"));
});

afterAll(() => {
  rmSync(project, { recursive: true });
});

function newPolicy(...args: readonly string[]) {
  const script = join(root, "scripts/new-policy.ts");
  return spawnSync(process.execPath, [script, ...args], { cwd: project, encoding: "utf8" });
}

function runIn(cwd: string, command: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

describe("new-policy", () => {
  const title =
    'Zones keep "their" records, and nobody who asks for one that was there a moment ago is left without';

  it("writes the rule, its document and its tests", () => {
    const { status, stdout } = newPolicy("dns/record-kept", title);
    expect(status).toBe(0);
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "wrote policies/dns/record-kept.ts",
      "wrote policies/dns/record-kept.md",
      "wrote test/policies/dns/record-kept.test.ts",
    ]);
    const document = parseDocument(
      "x.md",
      readFileSync(join(project, "policies/dns/record-kept.md"), "utf8"),
    );
    expect(document.title).toBe(title);
    expect([...document.sections.keys()]).toEqual([...SECTIONS]);
    expect(document.blocks).toHaveLength(4);
  });

  it("writes what compiles", () => {
    const config = join(project, "tsconfig.skeleton.json");
    writeFileSync(
      config,
      JSON.stringify({ extends: "./tsconfig.json", include: ["policies", "test/policies"] }),
    );
    const { output } = runIn(project, [join(root, "node_modules/typescript/bin/tsc"), "--project", config]);
    expect(output).toBe("");
  }, 60_000);

  it("writes what formatter and linter want", () => {
    const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    writeFileSync(join(project, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const { output, status } = runIn(project, [
      biome,
      "check",
      "--error-on-warnings",
      "policies",
      "test/policies",
    ]);
    expect(output).toContain("Checked 2 files");
    expect(status, output).toBe(0);
  }, 60_000);

  it("writes a document whose examples show what the rule does", async () => {
    const path = "policies/dns/record-kept";
    const { default: policy } = await import(pathToFileURL(join(project, `${path}.ts`)).href);
    const document = parseDocument(`${path}.md`, readFileSync(join(project, `${path}.md`), "utf8"));
    const findings = examplesOf(document).map((one) => [one.kind, run(policy, sceneOf(one)).findings.length]);
    expect(findings).toEqual([
      ["avoid", 1],
      ["prefer", 0],
    ]);
  });

  it("writes tests that pass", () => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const { status, output } = runIn(project, [vitest, "run", "--root", project, "test/policies"]);
    expect(output).toContain("6 passed");
    expect(status).toBe(0);
  }, 60_000);

  it.each([
    [[], "Expected an id and, if you have one already, a title: "],
    [["dns/ttl", "A title", "more"], "Expected an id and, if you have one already, a title: "],
    [["ttl", "A title"], '"ttl" is no policy id: expected family/kebab-name, such as dns/ttl-bounds.'],
    [["dns/TTL_bounds", "A title"], '"dns/TTL_bounds" is no policy id'],
    [["../dns/ttl", "A title"], '"../dns/ttl" is no policy id'],
    [["dns/ttl", "no sentence."], '"no sentence." is no title'],
    [["dns/record-kept", "A title"], "policies/dns/record-kept.ts exists already"],
  ])("refuses %j in one sentence", (args, sentence) => {
    const { status, stdout, stderr } = newPolicy(...args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.startsWith(sentence)).toBe(true);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
