import { evaluate } from "../../../../src/engine/evaluate.ts";
import { meaningOf } from "../../../../src/engine/meaning.ts";
import type { Policy } from "../../../../src/engine/policy.ts";
import { sharingOf } from "../../../../src/engine/sharing.ts";
import { storageAccess } from "../../../../src/facets/storage-access.ts";
import { Graph } from "../../../../src/graph/graph.ts";
import { withBefore } from "../../../../src/inputs/before.ts";
import { programFiles } from "../../../../src/inputs/files/program/program.ts";
import type { Tree } from "../../../../src/inputs/files/tree.ts";
import { Version } from "../../../../src/inputs/files/version.ts";
import type { Change } from "../../../../src/model/change.ts";
import type { Deployment } from "../../../../src/model/deployment.ts";

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** A version of the files that exists in memory only. */
export function treeOf(files: Files): Tree {
  return {
    read: async (path) =>
      Object.hasOwn(files, path) ? { bytes: Buffer.from(files[path] ?? "") } : undefined,
    filesIn: async () => [],
  };
}

/** What one program, beside which other files may lie, is read as. */
export async function readProgram(text: string, path = "main.ts", others: Files = {}): Promise<Deployment> {
  const version = new Version(treeOf({ ...others, [path]: text }));
  const [deployment, ...more] = await programFiles.read([{ path, name: path }], version);
  if (deployment === undefined || more.length > 0) throw new Error(`${path} is no program`);
  return deployment;
}

/** The only resource of a program. */
export async function readResource(text: string, path = "main.ts", others: Files = {}): Promise<Change> {
  const { changes } = await readProgram(text, path, others);
  const [change, ...more] = changes;
  if (change === undefined || more.length > 0) throw new Error(`${changes.length} resources`);
  return change;
}

/** A value as plain JSON, with what is computed as text in brackets. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Two versions of a program, the later compared with the earlier. */
export async function compared(before: string, after: string, others: Files = {}): Promise<Deployment> {
  const was = await readProgram(before, "main.ts", others);
  const will = await readProgram(after, "main.ts", others);
  const [deployment] = withBefore([will], [was], { isChange: meaningOf([storageAccess]) });
  if (deployment === undefined) throw new Error("nothing to judge");
  return deployment;
}

/** What one policy says about the change from one version of a program to the other. */
export async function judged(policy: Policy, before: string, after: string, others: Files = {}) {
  const deployments = [await compared(before, after, others)];
  const options = (policy.options ?? { parse: () => ({}) }).parse({});
  return evaluate(deployments, [{ policy, level: "mandatory", options }], {
    graph: new Graph(deployments),
    sharing: sharingOf([]),
    today: "2026-11-22",
    all: true,
  });
}
