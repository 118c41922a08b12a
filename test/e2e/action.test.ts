import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Job, runAction } from "./support/ci/composite-action.ts";
import { ACTIONS_BOT, type GitHub, github, PULL_REQUEST } from "./support/ci/github.ts";
import { jobFolders } from "./support/ci/job.ts";
import { npmRegistry, type Registry } from "./support/ci/npm-registry.ts";
import { BLOCKED, PASSED, text } from "./support/cli.ts";

let registry: Registry;
beforeAll(async () => {
  registry = await npmRegistry();
});
afterAll(() => registry.close());

/** A job about pull request 7, whose checkout has the plan of the outage, its safe version, and one that is broken. */
function job(host: GitHub) {
  const folders = jobFolders(registry);
  const { workspace, temporary } = folders;
  copyFileSync(BLOCKED, join(workspace, "unsafe.json"));
  copyFileSync(PASSED, join(workspace, "safe.json"));
  writeFileSync(join(workspace, "broken.json"), text(BLOCKED).slice(0, 5000));
  const event = join(temporary, "event.json");
  writeFileSync(event, PULL_REQUEST);
  const env: Readonly<Record<string, string>> = { ...folders.env, ...host.env, GITHUB_EVENT_PATH: event };
  const run = (inputs: Job["inputs"], more: Partial<Job> = {}) =>
    runAction({ ...folders, env, token: "ghs_job", inputs, ...more });
  return { ...folders, env, run };
}

const outcomes = (ran: Awaited<ReturnType<typeof runAction>>) =>
  Object.fromEntries(ran.steps.map(({ name, outcome }) => [name, outcome]));

