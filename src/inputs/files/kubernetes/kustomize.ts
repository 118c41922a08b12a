import { posix } from "node:path";
import { yamlDocuments } from "../../../syntax/yaml.ts";
import type { Version } from "../version.ts";
import { directoryOf } from "./kubernetes.ts";
import { KUSTOMIZATION } from "./kustomization.ts";
import { at, elementsOf } from "./member.ts";

/** Directories above a patch in which a kustomization may list it. */
const MAX_ABOVE = 2;

/**
 * Files that kustomizations list as patches, each with the kustomization that does: of a directory, and of those right above it,
 * since patches often lie in a directory of their own.
 */
export async function patchesAround(
  directory: string,
  version: Version,
): Promise<ReadonlyMap<string, string>> {
  const patches = new Map<string, string>();
  let here = directory;
  for (let above = 0; above <= MAX_ABOVE; above++) {
    for (const name of await version.filesIn(here)) {
      if (!KUSTOMIZATION.test(name)) continue;
      const path = posix.join(here, name);
      for (const patch of patchesIn(path, (await version.text(path)) ?? "")) {
        const file = posix.join(here, patch);
        if (!patches.has(file)) patches.set(file, path);
      }
    }
    if (here === "") break;
    here = directoryOf(here);
  }
  return patches;
}

/** The members that list patches: texts that are paths, or objects with a path. */
const LISTS = ["patches", "patchesStrategicMerge", "patchesJson6902"];

/** The paths of the patches that a kustomization lists, as it spells them (kubectl.docs.kubernetes.io/references/kustomize). */
function patchesIn(path: string, text: string): readonly string[] {
  return yamlDocuments(path, text).documents.flatMap(({ value }) =>
    LISTS.flatMap((list) => elementsOf(at(value, list))).flatMap((patch) => {
      const file = typeof patch === "string" ? patch : at(patch, "path");
      // A patch may be written out in its place.
      return typeof file === "string" && !file.includes("\n") ? [file] : [];
    }),
  );
}
