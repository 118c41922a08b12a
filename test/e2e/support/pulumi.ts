/** Runs the real Pulumi CLI on a project of its own: an offline provider, a state in a folder, nothing from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it, onTestFinished } from "vitest";
import { pulumiTools } from "../../../scripts/tools.ts";
import { type Ended, root } from "./cli.ts";
import { type EngineEvents, engineEvents } from "./pulumi-events.ts";

const COMMAND_LIMIT = 50_000;
/** Between asking the CLI to stop, with which it ends its plugins, and ending it. */
const GRACE = 5_000;

/** A value in the table of resources: JSON and what Pulumi knows beside it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value }
  | Reference;

export type Reference =
  | { readonly $output: readonly [resource: string, path: string] }
  | { readonly $secret: Value }
  | { readonly $text: readonly Value[] };

/** An output of a resource that stands earlier in the table: unknown in a preview that creates or changes it. */
export const output = (resource: string, path: string): Reference => ({ $output: [resource, path] });

/** A value that Pulumi keeps encrypted. */
export const secret = (value: Value): Reference => ({ $secret: value });

/** Text with outputs in it: text`${output("shared", "primaryEndpoints.blob")}packages/agent.zip`. */
export function text(parts: TemplateStringsArray, ...values: readonly Value[]): Reference {
  return { $text: parts.flatMap((part, i) => (i === 0 ? [part] : [values[i - 1] ?? null, part])) };
}

/** One resource of the program; a type that is not of azure-native is a component. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly props?: { readonly [key: string]: Value };
  /** `parent` and `dependsOn` name resources that stand earlier. */
  readonly opts?: {
    readonly parent?: string;
    readonly dependsOn?: readonly string[];
    readonly aliases?: (string | { name?: string; type?: string })[];
    readonly protect?: boolean;
    readonly ignoreChanges?: string[];
    readonly deleteBeforeReplace?: boolean;
    readonly retainOnDelete?: boolean;
  };
}

/** How a command ended, and what the engine said meanwhile. */
export interface PulumiRun extends Ended, EngineEvents {}

interface RunOptions {
  /** The folder of a policy pack. */
  readonly pack?: string;
  /** What `--policy-pack-config` says. */
  readonly packConfig?: object;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The shell's own folder; the project's unless it is given (then `-C` is yours to say). */
  readonly cwd?: string;
  readonly timeout?: number;
}

