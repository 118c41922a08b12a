import { closeSync, existsSync, openSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Change, isTouched } from "../model/change.ts";
import type { Deployment, Problem } from "../model/deployment.ts";
import { InputError } from "../model/errors.ts";
import { detect } from "./detect.ts";
import { fileInput, type Input, memoryInput, readDescriptor, reasonOf } from "./input.ts";
import { STDIN } from "./name.ts";

export interface ReadOptions {
  /** What exists now, to compare with: a state, an older synth or a plan. */
  readonly before?: string;
  /** Whether an update means something although nothing that is written differs: what is left out may have a default. */
  readonly isChange?: (update: Change) => boolean;
}

/** What was read, and what could not be. */
export interface ReadResult {
  readonly deployments: readonly Deployment[];
  readonly problems: readonly Problem[];
}

/**
 * Reads what each path holds: a document, a directory that has some, or `-` for standard input. A path that cannot be
 * read is a problem (error), and the others are read all the same.
 */
export async function readPaths(paths: readonly string[], options: ReadOptions = {}): Promise<ReadResult> {
  const { deployments, problems } = await readWith(paths, options);
  return { deployments, problems: [...problems, ...deployments.flatMap(missingDependencies)] };
}

/** Without declared dependencies a change may reach further than anybody can tell from it. */
function missingDependencies({ tellsDependencies, changes, file, name }: Deployment): readonly Problem[] {
  if (tellsDependencies !== false || !changes.some(isTouched)) return [];
  const message = `engine events name no dependencies: what depends on the changes in ${file ?? name} shows only in texts, or in a state given with --before`;
  return [{ severity: "warning", message, ...(file !== undefined && { source: { file } }) }];
}

async function readWith(paths: readonly string[], options: ReadOptions): Promise<ReadResult> {
  const [path, ...others] = paths;
  const { before: was } = options;
  if (path !== undefined && was !== undefined && others.length === 0 && areSources(path, was)) {
    const { readDirectories } = await import("./files/directories.ts");
    return readDirectories(was, path, options);
  }
  const read = await readAll(paths);
  if (options.before === undefined) return read;
  const before = await readBefore(options.before, paths);
  const problems = [...read.problems, ...before.problems];
  // Without the before-state the run would look like one that never asked for it.
  if (before.deployments.length === 0) return { deployments: read.deployments, problems };
  const { withBefore } = await import("./before.ts");
  return { deployments: withBefore(read.deployments, before.deployments, options), problems };
}

/** Whether both are directories that hold no document of a host: then their source files are what is compared. */
function areSources(...paths: readonly string[]): boolean {
  return paths.every(
    (path) =>
      statSync(path, { throwIfNoEntry: false })?.isDirectory() === true &&
      documentsIn(path, USUAL_STATE).length === 0,
  );
}

/**
 * Reads what exists: from files, or what was committed at a revision where the judged paths are. What cannot be read is a
 * problem (error); a revision that does not exist is a UsageError.
 */
