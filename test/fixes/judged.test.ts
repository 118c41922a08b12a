import { expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { policies } from "../../policies/index.ts";
import type { Policy } from "../../src/engine/policy.ts";
import { edited } from "../../src/fixes/edits.ts";
import { fixFor } from "../../src/fixes/fix.ts";
import { sourceReader } from "../../src/fixes/language.ts";
import { examplesOf } from "../documents/support/examples.ts";
import { readDocument } from "../documents/support/markdown.ts";
import { described, type Resource } from "../documents/support/resources.ts";
import { run } from "../support/harness.ts";

const built: readonly Policy[] = policies;

/** How an example is written to a file, where in it each resource is, and how it is read back. */
interface FileForm {
  readonly file: string;
  write(text: string): string;
  read(text: string): readonly Resource[];
  mark(resource: Resource): string;
}

const resourcesIn = (language: string) => (text: string) =>
  described({ info: [language], text, at: "x:1" }).resources;
const asIs = (text: string) => text;

const FORMS: Readonly<Record<string, FileForm>> = {
  hcl: {
    file: "main.tf",
    write: asIs,
    read: resourcesIn("hcl"),
    mark: ({ address }) => `"${address.split(".")[1]}"`,
  },
  yaml: { file: "app.yaml", write: asIs, read: resourcesIn("yaml"), mark: () => "apiVersion" },
  // What documents write as JSON by address is a program of Pulumi, whose YAML holds the same.
  json: {
    file: "Pulumi.yaml",
    write(text) {
      const resources = Object.entries<Record<string, unknown>>(JSON.parse(text)).map(
        ([name, { type, ...properties }]) => [name, { type, properties }],
      );
      return stringify({ runtime: "yaml", resources: Object.fromEntries(resources) });
    },
    read(text) {
      const { resources } = parse(text) as {
        resources: Record<string, { type: string; properties: object }>;
      };
      const flat = Object.entries(resources).map(([name, { type, properties }]) => [
        name,
        { type, ...properties },
      ]);
      return resourcesIn("json")(JSON.stringify(Object.fromEntries(flat)));
    },
    mark: ({ address }) => `${address}:`,
  },
};

function findingsIn(policy: Policy, resources: readonly Resource[]) {
  const changes = resources.map(({ address, type, value, providerMajor }) => {
    return { address, type, after: value, ...(providerMajor !== undefined && { providerMajor }) };
  });
  return run(policy, { changes }).findings;
}

/** The avoided resources of a policy's document that are created, with what becomes of their findings. */
async function outcomes(policy: Policy): Promise<readonly string[]> {
  const said: string[] = [];
  for (const { kind, before, after } of examplesOf(readDocument(`policies/${policy.id}.md`))) {
    if (kind !== "avoid" || before !== undefined || after === undefined) continue;
    const [language = ""] = after.info;
    const form = FORMS[language] as FileForm;
    const text = form.write(after.text);
    const resources = form.read(text);
    for (const raw of findingsIn(policy, resources)) {
      const resource = resources.find(({ address }) => address === raw.address);
      const lines = text.split("\n");
      const at = lines.findIndex((one) => resource !== undefined && one.includes(form.mark(resource)));
      const column = (lines[at]?.search(/\S/) ?? 0) + 1;
      const finding = { ...raw, fingerprint: "0", source: { file: form.file, line: at + 1, column } };
      const source = (await sourceReader(form.file))?.(text);
      const edits = source && fixFor(finding, text, source);
      if (edits !== undefined) expect(findingsIn(policy, form.read(edited(text, edits)))).toEqual([]);
      said.push(`${language} ${raw.type}: ${edits === undefined ? "by hand" : "fixed"}`);
    }
  }
  return said;
}

it("judges what the policies' documents avoid as right once it is fixed", async () => {
  const all = await Promise.all(built.map(async (policy) => [policy.id, await outcomes(policy)] as const));
  expect(Object.fromEntries(all.filter(([, said]) => said.some((one) => one.endsWith("fixed"))))).toEqual({
    "certificates/auto-rotation": [
      "hcl azurerm_key_vault_certificate: by hand",
      "json azure-native:certificateregistration:AppServiceCertificateOrder: fixed",
    ],
    "certificates/no-pinned-version": [
      "hcl azurerm_application_gateway: fixed",
      "json azure-native:cdn:Secret: fixed",
    ],
    "clients/exponential-backoff": [
      "yaml dapr.io/v1alpha1/Resiliency: fixed",
      "json azure-native:app:AppResiliency: by hand",
    ],
    "clients/jitter": ["yaml dapr.io/v1alpha1/Resiliency: fixed"],
    "rollout/gradual-update-settings": [
      "hcl azurerm_linux_virtual_machine_scale_set: by hand",
      "json azure-native:compute:VirtualMachineScaleSet: by hand",
      "yaml apps/v1/DaemonSet: fixed",
    ],
  });
});