export interface PulumiProject {
  /** Holds `project`, `state` and `home`; goes with the project. */
  readonly folder: string;
  readonly stack: string;
  /** The file in which the backend keeps the stack's state. */
  readonly checkpoint: string;
  /** Writes the program anew. */
  declare(resources: readonly Declared[]): void;
  /** Deploys without a preview, or with one when `preview` says so. */
  up(options?: RunOptions & { readonly preview?: boolean }): Promise<PulumiRun>;
  preview(options?: RunOptions): Promise<PulumiRun>;
  destroy(options?: RunOptions): Promise<PulumiRun>;
  refresh(options?: RunOptions): Promise<PulumiRun>;
  /** The document that `pulumi stack export` writes. */
  exportStack(options?: RunOptions): Promise<string>;
  /** Any other command of the CLI. */
  pulumi(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Writes a policy pack whose program is this CommonJS text and gives its folder. */
  writePack(name: string, program: string): string;
}

export interface ProjectOptions {
  readonly resources?: readonly Declared[];
  readonly project?: string;
  readonly stack?: string;
  /** Whether the stack exists from the start. */
  readonly init?: boolean;
  /** Who removes the folder: vitest's onTestFinished unless, say, afterAll is given. */
  readonly until?: (remove: () => void) => void;
}

/** Makes a Pulumi project in a folder of its own. */
export async function pulumiProject(options: ProjectOptions = {}): Promise<PulumiProject> {
  const { resources = [], project = "estate", stack = "dev", init = true, until = onTestFinished } = options;
  const folder = mkdtempSync(join(tmpdir(), "firebreak-pulumi-"));
  until(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const cwd = join(folder, "project");
  for (const name of ["project", "state", "home"]) mkdirSync(join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");

  writeFileSync(
    join(cwd, "Pulumi.yaml"),
    JSON.stringify({
      name: project,
      runtime: { name: "nodejs", options: { typescript: false } },
      plugins: { providers: [{ name: "azure-native", path: join(root, "demo/provider") }] },
    }),
  );
  writeFileSync(
    join(cwd, "package.json"),
    JSON.stringify({ name: project, type: "module", main: "index.js" }),
  );
  const program = pathToFileURL(join(import.meta.dirname, "pulumi-program.ts"));
  writeFileSync(join(cwd, "index.js"), `await import(${JSON.stringify(program)});\n`);

  const env = environment(folder);
  let runs = 0;

  const pulumi: PulumiProject["pulumi"] = (args, { env: more, timeout, cwd: shell = cwd } = {}) =>
    command(["--non-interactive", ...args], shell, { ...env, PWD: shell, ...more }, timeout);

  /** A command that changes, or would change, what is deployed. */
  async function run(args: readonly string[], given: RunOptions = {}): Promise<PulumiRun> {
    const log = join(folder, `events-${++runs}.json`);
    const all = [...args, "--event-log", log];
    if (given.pack !== undefined) all.push("--policy-pack", given.pack);
    if (given.packConfig !== undefined) {
      const file = join(folder, `pack-config-${runs}.json`);
      writeFileSync(file, JSON.stringify(given.packConfig));
      all.push("--policy-pack-config", file);
    }
    const ended = await pulumi([...all, ...(given.args ?? [])], given);
    return { ...ended, ...engineEvents(log) };
  }

  const made: PulumiProject = {
    folder,
    stack,
    checkpoint: join(folder, "state/.pulumi/stacks", project, `${stack}.json`),
    pulumi,
    declare: (declared) => writeFileSync(join(cwd, "resources.json"), JSON.stringify(declared)),
    up: ({ preview = false, ...given } = {}) =>
      run(["up", "--yes", ...(preview ? [] : ["--skip-preview"])], given),
    preview: (given) => run(["preview"], given),
    destroy: (given) => run(["destroy", "--yes", "--skip-preview"], given),
    refresh: (given) => run(["refresh", "--yes", "--skip-preview"], given),
    async exportStack(given) {
      return succeeded(await pulumi(["stack", "export", ...(given?.args ?? [])], given)).stdout;
    },
    writePack(name, source) {
      const pack = join(folder, name);
      mkdirSync(pack);
      writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
      writeFileSync(
        join(pack, "package.json"),
        JSON.stringify({ name, version: "1.0.0", main: "index.cjs" }),
      );
      writeFileSync(join(pack, "index.cjs"), source);
      return pack;
    },
  };
  made.declare(resources);
  if (init) succeeded(await pulumi(["stack", "init", stack]));
  return made;
}

/** The result of a command of which a test needs that it worked. */
export function succeeded<Run extends Ended>(run: Run): Run {
  if (run.code === 0) return run;
  throw new Error(`pulumi ended with ${run.code}:\n${run.stdout}\n${run.stderr}`);
}

/** Nothing of the developer's own Pulumi, and nothing of the network. */
function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:PULUMI_|FIREBREAK_|VITEST|FORCE_COLOR$|NODE_OPTIONS$|NODE_ENV$)/.test(name),
  );
  const { directory } = pulumiTools();
  const path = [directory, join(root, "node_modules/.bin"), process.env.PATH];
  return {
    ...Object.fromEntries(own),
    PATH: path.filter((part) => part !== undefined).join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Without it the CLI has no --event-log.
    PULUMI_DEBUG_COMMANDS: "1",
    NO_COLOR: "1",
    // Every command starts Node.js two or three times, on the same files.
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/pulumi-e2e"),
  };
}

/** Runs the CLI to its end; when that does not come in time it is ended, and that is an error. */
async function command(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  timeout = COMMAND_LIMIT,
): Promise<Ended> {
  const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const stdout = collected(child, "stdout");
  const stderr = collected(child, "stderr");
  const asked = setTimeout(() => child.kill("SIGINT"), timeout);
  const forced = setTimeout(() => child.kill("SIGKILL"), timeout + GRACE);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (child.killed) {
      const said = `${stdout()}\n${stderr()}`;
      throw new Error(`pulumi ${args.join(" ")} did not end within ${timeout / 1000} s:\n${said}`);
    }
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(asked);
    clearTimeout(forced);
  }
}

function collected(child: ChildProcess, stream: "stdout" | "stderr"): () => string {
  const chunks: Buffer[] = [];
  child[stream]?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

/** Tests that need the real CLI. Where it could be there and is not, they fail; where it cannot be, they say so. */
export function describeWithPulumi(name: string, tests: () => void): void {
  const { from, why, buildable } = pulumiTools();
  if (from !== "none") return void describe(name, tests);
  if (!buildable && process.env.CI === undefined) return void describe.skip(`${name} (${why})`, tests);
  it(name, () => {
    throw new Error(why);
  });
}
