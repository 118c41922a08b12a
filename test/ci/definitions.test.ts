import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { MARKER } from "../../src/reporters/markdown.ts";
import { azureTemplateIn } from "../e2e/support/ci/azure-template.ts";
import { actionIn } from "../e2e/support/ci/composite-action.ts";
import { gitlabJobIn } from "../e2e/support/ci/gitlab-template.ts";

const root = join(import.meta.dirname, "../..");
const action = actionIn(join(root, "action.yml"));
const gitlab = gitlabJobIn(join(root, "ci/gitlab-ci.yml"));
const azure = azureTemplateIn(join(root, "ci/azure-pipelines.yml"));

describe("action.yml", () => {
  const { steps } = action.runs;

  it("has what GitHub requires", () => {
    expect(action.name).not.toBe("");
    // The Marketplace takes no more.
    expect(action.description.length).toBeLessThanOrEqual(125);
    expect(action.runs.using).toBe("composite");
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/\S.*\.$|\d incomplete\.$/);
    }
    for (const step of steps) {
      if (step.uses === undefined) expect(step).toMatchObject({ shell: "bash", run: expect.any(String) });
      else expect(step.uses).toMatch(/^actions\/[\w-]+@v\d+$/);
    }
  });

  it("puts no expression into a script, and every input into some step", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
    const used = JSON.stringify(steps);
    for (const name of Object.keys(action.inputs)) expect(used).toContain(`inputs.${name}`);
  });

  it("names the steps that its outputs and conditions ask", () => {
    const ids = steps.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const asked = JSON.stringify(action).matchAll(/steps\.([\w-]+)\.outputs/g);
    for (const [, id] of asked) expect(ids).toContain(id);
  });

  it("hands the token to the step that comments and to no other", () => {
    const holders = steps.filter((step) => JSON.stringify(step).includes("github-token"));
    expect(holders.map(({ name }) => name)).toEqual(["Comment"]);
  });
});

it("marks the comment as the Markdown report does", () => {
  const keys = [
    action.inputs.key?.default,
    gitlab.variables.FIREBREAK_KEY,
    azure.parameters.find(({ name }) => name === "key")?.default,
  ];
  for (const key of keys) expect(`<!-- firebreak:${key} -->`).toBe(MARKER);
});

describe("docs/ci.md", () => {
  const page = readFileSync(join(root, "docs/ci.md"), "utf8");
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
  const [workflow = "", include = "", pipeline = ""] = blocks;

  it("shows a workflow that uses inputs and outputs of the action", () => {
    const { steps } = parse(workflow).jobs.firebreak;
    const ours = steps.find(({ id }: { id?: string }) => id === "firebreak");
    for (const name of Object.keys(ours.with)) expect(Object.keys(action.inputs)).toContain(name);
    const outputs = [...workflow.matchAll(/steps\.firebreak\.outputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(outputs).not.toEqual([]);
    for (const name of outputs) expect(Object.keys(action.outputs)).toContain(name);
  });

  it("lists every input and every output", () => {
    const listed = page
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .join("\n");
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) {
      expect(listed).toContain(`\`${name}\``);
    }
  });

  it("uses variables and parameters that the templates have", () => {
    const { firebreak } = parse(include);
    for (const name of Object.keys(firebreak.variables))
      expect(Object.keys(gitlab.variables)).toContain(name);
    const [, template] = parse(pipeline).steps;
    const parameters = azure.parameters.map(({ name }) => name);
    for (const name of Object.keys(template.parameters)) expect(parameters).toContain(name);
  });
});

it("the scripts are well typed", { timeout: 60_000 }, () => {
  const args = [join(root, "node_modules/typescript/bin/tsc"), "--project", join(root, "ci")];
  expect(() => execFileSync(process.execPath, args, { stdio: "pipe", encoding: "utf8" })).not.toThrow();
});
