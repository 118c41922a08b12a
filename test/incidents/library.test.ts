import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import { incidentsIn } from "../../src/incidents/library.ts";
import { library } from "./support.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "firebreak-incidents-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function incident(id: string, expectation: string): void {
  mkdirSync(join(directory, id));
  writeFileSync(join(directory, id, "expect.yaml"), expectation);
}

const SOUND = `
title: Something broke
variants:
  cdktf-synth:
    host: cdktf-synth
    outage: { path: cdktf-synth/cdktf.out, before: cdktf-synth/before.tfstate }
    safe: { path: safe/plan.json }
    blockedBy: [rollout/max-regions]
`;

describe("incidentsIn", () => {
  it("lists incidents by id, with paths in their own folders", () => {
    incident("b-later", SOUND);
    incident("a-first", SOUND);
    writeFileSync(join(directory, "README.md"), "no incident");
    const found = incidentsIn(directory);
    expect(found.map(({ id }) => id)).toEqual(["a-first", "b-later"]);
    expect(found[0]?.document).toBe(join(directory, "a-first", "incident.md"));
    expect(found[0]?.variants).toEqual([
      {
        id: "cdktf-synth",
        host: "cdktf-synth",
        outage: {
          paths: [join(directory, "a-first", "cdktf-synth/cdktf.out")],
          before: join(directory, "a-first", "cdktf-synth/before.tfstate"),
        },
        safe: { paths: [join(directory, "a-first", "safe/plan.json")], before: undefined },
        blockedBy: ["rollout/max-regions"],
      },
    ]);
  });

  it.each([
    ["an unknown key", SOUND.replace("blockedBy", "stoppedBy"), "stoppedBy"],
    ["an unknown host", SOUND.replace("host: cdktf-synth", "host: cloud"), "host"],
    ["no variant", "title: Something broke\nvariants: {}\n", "an incident needs a variant"],
    ["no policy that stops it", SOUND.replace("[rollout/max-regions]", "[]"), "blockedBy"],
  ])("refuses an expectation with %s, naming the file", (_, expectation, reason) => {
    incident("broken", expectation);
    const read = () => incidentsIn(directory);
    expect(read).toThrow(join(directory, "broken", "expect.yaml"));
    expect(read).toThrow(reason);
  });
});

describe("the library", () => {
  it.each(library.map((one) => [one.id, one] as const))("%s tells its story under its title", (_, one) => {
    const story = readFileSync(one.document, "utf8");
    expect(story.split("\n", 1)[0]).toBe(`# ${one.title}`);
    for (const part of ["What happened", "The lesson", "The change", "Done well", "Sources"]) {
      expect(story).toContain(`**${part}`);
    }
  });

  it.each(library.map((one) => [one.id, one] as const))(
    "%s and the policies that stop it name each other",
    (id, one) => {
      const naming = policies.filter(({ incidents }) => incidents?.includes(id)).map((policy) => policy.id);
      const stopping = new Set(one.variants.flatMap(({ blockedBy }) => blockedBy));
      expect(naming.sort()).toEqual([...stopping].sort());
      const story = readFileSync(one.document, "utf8");
      expect([...stopping].filter((policy) => !story.includes(`\`${policy}\``))).toEqual([]);
    },
  );
});
