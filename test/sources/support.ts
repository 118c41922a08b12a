import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Change } from "../../src/model/change.ts";
import type { Deployment, HostName } from "../../src/model/deployment.ts";
import { formatLocation } from "../../src/model/errors.ts";
import { withSources } from "../../src/sources/locate.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A directory with these files in it, gone after the test. */
export function folder(files: Files = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "firebreak-sources-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

export function change(address: string, over: Partial<Change> = {}): Change {
  const parts = address.replaceAll(/\[[^\]]*\]/g, "").split(".");
  return {
    address,
    name: parts.at(-1) ?? "",
    type: parts.at(-2) ?? "",
    nativeType: parts.at(-2) ?? "",
    action: "update",
    before: {},
    after: {},
    ...over,
  };
}

export function deployment(host: HostName, over: Partial<Deployment> = {}): Deployment {
  return { host, name: "prod", knows: "before-and-after", changes: [], edges: [], problems: [], ...over };
}

/** Asks where a property of a resource of a plan is written: `main.tf:3:5`, relative to the root of the files. */
export async function inPlan(root: string, directory = "."): Promise<Ask> {
  return asking(root, directory, deployment("terraform-plan"));
}

/** The same of a synth whose resources have these construct paths. */
export async function inSynth(root: string, paths: Readonly<Record<string, string>>): Promise<Ask> {
  const constructPaths = new Map(Object.entries(paths));
  return asking(root, ".", deployment("cdktf-synth", { constructPaths }));
}

type Ask = (address: string, property?: string) => string | undefined;

async function asking(root: string, directory: string, one: Deployment): Promise<Ask> {
  const { deployments } = await withSources([one], join(root, directory));
  return (address, property = "") => {
    const place = deployments[0]?.locate?.(change(address), property);
    return place === undefined ? undefined : formatLocation(place).replace(`${root}/`, "");
  };
}
