import { describe, expect, it } from "vitest";
import { Computed } from "../../../../src/model/value.ts";
import { readChange } from "../../../support/files.ts";

const EXPRESSION = `$${"{{ inputs.env }}"}`;

async function typesOf(files: Record<string, string>): Promise<readonly string[]> {
  const { deployments } = await readChange({}, files);
  return deployments.flatMap(({ name, changes }) => changes.map(({ type }) => `${name} ${type}`));
}

describe("pipelines", () => {
  it("are known by their names, or by what they say", async () => {
    expect(
      await typesOf({
        ".github/workflows/ci.yml": "on: push\njobs: {}\n",
        ".github/dependabot.yml": "version: 2\n",
        ".gitlab-ci.yml": "build: {script: make}\n",
        "ci/deploy.gitlab-ci.yml": "build: {script: make}\n",
        "azure-pipelines-nightly.yml": "variables: {}\n",
        "build/release.yaml": "trigger: none\nstages: []\n",
        "build/values.yaml": "stages: []\nnested:\n  pool: a\n",
      }),
    ).toEqual([
      ".github/workflows/ci.yml github-actions/workflow",
      ".gitlab-ci.yml gitlab-ci/pipeline",
      "azure-pipelines-nightly.yml azure-pipelines/pipeline",
      "build/release.yaml azure-pipelines/pipeline",
      "ci/deploy.gitlab-ci.yml gitlab-ci/pipeline",
    ]);
  });

  it("are one change with the place of each property, and expressions that nobody worked out", async () => {
    const text = (env: string) => `on: push\njobs:\n  build:\n    env:\n      ENV: ${env}\n`;
    const file = ".github/workflows/ci.yml";
    const { deployments } = await readChange({ [file]: text("dev") }, { [file]: text(EXPRESSION) });
    const [one] = deployments;
    expect(one?.changes).toMatchObject([
      {
        address: file,
        name: "ci.yml",
        action: "update",
        before: { on: "push", jobs: { build: { env: { ENV: "dev" } } } },
        after: { jobs: { build: { env: { ENV: new Computed(EXPRESSION) } } } },
      },
    ]);
    const [change] = one?.changes ?? [];
    expect(change && one?.locate?.(change, "jobs.build.env.ENV")).toEqual({ file, line: 5, column: 7 });
  });

  it("of GitLab may tell their inputs first", async () => {
    const file = ".gitlab-ci.yml";
    const { deployments } = await readChange(
      {},
      { [file]: "spec: {inputs: {}}\n---\nbuild: {script: make}\n" },
    );
    expect(deployments[0]?.changes[0]?.after).toEqual({ build: { script: "make" } });
  });

  it("that are broken are a problem, not gone", async () => {
    const file = "azure-pipelines.yml";
    const { deployments } = await readChange({ [file]: "steps: []\n" }, { [file]: "steps: [\n" });
    expect(deployments[0]?.problems).toMatchObject([{ severity: "error", source: { file } }]);
    expect(deployments[0]?.changes).toMatchObject([{ action: "update", deferred: true }]);
  });
});
