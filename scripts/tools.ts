/** Builds the Pulumi CLI that the end-to-end tests and the demo run, where none is installed: `npm run tools`. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The CLI, and what it starts Node.js programs with; it looks for the second on PATH. */
const BINARIES = ["pulumi", "pulumi-language-nodejs"] as const;
const CLI = "github.com/pulumi/pulumi/pkg/v3";
const HOST = "pulumi-language-nodejs";
const source = join(import.meta.dirname, "../tools");

/** Where the Pulumi CLI comes from. */
export interface PulumiTools {
  /** What goes first on PATH; not given when the CLI is there already. */
  readonly directory?: string;
  readonly from: "PATH" | "built" | "none";
  /** One sentence: why there is none. */
  readonly why?: string;
  /** Whether `npm run tools` could build them, so that a test that lacks them has no excuse. */
  readonly buildable: boolean;
}

/** Finds the Pulumi CLI without building anything. */
export function pulumiTools(): PulumiTools {
  const buildable = onPath("go");
  if (BINARIES.every(onPath)) return { from: "PATH", buildable };
  const directory = toolsDirectory();
  if (isBuilt(directory)) return { from: "built", directory, buildable };
  const why = buildable
    ? "The Pulumi CLI is not built yet: run `npm run tools`."
    : "Neither the Pulumi CLI with its Node.js language host nor Go is on PATH: install Go and run `npm run tools`.";
  return { from: "none", why, buildable };
}

/** `$FIREBREAK_TOOLS`, or a folder in the user's cache that changes with what is built. */
function toolsDirectory(): string {
  const { FIREBREAK_TOOLS: given, XDG_CACHE_HOME: cache } = process.env;
  if (given !== undefined && given !== "") return given;
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...hostSources()]) {
    hash.update(`${file}\0`).update(readFileSync(join(source, file)));
  }
  const caches = cache === undefined || cache === "" ? join(homedir(), ".cache") : cache;
  return join(caches, "firebreak/tools", hash.digest("hex").slice(0, 16));
}

function hostSources(): readonly string[] {
  return readdirSync(join(source, HOST))
    .filter((name) => name.endsWith(".go"))
    .sort()
    .map((name) => `${HOST}/${name}`);
}

const executable = (name: string) => (process.platform === "win32" ? `${name}.exe` : name);

function isBuilt(directory: string): boolean {
  return BINARIES.every((name) => existsSync(join(directory, executable(name))));
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, executable(name)), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The version that go.mod pins, which a build from source does not know of itself. */
function cliVersion(): string {
  const version = new RegExp(`${CLI} (v\\S+)`).exec(readFileSync(join(source, "go.mod"), "utf8"))?.[1];
  if (version === undefined) throw new Error(`tools/go.mod requires no ${CLI}`);
  return version;
}

/** Builds elsewhere and moves what is finished into place, so that nobody ever starts half of a program. */
function build(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const unfinished = mkdtempSync(join(directory, ".build-"));
  try {
    const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${cliVersion()}`;
    const flags = ["build", "-mod=readonly", "-buildvcs=false", "-ldflags", version];
    const { status, error } = spawnSync(
      "go",
      [...flags, "-o", unfinished, `${CLI}/cmd/pulumi`, `./${HOST}`],
      {
        cwd: source,
        stdio: "inherit",
      },
    );
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error("`go build` failed; what it said stands above");
    for (const name of BINARIES) {
      renameSync(join(unfinished, executable(name)), join(directory, executable(name)));
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function main(): void {
  const { from, buildable } = pulumiTools();
  if (from === "PATH") {
    console.log(`${BINARIES.join(" and ")} are on PATH and are used; nothing is built.`);
    return;
  }
  const directory = toolsDirectory();
  if (from === "none") {
    if (!buildable) {
      console.log("The tests with the real Pulumi CLI will be skipped: neither the CLI nor Go is on PATH.");
      return;
    }
    console.log(`Building the Pulumi CLI ${cliVersion()}; this takes some minutes the first time.`);
    build(directory);
  }
  console.log(directory);
}

if (process.argv[1] === import.meta.filename) main();
