import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** How long a pack may take until it serves. */
const BOOT_LIMIT = 30_000;

/** A policy pack's process, as Pulumi's language host starts it. */
export class PackProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #stdout = "";
  #stderr = "";

  constructor(packDir: string, env: NodeJS.ProcessEnv) {
    // The host looks for the module from the pack's own folder upwards.
    const runner = createRequire(join(packDir, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    this.#child = spawn(process.execPath, [runner, "127.0.0.1:1", packDir], {
      cwd: packDir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
  }

  /** What the pack has written to standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The port that it serves: the first line on standard output, and nothing else may stand there. */
  async port(limit: number = BOOT_LIMIT): Promise<number> {
    const line = await this.#firstLine(limit);
    if (/^\d+$/.test(line)) return Number(line);
    return this.#fail(`printed ${JSON.stringify(line)} where its port is expected`);
  }

  async #firstLine(limit: number): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<{ line: string } | { failure: string }>();
    const look = () => {
      const end = this.#stdout.indexOf("\n");
      if (end >= 0) resolve({ line: this.#stdout.slice(0, end).trimEnd() });
    };
    const timer = setTimeout(() => resolve({ failure: `did not serve within ${limit / 1000} s` }), limit);
    this.#child.stdout?.on("data", look);
    this.#child.once("error", (error) => resolve({ failure: `could not be started: ${error.message}` }));
    this.#child.once("close", (code, signal) =>
      resolve({ failure: `ended before it served, with ${signal ?? `exit code ${code}`}` }),
    );
    look();
    const seen = await promise;
    clearTimeout(timer);
    this.#child.stdout?.off("data", look);
    return "line" in seen ? seen.line : this.#fail(seen.failure);
  }

  /** Ends the pack first, so that all that it said is told. */
  async #fail(what: string): Promise<never> {
    await this[Symbol.asyncDispose]();
    throw new Error(`the policy pack ${what}; on standard error: ${this.#stderr.trim() || "nothing"}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A process that could not be started has no id and never closes.
    if (this.#child.pid === undefined) return;
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
