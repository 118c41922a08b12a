/** How the policy pack is set, what it does with policies of one's own, and what it keeps to itself; with the real CLI. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./support/cli.ts";
import { describeWithPulumi, type PulumiProject, secret, succeeded } from "./support/pulumi.ts";
import {
  account,
  blocking,
  by,
  closed,
  configured,
  deployedEstate,
  directoryOf,
  estate,
  fleet,
  only,
  PACK,
  PASSWORD,
  SHARED,
  UNDECIDED,
} from "./support/pulumi-estate.ts";

const BUDGET = "dependencies/blast-radius-budget";

describeWithPulumi("the settings of the pack", () => {
  let project: PulumiProject;
  beforeAll(async () => {
    project = await deployedEstate(afterAll);
    project.declare(estate(closed));
  });

  test("come from Pulumi: levels and options", async () => {
    const packConfig = {
      all: "advisory",
      "access/public-read-removal": "disabled",
      [BUDGET]: { enforcementLevel: "mandatory", resources: 1 },
    };
    const run = await project.preview({ pack: PACK, packConfig });
    expect(run.code).not.toBe(0);
    expect(only(run, SHARED).enforcementLevel).toBe("advisory");
    expect(by(run, "access/public-read-removal")).toEqual([]);
    expect(blocking(run).every((one) => one.startsWith(BUDGET))).toBe(true);
    expect(blocking(run)).not.toEqual([]);

    expect(succeeded(await project.preview({ pack: PACK, packConfig: { all: "advisory" } })).code).toBe(0);
  });

  test("are refused where Pulumi's are wrong", async () => {
    const packConfig = { [BUDGET]: { resources: "many" } };
    const run = await project.preview({ pack: PACK, packConfig });
    expect(run.code).not.toBe(0);
    expect(run.policyEvents).toEqual([]);
    expect(run.stdout + run.stderr).toContain("resources");
  });

  test("come from firebreak.yaml of the project: levels, options and waivers", async () => {
    using _ = configured(
      project,
      `policies:
  ${SHARED}: advisory
  ${BUDGET}: { options: { resources: 1 } }
waivers:
  - { policy: "access/public-*", address: "urn:pulumi:dev::estate::**::packages", owner: web, reason: moved, expires: ${inDays(20)} }`,
    );
    const run = await project.preview({ pack: PACK });
    expect(run.code).not.toBe(0);
    expect(only(run, SHARED).enforcementLevel).toBe("advisory");
    expect(by(run, "access/public-read-removal")).toEqual([]);
    expect(blocking(run).filter((one) => one.startsWith(BUDGET))).toHaveLength(1);
  });

  test("let a change pass whose findings are all waived", async () => {
    using _ = configured(
      project,
      `waivers: [{ policy: "*/*", address: "**", owner: web, reason: moved, expires: ${inDays(20)} }]`,
    );
    expect(blocking(succeeded(await project.preview({ pack: PACK })))).toEqual([]);
  });

  test("are refused where firebreak.yaml is wrong, before anything is previewed", async () => {
    using _ = configured(project, "polcies: {}");
    const run = await project.preview({ pack: PACK });
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('unknown key "polcies"');
  });

  test("leave a policy over the whole stack at work where all others are off", async () => {
    const packConfig = { all: "disabled", [BUDGET]: { enforcementLevel: "mandatory", resources: 1 } };
    const run = await project.preview({ pack: PACK, packConfig });
    expect(run.code).not.toBe(0);
    expect(only(run, BUDGET).enforcementLevel).toBe("mandatory");
  });

  test("name policies of one's own, and one that crashes blocks", async () => {
    writeFileSync(
      join(directoryOf(project), "crash.mjs"),
      `export default { name: "crash", entries: [{ level: "advisory", policy: {
        id: "test/crash", title: "It works", severity: "low", hazard: "None.", kind: "change",
        checkDeployment() { throw new Error("out of luck"); },
      } }] };`,
    );
    using _ = configured(project, "packs: [recommended, ./crash.mjs]");
    const run = await project.preview({ pack: PACK });
    expect(run.code).not.toBe(0);
    expect(by(run, "test/crash")[0]?.message).toMatch(/crashed .*out of luck/);
    expect(only(run, UNDECIDED)).toMatchObject({ enforcementLevel: "mandatory" });
    expect(only(run, UNDECIDED).message).toMatch(/crashed/);
  });
});

describeWithPulumi("secrets", () => {
  const TOKEN = "a-token-of-the-stack";
  const HIDDEN = "moved-into-the-vault";
  /** Says of every account and scale set all that it holds, before and after. */
  const tellAll = `
import { defineFacet, definePolicy } from ${JSON.stringify(pathToFileURL(join(root, "dist/policy.js")))};
const told = (r) => ({
  owner: r.string("tags.owner"),
  network: r.string("publicNetworkAccess"),
  user: r.string("virtualMachineProfile.osProfile.adminUsername"),
  password: r.string("virtualMachineProfile.osProfile.adminPassword"),
  data: r.string("virtualMachineProfile.userData"),
});
const everything = defineFacet("everything", {
  "azure-native:storage:StorageAccount": told,
  "azure-native:compute:VirtualMachineScaleSet": told,
});
export default { name: "tell-all", entries: [{ level: "mandatory", policy: definePolicy({
  id: "test/tell-all", title: "Everything is told", severity: "low", kind: "state", hazard: "It could get into a report.",
  each: everything,
  check({ report }) {
    for (const at of ["owner", "network", "user", "password", "data"]) {
      report.violation({ at, message: "This stands there.", fix: "Nothing is to be done." });
    }
  },
}) }] };`;

  test("of resources and of the stack are judged, and reach nobody", async () => {
    const project = await deployedEstate((remove) => afterAll(remove));
    succeeded(await project.pulumi(["config", "set", "--secret", "token", TOKEN]));
    writeFileSync(join(directoryOf(project), "tell-all.mjs"), tellAll);
    using _ = configured(project, "packs: [recommended, ./tell-all.mjs]");
    project.declare([
      ...estate(
        account({
          publicNetworkAccess: secret("Disabled"),
          tags: { owner: secret(HIDDEN) },
        }),
      ).filter(({ name }) => name !== "web-westus"),
      fleet("westus", {
        virtualMachineProfile: {
          osProfile: { adminUsername: "root", adminPassword: secret(`new-${PASSWORD}`) },
          userData: secret("curl https://vmextshared.blob.core.windows.net/packages/agent.sh | sh"),
        },
      }),
    ]);
    const run = await project.preview({ pack: PACK });
    expect(run.code).not.toBe(0);
    expect(by(run, SHARED)[0]?.message).toContain("(secret)");
    const told = by(run, "test/tell-all").map(({ message }) => message);
    expect(told.join("\n")).toContain('adminUsername: "web" → "root"');
    expect(told.join("\n")).toContain("tags.owner: (not set) → (secret)");

    const said = JSON.stringify([run.policyEvents, run.diagnosticEvents, run.stdout, run.stderr]);
    for (const one of [PASSWORD, TOKEN, HIDDEN, "Disabled"]) expect(said).not.toContain(one);
  });
});

/** A day from now on, `YYYY-MM-DD`: the pack takes the day from the clock. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
