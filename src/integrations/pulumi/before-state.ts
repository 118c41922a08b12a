import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { type Input, memoryInput, reasonOf } from "../../inputs/input.ts";
import type { ResourceState } from "../../inputs/pulumi/resource.ts";
import { statesIn } from "../../inputs/pulumi/state.ts";
import type { Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { findCheckpoint } from "./backend.ts";
import { filled, type PackEnvironment, type StackIdentity } from "./environment.ts";
import { findProject } from "./project.ts";

/** What existed before the run, which the engine does not tell a policy pack. */
export type BeforeState =
  | {
      readonly kind: "known";
      readonly states: readonly ResourceState[];
      readonly problems: readonly Problem[];
    }
  /** Nobody could be asked. */
  | { readonly kind: "unknown"; readonly because: string }
  /** It is there and cannot be read, so nothing that rests on it can be judged. */
  | { readonly kind: "unreadable"; readonly because: string };

/** The largest state that is read, unpacked. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads the before-state, from the first of: the file that is named (`given`, or FIREBREAK_BEFORE), the checkpoint of a
 * `file://` backend, `pulumi stack export`. Paths that are named count from where `pulumi` was started.
 */
export async function readBeforeState(
  environment: PackEnvironment,
  stack: StackIdentity | undefined,
  given: string | undefined,
): Promise<BeforeState> {
  const { env } = environment;
  const named = filled(given) ?? filled(env["FIREBREAK_BEFORE"]);
  if (named !== undefined) return readFile(resolve(filled(env["PWD"]) ?? ".", named), stack);
  if (stack === undefined) return { kind: "unknown", because: "no stack is being run" };
  const project = await findProject(environment, stack.project);
  const checkpoint = findCheckpoint(environment, stack, project);
  if (checkpoint !== undefined) return readFile(checkpoint, stack);
  return exported(environment, stack, project?.directory);
}

function readFile(file: string, stack: StackIdentity | undefined): BeforeState {
  return read(stack, () => {
    let bytes: Buffer;
    try {
      const { size } = statSync(file);
      if (size > MAX_BYTES) throw new InputError(`${file} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
      bytes = readFileSync(file);
    } catch (error) {
      throw error instanceof InputError
        ? error
        : new InputError(`${file} cannot be read: ${reasonOf(error)}`);
    }
    return memoryInput(file, unpacked(file, bytes));
  });
}

/** Backends may pack checkpoints (PULUMI_DIY_BACKEND_GZIP, PULUMI_DIY_BACKEND_ZSTD); their first bytes tell. */
function unpacked(file: string, bytes: Buffer): Buffer {
  const options = { maxOutputLength: MAX_BYTES };
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, options);
    if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528) return zstdDecompressSync(bytes, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${file} cannot be unpacked: ${reason}`);
  }
  return bytes;
}

async function exported(
  environment: PackEnvironment,
  { organization, project, stack }: StackIdentity,
  directory: string | undefined,
): Promise<BeforeState> {
  const name = [organization, project, stack].filter((part) => part !== undefined).join("/");
  const said = await environment.run(
    "pulumi",
    ["stack", "export", "--stack", name, "--non-interactive"],
    directory ?? filled(environment.env["PWD"]) ?? ".",
  );
  if (said === undefined) {
    return {
      kind: "unknown",
      because: "no file backend was found that has the stack, and there is no pulumi on PATH to export it",
    };
  }
  if (!said.ok) {
    const [reason = "it was stopped"] = said.stderr.split("\n").filter((line) => line.trim() !== "");
    return { kind: "unknown", because: `\`pulumi stack export\` failed (${reason.trim().slice(0, 200)})` };
  }
  return read({ organization, project, stack }, () => memoryInput("pulumi stack export", said.stdout));
}

function read(stack: StackIdentity | undefined, open: () => Input): BeforeState {
  try {
    const input = open();
    const { states, problems } = statesIn(input);
    const [broken] = problems.filter((problem) => problem.severity === "error");
    if (broken !== undefined) return { kind: "unreadable", because: broken.message };
    const [other] = states.filter(({ urn }) => stack !== undefined && !isOf(urn, stack));
    if (other !== undefined && stack !== undefined) {
      const found = `${other.urn.project}/${other.urn.stack}`;
      const because = `${basename(input.path)} is the state of ${found}, not of ${stack.project}/${stack.stack}`;
      return { kind: "unreadable", because };
    }
    return { kind: "known", states, problems };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: "unreadable", because: error.message };
  }
}

function isOf(urn: ResourceState["urn"], stack: StackIdentity): boolean {
  return urn.project === stack.project && urn.stack === stack.stack;
}
