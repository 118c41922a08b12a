import { describe, expect, it } from "vitest";
import { violationText } from "../../../src/integrations/pulumi/violation.ts";
import type { Finding } from "../../../src/model/report.ts";
import { finding, HOSTILE } from "../../reporters/sample.ts";
import { urnOf } from "../../support/pulumi/stack-change.ts";

const ACCOUNT = "azure-native:storage:StorageAccount";
const ADDRESS = urnOf(ACCOUNT, "packages");

/** A finding of Pulumi's: takes the public network from a storage account. */
function found(over: Partial<Finding> = {}): Finding {
  return finding({
    address: ADDRESS,
    type: ACCOUNT,
    deployment: "prod",
    path: "publicNetworkAccess",
    before: "Enabled",
    after: "Disabled",
    message: "Whoever reads from this account loses access at once.",
    fix: "Roll it out to ring canary first.",
    ...over,
  });
}

const reach = {
  resources: 5,
  hidden: 4,
  regions: ["eastus", "westeurope"],
  deployments: ["prod"],
  nearest: [
    urnOf("azure-native:compute:VirtualMachineScaleSet", "web-eastus"),
    urnOf("azure-native:compute:VirtualMachineScaleSet", "web-westeurope"),
    urnOf("azure-native:network:FrontDoor", "edge"),
    urnOf("azure-native:web:WebApp", "shop"),
  ],
};

describe("the text of a violation", () => {
  it("tells what changes, what happens to whom, and what to do", () => {
    expect(violationText(found())).toBe(
      `packages · publicNetworkAccess: "Enabled" → "Disabled"
Whoever reads from this account loses access at once.
fix    Roll it out to ring canary first.
       firebreak explain access/shared-storage-change`,
    );
  });

  it("tells who is hit and how far it reaches, where anybody is", () => {
    expect(violationText(found({ reach }))).toBe(
      `packages · publicNetworkAccess: "Enabled" → "Disabled"
Whoever reads from this account loses access at once.
hits   web-eastus, web-westeurope, edge and 2 more
reach  5 resources in eastus and westeurope depend on it, 4 of them through text that nobody declared
fix    Roll it out to ring canary first.
       firebreak explain access/shared-storage-change`,
    );
  });

  it("does not repeat what the sentence says", () => {
    const message = "5 resources in eastus and westeurope read from this account.";
    expect(violationText(found({ reach, message }))).toContain(
      "\nreach  4 of them through text that nobody declared\n",
    );
    const all = `${message} It is a dependency that nobody declared.`;
    expect(violationText(found({ reach, message: all }))).not.toContain("reach");
  });

  it("says nothing of who is hit where nobody is", () => {
    const nobody = { resources: 0, hidden: 0, regions: [], deployments: [], nearest: [] };
    expect(violationText(found({ reach: nobody }))).toBe(violationText(found()));
  });

  it("says that a resource is created", () => {
    const text = violationText(found({ action: "create", before: null, after: "Enabled" }));
    expect(text).toMatch(/^packages will be created · publicNetworkAccess: "Enabled"\n/);
  });

  it("says that a resource is made anew", () => {
    const text = violationText(found({ action: "replace", path: "", before: null, after: null }));
    expect(text).toMatch(/^packages will be destroyed and created anew\n/);
  });

  it("gives the whole URN of what goes: Pulumi shows that at the stack", () => {
    const text = violationText(found({ action: "delete", path: "", before: null, after: null }));
    expect(text.split("\n")[0]).toBe(`packages will be deleted (${ADDRESS})`);
  });

  it("says that what is only forgotten is not deleted", () => {
    const text = violationText(found({ action: "forget", path: "", before: null, after: null }));
    expect(text).toMatch(/^packages will be forgotten, not deleted\n/);
  });

  it("names the stack where it is about the whole", () => {
    const whole = { address: "prod", type: "deployment", path: "", before: null, after: null };
    expect(violationText(found({ ...whole, message: "Three regions change at once." }))).toMatch(
      /^stack prod\nThree regions change at once\.\n/,
    );
  });

  it("shows a secret as such, changed or not", () => {
    const text = violationText(found({ before: "(secret)", after: "(secret)" }));
    expect(text).toMatch(/^packages · publicNetworkAccess: \(secret\) → \(secret\)\n/);
  });

  it("shows that something is set, taken away or not known yet", () => {
    expect(violationText(found({ before: null }))).toContain('(not set) → "Disabled"');
    expect(violationText(found({ after: null }))).toContain('"Enabled" → (removed)');
    expect(violationText(found({ after: "(known after apply)" }))).toContain(
      '"Enabled" → (known after apply)',
    );
  });
});

describe("a stranger's text", () => {
  /** Whatever would act on a terminal or a CI log; newlines are those of the layout. */
  const ACTING = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}|##vso\[/u;
  const longLine = "x".repeat(10_000);

  it.each<[string, Partial<Finding>]>([
    ["name", { address: urnOf(ACCOUNT, HOSTILE) }],
    ["name of what goes", { address: urnOf(ACCOUNT, HOSTILE), action: "delete" }],
    ["address that is no URN", { address: HOSTILE }],
    ["stack", { address: HOSTILE, type: "deployment" }],
    ["property", { path: HOSTILE }],
    ["value", { before: HOSTILE, after: { [HOSTILE]: HOSTILE } }],
    ["sentence", { message: HOSTILE, fix: HOSTILE }],
    ["region", { reach: { ...reach, regions: [HOSTILE], nearest: [urnOf(ACCOUNT, HOSTILE)] } }],
  ])("as a %s neither acts nor adds a line", (_, over) => {
    const text = violationText(found({ reach, ...over }));
    expect(text).not.toMatch(ACTING);
    expect(text.split("\n")).toHaveLength(6);
  });

  it("does not fill the screen", () => {
    const address = urnOf(ACCOUNT, longLine);
    const nearest = [urnOf(ACCOUNT, longLine)];
    const text = violationText(
      found({ address, path: longLine, before: longLine, after: 1, reach: { ...reach, nearest } }),
    );
    expect(text.length).toBeLessThan(1500);
    expect(violationText(found({ address, action: "delete" })).length).toBeLessThan(1500);
  });
});