describe("the action on a pull request", () => {
  it("blocks with one comment, says it again in the same one, and clears it when the change is safe", async () => {
    const host = await github();
    const { run, workspace } = job(host);

    const blocked = await run({ paths: "unsafe.json", sarif: "firebreak.sarif" });
    expect(blocked.succeeded).toBe(false);
    expect(outcomes(blocked)).toEqual({
      "Look at Node.js": "success",
      "Set up Node.js": "skipped",
      "Install Firebreak": "success",
      Check: "success",
      Comment: "success",
      Verdict: "failure",
    });
    expect(blocked.outputs).toMatchObject({
      verdict: "blocked",
      "exit-code": "1",
      sarif: join(workspace, "firebreak.sarif"),
    });
    expect(JSON.parse(text(blocked.outputs.report ?? ""))).toMatchObject({ verdict: "blocked" });
    expect(JSON.parse(text(join(workspace, "firebreak.sarif")))).toMatchObject({ version: "2.1.0" });
    expect(blocked.summary).toContain("## ⛔ Firebreak blocks this change");
    expect(blocked.log).toMatch(/^::error .*title=access\/public-read-removal::/m);
    expect(blocked.log).toContain("firebreak: blocked (exit code 1)");

    const again = await run({ paths: "unsafe.json" });
    expect(again.outputs.sarif).toBe("");
    expect(host.comments).toHaveLength(1);
    expect(host.comments[0]?.body).toMatch(
      /^<!-- firebreak:report -->\n## ⛔ Firebreak blocks this change\n/,
    );
    expect(host.comments[0]?.body).toContain(
      "<sub>Commit 0123456789 · [log and reports](https://github.com/",
    );

    const safe = await run({ paths: "safe.json" });
    expect(safe.succeeded).toBe(true);
    expect(safe.outputs).toMatchObject({ verdict: "passed", "exit-code": "0" });
    expect(host.comments.map(({ body, user }) => [user, body.split("\n")[1]])).toEqual([
      [ACTIONS_BOT, "## ✅ Firebreak passed this change"],
    ]);
  });

  it("fails where something could not be read, and judges the rest", async () => {
    const host = await github();
    const ran = await job(host).run({ paths: "safe.json\nbroken.json\n" });
    expect(ran.succeeded).toBe(false);
    expect(ran.outputs).toMatchObject({ verdict: "incomplete", "exit-code": "3" });
    expect(host.comments[0]?.body).toContain("## ⚠️ Firebreak could not finish, so nothing is passed");
    expect(ran.log).toMatch(/^::error .*broken\.json/m);
  });

  it("fails at what is advisory, or at nothing that could be read, as it is told", async () => {
    const host = await github();
    const { run } = job(host);
    const never = await run({ paths: "unsafe.json", "fail-on": "never" });
    expect([never.succeeded, never.outputs.verdict, never.outputs["exit-code"]]).toEqual([
      true,
      "blocked",
      "0",
    ]);
    const broken = await run({ paths: "broken.json", "fail-on": "never" });
    expect([broken.succeeded, broken.outputs["exit-code"]]).toEqual([false, "3"]);
    const wrong = await run({ paths: "safe.json", "fail-on": "maybe" });
    expect(wrong.succeeded).toBe(false);
    expect(wrong.outputs).toMatchObject({ verdict: "incomplete", "exit-code": "2", report: "", sarif: "" });
    expect(host.comments[0]?.body).toContain("Firebreak did not judge this change");
  });

  it("hands on before, pack, config, source and the working directory", async () => {
    const host = await github();
    const { run, workspace } = job(host);
    mkdirSync(join(workspace, "infra"));
    copyFileSync(BLOCKED, join(workspace, "infra/plan.json"));
    writeFileSync(
      join(workspace, "infra/calm.yaml"),
      "version: 1\npolicies:\n  access/shared-storage-change: { level: off }\n  access/public-read-removal: { level: off }\n",
    );
    const inputs = { paths: "plan.json", "working-directory": "infra", config: "calm.yaml" };
    const ran = await run({ ...inputs, sarif: "out.sarif" });
    expect(ran.log).not.toContain("access/public-read-removal");
    expect(ran.outputs.sarif).toBe(join(workspace, "infra/out.sarif"));
    const none = await run({ ...inputs, pack: "recommended\nnowhere\n" });
    expect(none.outputs["exit-code"]).toBe("2");
    expect(none.log).toContain("nowhere");
    const before = await run({ ...inputs, before: "missing.tfstate" });
    expect(before.succeeded).toBe(false);
    expect(before.log).toContain("missing.tfstate");
    const source = await run({ ...inputs, source: "no-sources" });
    expect(source.outputs["exit-code"]).toBe("2");
    expect(source.log).toContain("--source no-sources cannot be read");
  });

  it("keeps the comments of two checks apart, and leaves them be where it is told to", async () => {
    const host = await github();
    const { run } = job(host);
    await run({ paths: "unsafe.json", key: "network" });
    await run({ paths: "safe.json", key: "storage" });
    const silent = await run({ paths: "unsafe.json", key: "third", comment: "false" });
    expect(silent.steps.find(({ name }) => name === "Comment")?.outcome).toBe("skipped");
    expect(host.comments.map(({ body }) => body.split("\n")[0])).toEqual([
      "<!-- firebreak:network -->",
      "<!-- firebreak:storage -->",
    ]);
  });

  it("warns where a fork's token may not comment, and still says the verdict", async () => {
    const host = await github({ readOnly: true });
    const { run } = job(host);
    const safe = await run({ paths: "safe.json" });
    expect(safe.succeeded).toBe(true);
    expect(safe.log).toMatch(/^::warning title=firebreak::there is no comment: GitHub answered POST .* 403/m);
    const blocked = await run({ paths: "unsafe.json" });
    expect(blocked.outputs["exit-code"]).toBe("1");
    expect(blocked.succeeded).toBe(false);
  });

  it("comments after GitHub was away for a moment", async () => {
    const host = await github();
    host.instead.push({ status: 502 });
    expect((await job(host).run({ paths: "safe.json" })).succeeded).toBe(true);
    expect(host.comments).toHaveLength(1);
  });
});

const INJECTIONS = [
  "$(touch pwned)",
  "`touch pwned`",
  '"; touch pwned; echo "',
  "'; touch pwned; echo '",
  "safe.json; touch pwned #",
  "--output=pwned",
  "*.json",
];
const HOSTILE = INJECTIONS.join("\n");

describe("text of strangers in the inputs", () => {
  it("is a path and nothing else", async () => {
    const { run, files } = job(await github());
    const ran = await run({ paths: HOSTILE });
    expect(ran.outputs["exit-code"]).toBe("3");
    for (const path of INJECTIONS) expect(ran.log).toContain(path);
    expect(files()).not.toContain("pwned");
  });

  it.each([
    ["what is read first", { before: HOSTILE, sarif: HOSTILE, source: HOSTILE }],
    ["what sets the check up", { pack: HOSTILE, config: HOSTILE, key: HOSTILE, "node-version": HOSTILE }],
    ["how it fails", { "fail-on": HOSTILE }],
    ["what is installed", { version: HOSTILE }],
  ])("does nothing in %s", async (_, inputs) => {
    const { run, files } = job(await github());
    expect((await run({ paths: "unsafe.json", ...inputs })).succeeded).toBe(false);
    expect(files()).not.toContain("pwned");
  });

  it("sets no output of its own through a file name", async () => {
    const { run } = job(await github());
    const ran = await run({ paths: "unsafe.json", sarif: "a.sarif\nverdict=passed\nexit-code=0" });
    expect(ran.succeeded).toBe(false);
    expect(ran.outputs).toMatchObject({ verdict: "blocked", "exit-code": "1" });
  });
});

