/** What the policy pack stops in `pulumi up`, and what it cannot stop; with the real CLI. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithPulumi, type PulumiProject, pulumiProject, succeeded } from "./support/pulumi.ts";
import {
  accountUrn,
  asItIs,
  by,
  closed,
  deployed,
  estate,
  only,
  PACK,
  ROOT_URN,
  SHARED,
} from "./support/pulumi-estate.ts";

// In this order: each starts from what the one before has left.
describeWithPulumi("an update with the pack", () => {
  let project: PulumiProject;
  beforeAll(async () => {
    project = await pulumiProject({ resources: asItIs, until: afterAll });
  });

  test("creates a stack: what nobody uses yet hits nobody", async () => {
    const run = succeeded(await project.up({ pack: PACK, preview: true }));
    expect(run.policyEvents).toEqual([]);
    expect(Object.keys(await deployed(project))).toContain(accountUrn());
  });

  test("is stopped by its preview, before anything is touched", async () => {
    const before = readFileSync(project.checkpoint, "utf8");
    project.declare(estate(closed));
    const run = await project.up({ pack: PACK, preview: true });
    expect(run.code).not.toBe(0);
    expect(only(run, SHARED)).toMatchObject({ resourceUrn: accountUrn(), enforcementLevel: "mandatory" });
    expect(run.resourcePreEvents.filter(({ planning }) => planning !== true)).toEqual([]);
    expect(readFileSync(project.checkpoint, "utf8")).toBe(before);
  });

  test("is stopped at the resource where nobody previews it", async () => {
    const run = await project.up({ pack: PACK });
    expect(run.code).not.toBe(0);
    const said = only(run, SHARED);
    expect(said).toMatchObject({ resourceUrn: accountUrn(), enforcementLevel: "mandatory" });
    expect(said.message).toContain("2 resources in 2 regions use this account");
    expect(said.message).toContain('publicNetworkAccess: "Enabled" → "Disabled"');
    expect((await deployed(project))[accountUrn()]).toMatchObject({ publicNetworkAccess: "Enabled" });
  });

  test("tells a deletion that nobody has previewed too late to stop it", async () => {
    project.declare(estate());
    const run = await project.up({ pack: PACK });
    expect(run.code).not.toBe(0);
    expect(by(run, SHARED)).toMatchObject([{ resourceUrn: ROOT_URN, enforcementLevel: "mandatory" }]);
    expect(Object.keys(await deployed(project))).not.toContain(accountUrn());
  });

  test("may be asked about what is there, without a change: `pulumi policy analyze`", async () => {
    const asked = await project.pulumi([
      "policy",
      "analyze",
      "--stack",
      project.stack,
      "--policy-pack",
      PACK,
    ]);
    expect(asked).toMatchObject({ code: 0 });
    // A violation that stands at no resource would make the CLI panic.
    expect(asked.stdout).toContain("no stack is being run");
    expect(asked.stderr).not.toContain("panic");
  });

  test("has no part in `destroy` and `refresh`, which take no policy pack", async () => {
    for (const command of ["refresh", "destroy"] as const) {
      const refused = await project.pulumi([command, "--yes", "--skip-preview", "--policy-pack", PACK]);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain("unknown flag: --policy-pack");
    }
    expect(Object.keys(await deployed(project))).toContain(ROOT_URN);
  });
});
