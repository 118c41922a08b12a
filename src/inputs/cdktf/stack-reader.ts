import { realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { Configuration, Deployment, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { contentOf, fileInput, memoryInput, reasonOf } from "../input.ts";
import type { JsonObject } from "../json-value.ts";
import { configurationOf } from "./configuration.ts";
import { deploymentOf } from "./deployment.ts";
import { Stack } from "./stack.ts";
import { synthDocument } from "./synth.ts";

/** What the manifest says of one stack. */
export interface ListedStack {
  readonly name: string;
  /** Of the synthesised document, relative to the manifest. */
  readonly path: string;
  /** Names of the stacks that go before it. */
  readonly dependencies: readonly string[];
  /** What the app itself reports as wrong with it. */
  readonly errors: readonly string[];
  /** The synthesised document where the caller has it; else it is read from the path. */
  readonly document?: JsonObject;
}

/** A stack's document, read and understood, or why it cannot be. */
interface ReadStack {
  readonly file: string;
  readonly stack?: Stack;
  readonly problem?: Problem;
}

/** One that was read before the others were there. */
interface ReadAhead extends ReadStack {
  readonly stack: Stack;
  readonly bytes: Uint8Array;
  /** Where nothing in it refers to the app's other stacks. */
  readonly deployment: Deployment | undefined;
}

/** Reads the stacks of one app, from inside of its output directory only. */
export class StackReader {
  readonly #directory: string;
  /** By path. */
  readonly #ahead = new Map<string, ReadAhead>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Reads a stack while the others are not written yet; what is found counts if the file still has the same content when all
   * are read. What is wrong with it is said then. Gives it where it can be understood without the others.
   */
  readAhead(listed: ListedStack): Deployment | undefined {
    const { file, stack, bytes } = this.#readOne(listed);
    if (stack === undefined || bytes === undefined) return undefined;
    const isAlone = !stack.blocks.some((block) => block.isData && block.type === "terraform_remote_state");
    const deployment = isAlone ? deploymentOf(stack, configurationOf([stack]), file) : undefined;
    this.#ahead.set(listed.path, { file, stack, bytes, deployment });
    return deployment;
  }

  /**
   * The stacks, each a deployment, with the references between them. One that cannot be read has no changes and an error
   * among its problems.
   */
  read(listed: readonly ListedStack[]): readonly Deployment[] {
    const read = listed.map((one) => ({ ...one, ...this.#readOne(one) }));
    const known = read.map(({ stack }) => stack).filter((stack) => stack !== undefined);
    const configuration = configurationOf(known);
    return read.map((one) => {
      const { name, errors, problem } = one;
      const deployment = deploymentIn(one, configuration);
      const said = errors.map(
        (message): Problem => ({
          message: `${name}: the app reports an error: ${message.replace(/\.$/, "")}.`,
          severity: "warning",
        }),
      );
      const problems = [...deployment.problems, ...said, ...(problem === undefined ? [] : [problem])];
      return { ...deployment, problems };
    });
  }

  #readOne({ name, path, document }: ListedStack): ReadStack & Partial<ReadAhead> {
    const file = join(this.#directory, path);
    if (document !== undefined) return { file, stack: new Stack(name, document) };
    try {
      refuseOutside(this.#directory, file, path);
      // `cdktf synth --hcl` writes HCL beside metadata in JSON.
      if (path.endsWith(".tf"))
        throw new InputError(`${file} is HCL; synthesise without --hcl to have it judged`);
      const bytes = contentOf(fileInput(file));
      const ahead = this.#ahead.get(path);
      if (ahead?.stack.name === name && Buffer.compare(ahead.bytes, bytes) === 0) return ahead;
      return { file, bytes, stack: new Stack(name, synthDocument(memoryInput(file, bytes))) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const source = error.source ?? { file };
      return { file, problem: { message: `stack ${name}: ${error.message}.`, source, severity: "error" } };
    }
  }
}

function deploymentIn(
  { stack, file, name, dependencies, deployment }: ListedStack & ReadStack & Partial<ReadAhead>,
  configuration: Configuration,
): Deployment {
  if (stack === undefined) return unreadStack(name, dependencies);
  if (deployment === undefined) return deploymentOf(stack, configuration, file, dependencies);
  return { ...deployment, configuration, dependsOn: dependencies };
}

/** Refuses a path that leaves the manifest's directory, by its text or through symbolic links. */
function refuseOutside(directory: string, file: string, path: string): void {
  let inside: string;
  if (isAbsolute(path)) throw new InputError(`the manifest's path ${path} leads out of ${directory}`);
  try {
    inside = relative(realpathSync.native(directory), realpathSync.native(file));
  } catch (error) {
    throw new InputError(`${file} cannot be opened: ${reasonOf(error)}`);
  }
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new InputError(`the manifest's path ${path} leads out of ${directory}`);
  }
}

function unreadStack(name: string, dependsOn: readonly string[]): Deployment {
  return { host: "cdktf-synth", name, knows: "after-only", changes: [], edges: [], problems: [], dependsOn };
}
