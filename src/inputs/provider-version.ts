import { closeSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { STDIN } from "./name.ts";

/** Major versions that constraints leave; an end that is undefined is open. */
interface Majors {
  readonly floor: number | undefined;
  readonly ceiling: number | undefined;
}

/**
 * The only major version that a constraint allows, or undefined: `4.55.0`, `~> 4.1` and `>= 3.0, < 4.0` tell one, `>= 3.0`
 * and `~> 3` do not (developer.hashicorp.com/terraform/language/expressions/version-constraints).
 */
export function majorOf(constraint: string): number | undefined {
  const { floor, ceiling } = majorsOf(constraint);
  return floor !== undefined && floor === ceiling ? floor : undefined;
}

function majorsOf(constraint: string): Majors {
  let floor: number | undefined;
  let ceiling: number | undefined;
  for (const part of constraint.split(",")) {
    const found = /^\s*(=|~>|>=|>|<=|<)?\s*v?(\d+)(\.\d+)*/.exec(part);
    if (found === null) continue;
    const [text, operator = "="] = found;
    const major = Number(found[2]);
    if (operator === "=") return { floor: major, ceiling: major };
    // `~> 4` allows any later major, `~> 4.0` does not.
    const isBoundAbove = operator.startsWith("<") || (operator === "~>" && text.includes("."));
    const isWholeMajor = /^\D*\d+(\.0)*$/.test(text.trim());
    const last = operator === "<" && isWholeMajor ? major - 1 : major;
    if (isBoundAbove) ceiling = Math.min(ceiling ?? Number.POSITIVE_INFINITY, last);
    if (!operator.startsWith("<")) floor = Math.max(floor ?? 0, major);
  }
  return { floor, ceiling };
}

/** A provider that a configuration uses, by its full name (`registry.terraform.io/hashicorp/azurerm`). */
export interface Requirement {
  readonly provider: string;
  /** All constraints on its version; empty where there are none. */
  readonly constraint: string;
}

/**
 * The major version of each provider, by its full name: from the constraints where they leave only one, else from the
 * lock file (name → version), if it is the one of this configuration. A provider of neither is not in the map.
 */
export function providerMajors(
  required: readonly Requirement[],
  lockFile: () => ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const majors = new Map<string, number>();
  for (const { provider, constraint } of required) {
    const major = majorOf(constraint);
    if (major !== undefined) majors.set(provider, major);
  }
  const downloaded = required.filter(({ provider }) => !provider.startsWith("terraform.io/builtin/"));
  if (downloaded.every(({ provider }) => majors.has(provider))) return majors;
  const locked = new Map(
    [...lockFile()].map(([provider, version]) => [provider, Number.parseInt(version, 10)]),
  );
  const isOurs = downloaded.every(({ provider, constraint }) => {
    const major = locked.get(provider);
    const { floor = 0, ceiling = Number.POSITIVE_INFINITY } = majorsOf(constraint);
    return major !== undefined && major >= floor && major <= ceiling;
  });
  // A lock file of another configuration, or of another time, tells nothing of this one.
  return isOurs ? new Map([...locked, ...majors]) : majors;
}

export const LOCK_FILE = ".terraform.lock.hcl";
/** A lock file holds some hundred bytes a provider and platform. */
const MAX_LOCK_BYTES = 1 << 20;

/**
 * The exact version of each provider by its full name, from the lock file in the folder that the document is in; empty
 * where there is none that can be read. Terraform and OpenTofu write it on `init`, always in the same form
 * (developer.hashicorp.com/terraform/language/files/dependency-lock).
 */
export function lockedBeside(path: string): ReadonlyMap<string, string> {
  return path === STDIN ? new Map() : lockedIn(textOf(join(dirname(path), LOCK_FILE)));
}

/** The versions in a lock file's text. */
export function lockedIn(text: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  const blocks = text.matchAll(
    /^provider "([^"\n]+)" \{\n(?: {2}[^\n]*\n)*? {2}version +?= "(\d[^"\n]*)"$/gm,
  );
  for (const [, provider = "", version = ""] of blocks) versions.set(provider, version);
  return versions;
}

/** The text of a small file; empty where there is no such file, or it is too large or may not be read. */
function textOf(file: string): string {
  try {
    // Anything else, such as a pipe, could keep whoever reads it waiting.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return "";
    return contentOf(openSync(file, "r"));
  } catch (error) {
    // It only says more exactly what the plan says itself, so a plan without it is judged all the same.
    if (error instanceof Error && "syscall" in error) return "";
    throw error;
  }
}

function contentOf(fd: number): string {
  try {
    const bytes = Buffer.alloc(MAX_LOCK_BYTES);
    const count = readSync(fd, bytes);
    return count < MAX_LOCK_BYTES ? bytes.toString("utf8", 0, count).replaceAll("\r\n", "\n") : "";
  } finally {
    closeSync(fd);
  }
}
