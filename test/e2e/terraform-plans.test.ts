import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPaths } from "../../src/inputs/read.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { isObject, Secret, Unknown } from "../../src/model/value.ts";
import { firebreak } from "./support/cli.ts";

/** Real plans of the built-in `terraform_data`, which needs no provider and no network. */
const binary = ["terraform", "tofu"].find((name) => spawnSync(name, ["version"]).status === 0);
const title =
  binary === undefined
    ? "plans of a real binary: SKIPPED, since neither terraform nor tofu is on PATH"
    : `plans of a real ${binary}`;

const PASSWORD = "correct-horse-battery-staple";

const REGION = `
  variable "region" { type = string }
  resource "terraform_data" "fleet" {
    count = 2
    input = var.region
  }`;

/** What exists before the change. */
const BEFORE = `
  variable "password" {
    sensitive = true
    default   = "${PASSWORD}"
  }
  resource "terraform_data" "kept" { input = "a" }
  resource "terraform_data" "updated" { input = "old" }
  resource "terraform_data" "replaced" { triggers_replace = ["1"] }
  resource "terraform_data" "replaced_first" {
    triggers_replace = ["1"]
    lifecycle { create_before_destroy = true }
  }
  resource "terraform_data" "deleted" {}
  resource "terraform_data" "old_name" { input = "moved" }
  resource "terraform_data" "forgotten" {}
  resource "terraform_data" "guarded" { input = var.password }
  module "region" {
    source   = "./region"
    for_each = toset(["eastus", "westus"])
    region   = each.key
  }`;

/** The change: one of each kind that a plan knows. */
const AFTER = `
  variable "password" {
    sensitive = true
    default   = "${PASSWORD}-2"
  }
  resource "terraform_data" "kept" { input = "a" }
  resource "terraform_data" "updated" { input = "new" }
  resource "terraform_data" "replaced" { triggers_replace = ["2"] }
  resource "terraform_data" "replaced_first" {
    triggers_replace = ["2"]
    lifecycle { create_before_destroy = true }
  }
  resource "terraform_data" "new_name" { input = "moved" }
  moved {
    from = terraform_data.old_name
    to   = terraform_data.new_name
  }
  removed {
    from = terraform_data.forgotten
    lifecycle { destroy = false }
  }
  import {
    to = terraform_data.imported
    id = "made-by-hand"
  }
  resource "terraform_data" "imported" {}
  resource "terraform_data" "created" { input = terraform_data.updated.output }
  resource "terraform_data" "guarded" { input = var.password }
  module "region" {
    source   = "./region"
    for_each = toset(["eastus", "northeurope"])
    region   = each.key
  }`;

describe.skipIf(binary === undefined)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-terraform-"));
  const plan = join(folder, "plan.json");
  let deployment: Deployment;

  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const run = (...args: readonly string[]) =>
    execFileSync(binary ?? "", [`-chdir=${folder}`, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", TF_CLI_ARGS: "" },
    });
  const changeOf = (address: string): Change => {
    const found = deployment.changes.find((change) => change.address === address);
    if (found === undefined) throw new Error(`the plan has no ${address}`);
    return found;
  };
  const inputOf = (state: Change["after"]) => (isObject(state) ? state["input"] : undefined);

  beforeAll(async () => {
    write("region/main.tf", REGION);
    write("main.tf", BEFORE);
    run("init", "-input=false");
    run("apply", "-input=false", "-auto-approve");
    write("main.tf", AFTER);
    run("plan", "-input=false", "-out=tfplan");
    writeFileSync(plan, run("show", "-json", "tfplan"));
    const read = await readPaths([plan]);
    expect(read.problems).toEqual([]);
    [deployment] = read.deployments as [Deployment];
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("tell what happens to each resource", () => {
    const actions = Object.fromEntries(deployment.changes.map(({ address, action }) => [address, action]));
    expect(actions).toEqual({
      "terraform_data.kept": "keep",
      "terraform_data.updated": "update",
      "terraform_data.replaced": "replace",
      "terraform_data.replaced_first": "replace",
      "terraform_data.deleted": "delete",
      "terraform_data.new_name": "keep",
      "terraform_data.forgotten": "forget",
      "terraform_data.imported": "import",
      "terraform_data.created": "create",
      "terraform_data.guarded": "update",
      'module.region["eastus"].terraform_data.fleet[0]': "keep",
      'module.region["eastus"].terraform_data.fleet[1]': "keep",
      'module.region["northeurope"].terraform_data.fleet[0]': "create",
      'module.region["northeurope"].terraform_data.fleet[1]': "create",
      'module.region["westus"].terraform_data.fleet[0]': "delete",
      'module.region["westus"].terraform_data.fleet[1]': "delete",
    });
    expect(deployment.problems).toEqual([]);
  });

  it("keep what is known only after apply apart from what is not there", () => {
    expect(inputOf(changeOf("terraform_data.created").after)).toBeInstanceOf(Unknown);
    expect(inputOf(changeOf("terraform_data.updated").after)).toBe("new");
  });

  it("keep secrets apart, and they reach no report", () => {
    const { before, after } = changeOf("terraform_data.guarded");
    expect(inputOf(before)).toBeInstanceOf(Secret);
    expect(inputOf(after)).toBeInstanceOf(Secret);
    for (const format of ["pretty", "json", "sarif", "markdown"]) {
      const { stdout, stderr } = firebreak(["check", plan, "--format", format]);
      expect(stdout + stderr).not.toContain(PASSWORD);
    }
  });

  it("tell who depends on whom", () => {
    expect(deployment.edges).toContainEqual(
      expect.objectContaining({ from: "terraform_data.created", to: "terraform_data.updated" }),
    );
  });

  it("are judged, and nothing is left unread", () => {
    const { code, stdout } = firebreak(["check", plan, "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "passed",
      deployments: [{ host: "terraform-plan", changes: { create: 3, update: 2, replace: 2, delete: 3 } }],
    });
  });
});
