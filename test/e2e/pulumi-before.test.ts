/** Where the policy pack finds the state before the change, which the engine does not tell; with the real CLI. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ObjectStore } from "./support/object-store.ts";
import { describeWithPulumi, type PulumiProject, pulumiProject, succeeded } from "./support/pulumi.ts";
import {
  asItIs,
  blocking,
  by,
  closed,
  configured,
  deployedEstate,
  directoryOf,
  estate,
  only,
  PACK,
  SHARED,
  UNDECIDED,
} from "./support/pulumi-estate.ts";

describeWithPulumi("the state before the change", () => {
  let project: PulumiProject;
  let state: string;
  beforeAll(async () => {
    project = await deployedEstate(afterAll);
    state = pathToFileURL(join(project.folder, "state")).href;
    writeFileSync(join(project.folder, "before.json"), await project.exportStack());
    project.declare(estate(closed));
  });

  test("is found in the backend that one is logged in to", async () => {
    const env = { PULUMI_BACKEND_URL: "", PULUMI_HOME: join(project.folder, "other-home") };
    succeeded(await project.pulumi(["login", state], { env }));
    const args = ["--stack", project.stack];
    const run = await project.preview({ pack: PACK, env, args });
    expect(only(run, SHARED).enforcementLevel).toBe("mandatory");
    expect(by(run, UNDECIDED)).toEqual([]);
  });

  test("is the file that Pulumi's configuration of the pack names, from where `pulumi` runs", async () => {
    const packConfig = { firebreak: { before: "../empty.json" } };
    writeFileSync(
      join(project.folder, "empty.json"),
      JSON.stringify({ version: 3, deployment: { manifest: {}, resources: [] } }),
    );
    // As if nothing were there yet.
    expect(succeeded(await project.preview({ pack: PACK, packConfig })).policyEvents).toEqual([]);
  });

  test("blocks where the file that is named cannot be read", async () => {
    const broken = join(project.folder, "broken.json");
    writeFileSync(broken, readFileSync(project.checkpoint, "utf8").slice(0, -40));
    const run = await project.preview({ pack: PACK, env: { FIREBREAK_BEFORE: broken } });
    expect(run.code).not.toBe(0);
    const said = only(run, "firebreak");
    expect(said.enforcementLevel).toBe("mandatory");
    expect(said.message).toContain("broken.json cannot be read");
  });

  describe("of a project elsewhere, whose Pulumi.yaml names the backend", () => {
    const elsewhere = (env: Record<string, string> = {}) => ({
      pack: PACK,
      cwd: project.folder,
      args: ["-C", "project"],
      env: { PULUMI_BACKEND_URL: "", ...env },
    });
    beforeAll(() => {
      const file = join(directoryOf(project), "Pulumi.yaml");
      const yaml = JSON.parse(readFileSync(file, "utf8"));
      writeFileSync(file, JSON.stringify({ ...yaml, backend: { url: state } }));
    });

    test("is missed, which is said once", async () => {
      const run = succeeded(await project.preview(elsewhere()));
      expect(by(run, SHARED)).toEqual([]);
      const said = only(run, UNDECIDED);
      expect(said.enforcementLevel).toBe("advisory");
      expect(said.message).toMatch(/no before-state/);
      expect(said.message).toContain("FIREBREAK_BEFORE");
    });

    test("blocks where the configuration says so", async () => {
      using _ = configured(project, "onUndetermined: block");
      const run = await project.preview(elsewhere({ FIREBREAK_CONFIG: "project/firebreak.yaml" }));
      expect(run.code).not.toBe(0);
      expect(blocking(run).join("\n")).toContain(SHARED);
      expect(by(run, SHARED)[0]?.message).toMatch(/no before-state/);
    });

    test.each([
      ["absolute", () => directoryOf(project)],
      ["relative", () => "project"],
    ])("is found with FIREBREAK_PROJECT (%s)", async (_, directory) => {
      const run = await project.preview(elsewhere({ FIREBREAK_PROJECT: directory() }));
      expect(only(run, SHARED).enforcementLevel).toBe("mandatory");
    });

    test("is the file that FIREBREAK_BEFORE names, from where `pulumi` runs", async () => {
      const run = await project.preview(elsewhere({ FIREBREAK_BEFORE: "before.json" }));
      expect(only(run, SHARED).enforcementLevel).toBe("mandatory");
    });
  });
});

describeWithPulumi("the state of a stack", () => {
  test("is empty where nothing has been deployed yet", async () => {
    const project = await pulumiProject({ resources: asItIs });
    expect(succeeded(await project.preview({ pack: PACK })).policyEvents).toEqual([]);
  });

  test("is not taken from another backend, which lies where `pulumi` is started", async () => {
    const project = await pulumiProject({ resources: asItIs, init: false });
    // With -C it is the project's directory that this counts from.
    const env = { PULUMI_BACKEND_URL: "file://." };
    const elsewhere = { cwd: project.folder, env };
    writeFileSync(join(project.folder, "Pulumi.yaml"), "{ name: other, runtime: nodejs }\n");
    succeeded(await project.pulumi(["stack", "init", project.stack], elsewhere));
    succeeded(await project.pulumi(["stack", "init", project.stack], { env }));
    succeeded(await project.up({ env }));

    project.declare(estate(closed));
    const given = { ...elsewhere, pack: PACK, args: ["-C", "project"] };
    const missed = await project.preview(given);
    expect(only(missed, UNDECIDED).message).toMatch(/no before-state/);
    const found = await project.preview({
      ...given,
      env: { ...env, FIREBREAK_PROJECT: directoryOf(project) },
    });
    expect(only(found, SHARED).enforcementLevel).toBe("mandatory");
  }, 120_000);

  test("is exported by Pulumi itself where no file holds it, an update's too", async () => {
    await using store = await ObjectStore.start();
    const env = store.environment;
    const project = await pulumiProject({ resources: asItIs, init: false });
    succeeded(await project.pulumi(["stack", "init", project.stack], { env }));
    succeeded(await project.up({ env }));
    expect(store.keys).toContain(".pulumi/stacks/estate/dev.json");
    project.declare(estate(closed));
    for (const run of [await project.preview({ pack: PACK, env }), await project.up({ pack: PACK, env })]) {
      expect(run.code).not.toBe(0);
      expect(only(run, SHARED).enforcementLevel).toBe("mandatory");
      expect(by(run, UNDECIDED)).toEqual([]);
    }
  }, 120_000);

  test("is unpacked where the backend packs it", async () => {
    const project = await pulumiProject({ resources: asItIs });
    const env = { PULUMI_DIY_BACKEND_GZIP: "true" };
    succeeded(await project.up({ env }));
    expect(existsSync(`${project.checkpoint}.gz`)).toBe(true);
    expect(existsSync(project.checkpoint)).toBe(false);
    project.declare(estate(closed));
    expect(only(await project.preview({ pack: PACK, env }), SHARED).enforcementLevel).toBe("mandatory");
  });
});
