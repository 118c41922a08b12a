import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type EngineEvents, readEvents } from "./events.ts";

/** The checkout: where Pulumi.yaml is. */
const ROOT = join(import.meta.dirname, "../..");
const STACK = "production";

/** What came of one command. */
export interface Outcome {
  readonly code: number;
  readonly seconds: number;
  /** What it wrote, for the case that it is not what it should be. */
  readonly output: string;
  readonly events: EngineEvents;
}

/** Runs the Pulumi CLI on the estate; whatever it writes goes to a temporary folder of its own. */
export class Pulumi {
  readonly #folder = mkdtempSync(join(tmpdir(), "firebreak-demo-"));
  readonly #environment: NodeJS.ProcessEnv;
  readonly #stop: AbortSignal;
  #runs = 0;

  constructor(toolsFolder: string | undefined, stop: AbortSignal) {
    this.#stop = stop;
    for (const name of ["home", "state", "settings"]) mkdirSync(join(this.#folder, name));
    copyFileSync(join(ROOT, "Pulumi.yaml"), join(this.#settings, "Pulumi.yaml"));
    this.#environment = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name))),
      PATH: [this.#nodeFolder(), toolsFolder, process.env.PATH]
        .filter((one) => one !== undefined)
        .join(delimiter),
      PWD: ROOT,
      PULUMI_HOME: join(this.#folder, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(this.#folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Lets `--event-log` be used.
      PULUMI_DEBUG_COMMANDS: "true",
      NO_COLOR: "1",
    };
  }

  /** Creates the stack. Its settings file is written beside Pulumi.yaml, so that is a copy. */
  createStack(): Promise<Outcome> {
    return this.#run(["stack", "init", STACK, "--cwd", this.#settings]);
  }

  /** `up` or `preview` with these arguments. */
  run(command: "up" | "preview", ...args: readonly string[]): Promise<Outcome> {
    const log = join(this.#folder, `events-${++this.#runs}.json`);
    const settings = join(this.#settings, `Pulumi.${STACK}.yaml`);
    return this.#run(
      [
        command,
        ...args,
        "--stack",
        STACK,
        "--config-file",
        settings,
        "--event-log",
        log,
        "--suppress-progress",
      ],
      log,
    );
  }

  /** Removes all that was written. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #settings(): string {
    return join(this.#folder, "settings");
  }

  /** Where `node` is this very Node.js: the CLI takes the first on PATH, and an old one does not run TypeScript. */
  #nodeFolder(): string {
    if (/^node(\.exe)?$/i.test(basename(process.execPath))) return dirname(process.execPath);
    const folder = join(this.#folder, "bin");
    mkdirSync(folder);
    symlinkSync(process.execPath, join(folder, "node"));
    return folder;
  }

  #run(args: readonly string[], log?: string): Promise<Outcome> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
        cwd: ROOT,
        env: this.#environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      // The CLI takes its own children down with it when it is interrupted.
      const interrupt = () => child.kill("SIGINT");
      this.#stop.addEventListener("abort", interrupt, { once: true });
      let output = "";
      const collect = (chunk: Buffer) => {
        output += chunk.toString();
      };
      child.stdout.on("data", collect);
      child.stderr.on("data", collect);
      child.on("error", reject);
      child.on("close", (code) => {
        this.#stop.removeEventListener("abort", interrupt);
        if (this.#stop.aborted) return reject(this.#stop.reason);
        const text = log !== undefined && existsSync(log) ? readFileSync(log, "utf8") : "";
        const seconds = (performance.now() - started) / 1000;
        resolve({ code: code ?? 1, seconds, output, events: readEvents(text) });
      });
    });
  }
}

/** Settings of the caller's own that would change what the demo shows. */
function isForeign(name: string): boolean {
  return /^(PULUMI_|FIREBREAK_|NODE_OPTIONS$)/i.test(name);
}
