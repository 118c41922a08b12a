import { posix } from "node:path";
import type { Deployment } from "../../../model/deployment.ts";
import type { ChangedFile, FileKind } from "../kind.ts";
import type { Version } from "../version.ts";
import { KUSTOMIZATION } from "./kustomization.ts";

/** A file that may hold Kubernetes objects. */
export interface ManifestText {
  /** What it is called in messages, and in the addresses of objects. */
  readonly name: string;
  /** Where it is in this version. */
  readonly path: string;
  readonly text: string;
  readonly isChanged: boolean;
}

/** Files that are never manifests and often large. */
const NEVER =
  /(?:^|\/)(?:package|package-lock|pnpm-lock|composer|composer-lock|tsconfig[^/]*)\.(?:json|ya?ml)$/i;

/** Siblings that are looked at in a directory: they only tell what depends on what changes. */
const MAX_SIBLINGS = 200;
/** Characters of the siblings that are manifests; parsing takes about a second and a half for each million. */
const MAX_SIBLING_TEXT = 300_000;

/**
 * Manifests of Kubernetes objects. All that lie in one directory are one deployment, named after it: those beside a changed
 * one give it its context, and an object may move from one file of the directory to another.
 */
export const kubernetesFiles: FileKind = {
  identity: "content",
  claims: (path) => /\.(?:ya?ml|json)$/i.test(path) && !NEVER.test(path),
  async read(files, version) {
    const deployments: Deployment[] = [];
    for (const [directory, changed] of Map.groupBy(files, ({ name }) => directoryOf(name))) {
      const moved = new Set(files.flatMap(({ path }) => path ?? []));
      const { texts, isComplete } = await manifestsIn(directory, changed, moved, version);
      if (texts.length === 0) continue;
      const { readDirectory } = await import("./directory.ts");
      deployments.push(await readDirectory(directory, texts, isComplete, version));
    }
    return deployments;
  },
};

/** The directory of a path; of one at the root, the empty text. */
export function directoryOf(path: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? "" : directory;
}

/**
 * The manifests of a directory, those that did not change first. A directory of which only other files changed is read like the
 * rest: in the other version, these may be manifests.
 */
async function manifestsIn(
  directory: string,
  changed: readonly ChangedFile[],
  moved: ReadonlySet<string>,
  version: Version,
): Promise<{ readonly texts: readonly ManifestText[]; readonly isComplete: boolean }> {
  const names = await version.filesIn(directory);
  const paths = names.map((name) => posix.join(directory, name));
  const siblings = paths.filter((path) => kubernetesFiles.claims(path) && !moved.has(path));
  const texts: ManifestText[] = [];
  let left = MAX_SIBLING_TEXT;
  let isComplete = siblings.length <= MAX_SIBLINGS;
  const read = await Promise.all(siblings.slice(0, MAX_SIBLINGS).map((path) => version.text(path)));
  for (const [i, path] of siblings.slice(0, MAX_SIBLINGS).entries()) {
    const text = read[i];
    if (text === undefined || !looksLikeManifest(path, text)) continue;
    left -= text.length;
    if (left >= 0) texts.push({ name: path, path, text, isChanged: false });
    else isComplete = false;
  }
  for (const { name, path } of changed) {
    const text = path === undefined ? undefined : await version.text(path);
    if (path === undefined || text === undefined || !looksLikeManifest(path, text)) continue;
    texts.push({ name, path, text, isChanged: true });
  }
  return { texts, isComplete };
}

/** Whether a text is worth parsing. */
function looksLikeManifest(path: string, text: string): boolean {
  return KUSTOMIZATION.test(path) || (API_VERSION.test(text) && KIND.test(text));
}

const API_VERSION = /(?:^|[-{,])[ \t]*["']?apiVersion["']?[ \t]*:/m;
const KIND = /(?:^|[-{,])[ \t]*["']?kind["']?[ \t]*:/m;
