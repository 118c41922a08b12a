import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readPaths } from "../../src/inputs/read.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { isObject, Secret, Unknown } from "../../src/model/value.ts";
import { describeWithBoth, describeWithEach } from "../support/terraform/binaries.ts";
import { Workspace } from "../support/terraform/workspace.ts";
import { checked, dependentsOf, smallBudget, toldInEachFormat } from "./support/terraform.ts";

/*
 * Real plans of the built-in `terraform_data`, which needs no provider and no network.
 */

const PASSWORD = "correct-horse-battery-staple";

const MODULES = {
  "region/main.tf": `
    variable "region" { type = string }
    resource "terraform_data" "fleet" {
      count = 2
      input = var.region
    }
    module "cell" {
      source = "./cell"
      region = terraform_data.fleet[0].output
    }
    output "cell" { value = module.cell.name }`,
  "region/cell/main.tf": `
    variable "region" { type = string }
    resource "terraform_data" "app" { input = var.region }
    output "name" { value = terraform_data.app.output }`,
};

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
  resource "terraform_data" "waiting" {
    depends_on = [terraform_data.updated]
    input      = "waits"
  }
  resource "terraform_data" "mirror" { input = terraform_data.updated.output }
  module "region" {
    source   = "./region"
    for_each = toset(["eastus", "westus"])
    region   = each.key
  }
  resource "terraform_data" "front" { input = [for one in module.region : one.cell] }`;

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
  resource "terraform_data" "waiting" {
    depends_on = [terraform_data.updated]
    input      = "waits"
  }
  resource "terraform_data" "mirror" { input = terraform_data.updated.output }
  module "region" {
    source   = "./region"
    for_each = toset(["eastus", "northeurope"])
    region   = each.key
  }
  resource "terraform_data" "front" { input = [for one in module.region : one.cell] }`;

/** What happens to each resource, by address. */
const ACTIONS = {
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
  "terraform_data.waiting": "keep",
  "terraform_data.mirror": "update",
  "terraform_data.front": "update",
  'module.region["eastus"].terraform_data.fleet[0]': "keep",
  'module.region["eastus"].terraform_data.fleet[1]': "keep",
  'module.region["eastus"].module.cell.terraform_data.app': "keep",
  'module.region["northeurope"].terraform_data.fleet[0]': "create",
  'module.region["northeurope"].terraform_data.fleet[1]': "create",
  'module.region["northeurope"].module.cell.terraform_data.app': "create",
  'module.region["westus"].terraform_data.fleet[0]': "delete",
  'module.region["westus"].terraform_data.fleet[1]': "delete",
  'module.region["westus"].module.cell.terraform_data.app': "delete",
};

describeWithEach("a plan with one change of each kind", { providers: false }, (binary) => {
  let workspace: Workspace;
  let plan: string;
  let deployment: Deployment;

  const changeOf = (address: string): Change => {
    const found = deployment.changes.find((change) => change.address === address);
    if (found === undefined) throw new Error(`the plan has no ${address}`);
    return found;
  };
  const inputOf = (state: Change["after"]) => (isObject(state) ? state["input"] : undefined);

  beforeAll(async () => {
    workspace = new Workspace(binary);
    workspace.apply(BEFORE, MODULES);
    workspace.configure(AFTER);
    plan = workspace.plan("plan");
    const read = await readPaths([plan]);
    expect(read.problems).toEqual([]);
    [deployment] = read.deployments as [Deployment];
  });
  afterAll(() => workspace?.[Symbol.dispose]());

  it("tells what happens to each resource", () => {
    const actions = deployment.changes.map(({ address, action }) => [address, action]);
    expect(Object.fromEntries(actions)).toEqual(ACTIONS);
    expect(deployment.problems).toEqual([]);
  });

  it("keeps what is known only after apply apart from what is not there", () => {
    expect(inputOf(changeOf("terraform_data.created").after)).toBeInstanceOf(Unknown);
    expect(inputOf(changeOf("terraform_data.updated").after)).toBe("new");
    expect(inputOf(changeOf("terraform_data.deleted").before)).toBe(null);
  });

  it("keeps secrets apart, and they reach no report", () => {
    const { before, after } = changeOf("terraform_data.guarded");
    expect(inputOf(before)).toBeInstanceOf(Secret);
    expect(inputOf(after)).toBeInstanceOf(Secret);
    expect(readFileSync(plan, "utf8")).toContain(PASSWORD);
    expect(toldInEachFormat(workspace, plan)).not.toContain(PASSWORD);
  });

  it("tells who depends on whom: by reference, by depends_on, and through the outputs of modules", () => {
    const report = checked(workspace, plan, ...smallBudget(workspace));
    expect(dependentsOf(report, "terraform_data.updated")).toEqual([
      "terraform_data.created",
      "terraform_data.mirror",
      "terraform_data.waiting",
    ]);
    expect(deployment.edges).toContainEqual(
      expect.objectContaining({
        from: "terraform_data.front",
        to: "module.region.module.cell.terraform_data.app",
      }),
    );
    expect(deployment.edges).toContainEqual(
      expect.objectContaining({
        from: "module.region.module.cell.terraform_data.app",
        to: "module.region.terraform_data.fleet[0]",
      }),
    );
  });

  it("is judged, and nothing is left unread", () => {
    expect(checked(workspace, plan)).toMatchObject({
      code: 0,
      verdict: "passed",
      problems: [],
      deployments: [
        { host: "terraform-plan", changes: { create: 4, update: 4, replace: 2, delete: 4, keep: 6 } },
      ],
    });
  });
});

describeWithBoth("Terraform and OpenTofu", { providers: false }, (terraform, tofu) => {
  it("get the same report on the same change", () => {
    const reports = [terraform, tofu].map((binary) => {
      using workspace = new Workspace(binary);
      workspace.apply(BEFORE, MODULES);
      workspace.configure(AFTER);
      workspace.plan("plan");
      return checked(workspace, "plan.json", ...smallBudget(workspace), "--all", "--show-undetermined");
    });
    expect(reports[0]?.findings.length).toBeGreaterThan(0);
    expect(reports[1]).toEqual(reports[0]);
  });
});
