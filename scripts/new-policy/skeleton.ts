/**
 * The three files of a new policy. They are a small policy that works, with its document and its tests, so that whoever
 * starts one changes what is there, one step at a time, and sees at each step what breaks.
 */

/** The longest line that the formatter leaves on one line. */
const LINE_WIDTH = 110;

export function ruleSkeleton(id: string, title: string): string {
  return `import { storageAccess } from "../../src/facets/storage-access.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: ${text(id)},
${property("title", title)}
  // What happens to whom, in one sentence.
  hazard: "Everything that reaches this storage from outside a private network loses it at once.",
  severity: "high",
  // Ids of fixtures/incidents that this would have stopped.
  incidents: [],
  // change: compares before with after. state: looks at facts that are created or changed. update: at every changed resource.
  kind: "change",
  // The facet: what the policy reads of a resource, whatever the host and dialect.
  each: storageAccess,
  check({ before, after, report }) {
    // Saying nothing is compliance; reading what is not known yet makes the check undetermined by itself.
    if (before?.publicNetwork !== true || after?.publicNetwork !== false) return;
    report.violation({
      at: "publicNetwork",
      message: "Whoever reaches this storage over the public network loses it at once.",
      fix: "Give the readers a private endpoint first; close the public network when nothing comes that way any more.",
    });
  },
});
`;
}

export function documentSkeleton(title: string): string {
  const account = (isOpen: boolean, more = "") => `resource "azurerm_storage_account" "example" {
  name                          = "example"
  public_network_access_enabled = ${isOpen}${more}
}`;
  const example = (info: string, content: string) => `\`\`\`${info}\n${content}\n\`\`\``;
  return `# ${title}

**Hazard** Everything that reaches this storage from outside a private network loses it at once. Say what happens to whom.

**How it decides** It looks at storage whose public network access the change turns off. Say what it reads and where the
limits come from.

**Avoid**

${example("hcl avoid before", account(true))}

${example("hcl avoid after", account(false))}

**Prefer**

${example("hcl prefer before", account(true))}

${example("hcl prefer after", account(true, '\n  min_tls_version               = "TLS1_2"'))}

**Options** None.

**Exceptions** Storage that is new has no readers yet.

**Incidents** None.

**Nearest rules elsewhere** None that we know of.

**Sources**

- [Configure Azure Storage firewalls and virtual networks](https://learn.microsoft.com/azure/storage/common/storage-network-security)
`;
}

export function testSkeleton(id: string): string {
  return `import { describe, expect, it } from "vitest";
import policy from "../../../policies/${id}.ts";
import { type ChangeSpec, run } from "../../support/harness.ts";

/** A storage account whose public network access changes. */
function account(before: boolean | undefined, after: boolean | undefined): ChangeSpec {
  const state = (isOpen: boolean) => ({ name: "example", public_network_access_enabled: isOpen });
  return {
    type: "azurerm_storage_account",
    ...(before !== undefined && { before: state(before) }),
    ...(after !== undefined && { after: state(after) }),
  };
}

describe(${text(id)}, () => {
  it("refuses the hazard", () => {
    const { findings } = run(policy, { changes: [account(true, false)] });
    expect(findings.map(({ path, before, after }) => [path, before, after])).toEqual([
      ["public_network_access_enabled", true, false],
    ]);
  });

  it.each([
    ["the way back", account(false, true)],
    ["what stays as it is", account(false, false)],
    ["a new account", account(undefined, false)],
    ["a deleted account", account(true, undefined)],
  ])("lets through %s", (_, change) => {
    expect(run(policy, { changes: [change] })).toMatchObject({ findings: [], undetermined: [] });
  });

  it("says so where nothing is known of the time before", () => {
    const { undetermined } = run(policy, { changes: [account(undefined, false)], knows: "after-only" });
    expect(undetermined.map(({ because }) => because)).toEqual(["no before-state"]);
  });
});
`;
}

/** A property on one line, or on two where the formatter wants it. */
function property(name: string, value: string): string {
  const line = `  ${name}: ${text(value)},`;
  return line.length <= LINE_WIDTH ? line : `  ${name}:\n    ${text(value)},`;
}

/** A string as the formatter writes it: in double quotes, unless single ones need fewer escapes. */
function text(value: string): string {
  const doubled = JSON.stringify(value);
  const quotes = value.split('"').length - 1;
  const apostrophes = value.split("'").length - 1;
  if (quotes <= apostrophes) return doubled;
  return `'${doubled.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
