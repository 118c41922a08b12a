/**
 * `npm run bench:pulumi [ROUNDS]`: what the Pulumi pack adds to a preview, against a pack without policies that is run in
 * turn with it: to the boot, and for each of 2,000 resources of which a tenth changes. Exits 1 where it adds more than is
 * promised.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyzedResources } from "../test/support/pulumi/calls.ts";
import { checkpoint } from "../test/support/pulumi/documents.ts";
import { Engine } from "../test/support/pulumi/engine.ts";
import {
  type ResourceChange,
  type StackChange,
  stackChange,
  urnOf,
} from "../test/support/pulumi/stack-change.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const RESOURCES = 2000;
const ROOT = join(import.meta.dirname, "..");

/** At most so much more than the empty pack takes: for the boot, and for each resource, in ms. */
const PROMISED = { boot: 1500, resource: 1 };

const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
try {
  const change = estate(RESOURCES);
  const stored = join(folder, ".pulumi/stacks/estate");
  mkdirSync(stored, { recursive: true });
  writeFileSync(join(stored, "prod.json"), checkpoint(change));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: estate\nruntime: nodejs\n");
  const packs = { empty: emptyPack(), firebreak: join(ROOT, "packs/pulumi") };
  const taken = { empty: [] as Taken[], firebreak: [] as Taken[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ["empty", "firebreak"] as const) taken[name].push(await run(packs[name], change));
  }
  const boot = median(taken.firebreak, "boot") - median(taken.empty, "boot");
  const work = (median(taken.firebreak, "work") - median(taken.empty, "work")) / RESOURCES;
  const rows = [
    ["boot", boot, PROMISED.boot, "boot"],
    ["each of 2,000 resources", work, PROMISED.resource, "work"],
  ] as const;
  for (const [name, added, limit, of] of rows) {
    const sign = added <= limit ? "✔" : "✖";
    const detail = `${median(taken.firebreak, of).toFixed(0)} ms, empty pack ${median(taken.empty, of).toFixed(0)} ms`;
    console.log(
      `${sign} ${name.padEnd(26)} +${added.toFixed(2)} ms, promised at most ${limit} ms (${detail})`,
    );
  }
  process.exitCode = rows.every(([, added, limit]) => added <= limit) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Taken {
  /** Milliseconds until the pack has told its policies. */
  readonly boot: number;
  /** Milliseconds for all resources and the stack. */
  readonly work: number;
}

async function run(pack: string, change: StackChange): Promise<Taken> {
  const started = performance.now();
  await using engine = await Engine.boot(pack, {
    env: { PWD: folder, PULUMI_BACKEND_URL: "file://." },
  });
  const booted = performance.now();
  const { resource, stack } = await engine.run(analyzedResources(change));
  const done = performance.now();
  const said = resource.length + stack.length;
  // A pack that judged nothing would look wonderful.
  if (pack.endsWith("packs/pulumi") && !stack.some(({ policy }) => policy === "access/shared-storage-change"))
    throw new Error(`the pack said ${said} things, and not that shared storage changes`);
  return { boot: booted - started, work: done - booted };
}

function median(taken: readonly Taken[], of: keyof Taken): number {
  const sorted = taken.map((one) => one[of]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A pack with one policy that looks at nothing, in a folder from which the same SDK is found. */
function emptyPack(): string {
  const pack = join(folder, "empty-pack");
  mkdirSync(pack);
  symlinkSync(join(ROOT, "node_modules"), join(pack, "node_modules"));
  writeFileSync(join(pack, "package.json"), '{ "name": "empty", "version": "0.1.0", "main": "index.js" }');
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(
    join(pack, "index.js"),
    `const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("empty", { policies: [
  { name: "nothing", description: "Nothing.", enforcementLevel: "mandatory", validateResource() {} },
] });`,
  );
  return pack;
}

/** Fleets that read from a few storage accounts, in three regions; one account of ten is closed, one fleet of ten grows. */
function estate(size: number): StackChange {
  const provider = urnOf("pulumi:providers:azure-native", "default");
  const id = "/subscriptions/s/resourceGroups/g/providers";
  const resources = Array.from({ length: size - 1 }, (_, i): ResourceChange => {
    const region = ["eastus", "westus", "westeurope"][i % 3] as string;
    const changes = i % 10 === 0;
    const isStore = i % 50 === 0;
    const type = isStore
      ? "azure-native:storage:StorageAccount"
      : "azure-native:compute:VirtualMachineScaleSet";
    const urn = urnOf(type, `r${i}`);
    const common = {
      resourceGroupName: `group-${region}`,
      location: region,
      tags: { owner: `team-${i % 17}`, environment: "prod" },
    };
    const inputs = (after: boolean) =>
      isStore
        ? {
            ...common,
            accountName: `packages${i}`,
            publicNetworkAccess: after && changes ? "Disabled" : "Enabled",
          }
        : {
            ...common,
            vmScaleSetName: `fleet${i}`,
            sku: { name: "Standard_D4s_v5", capacity: after && changes ? 6 : 5 },
            upgradePolicy: { mode: "Rolling", rollingUpgradePolicy: { maxBatchInstancePercent: 20 } },
            virtualMachineProfile: {
              userData: `curl https://packages${i - (i % 50)}.blob.core.windows.net/agent/${i}.sh | sh`,
              osProfile: { adminUsername: "operator", computerNamePrefix: `fleet${i}` },
            },
          };
    const side = (after: boolean) => ({
      inputs: inputs(after),
      provider: `${provider}::id`,
      id: `${id}/${isStore ? "Microsoft.Storage/storageAccounts/packages" : "Microsoft.Compute/virtualMachineScaleSets/fleet"}${i}`,
    });
    return { op: changes ? "update" : "same", urn, old: side(false), next: side(true) };
  });
  const own = { inputs: {}, id: "id" };
  return stackChange([{ op: "same", urn: provider, old: own, next: own }, ...resources]);
}
