import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type Declared,
  describeWithPulumi,
  output,
  type PulumiRun,
  pulumiProject,
  secret,
  succeeded,
  text,
} from "./support/pulumi.ts";

const account: Declared = {
  type: "azure-native:storage:StorageAccount",
  name: "vmext",
  props: {
    accountName: "vmext",
    resourceGroupName: "rg-shared",
    location: "westeurope",
    publicNetworkAccess: "Enabled",
  },
};

const extension: Declared = {
  type: "azure-native:compute:VirtualMachineExtension",
  name: "agent",
  props: {
    vmName: "vm-1",
    vmExtensionName: "agent",
    resourceGroupName: "rg-vm",
    location: "westeurope",
    settings: { fileUris: [text`${output("vmext", "primaryEndpoints.blob")}packages/agent.zip`] },
  },
};

const closed: Declared = { ...account, props: { ...account.props, publicNetworkAccess: "Disabled" } };

const PACK = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("smoke", { policies: [{
  name: "stays-open",
  description: "A storage account stays open.",
  enforcementLevel: "mandatory",
  validateResource(args, reportViolation) {
    if (args.props.publicNetworkAccess === "Disabled") reportViolation(args.name + " is closed");
  },
}] });
`;

describeWithPulumi("the real Pulumi CLI", () => {
  test("deploys with the offline provider, whose outputs others can refer to", async () => {
    const tagged = { ...account, props: { ...account.props, tags: { token: secret("hunter2") } } };
    const project = await pulumiProject({ resources: [tagged, extension] });
    expect(operations(await project.up())).toEqual([
      "create estate-dev",
      "create default",
      "create vmext",
      "create agent",
    ]);

    const exported = await project.exportStack();
    expect(exported).toContain("https://vmext.blob.core.windows.net/packages/agent.zip");
    expect(exported).toContain(
      "/resourceGroups/rg-vm/providers/Microsoft.Compute/virtualMachines/vm-1/extensions/agent",
    );
    expect(exported).not.toContain("hunter2");
    expect(await project.exportStack({ args: ["--show-secrets"] })).toContain("hunter2");
    expect(JSON.parse(readFileSync(project.checkpoint, "utf8")).version).toBe(3);

    expect(operations(await project.preview())).toEqual(
      expect.arrayContaining(["same vmext", "same agent", "same estate-dev"]),
    );
  });

  test("stops at a mandatory violation and tells it as a policy event", async () => {
    const project = await pulumiProject({ resources: [account] });
    succeeded(await project.up());
    const pack = project.writePack("smoke", PACK);
    const unchanged = succeeded(await project.preview({ pack }));
    expect(unchanged.policyEvents).toEqual([]);

    project.declare([closed]);
    const blocked = await project.preview({ pack });
    expect(blocked.code).not.toBe(0);
    expect(blocked.policyEvents).toMatchObject([
      {
        resourceUrn: "urn:pulumi:dev::estate::azure-native:storage:StorageAccount::vmext",
        policyName: "stays-open",
        policyPackName: "smoke",
        enforcementLevel: "mandatory",
        message: "A storage account stays open.\nvmext is closed\n",
      },
    ]);
    const advised = succeeded(await project.preview({ pack, packConfig: { all: "advisory" } }));
    expect(advised.policyEvents).toMatchObject([{ enforcementLevel: "advisory" }]);
  });

  test("says what went wrong when the program fails", async () => {
    const project = await pulumiProject({ resources: [extension] });
    const failed = await project.up();
    expect(failed.code).not.toBe(0);
    expect(failed.diagnosticEvents.map(({ message }) => message).join("\n")).toContain(
      "No resource vmext stands before the one that refers to it.",
    );
  });

  test("replaces what cannot be changed in place", async () => {
    const project = await pulumiProject({ resources: [account] });
    succeeded(await project.up());
    project.declare([{ ...account, props: { ...account.props, location: "northeurope" } }]);
    expect(operations(await project.preview())).toContain("replace vmext");
  });

  test("sees that a property is taken away, and what is deleted", async () => {
    const project = await pulumiProject({ resources: [account, extension] });
    succeeded(await project.up());
    const { publicNetworkAccess: _, ...rest } = account.props ?? {};
    project.declare([{ ...account, props: rest }]);
    const preview = operations(await project.preview());
    expect(preview).toContain("update vmext");
    expect(preview).toContain("delete agent");

    succeeded(await project.refresh());
    expect(operations(await project.destroy())).toEqual(
      expect.arrayContaining(["delete agent", "delete vmext", "delete estate-dev"]),
    );
  });

  test("ends a command that does not end by itself", async () => {
    const project = await pulumiProject();
    writeFileSync(
      join(project.folder, "project/index.js"),
      "setInterval(() => {}, 1000); await new Promise(() => {});",
    );
    await expect(project.preview({ timeout: 5_000 })).rejects.toThrow("did not end within 5 s");
  });
});

/** `update vmext`: what the engine did, or would do, with the resource of that name. */
function operations(run: PulumiRun): readonly string[] {
  return succeeded(run).resourcePreEvents.map(
    ({ metadata }) => `${metadata.op} ${metadata.urn.split("::")[3]}`,
  );
}