describe("a pull request's own files", () => {
  it("say neither where the tool comes from nor what it is", async () => {
    const { run, workspace } = job(await github());
    writeFileSync(join(workspace, ".npmrc"), "registry=http://127.0.0.1:1/\nignore-scripts=false\n");
    mkdirSync(join(workspace, "node_modules/firebreak/dist"), { recursive: true });
    writeFileSync(join(workspace, "node_modules/firebreak/dist/cli.js"), "process.exit(0)");
    writeFileSync(
      join(workspace, "node_modules/firebreak/package.json"),
      '{"name":"firebreak","version":"9.9.9"}',
    );
    const ran = await run({ paths: "unsafe.json" });
    expect(ran.outputs).toMatchObject({ verdict: "blocked", "exit-code": "1" });
  });

  it("bring policies that get no token, and whose words the runner does not carry out", async () => {
    const { run, workspace } = job(await github());
    writeFileSync(
      join(workspace, "pack.mjs"),
      'console.log("::error::from the pack"); console.log("token:", process.env.GITHUB_TOKEN); export default {};',
    );
    const { log } = await run({ paths: "safe.json", pack: "./pack.mjs" });
    expect(log).toContain("token: undefined");
    expect(log).not.toContain("ghs_job");
    const [, token = ""] = /^::stop-commands::(\S+)$/m.exec(log) ?? [];
    const [stopped = ""] = log.slice(log.indexOf(`::stop-commands::${token}`)).split(`\n::${token}::\n`);
    expect(stopped).toContain("\n::error::from the pack\n");
    expect(log.replace(stopped, "")).not.toContain("from the pack");
  });
});

describe("the tool that the action runs", () => {
  it("has the version of the action, from the registry", async () => {
    const { run } = job(await github());
    registry.asked.length = 0;
    const ran = await run({ paths: "safe.json" });
    expect(ran.succeeded).toBe(true);
    expect(registry.asked).toContain("firebreak");
    expect(JSON.parse(text(ran.outputs.report ?? "")).tool.version).toBe(registry.version);
  });

  it("is the package that is named, also from the checkout", async () => {
    const { run, workspace } = job(await github());
    copyFileSync(registry.tarball, join(workspace, "firebreak.tgz"));
    registry.asked.length = 0;
    expect((await run({ paths: "safe.json", version: "firebreak.tgz" })).succeeded).toBe(true);
    expect(registry.asked).not.toContain("firebreak");
  });

  it.each([
    ["9.9.9", /No matching version|notarget/i],
    ["https://evil.example/firebreak", /neither a version nor the path of a \.tgz file/],
  ])(
    "fails the job where there is no version %s, and the comment says that nothing was judged",
    async (version, why) => {
      const host = await github();
      host.comments.push({
        id: 1,
        body: "<!-- firebreak:report -->\n## ✅ Firebreak passed this change\n",
        user: ACTIONS_BOT,
      });
      const ran = await job(host).run({ paths: "safe.json", version });
      expect(ran.succeeded).toBe(false);
      expect(outcomes(ran)).toMatchObject({
        "Install Firebreak": "failure",
        Check: "skipped",
        Verdict: "skipped",
      });
      expect(ran.log).toMatch(why);
      expect(host.comments.map(({ body }) => body.split("\n")[1])).toEqual([
        "## ⚠️ Firebreak did not judge this change",
      ]);
    },
  );

  it("runs on the Node.js that is set up where the job's is too old", async () => {
    const { run, env, temporary, node } = job(await github());
    const old = join(temporary, "old");
    mkdirSync(old);
    symlinkSync(process.execPath, join(old, "real"));
    const lie =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.5" } });';
    writeFileSync(join(old, "version.cjs"), lie);
    writeFileSync(join(old, "node"), `#!/bin/sh\nexec "${old}/real" -r "${old}/version.cjs" "$@"\n`, {
      mode: 0o755,
    });
    const asked: Readonly<Record<string, string>>[] = [];
    const uses: Job["uses"] = {
      "actions/setup-node": (inputs) => {
        asked.push(inputs);
        return [node];
      },
    };
    const ran = await run({ paths: "unsafe.json" }, { env: { ...env, PATH: `${old}:${env.PATH}` }, uses });
    expect(asked).toEqual([{ "node-version": "24" }]);
    expect(ran.outputs["exit-code"]).toBe("1");
    expect(existsSync(ran.outputs.report ?? "")).toBe(true);
  });
});
