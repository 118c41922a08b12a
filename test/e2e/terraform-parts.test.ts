import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithEach } from "../support/terraform/binaries.ts";
import { Workspace } from "../support/terraform/workspace.ts";
import { firebreak } from "./support/cli.ts";
import { checked, dependentsOf, smallBudget } from "./support/terraform.ts";

/*
 * Plans that are not the whole change, or no change at all: what they leave out must not look like a pass.
 */

/** A chain: whoever changes the first hits the other two. */
const chain = (input: string, more = "") => `
  resource "terraform_data" "shared" { input = "${input}" }
  resource "terraform_data" "reader" { input = terraform_data.shared.output }
  resource "terraform_data" "second" { input = terraform_data.shared.output }
  ${more}`;

const INCOMPLETE = { code: 3, verdict: "incomplete" };
const PASSED = { code: 0, verdict: "passed" };

const error = (text: string) => ({ severity: "error", message: expect.stringContaining(text) });
const warning = (text: string) => ({ severity: "warning", message: expect.stringContaining(text) });

describeWithEach("a plan that is not the whole change", { providers: false }, (binary) => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = new Workspace(binary);
    workspace.apply(chain("old"));
    workspace.configure(chain("new"));
  });
  afterAll(() => workspace?.[Symbol.dispose]());

  it("passes as a whole", () => {
    expect(checked(workspace, workspace.plan("whole"))).toMatchObject({ ...PASSED, problems: [] });
  });

  it("is incomplete when it was made for a target, whose dependents it does not mention", () => {
    const plan = workspace.plan("target", "-target=terraform_data.shared");
    expect(checked(workspace, plan)).toMatchObject({
      ...INCOMPLETE,
      problems: [error("says nothing of terraform_data.reader, terraform_data.second; what depends on")],
    });
  });

  it("gains what a target leaves out from the state, and still says that it is a part", () => {
    const plan = workspace.plan("target", "-target=terraform_data.shared");
    const given = ["--before", workspace.state(), ...smallBudget(workspace)];
    const report = checked(workspace, plan, ...given);
    expect(report.problems).toEqual([expect.objectContaining(error("for a part of the resources only"))]);
    expect(dependentsOf(report, "terraform_data.shared")).toEqual([
      "terraform_data.reader",
      "terraform_data.second",
    ]);
  });

  it("is incomplete when the run ended with errors, and says that rather than what is missing", () => {
    const broken = `
      resource "terraform_data" "impossible" {
        input = "x"
        lifecycle {
          precondition {
            condition     = terraform_data.shared.input == "never"
            error_message = "this cannot be"
          }
        }
      }`;
    workspace.configure(chain("new", broken));
    const report = checked(workspace, workspace.plan("errored"));
    expect(report).toMatchObject({ ...INCOMPLETE, problems: [error("ended with errors")] });
    workspace.configure(chain("new"));
  });

  it("is all there where a check block fails, since that stops nothing", () => {
    const failing = `
      check "unmet" {
        assert {
          condition     = terraform_data.shared.input == "never"
          error_message = "this is only a remark"
        }
      }`;
    workspace.configure(chain("new", failing));
    expect(checked(workspace, workspace.plan("check"))).toMatchObject({ ...PASSED, problems: [] });
    workspace.configure(chain("new"));
  });

  it("deletes everything when it destroys", () => {
    expect(checked(workspace, workspace.plan("destroy", "-destroy"))).toMatchObject({
      ...PASSED,
      problems: [],
      deployments: [{ changes: { delete: 3, update: 0, keep: 0 } }],
    });
  });

  it("changes nothing when it only refreshes, renamed resources included", () => {
    const renamed = `
      moved {
        from = terraform_data.reader
        to   = terraform_data.renamed
      }`;
    workspace.configure(chain("old", renamed).replace('"reader"', '"renamed"'));
    expect(checked(workspace, workspace.plan("refresh", "-refresh-only"))).toMatchObject({
      ...PASSED,
      problems: [],
      deployments: [{ changes: { create: 0, update: 0, delete: 0, keep: 0 } }],
    });
    workspace.configure(chain("new"));
  });

  it("tells of a replacement that was asked for, and of an object that a failed one left behind", () => {
    const failing = (key: string, command: string) => `
      resource "terraform_data" "fragile" {
        triggers_replace = ["${key}"]
        lifecycle { create_before_destroy = true }
        provisioner "local-exec" { command = "${command}" }
      }`;
    workspace.apply(chain("old", failing("1", "exit 0")));
    workspace.configure(chain("old", failing("2", "exit 1")));
    expect(() => workspace.run("apply", "-input=false", "-auto-approve")).toThrow(/exit status 1/);
    const plan = workspace.plan("left", "-replace=terraform_data.second");
    expect(checked(workspace, plan)).toMatchObject({
      ...PASSED,
      problems: [],
      // The tainted new object is replaced, the old one that is left is deleted, and the second is replaced as asked.
      deployments: [{ changes: { replace: 2, delete: 1 } }],
    });
  });
});

