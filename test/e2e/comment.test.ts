import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { azureDevOps, PERSON as COLLEAGUE } from "./support/ci/azure-devops.ts";
import { ACTIONS_BOT, github, OCTOCAT, PULL_REQUEST } from "./support/ci/github.ts";
import { gitlab, PERSON } from "./support/ci/gitlab.ts";

const SCRIPT = join(import.meta.dirname, "../../ci/comment.js");
const REPORT = "<!-- firebreak:report -->\n## ⛔ Firebreak blocks this change\n\n3 readers are hit.\n";
const PASSED = "<!-- firebreak:report -->\n## ✅ Firebreak passed this change\n";
const MARKER = "<!-- firebreak:report -->";

function file(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-comment-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Runs the script as a CI job does, with nothing of the environment but these variables. */
async function comment(
  env: Readonly<Record<string, string>>,
  report: string | null = REPORT,
  args: readonly string[] = ["--exit-code=1"],
) {
  const path = report === null ? "/nowhere/report.md" : file("report.md", report);
  const github =
    env.GITHUB_ACTIONS === undefined
      ? {}
      : { GITHUB_EVENT_PATH: file("event.json", PULL_REQUEST), GITHUB_TOKEN: "ghs_job" };
  const child = spawn(process.execPath, [SCRIPT, `--file=${path}`, ...args], { env: { ...github, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, output };
}

describe("on GitHub", () => {
  it("writes one comment, and updates it when the change is safe", async () => {
    const host = await github();
    expect(await comment(host.env)).toEqual({ code: 0, output: "firebreak: the comment is new\n" });
    expect(await comment(host.env)).toEqual({ code: 0, output: "firebreak: the comment is updated\n" });
    expect(host.comments).toHaveLength(1);
    await comment(host.env, PASSED, ["--exit-code=0"]);
    expect(host.comments.map(({ body }) => body)).toEqual([
      `${PASSED}\n<sub>Commit 0123456789 · [log and reports](https://github.com/octo-org/network/actions/runs/42)</sub>\n`,
    ]);
  });

  it("finds its comment behind a hundred others", async () => {
    const host = await github();
    for (let id = 1; id <= 230; id++) host.comments.push({ id, body: `Comment ${id}`, user: OCTOCAT });
    host.comments.push({ id: 231, body: `${MARKER}\nold`, user: ACTIONS_BOT });
    for (let id = 232; id <= 240; id++) host.comments.push({ id, body: `Comment ${id}`, user: OCTOCAT });
    await comment(host.env);
    expect(host.comments).toHaveLength(240);
    expect(host.comments[230]?.body).toContain("blocks this change");
  });

  it("leaves a person's comment alone, also one that looks like its own", async () => {
    const host = await github();
    host.comments.push({ id: 1, body: `${MARKER}\n## ✅ Firebreak passed this change`, user: OCTOCAT });
    await comment(host.env);
    expect(host.comments.map(({ user }) => user.login)).toEqual(["octocat", "github-actions[bot]"]);
    expect(host.comments[0]?.body).toBe(`${MARKER}\n## ✅ Firebreak passed this change`);
  });

  it("takes bots' comments only, where it may not ask whose token it has", async () => {
    const host = await github({ viewer: false });
    host.comments.push({ id: 1, body: `${MARKER}\nnot ours`, user: OCTOCAT });
    await comment(host.env);
    await comment(host.env);
    expect(host.comments.map(({ user }) => user.type)).toEqual(["User", "Bot"]);
  });

  it("keeps one of two that were written at once", async () => {
    const host = await github();
    for (const id of [1, 2]) host.comments.push({ id, body: `${MARKER}\nold`, user: ACTIONS_BOT });
    await comment(host.env);
    expect(host.comments.map(({ id }) => id)).toEqual([1]);
  });

  it("keeps the comments of several checks apart", async () => {
    const host = await github();
    await comment(host.env, REPORT, ["--key=network"]);
    await comment(host.env, REPORT, ["--key=network-2"]);
    await comment(host.env, PASSED, ["--key=network"]);
    expect(host.comments.map(({ body }) => body.split("\n").slice(0, 2))).toEqual([
      ["<!-- firebreak:network -->", "## ✅ Firebreak passed this change"],
      ["<!-- firebreak:network-2 -->", "## ⛔ Firebreak blocks this change"],
    ]);
  });

  it("says that nothing was judged where the check wrote no report, also over an earlier pass", async () => {
    const host = await github();
    await comment(host.env, PASSED, ["--exit-code=0"]);
    await comment(host.env, null, ["--exit-code=2"]);
    expect(host.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining("## ⚠️ Firebreak did not judge this change\n\nThe check ended before it had a"),
    ]);
    expect(host.comments[0]?.body).toContain("(exit code 2)");
  });

  it("cuts what is too long between two lines, closes what is open, and says so", async () => {
    const host = await github();
    const details = `<details><summary>all</summary>\n\n${"- a finding\n".repeat(20_000)}\n</details>\n`;
    await comment(host.env, `${REPORT}${details}`);
    const [{ body = "" } = {}] = host.comments;
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(60_000);
    expect(body).toMatch(/- a finding\n<\/details>\n\n_Cut here: this shows \d+ of 24\d{4} characters/);
    expect(body).toContain("among the job's artifacts](https://github.com/octo-org/network/actions/runs/42)");
  });

  it("cuts a text without lines between two characters", async () => {
    const host = await github();
    await comment(host.env, `${MARKER}\n${"🔥".repeat(50_000)}`);
    const [{ body = "" } = {}] = host.comments;
    expect(body).toMatch(/🔥\n_Cut here/);
    expect(body.isWellFormed()).toBe(true);
  });

  it("warns where the token may not write, as for a fork, and does not fail", async () => {
    const host = await github({ readOnly: true });
    const { code, output } = await comment(host.env);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^::warning title=firebreak::there is no comment: GitHub answered POST \S+ with 403: Resource not accessible by integration\. To have it, give the job `permissions: pull-requests: write`/,
    );
    expect(host.asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("fails where the token is wrong, without another try", async () => {
    const host = await github();
    const { code, output } = await comment({ ...host.env, GITHUB_TOKEN: "ghs_other" });
    expect(code).toBe(1);
    expect(output).toMatch(/^::error title=firebreak::there is no comment: .* with 401: Bad credentials\n$/);
    expect(output).not.toContain("ghs_other");
    expect(host.asked).toHaveLength(1);
  });

  it("tries again after a failure", async () => {
    const host = await github();
    host.instead.push({ status: 502, method: "GET" }, { status: 503, method: "GET" });
    expect(await comment(host.env)).toMatchObject({ code: 0, output: "firebreak: the comment is new\n" });
    const [first, second, third] = host.asked.map(({ when }) => when);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(250);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it("writes no second comment where only the answer to the first was lost", async () => {
    const host = await github();
    host.instead.push({ status: 502, method: "POST", afterwards: true });
    expect(await comment(host.env)).toMatchObject({ code: 0 });
    expect(host.comments).toHaveLength(1);
  });

  it("waits as long as a rate limit asks", async () => {
    const host = await github();
    host.instead.push({
      status: 403,
      body: { message: "You have exceeded a secondary rate limit" },
      headers: { "retry-after": "1" },
      method: "POST",
    });
    expect(await comment(host.env)).toMatchObject({ code: 0 });
    const posts = host.asked.filter(({ method }) => method === "POST").map(({ when }) => when);
    expect((posts[1] ?? 0) - (posts[0] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(host.comments).toHaveLength(1);
  });

  it("does not wait for an hour, and a host that is down is a warning", async () => {
    const host = await github();
    host.instead.push({ status: 429, headers: { "retry-after": "3600" } });
    const { code, output } = await comment(host.env);
    expect(code).toBe(0);
    expect(output).toMatch(/^::warning .* with 429; it asks to wait for 3600 s\n$/);
  });

  it("gives up after four tries", async () => {
    const host = await github();
    host.instead.push(...Array.from({ length: 9 }, () => ({ status: 500 })));
    expect(await comment(host.env)).toMatchObject({ code: 0, output: expect.stringMatching(/^::warning/) });
    expect(host.asked).toHaveLength(4);
  }, 15_000);

  it("says that it cannot reach the host", async () => {
    const env = { ...(await github()).env, GITHUB_API_URL: "http://127.0.0.1:1" };
    const { code, output } = await comment(env);
    expect(code).toBe(0);
    expect(output).toContain("GitHub could not be reached (GET /repos/octo-org/network/issues/7/comments: ");
  }, 15_000);

  it("sends the token to no other host than the one it is for", async () => {
    const host = await github();
    const other = await github();
    host.instead.push({
      status: 200,
      body: [],
      headers: { link: `<${other.origin}/repos/x>; rel="next"` },
    });
    expect(await comment(host.env)).toMatchObject({
      code: 1,
      output: expect.stringContaining("another host"),
    });
    expect(other.asked).toEqual([]);
  });

  it("lets a server's words begin no command of the log", async () => {
    const host = await github();
    host.instead.push({ status: 404, body: { message: "no\n::add-mask::x\r\n##[add-mask]x 100%" } });
    const { output } = await comment(host.env);
    expect(output.trimEnd().split("\n")).toHaveLength(1);
    expect(output).toContain("# #[add-mask]x 100%25");
  });

  it("has nowhere to comment after a push to a branch", async () => {
    const host = await github();
    const env = {
      ...host.env,
      GITHUB_EVENT_PATH: file("event.json", '{"ref":"refs/heads/main"}'),
      GITHUB_EVENT_NAME: "push",
    };
    expect(await comment(env)).toEqual({
      code: 0,
      output: "::notice title=firebreak::there is no comment: the event push is about no pull request\n",
    });
    expect(host.asked).toEqual([]);
  });
});

describe("on GitLab", () => {
  it("writes one note on the merge request, and updates it", async () => {
    const host = await gitlab();
    for (let id = 1; id <= 150; id++)
      host.notes.push({ id, body: "x", system: id % 2 === 0, author: PERSON });
    host.notes.push({ id: 151, body: `${MARKER}\nnot ours`, system: false, author: PERSON });
    await comment(host.env);
    expect(await comment(host.env, PASSED)).toEqual({
      code: 0,
      output: "firebreak: the comment is updated\n",
    });
    expect(host.notes).toHaveLength(152);
    expect(host.notes.at(-1)?.body).toContain("passed this change");
    expect(host.notes.at(-1)?.body).toContain(
      "[log and reports](https://gitlab.example/infra/network/-/jobs/9)",
    );
  });

  it("says what is needed where there is no token, and does not fail", async () => {
    const { GITLAB_TOKEN: _, ...env } = (await gitlab()).env;
    const { code, output } = await comment(env);
    expect(code).toBe(0);
    expect(output).toMatch(/GITLAB_TOKEN is not set: make a project access token with the scope api/);
  });

  it("lets no line of the report be a command", async () => {
    const host = await gitlab();
    await comment(host.env, `${REPORT}/approve\n  /merge now\na /path stays\n`);
    expect(host.notes[0]?.body).toContain("\n&#47;approve\n  &#47;merge now\na /path stays\n");
  });
});

describe("on Azure DevOps", () => {
  it("opens one thread, and resolves it when the change passes", async () => {
    const host = await azureDevOps();
    const person = { id: 1, content: `${MARKER}\nnot ours`, author: { id: COLLEAGUE } };
    host.threads.push({ id: 900, status: "active", isDeleted: false, comments: [person] });
    await comment(host.env);
    expect(host.threads.map(({ status }) => status)).toEqual(["active", "active"]);
    expect(await comment(host.env, PASSED, ["--exit-code=0"])).toMatchObject({ code: 0 });
    expect(host.threads.map(({ status }) => status)).toEqual(["active", "fixed"]);
    expect(host.threads[1]?.comments[0]?.content).toContain("passed this change");
    await comment(host.env);
    expect(host.threads.map(({ status }) => status)).toEqual(["active", "active"]);
  });

  it("knows a sign-in page from an answer", async () => {
    const host = await azureDevOps();
    const { code, output } = await comment({ ...host.env, SYSTEM_ACCESSTOKEN: "other" });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^##vso\[task\.logissue type=error\]firebreak: .*the token is not accepted there\n$/,
    );
  });

  it("says where the token comes from", async () => {
    const env = { ...(await azureDevOps()).env, SYSTEM_ACCESSTOKEN: "$(System.AccessToken)" };
    expect((await comment(env)).output).toContain("give the step `env: SYSTEM_ACCESSTOKEN:");
  });

  it("does not look for a pull request of GitHub in Azure Repos", async () => {
    const env = { ...(await azureDevOps()).env, BUILD_REPOSITORY_PROVIDER: "GitHub" };
    expect((await comment(env)).output).toContain("the repository is on GitHub");
  });
});

describe("used wrongly", () => {
  it.each([
    ["a key that would end the marker", { GITHUB_ACTIONS: "true" }, ["--key=a-->b"], "cannot be used"],
    ["an unknown option", { GITHUB_ACTIONS: "true" }, ["--marker=a"], "Unknown option '--marker'"],
    ["no CI system", {}, [], "no job of GitHub Actions, GitLab CI or Azure Pipelines"],
  ])("%s", async (_, env, args, message) => {
    expect(await comment(env, REPORT, args)).toEqual({ code: 2, output: expect.stringContaining(message) });
  });
});
