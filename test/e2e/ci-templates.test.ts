import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type AzureDevOps, azureDevOps } from "./support/ci/azure-devops.ts";
import { type AzureJob, azureTemplateIn, runAzureTemplate } from "./support/ci/azure-template.ts";
import { type GitLab, gitlab } from "./support/ci/gitlab.ts";
import { gitlabJobIn, runGitLabJob } from "./support/ci/gitlab-template.ts";
import { jobFolders } from "./support/ci/job.ts";
import { npmRegistry, type Registry } from "./support/ci/npm-registry.ts";
import { shell } from "./support/ci/shell.ts";
import { BLOCKED, CLI, PASSED, root, text } from "./support/cli.ts";

let registry: Registry;
beforeAll(async () => {
  registry = await npmRegistry();
});
afterAll(() => registry.close());

function checkout() {
  const folders = jobFolders(registry);
  const { workspace } = folders;
  copyFileSync(BLOCKED, join(workspace, "unsafe.json"));
  copyFileSync(PASSED, join(workspace, "safe.json"));
  writeFileSync(join(workspace, "broken.json"), text(BLOCKED).slice(0, 5000));
  // Of the pull request: it must not say where the tool comes from.
  writeFileSync(join(workspace, ".npmrc"), "registry=http://127.0.0.1:1/\n");
  return folders;
}

const HOSTILE =
  '$(touch pwned)\n`touch pwned`\n"; touch pwned; echo "\nsafe.json; touch pwned #\n--output=pwned\n*.json';

describe("the GitLab job", () => {
  const template = gitlabJobIn(join(root, "ci/gitlab-ci.yml"));

  function job(host: GitLab, program: "bash" | "sh" = "bash") {
    const folders = checkout();
    const { workspace: cwd } = folders;
    const env = { ...folders.env, ...host.env };
    const run = (variables: Readonly<Record<string, string>>) =>
      runGitLabJob(template, { program, cwd, env, variables });
    return { ...folders, run };
  }

  it.each(["bash", "sh"] as const)("blocks and passes with one note, in %s", async (program) => {
    const host = await gitlab();
    const { run, workspace } = job(host, program);
    expect((await run({ FIREBREAK_PATHS: "unsafe.json" })).code).toBe(1);
    for (const path of [
      template.artifacts.reports.junit ?? "",
      "firebreak/firebreak.sarif",
      "firebreak/report.json",
    ]) {
      expect(existsSync(join(workspace, path))).toBe(true);
    }
    expect((await run({ FIREBREAK_PATHS: "unsafe.json\nsafe.json" })).code).toBe(1);
    expect(host.notes.map(({ body }) => body.split("\n")[1])).toEqual(["## ⛔ Firebreak blocks this change"]);
    expect((await run({ FIREBREAK_PATHS: "safe.json" })).code).toBe(0);
    expect(host.notes.map(({ body }) => body.split("\n")[1])).toEqual(["## ✅ Firebreak passed this change"]);
  });

  it("fails where something could not be read, and where the token is wrong", async () => {
    const host = await gitlab();
    const { run } = job(host);
    expect((await run({ FIREBREAK_PATHS: "broken.json" })).code).toBe(3);
    expect(host.notes[0]?.body).toContain("Firebreak could not finish");
    const wrong = job({ ...host, env: { ...host.env, GITLAB_TOKEN: "glpat-other" } });
    const { code, log } = await wrong.run({ FIREBREAK_PATHS: "safe.json" });
    expect(code).toBe(1);
    expect(log).toContain("401 Unauthorized");
    expect(log).not.toContain("glpat-other");
  });

  it("runs nothing that stands in its variables, and keeps the token from the check", async () => {
    const { run, files, workspace } = job(await gitlab());
    expect((await run({ FIREBREAK_PATHS: HOSTILE })).code).toBe(3);
    const all = { FIREBREAK_BEFORE: HOSTILE, FIREBREAK_CONFIG: HOSTILE, FIREBREAK_SOURCE: HOSTILE };
    expect((await run({ FIREBREAK_PATHS: "safe.json", FIREBREAK_KEY: HOSTILE, ...all })).code).not.toBe(0);
    expect(files()).not.toContain("pwned");
    writeFileSync(
      join(workspace, "pack.mjs"),
      'console.log("token:", process.env.GITLAB_TOKEN); export default {};',
    );
    const { log } = await run({ FIREBREAK_PATHS: "safe.json", FIREBREAK_PACK: "./pack.mjs" });
    expect(log).toContain("token: undefined");
  });

  it("takes a package from the checkout", async () => {
    const { run, workspace } = job(await gitlab());
    copyFileSync(registry.tarball, join(workspace, "firebreak.tgz"));
    expect((await run({ FIREBREAK_PATHS: "safe.json", FIREBREAK_VERSION: "firebreak.tgz" })).code).toBe(0);
  });
});

