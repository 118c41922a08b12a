import { describe, expect, it } from "vitest";
import { policies } from "../../../policies/index.ts";
import { memoryInput } from "../../../src/inputs/input.ts";
import { pulumiState } from "../../../src/inputs/pulumi/state.ts";
import { examplesOf } from "../../documents/support/examples.ts";
import { readDocument } from "../../documents/support/markdown.ts";
import { stackExport } from "./documents.ts";
import { exampleChange, pulumiResources, readBack } from "./examples.ts";
import { literalReferences } from "./references.ts";
import { stackChange } from "./stack-change.ts";

const documents = policies.map(({ id }) => readDocument(`policies/${id}.md`));

describe.each(documents.map((document) => [document.path, document] as const))("%s", (_, document) => {
  const examples = examplesOf(document);
  const blocks = examples.flatMap(({ before, after }) =>
    [before, after].filter((block) => block !== undefined),
  );

  it.each(blocks.map((block) => [block.at, block] as const))(
    "%s is read back from Pulumi as it is",
    (_, block) => {
      const resources = pulumiResources(block);
      expect(resources).not.toEqual([]);
      for (const { type, value, pulumi } of resources) {
        const back = readBack(pulumi);
        // ARM's resources are azure-native's then: another canonical dialect, told apart by its own facets.
        if (type.startsWith("Microsoft.")) expect(back.type).toBe(pulumi.token);
        else expect(back).toEqual({ type, value });
      }
    },
  );

  it.each(examples.map((example) => [example.at, example] as const))(
    "%s is a change of a stack",
    (_, example) => {
      const change = stackChange(exampleChange(example));
      const urns = change.resources.map(({ urn }) => urn);
      expect(new Set(urns).size).toBe(urns.length);
      const [state] = pulumiState.read(memoryInput("state.json", Buffer.from(stackExport(change))));
      expect(state?.problems).toEqual([]);
      const old = change.resources.filter((one) => one.old !== undefined && !one.urn.includes("::pulumi:"));
      expect(state?.changes.map(({ address }) => address)).toEqual(old.map(({ urn }) => urn));
    },
  );
});

it("puts what is known in the place of references, in texts and outside of them", () => {
  const known = (address: string, attribute: string) =>
    address === "azurerm_key_vault.new" ? undefined : `${address.split(".")[1]}-${attribute}`;
  const hcl = `
    a = azurerm_key_vault.shared.id
    b = "https://\${ azurerm_key_vault.shared.name }/x"
    c = [azurerm_key_vault.new.id, aws_kms_key.k.arn]
    d = "azurerm_key_vault.shared.id"`;
  expect(literalReferences(hcl, known)).toBe(`
    a = "shared-id"
    b = "https://shared-name/x"
    c = [azurerm_key_vault.new.id, "k-arn"]
    d = "azurerm_key_vault.shared.id"`);
});
