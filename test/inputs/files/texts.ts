import { posix } from "node:path";
import recommended from "../../../packs/recommended.ts";
import { activate } from "../../../src/engine/activate.ts";
import { judge } from "../../../src/engine/judge.ts";
import { NO_SETTINGS } from "../../../src/engine/settings.ts";
import { withBefore } from "../../../src/inputs/before.ts";
import type { FileKind } from "../../../src/inputs/files/kind.ts";
import { Version } from "../../../src/inputs/files/version.ts";
import type { Change } from "../../../src/model/change.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import type { Report } from "../../../src/model/report.ts";

/** Files by their paths. */
export type Texts = Readonly<Record<string, string>>;

/** A version of the repository that has these files. */
function versionOf(texts: Texts): Version {
  return new Version({
    read: async (path) =>
      Object.hasOwn(texts, path) ? { bytes: Buffer.from(texts[path] as string) } : undefined,
    filesIn: async (directory) =>
      Object.keys(texts)
        .filter((path) => posix.dirname(path) === (directory || "."))
        .map((path) => posix.basename(path))
        .sort(),
  });
}

/** What a kind reads of files of which these changed; all of them, where none are named. */
export function read(
  kind: FileKind,
  texts: Texts,
  changed: readonly string[] = Object.keys(texts),
): Promise<readonly Deployment[]> {
  const files = changed
    .filter((path) => kind.claims(path))
    .map((name) => ({ name, path: Object.hasOwn(texts, name) ? name : undefined }));
  return kind.read(files, versionOf(texts));
}

/** The only deployment that a kind reads of files. */
export async function readOne(
  kind: FileKind,
  texts: Texts,
  changed?: readonly string[],
): Promise<Deployment> {
  const found = await read(kind, texts, changed);
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`one deployment was expected, not: ${found.map(({ name }) => name).join(", ")}`);
  return found[0];
}

/** The change of two versions of the files. */
export async function compared(kind: FileKind, before: Texts, after: Texts): Promise<readonly Deployment[]> {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  return withBefore(await read(kind, after, changed), await read(kind, before, changed));
}

/** What the recommended policies say. */
export function judged(deployments: readonly Deployment[]): Report {
  return judge(deployments, activate([recommended], NO_SETTINGS), NO_SETTINGS, {
    today: "2026-02-02",
    version: "0.0.0",
  });
}

/** The policies that stop a change. */
export function stoppedBy(report: Report): readonly string[] {
  return [
    ...new Set(report.findings.filter(({ level }) => level === "mandatory").map(({ policy }) => policy)),
  ].sort();
}

/** The change of an address that ends so. */
export function changeOf(deployment: Deployment, end: string): Change {
  const found = deployment.changes.filter(({ address }) => address.endsWith(end));
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(
      `one of ${deployment.changes.map(({ address }) => address).join(", ")} should end with ${end}`,
    );
  return found[0];
}
