import { describe, expect, it } from "vitest";
import { policies } from "../../../policies/index.ts";
import type { Policy } from "../../../src/engine/policy.ts";
import { settingsOf } from "../../documents/support/config.ts";
import { type Example, examplesOf, sceneOf } from "../../documents/support/examples.ts";
import { readDocument } from "../../documents/support/markdown.ts";
import { readChange } from "../../support/files.ts";
import { run, runOver, type Said } from "../../support/harness.ts";

/** The languages of examples that are source files as they stand, and what such a file is called. */
const FILES: Readonly<Record<string, string>> = { hcl: "main.tf", yaml: "manifest.yaml" };

const built: readonly Policy[] = policies;

/**
 * What is found. A file's deployment has another name than a scene's, and one block, which a plan writes as a list of one, is
 * written as itself.
 */
function inWords({ findings }: Said, deployment: string): readonly string[] {
  return findings
    .map(({ path, message }) => `${path.replaceAll("[0]", "")}: ${message.replaceAll(deployment, "it")}`)
    .sort();
}

for (const policy of built) {
  const examples = examplesOf(readDocument(`policies/${policy.id}.md`)).filter(
    ({ before, after }) => FILES[(after ?? before)?.info[0] ?? ""] !== undefined,
  );
  describe.runIf(examples.length > 0)(`${policy.id}, as source files`, () => {
    it.each(examples)("says of $at what its document says", async (example) => {
      expect(await inFiles(policy, example)).toEqual(inWords(asShown(policy, example), "test"));
    });
  });
}

function asShown(policy: Policy, example: Example): Said {
  const settings = settingsOf(example.config);
  const options = settings.policies[policy.id]?.options ?? {};
  return run(policy, { ...sceneOf(example), options, shared: settings.shared });
}

async function inFiles(policy: Policy, example: Example): Promise<readonly string[]> {
  const settings = settingsOf(example.config);
  const options = settings.policies[policy.id]?.options ?? {};
  const file = FILES[(example.after ?? example.before)?.info[0] ?? ""] ?? "";
  const { deployments, problems } = await readChange(
    example.before === undefined ? {} : { [file]: example.before.text },
    example.after === undefined ? {} : { [file]: example.after.text },
  );
  expect([...problems, ...deployments.flatMap((one) => one.problems)]).toEqual([]);
  return inWords(runOver(policy, deployments, { options, shared: settings.shared }), "(root)");
}
