import type { Deployment } from "../../model/deployment.ts";
import type { Version } from "./version.ts";

/** A file that changed, in one version of the files. */
export interface ChangedFile {
  /** In this version; undefined where it has no such file. */
  readonly path: string | undefined;
  /** What it is called in messages and pairs it with its other version: its path after the change, or before a deletion. */
  readonly name: string;
}

/** A kind of source files that describe resources. */
export interface FileKind {
  /** What is deployed as one: each file by itself, or all files of a directory. */
  readonly identity: "content" | "directory";
  /** Whether a file may be of this kind, told from its path alone: nothing is read or loaded for others. */
  claims(path: string): boolean;
  /**
   * What the files describe in one version: deployments that know only their after, of host `git-diff`, each with a name
   * that is the same in both versions. What is broken is a problem with its place, and the rest is read. May look at other
   * files of the version, close by.
   */
  read(files: readonly ChangedFile[], version: Version): Promise<readonly Deployment[]>;
}

/** What a directory's deployment is called; no directory has the name that the root has. */
export function deploymentName(directory: string): string {
  return directory === "" || directory === "." ? "(root)" : directory;
}
