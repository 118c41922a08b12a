import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readPaths } from "../../src/inputs/read.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { isObject, Secret, Unknown, type Value } from "../../src/model/value.ts";
import { describeWithBoth, describeWithEach } from "../support/terraform/binaries.ts";
import { Workspace } from "../support/terraform/workspace.ts";
import { checked, dependentsOf, sensitiveTexts, smallBudget, toldInEachFormat } from "./support/terraform.ts";

/*
 * Real plans with real providers: values that only they make up, and secrets that only they mark.
 */

const COMMON = `
  terraform {
    required_providers {
      random = {
        source  = "hashicorp/random"
        version = "~> 3.5"
      }
      tls = {
        source  = "hashicorp/tls"
        version = ">= 4.0"
      }
    }
  }
  provider "random" {}
  provider "random" { alias = "eu" }
  resource "tls_private_key" "signing" { algorithm = "ED25519" }
  data "tls_public_key" "signing" { private_key_pem = tls_private_key.signing.private_key_pem }
  resource "terraform_data" "trusting" { input = data.tls_public_key.signing.public_key_openssh }
  resource "terraform_data" "trusting_too" { input = data.tls_public_key.signing.public_key_openssh }
  resource "random_password" "database" { length = 24 }`;

const certificate = (earlyRenewal: number) => `
  resource "tls_self_signed_cert" "site" {
    private_key_pem       = tls_private_key.signing.private_key_pem
    allowed_uses          = ["server_auth"]
    validity_period_hours = 8760
    early_renewal_hours   = ${earlyRenewal}
    subject { common_name = "site.example" }
  }`;

const BEFORE = `${COMMON}
  ${certificate(720)}
  resource "null_resource" "job" { triggers = { run = "1" } }`;

const AFTER = `${COMMON.replace('"ED25519"', '"RSA"')}
  ${certificate(0)}
  variable "token" {
    type      = string
    ephemeral = true
    default   = "an-ephemeral-battery-staple"
  }
  ephemeral "tls_private_key" "short" { algorithm = "ED25519" }
  resource "tls_self_signed_cert" "write_only" {
    private_key_pem_wo         = ephemeral.tls_private_key.short.private_key_pem
    private_key_pem_wo_version = 1
    allowed_uses               = ["server_auth"]
    validity_period_hours      = 8760
    early_renewal_hours        = 720
    subject { common_name = "wo.example" }
  }
  resource "random_id" "european" {
    provider    = random.eu
    byte_length = 4
  }
  resource "null_resource" "job" { triggers = { run = random_id.european.hex } }
  resource "time_static" "made" {}`;

describeWithEach("a plan with real providers", { providers: true }, (binary) => {
  let workspace: Workspace;
  let plan: string;
  let deployment: Deployment;
  const changeOf = (address: string): Change => {
    const found = deployment.changes.find((change) => change.address === address);
    if (found === undefined) throw new Error(`the plan has no ${address}`);
    return found;
  };
  const part = (state: Value | undefined, name: string) =>
    isObject(state) ? Object.entries(state).find(([key]) => key === name)?.[1] : undefined;

  beforeAll(async () => {
    workspace = new Workspace(binary);
    workspace.apply(BEFORE);
    workspace.configure(AFTER);
    plan = workspace.plan("plan");
    [deployment] = (await readPaths([plan])).deployments as [Deployment];
  });
  afterAll(() => workspace?.[Symbol.dispose]());

  it("tells what happens, of new keys and of what is made from them", () => {
    expect(checked(workspace, plan, "--pack", "strict")).toMatchObject({
      problems: [],
      deployments: [{ changes: { create: 3, replace: 3, update: 2, delete: 0, keep: 1 } }],
    });
  });

  it("knows a provider's secrets as such, and what only it can tell as unknown", () => {
    const key = changeOf("tls_private_key.signing");
    expect(part(key.before, "private_key_pem")).toBeInstanceOf(Secret);
    expect(part(key.after, "private_key_pem")).toBeInstanceOf(Unknown);
    expect(part(changeOf("random_password.database").after, "result")).toBeInstanceOf(Secret);
    expect(part(changeOf("random_id.european").after, "hex")).toBeInstanceOf(Unknown);
    expect(part(changeOf("random_id.european").after, "byte_length")).toBe(4);
  });

  it("keeps write-only attributes out of the values", () => {
    expect(part(changeOf("tls_self_signed_cert.write_only").after, "private_key_pem_wo")).toBe(null);
  });

  it("tells no secret in any format", () => {
    const secrets = [...sensitiveTexts(readFileSync(plan, "utf8")), "an-ephemeral-battery-staple"];
    expect(secrets.length).toBeGreaterThan(4);
    const told = toldInEachFormat(workspace, plan);
    for (const secret of secrets) {
      expect(told.includes(secret)).toBe(false);
      expect(told.includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
    }
  });

  it("finds the certificate that nothing renews any more, and not the one that is renewed", () => {
    const { findings } = checked(workspace, plan, "--pack", "strict");
    const about = findings.filter(({ policy }) => policy === "certificates/auto-rotation");
    expect(about.map(({ address }) => address)).toEqual(["tls_self_signed_cert.site"]);
  });

  it("tells who depends on a key through a data source", () => {
    const report = checked(workspace, plan, ...smallBudget(workspace));
    expect(dependentsOf(report, "tls_private_key.signing")).toEqual(
      expect.arrayContaining([
        "terraform_data.trusting",
        "terraform_data.trusting_too",
        "tls_self_signed_cert.site",
      ]),
    );
  });

  it("tells it too where the data source could be read while planning, and is not in the plan", async () => {
    workspace.configure(BEFORE);
    const { deployments } = await readPaths([workspace.plan("read", "-replace=null_resource.job")]);
    const [{ changes, edges }] = deployments as [Deployment];
    expect(changes.map(({ address }) => address)).not.toContain("data.tls_public_key.signing");
    expect(edges).toContainEqual(
      expect.objectContaining({ from: "terraform_data.trusting", to: "tls_private_key.signing" }),
    );
  });

  it("tells a provider's version by its constraint, else by the lock file beside the plan", () => {
    const majors = Object.fromEntries(
      deployment.changes.map(({ provider }) => [provider?.name, provider?.major]),
    );
    expect(majors).toEqual({ random: 3, tls: 4, null: 3, time: 0, terraform: undefined });
  });

  it("does not know the version where neither tells it", async () => {
    const elsewhere = workspace.write("elsewhere/plan.json", readFileSync(plan, "utf8"));
    const { deployments } = await readPaths([elsewhere]);
    const majors = deployments[0]?.changes.map(({ provider }) => [provider?.name, provider?.major]);
    expect(Object.fromEntries(majors ?? [])).toEqual({
      random: 3,
      tls: undefined,
      null: undefined,
      time: undefined,
      terraform: undefined,
    });
  });
});

describeWithBoth("Terraform and OpenTofu with real providers", { providers: true }, (terraform, tofu) => {
  it("get the same report on the same change", () => {
    const reports = [terraform, tofu].map((binary) => {
      using workspace = new Workspace(binary);
      workspace.apply(BEFORE);
      workspace.configure(AFTER);
      workspace.plan("plan");
      return checked(workspace, "plan.json", ...smallBudget(workspace), "--all", "--show-undetermined");
    });
    expect(reports[0]?.findings.length).toBeGreaterThan(0);
    expect(reports[1]).toEqual(reports[0]);
  });
});
