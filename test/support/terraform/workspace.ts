import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { executable } from "../../../scripts/tools.ts";
import { type Binary, providerFolder } from "./binaries.ts";

/** The releases that the sources in tools/terraform-providers/go.mod are of or follow, as their VERSION files say. */
const VERSIONS = { null: "3.3.1", random: "3.9.0", time: "0.14.2", tls: "4.3.0" } as const;
/** Where each program looks for providers that are named `hashicorp/NAME`. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"] as const;

/** A root module on disk with a state beside it, and a real program that plans and applies it. */
export class Workspace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "firebreak-terraform-"));
  readonly binary: Binary;

  constructor(binary: Binary) {
    this.binary = binary;
    // Terraform and OpenTofu install from here only, so that no test asks a registry.
    this.#write(
      "../cli.tfrc",
      `provider_installation { filesystem_mirror { path = ${quoted(this.#mirror())} } }`,
    );
  }

  /** The root module, which is all that this folder holds but the state. */
  get root(): string {
    return join(this.folder, "root");
  }

  /** Writes a file of the root module and gives its path. */
  write(name: string, text: string): string {
    return this.#write(name, text);
  }

  /** Applies `configuration` with the child modules as files, from nothing or from what was applied before. */
  apply(configuration: string, modules: Readonly<Record<string, string>> = {}): void {
    this.configure(configuration, modules);
    this.run("apply", "-input=false", "-auto-approve");
  }

  /** Puts another configuration in place and installs what it needs. */
  configure(configuration: string, modules: Readonly<Record<string, string>> = {}): void {
    for (const [name, text] of Object.entries(modules)) this.write(name, text);
    this.write("main.tf", configuration);
    this.run("init", "-input=false");
  }

  /** Plans what is configured; gives the path of the plan as JSON. A plan that fails is one too: `errored`. */
  plan(name: string, ...options: readonly string[]): string {
    this.#start("plan", "-input=false", `-out=${name}`, ...options);
    return this.write(`${name}.json`, this.run("show", "-json", name));
  }

  /** The state as `show -json` gives it. */
  state(): string {
    return this.write("state.json", this.run("show", "-json"));
  }

  /** What the program printed; an Error with all that it said where it failed. */
  run(...args: readonly string[]): string {
    const { status, stdout, stderr } = this.#start(...args);
    if (status === 0) return stdout;
    throw new Error(`${this.binary.name} ${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(...args: readonly string[]) {
    const ended = spawnSync(this.binary.path, args, {
      cwd: this.root,
      encoding: "utf8",
      maxBuffer: 1 << 26,
      timeout: 60_000,
      env: { ...environment(), TF_CLI_CONFIG_FILE: join(this.folder, "cli.tfrc") },
    });
    if (ended.error !== undefined) throw ended.error;
    return ended;
  }

  #write(name: string, text: string): string {
    const file = join(this.root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** The built providers in the layout of a mirror: HOST/NAMESPACE/TYPE/VERSION/PLATFORM. */
  #mirror(): string {
    const mirror = join(this.folder, "mirror");
    const built = providerFolder();
    mkdirSync(mirror, { recursive: true });
    if (built === undefined) return mirror;
    for (const [name, version] of Object.entries(VERSIONS)) {
      const program = executable(`terraform-provider-${name}`);
      for (const registry of REGISTRIES) {
        const folder = join(mirror, registry, "hashicorp", name, version, PLATFORM);
        mkdirSync(folder, { recursive: true });
        symlinkSync(join(built, program), join(folder, program));
      }
    }
    return mirror;
  }
}

const quoted = (text: string) => JSON.stringify(text);

/** Go's names for this machine. */
const PLATFORM = `${process.platform === "win32" ? "windows" : process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

/** Nothing of the developer's own settings for Terraform, and nothing of the network. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:TF_|TOFU_)/.test(name));
  return { ...Object.fromEntries(own), TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", NO_COLOR: "1" };
}