export async function readBefore(before: string, paths: readonly string[]): Promise<ReadResult> {
  const { revisionIn, withCommitted } = await import("./committed.ts");
  const revision = revisionIn(before);
  if (revision === undefined) return readAll([before], USUAL_STATE);
  const found: ReadResult[] = [];
  for (const path of new Set(paths)) {
    const problems: Problem[] = [];
    const read = await withCommitted(revision, path, async (copy) => {
      const result = await readAll([copy]);
      const told = (problem: Problem) => toldAs(problem, copy, `${path} at ${revision}`);
      return {
        deployments: result.deployments.map((one) => ({
          ...one,
          changes: one.changes.map((change) => placedAt(change, copy, path)),
          problems: one.problems.map(told),
        })),
        problems: result.problems.map(told),
      };
    }).catch((error: unknown) => noted(problems, error));
    found.push(read ?? { deployments: [], problems });
  }
  return {
    deployments: found.flatMap(({ deployments }) => deployments),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** A change whose place is in a temporary copy, with the place that it is a copy of. */
function placedAt(change: Change, copy: string, path: string): Change {
  const { source } = change;
  if (source === undefined || !source.file.startsWith(copy)) return change;
  return { ...change, source: { ...source, file: path + source.file.slice(copy.length) } };
}

/** A problem of a temporary copy, told of what it is a copy of. */
function toldAs({ message, severity }: Problem, copy: string, name: string): Problem {
  return { message: message.replaceAll(copy, name), severity };
}

async function readAll(paths: readonly string[], usual: RegExp = USUAL): Promise<ReadResult> {
  const deployments: Deployment[] = [];
  const problems: Problem[] = [];
  // A path that is given twice is one thing to judge.
  for (const path of new Set(paths)) {
    for (const input of heeding(problems, () => inputsOf(path, usual)) ?? []) {
      const reader = await detect(input).catch((error: unknown) => noted(problems, error));
      const read = reader === undefined ? undefined : heeding(problems, () => reader.read(input));
      const file = input.path === STDIN ? {} : { file: input.path };
      deployments.push(...(read ?? []).map((deployment) => ({ ...deployment, ...file })));
    }
  }
  return { deployments, problems };
}

/** What `read` gives, or undefined where the input is to blame that it cannot, which is then one of the problems. */
function heeding<T>(problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    return noted(problems, error);
  }
}

function noted(problems: Problem[], error: unknown): undefined {
  if (!(error instanceof InputError)) throw error;
  const source = error.source === undefined ? {} : { source: error.source };
  problems.push({ severity: "error", message: `${error.message}.`, ...source });
}

function inputsOf(path: string, usual: RegExp): readonly Input[] {
  if (path === "-")
    return [
      memoryInput(
        STDIN,
        attempt(STDIN, () => readDescriptor(0)),
      ),
    ];
  const stats = attempt(path, () => statSync(path));
  if (stats.isDirectory()) return inputsIn(path, usual);
  // `<(terraform show -json tfplan)` of a shell: it can be read once only.
  if (stats.isFIFO())
    return [
      memoryInput(
        STDIN,
        attempt(path, () => readPipe(path)),
      ),
    ];
  return [fileInput(path)];
}

function readPipe(path: string): Uint8Array {
  const fd = openSync(path, "r");
  try {
    return readDescriptor(fd);
  } finally {
    closeSync(fd);
  }
}

/** Runs a file operation; what the system says against it is the input's trouble, not ours. */
function attempt<T>(path: string, operate: () => T): T {
  try {
    return operate();
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** Names under which people keep plans and previews, for directories that hold other JSON as well. */
const USUAL = /^(tf)?plan.*\.json$|^preview.*\.json$|^what-?if.*\.json$|\.tfplan\.json$|^cdk\.tf\.json$/i;

/** The same, and states beside them, for a directory that holds what exists. */
const USUAL_STATE = new RegExp(`${USUAL.source}|\\.tfstate(\\.json)?$|^stack-?export.*\\.json$`, "i");

/** What a directory holds to be judged: a synth's manifest, one below in `cdktf.out`, or documents with a usual name. */
function documentsIn(directory: string, usual: RegExp): readonly Input[] {
  for (const manifest of [join(directory, "manifest.json"), join(directory, "cdktf.out", "manifest.json")]) {
    if (existsSync(manifest)) return [fileInput(manifest)];
  }
  return attempt(directory, () => readdirSync(directory))
    .filter((name) => usual.test(name))
    .sort()
    .map((name) => fileInput(join(directory, name)));
}

function inputsIn(directory: string, usual: RegExp): readonly Input[] {
  const documents = documentsIn(directory, usual);
  if (documents.length > 0) return documents;
  const where = directory === "." ? "This directory" : `The directory ${directory}`;
  throw new InputError(
    `${where} holds nothing to judge: give the path of a plan, a preview, a what-if or a cdktf.out directory, or compare source files with --staged, --since or --before DIR (firebreak check --help shows how)`,
  );
}