describeWithEach("a resource that somebody changed by hand", { providers: true }, (binary) => {
  const rotation = (more = "") => `
    resource "time_rotating" "yearly" {
      rfc3339        = "2020-01-01T00:00:00Z"
      rotation_years = 1
    }
    ${more}`;

  it("is said, since the plan may undo it", () => {
    using workspace = new Workspace(binary);
    workspace.apply(rotation());
    // Its year is over, so the provider finds it gone as soon as it looks.
    expect(checked(workspace, workspace.plan("drift"))).toMatchObject({
      ...PASSED,
      problems: [warning("time_rotating.yearly; this plan may undo them")],
      deployments: [{ changes: { create: 1 } }],
    });
    expect(checked(workspace, workspace.plan("refresh", "-refresh-only"))).toMatchObject({
      problems: [warning("time_rotating.yearly")],
      deployments: [{ changes: { create: 0, delete: 0 } }],
    });
  });
});

describeWithEach("a change that the host puts off", { providers: false }, (binary) => {
  // No released Terraform defers (`-allow-deferral` is in its alpha builds only) and OpenTofu cannot: the deferral is written
  // into a real plan, in the form that developer.hashicorp.com/terraform/internals/json-format gives it.
  it("is undetermined, and another plan has to be judged (deferral written by hand)", () => {
    using workspace = new Workspace(binary);
    workspace.apply(chain("old"));
    workspace.configure(chain("new"));
    const file = workspace.plan("deferred");
    const plan = JSON.parse(readFileSync(file, "utf8")) as { resource_changes: { address: string }[] };
    const [later, now] = [true, false].map((isLater) =>
      plan.resource_changes.filter(({ address }) => (address === "terraform_data.second") === isLater),
    );
    const deferred_changes = later?.map((resource_change) => ({
      reason: "provider_config_unknown",
      resource_change,
    }));
    writeFileSync(
      file,
      JSON.stringify({ ...plan, resource_changes: now, deferred_changes, complete: false }),
    );
    const report = checked(workspace, file, ...smallBudget(workspace));
    expect(report.problems).toEqual([expect.objectContaining(warning("leaves 1 resource to a later plan"))]);
    expect(report.undetermined).toContainEqual(
      expect.objectContaining({ address: "terraform_data.second", because: "the host deferred this change" }),
    );
  });
});

describeWithEach("what only OpenTofu can do", { providers: false, only: "tofu" }, (binary) => {
  const estate = (version: string, more = "") => `
    resource "terraform_data" "switched" {
      input = "a"
      ${more}
    }
    resource "terraform_data" "outliving" {
      triggers_replace = ["${version}"]
      lifecycle { destroy = false }
    }`;
  const never = `
    resource "terraform_data" "never" {
      input = "a"
      lifecycle { enabled = false }
    }`;

  it("is judged as what it does: a resource switched off is deleted, one left to itself is replaced", () => {
    using workspace = new Workspace(binary);
    workspace.apply(estate("1"));
    workspace.configure(`${estate("2", "lifecycle { enabled = false }")} ${never}`);
    expect(checked(workspace, workspace.plan("plan"))).toMatchObject({
      ...PASSED,
      problems: [],
      deployments: [{ changes: { delete: 1, replace: 1, create: 0 } }],
    });
  });

  it("is incomplete where it excludes something that exists", () => {
    using workspace = new Workspace(binary);
    workspace.apply(estate("1"));
    workspace.configure(estate("2"));
    expect(checked(workspace, workspace.plan("plan", "-exclude=terraform_data.switched"))).toMatchObject({
      ...INCOMPLETE,
      problems: [error("says nothing of terraform_data.switched;")],
    });
  });

  it("encrypts: such a plan reads as any other, and such a state is refused in words", () => {
    using workspace = new Workspace(binary);
    const encrypted = (input: string) => `
      terraform {
        encryption {
          key_provider "pbkdf2" "mine" {
            passphrase = "correct-horse-battery-staple"
            iterations = 200000
          }
          method "aes_gcm" "mine" { keys = key_provider.pbkdf2.mine }
          state { method = method.aes_gcm.mine }
          plan { method = method.aes_gcm.mine }
        }
      }
      resource "terraform_data" "a" { input = "${input}" }`;
    workspace.apply(encrypted("old"));
    workspace.configure(encrypted("new"));
    const plan = workspace.plan("plan");
    expect(checked(workspace, plan)).toMatchObject({
      code: 0,
      problems: [],
      deployments: [{ changes: { update: 1 } }],
    });
    const { code, stdout, stderr } = firebreak(["check", plan, "--before", "terraform.tfstate"], {
      cwd: workspace.root,
    });
    expect(code).toBeGreaterThan(1);
    expect(stdout + stderr).toMatch(/terraform\.tfstate.*encrypted/s);
  });
});

describeWithEach("what exists, as `show -json` tells it", { providers: false }, (binary) => {
  it("serves as --before, and alone has nothing to judge", () => {
    using workspace = new Workspace(binary);
    workspace.apply(chain("old"));
    const state = workspace.state();
    workspace.configure(chain("new"));
    const plan = workspace.plan("plan");
    expect(checked(workspace, plan, "--before", state)).toMatchObject({ ...PASSED, problems: [] });
    expect(checked(workspace, plan, "--before", "terraform.tfstate")).toMatchObject({
      ...PASSED,
      problems: [],
    });
    expect(checked(workspace, state)).toMatchObject({
      deployments: [{ host: "terraform-state", changes: { keep: 3, create: 0, update: 0, delete: 0 } }],
    });
  });
});
