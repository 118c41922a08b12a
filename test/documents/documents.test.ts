import { existsSync, globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import recommended from "../../packs/recommended.ts";
import { policies } from "../../policies/index.ts";
import type { Policy } from "../../src/engine/policy.ts";
import { run, type Said } from "../support/harness.ts";
import { settingsOf } from "./support/config.ts";
import { type Example, examplesOf, sceneOf } from "./support/examples.ts";
import { readDocument, SECTIONS } from "./support/markdown.ts";
import { optionsOf, tells, toldOptions } from "./support/options.ts";

const built: readonly Policy[] = policies;
const mandatory = recommended.entries
  .filter((entry) => entry.level === "mandatory")
  .map(({ policy }) => policy);

it("every policy has a document, and every document a policy", () => {
  const documents = globSync("policies/*/*.md").map((path) => path.replaceAll("\\", "/"));
  expect(documents.sort()).toEqual(built.map(({ id }) => `policies/${id}.md`).sort());
});

for (const policy of built) {
  const path = `policies/${policy.id}.md`;
  if (!existsSync(path)) continue;
  const document = readDocument(path);
  const text = (section: string) => document.sections.get(section) ?? "";

  describe(path, () => {
    it("has the policy's title and all sections, in order and with something in them", () => {
      expect(document.title).toBe(policy.title);
      expect([...document.sections.keys()]).toEqual([...SECTIONS]);
      const empty = SECTIONS.filter((section) => !/Avoid|Prefer/.test(section) && text(section) === "");
      expect(empty).toEqual([]);
    });

    it("lists every option with its default, and no other", () => {
      const options = optionsOf(policy);
      const untold = options.filter((option) => !tells(text("Options"), option));
      expect(untold, "options that are not named with their default").toEqual([]);
      const known = options.map(({ name }) => name);
      expect(toldOptions(text("Options")).filter((name) => !known.includes(name))).toEqual([]);
      if (options.length === 0) expect(text("Options")).toBe("None.");
    });

    it("names the policy's incidents", () => {
      const named = [...text("Incidents").matchAll(/`([^`]+)`/g)].map((found) => found[1]);
      expect(named.sort()).toEqual([...(policy.incidents ?? [])].sort());
      if (named.length === 0) expect(text("Incidents")).toMatch(/^None/);
    });

    const examples = examplesOf(document);

    it("shows what to avoid and what to prefer", () => {
      expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(["avoid", "prefer"]);
    });

    for (const example of examples.filter(({ kind }) => kind === "avoid")) {
      it(`refuses ${example.at}`, () => {
        const said = judged(policy, example);
        expect(
          said.findings.length,
          `${example.at}: ${policy.id} does not fire; it says ${inWords(said)}`,
        ).not.toBe(0);
      });
    }

    for (const example of examples.filter(({ kind }) => kind === "prefer")) {
      it(`lets ${example.at} through`, () => {
        const said = judged(policy, example);
        expect(inWords(said), example.at).toBe("nothing");
      });
    }

    it("says which other policies fire on what it prefers", () => {
      const preferred = examples.filter(({ kind }) => kind === "prefer");
      const firing = mandatory
        .filter((other) => other !== policy && preferred.some((example) => blocks(other, example)))
        .map(({ id }) => id);
      const advice =
        "other mandatory policies fire on its prefer examples; change them, or say `<!-- also fires: ID -->`";
      expect(firing, `${path}: ${advice}`).toEqual([...document.alsoFires].sort());
    });
  });
}

/** What the policy says of an example, set as the document's own configuration sets it. */
function judged(policy: Policy, example: Example): Said {
  const settings = settingsOf(example.config);
  const options = settings.policies[policy.id]?.options ?? {};
  return run(policy, { ...sceneOf(example), options, shared: settings.shared });
}

function blocks(policy: Policy, example: Example): boolean {
  return judged(policy, example).findings.some(({ level }) => level === "mandatory");
}

function inWords({ findings, undetermined }: Said): string {
  const words = [
    ...findings.map((one) => `${one.address} ${one.path}: ${one.message}`),
    ...undetermined.map((one) => `${one.address} ${one.path}: undetermined, ${one.because}`),
  ];
  return words.length === 0 ? "nothing" : words.join("\n");
}