describe("the template for Azure Pipelines", () => {
  const template = azureTemplateIn(join(root, "ci/azure-pipelines.yml"));

  function job(host: AzureDevOps) {
    const folders = checkout();
    const { SYSTEM_ACCESSTOKEN: token = "", ...env } = host.env;
    const start = (): AzureJob => ({
      workspace: folders.workspace,
      temporary: folders.temporary,
      env: { ...folders.env, ...env },
      variables: new Map([
        ["Agent.TempDirectory", folders.temporary],
        ["Build.Reason", "PullRequest"],
        ["System.AccessToken", token],
      ]),
      failed: false,
    });
    const run = (given: Readonly<Record<string, string>>, of = start()) =>
      runAzureTemplate(template, given, of);
    return { ...folders, start, run };
  }

  const outcomes = (runs: Awaited<ReturnType<typeof runAzureTemplate>>) =>
    Object.fromEntries(runs.map(({ name, outcome }) => [name, outcome]));

  it("blocks with one thread, shows and keeps the reports, and resolves the thread when the change is safe", async () => {
    const host = await azureDevOps();
    const { run } = job(host);
    const blocked = await run({ paths: "unsafe.json" });
    expect(outcomes(blocked)).toEqual({
      "Set up Node.js": "succeeded",
      "Install Firebreak": "succeeded",
      Firebreak: "failed",
      "Comment on the pull request": "succeeded",
      "Show the findings as tests": "succeeded",
      "Keep the SARIF file": "succeeded",
    });
    const inputsOf = (name: string) => blocked.find((step) => step.name === name)?.inputs ?? {};
    expect(text(inputsOf("Show the findings as tests").testResultsFiles ?? "")).toContain("<testsuites");
    const { PathtoPublish = "", ArtifactName } = inputsOf("Keep the SARIF file");
    expect(JSON.parse(text(join(PathtoPublish, "firebreak.sarif")))).toMatchObject({ version: "2.1.0" });
    expect(ArtifactName).toBe("CodeAnalysisLogs");
    await run({ paths: "unsafe.json" });
    expect(host.threads.map(({ status }) => status)).toEqual(["active"]);
    expect(outcomes(await run({ paths: "safe.json" })).Firebreak).toBe("succeeded");
    expect(host.threads.map(({ status, comments }) => [status, comments[0]?.content.split("\n")[1]])).toEqual(
      [["fixed", "## ✅ Firebreak passed this change"]],
    );
  });

  it("fails where something could not be read", async () => {
    const host = await azureDevOps();
    const runs = await job(host).run({ paths: "safe.json\nbroken.json" });
    expect(outcomes(runs)).toMatchObject({ Firebreak: "failed", "Comment on the pull request": "succeeded" });
    expect(host.threads[0]?.comments[0]?.content).toContain("Firebreak could not finish");
  });

  it("never comments on one check with the report of another in the same job", async () => {
    const host = await azureDevOps();
    const { run, start } = job(host);
    const one = start();
    await run({ paths: "unsafe.json", key: "network" }, one);
    const second = await run({ paths: "safe.json", key: "storage" }, one);
    expect(new Set(second.map(({ outcome }) => outcome))).toEqual(new Set(["skipped"]));
    expect(host.threads).toHaveLength(1);
  });

  it("does not comment outside of pull requests", async () => {
    const host = await azureDevOps();
    const { run, start } = job(host);
    const push = start();
    push.variables.set("Build.Reason", "IndividualCI");
    expect(outcomes(await run({ paths: "unsafe.json" }, push))).toMatchObject({
      Firebreak: "failed",
      "Comment on the pull request": "skipped",
    });
    expect(host.asked).toEqual([]);
  });

  it("runs nothing that stands in its parameters", async () => {
    const { run, files } = job(await azureDevOps());
    const [, , paths] = await run({ paths: HOSTILE });
    expect(paths).toMatchObject({
      outcome: "failed",
      log: expect.stringContaining("safe.json; touch pwned #"),
    });
    await run({ paths: "safe.json", before: HOSTILE, config: HOSTILE, source: HOSTILE });
    expect(files()).not.toContain("pwned");
  });

  it("uses no command substitution, which Azure Pipelines could take for a variable of its own", () => {
    for (const { bash = "" } of template.steps) expect(bash).not.toContain("$(");
  });
});

describe("the workflow for Atlantis in docs/ci.md", () => {
  const page = readFileSync(join(root, "docs/ci.md"), "utf8");
  const [, block = ""] = /## Atlantis\n.*?```yaml\n(.*?)```/s.exec(page) ?? [];
  const script: string = parse(block).workflows.firebreak.plan.steps.at(-1).run;

  it.each([
    ["unsafe.json", { code: 1, kept: false }],
    ["broken.json", { code: 1, kept: false }],
    ["safe.json", { code: 0, kept: true }],
  ])("with %s", async (plan, expected) => {
    const { workspace, node, env } = checkout();
    // Terraform shows a plan file as JSON; here it is JSON already.
    writeFileSync(join(node, "terraform"), '#!/bin/sh\n[ "$1 $2" = "show -json" ] && cat "$3"\n', {
      mode: 0o755,
    });
    writeFileSync(join(node, "npx"), `#!/bin/sh\nshift\nexec node "${CLI}" "$@"\n`, { mode: 0o755 });
    const files = { PLANFILE: join(workspace, plan), SHOWFILE: join(workspace, "show.json") };
    const { code } = await shell(["sh", "-c", script], { cwd: workspace, env: { ...env, ...files } });
    expect({ code, kept: existsSync(files.PLANFILE) }).toEqual(expected);
  });
});
