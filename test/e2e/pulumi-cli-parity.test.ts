/** `firebreak check` on what the real CLI writes of a change says what the policy pack says of it in a preview. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { firebreak } from "./support/cli.ts";
import { type Declared, describeWithPulumi, type PulumiProject, succeeded } from "./support/pulumi.ts";
import {
  closed,
  deployedEstate,
  directoryOf,
  estate,
  PACK,
  ROOT_URN,
  SHARED,
} from "./support/pulumi-estate.ts";

const report = z.object({
  verdict: z.string(),
  findings: z.array(z.object({ policy: z.string(), level: z.string(), address: z.string() })),
  undetermined: z.array(z.unknown()),
  problems: z.array(z.object({ severity: z.string(), message: z.string() })),
});

const changes: readonly (readonly [name: string, resources: readonly Declared[]])[] = [
  ["an update", estate(closed)],
  ["a delete", estate()],
];

describeWithPulumi("firebreak check", () => {
  let project: PulumiProject;
  beforeAll(async () => {
    project = await deployedEstate(afterAll);
    writeFileSync(join(project.folder, "before.json"), await project.exportStack());
  });

  describe.each(changes)("of %s", (_, resources) => {
    let said: readonly string[];
    let stays: ReadonlySet<string>;
    const files: Record<string, string> = {};
    beforeAll(async () => {
      project.declare(resources);
      const { policyEvents, resourcePreEvents } = await project.preview({ pack: PACK });
      stays = new Set(
        resourcePreEvents.flatMap(({ metadata: { op, urn } }) => (op === "delete" ? [] : [urn])),
      );
      said = policyEvents
        .filter(({ policyName }) => !/^firebreak(\/|$)/.test(policyName))
        .map((one) => `${one.policyName} ${one.enforcementLevel} ${one.resourceUrn}`)
        .sort();

      const digest = succeeded(await project.preview({ args: ["--json"] }));
      const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1" };
      const streaming = succeeded(await project.preview({ args: ["--json"], env }));
      if (streaming.eventLog === undefined) throw new Error("there is no event log");
      const written = {
        "preview --json": digest.stdout,
        "the streaming preview": streaming.stdout,
        "--event-log": readFileSync(streaming.eventLog, "utf8"),
      };
      for (const [index, [name, content]] of Object.entries(written).entries()) {
        files[name] = join(project.folder, `change-${index}.json`);
        writeFileSync(files[name], content);
      }
    });

    test.each(["preview --json", "the streaming preview", "--event-log"])(
      "is that of the pack (%s)",
      (name) => {
        expect(said.join("\n")).toContain(SHARED);
        const args = ["check", files[name] ?? "", "--before", join(project.folder, "before.json")];
        const checked = firebreak([...args, "--format", "json"], { cwd: directoryOf(project) });
        expect(checked.code, checked.stderr).toBe(1);
        const { verdict, findings, undetermined, problems } = report.parse(JSON.parse(checked.stdout));
        expect(verdict).toBe("blocked");
        expect([...undetermined, ...problems.filter(({ severity }) => severity === "error")]).toEqual([]);
        const rows = findings.map(({ policy, level, address }) => {
          // The engine shows at the stack what is about nothing that stays.
          return `${policy} ${level} ${stays.has(address) ? address : ROOT_URN}`;
        });
        expect(rows.sort()).toEqual(said);
      },
    );
  });
});
