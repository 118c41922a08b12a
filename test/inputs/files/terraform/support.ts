import { posix } from "node:path";
import { type FilesDiff, readDiff } from "../../../../src/inputs/files/diff.ts";
import { terraformFiles } from "../../../../src/inputs/files/terraform/terraform.ts";
import type { Tree } from "../../../../src/inputs/files/tree.ts";
import { Version } from "../../../../src/inputs/files/version.ts";
import type { Deployment } from "../../../../src/model/deployment.ts";
import { isObject, type Value } from "../../../../src/model/value.ts";

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>;

export function tree(files: Files): Tree {
  const inside = (directory: string) => (path: string) =>
    posix.dirname(path) === (directory === "" ? "." : directory);
  return {
    read: async (path) => {
      const text = files[path];
      return text === undefined ? undefined : { bytes: Buffer.from(text) };
    },
    filesIn: async (directory) =>
      Object.keys(files)
        .filter(inside(directory))
        .map((path) => posix.basename(path))
        .sort(),
  };
}

/** The deployments of one version in which some files, else all, changed. */
export function read(
  files: Files,
  changed: readonly string[] = Object.keys(files),
): Promise<readonly Deployment[]> {
  const named = changed.map((name) => ({ name, path: files[name] === undefined ? undefined : name }));
  return terraformFiles.read(named, new Version(tree(files)));
}

/** The deployment of a root module whose files are all new. */
export async function deployment(files: Files | string): Promise<Deployment> {
  const [first, ...others] = await read(typeof files === "string" ? { "main.tf": files } : files, undefined);
  if (first === undefined || others.length > 0) throw new Error("there is not one deployment");
  return first;
}

/** The values of a resource of a configuration in one file. */
export async function valuesOf(
  files: Files | string,
  address: string,
): Promise<{ readonly [name: string]: Value }> {
  const { changes } = await deployment(files);
  const after = changes.find((change) => change.address === address)?.after;
  if (after === undefined || !isObject(after)) throw new Error(`there is no ${address}`);
  return after;
}

/** Both versions compared: what differs are the files that are not the same. */
export async function diff(before: Files, after: Files, renamed: Files = {}): Promise<readonly Deployment[]> {
  const taken = new Set(Object.values(renamed));
  const changes: FilesDiff["changes"] = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => !taken.has(path))
    .map((path) => ({
      before: before[path] === undefined ? undefined : path,
      after: renamed[path] ?? (after[path] === undefined ? undefined : path),
    }))
    .filter((one) => one.before !== one.after || before[one.before ?? ""] !== after[one.after ?? ""]);
  const result = await readDiff({ before: tree(before), after: tree(after), changes });
  return result.deployments;
}

/** What a comparison says of its resources: address and action, without those that stay. */
export function actions(deployments: readonly Deployment[]): Record<string, string> {
  const touched = deployments
    .flatMap(({ changes }) => changes)
    .filter(({ action }) => action !== "keep" && action !== "read");
  return Object.fromEntries(touched.map(({ address, action }) => [address, action]));
}
