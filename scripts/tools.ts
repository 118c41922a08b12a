/** Builds the programs that the end-to-end tests and the demo run, where none is installed: `npm run tools`. */
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

/** Programs that belong together: they are there all or not at all, and are built in one go. */
export interface Tool {
  /** What the command line calls it. */
  readonly id: string;
  /** What it is, for messages. */
  readonly title: string;
  readonly binaries: readonly string[];
  /** Whether the programs serve from PATH; provider plugins are started by whoever was told where they lie. */
  readonly servesFromPath: boolean;
  /** The folder of the Go module that requires them, below `tools`. */
  readonly module: string;
  /** Folders of Go sources of our own in that module. */
  readonly sources: readonly string[];
  /** What `go build` is given. */
  readonly packages: readonly string[];
  /** The linker flags, with what a build from source does not know of itself. */
  readonly linking: (required: Requirements) => string;
}

/** The version of a module that go.mod requires. */
type Requirements = (module: string) => string;

const CLI = "github.com/pulumi/pulumi/pkg/v3";

export const PULUMI: Tool = {
  id: "pulumi",
  title: "the Pulumi CLI with its Node.js language host",
  // The CLI looks for the second on PATH, to start Node.js programs with.
  binaries: ["pulumi", "pulumi-language-nodejs"],
  servesFromPath: true,
  module: ".",
  sources: ["pulumi-language-nodejs"],
  packages: [`${CLI}/cmd/pulumi`, "./pulumi-language-nodejs"],
  linking: (required) => `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${required(CLI)}`,
};

export const OPENTOFU: Tool = {
  id: "tofu",
  title: "OpenTofu",
  binaries: ["tofu"],
  servesFromPath: true,
  module: "opentofu",
  sources: [],
  packages: ["github.com/opentofu/opentofu/cmd/tofu"],
  // Else it takes itself for a version under development.
  linking: () => "-s -w -X github.com/opentofu/opentofu/version.dev=no",
};

export const TERRAFORM_PROVIDERS: Tool = {
  id: "terraform-providers",
  title: "the Terraform providers null, random, time and tls",
  binaries: ["null", "random", "time", "tls"].map((name) => `terraform-provider-${name}`),
  servesFromPath: false,
  module: "terraform-providers",
  sources: [],
  packages: ["tool"],
  linking: () => "-s -w",
};

export const TOOLS: readonly Tool[] = [PULUMI, TERRAFORM_PROVIDERS, OPENTOFU];

/** Where the programs of a tool are. */
export interface Located {
  /** The folder that holds them; not given when they are on PATH already. */
  readonly directory?: string;
  readonly from: "PATH" | "built" | "none";
  /** One sentence: why there are none. */
  readonly why?: string;
  /** Whether `npm run tools` could build them, so that a test that lacks them has no excuse. */
  readonly buildable: boolean;
}

/** Finds the Pulumi CLI without building anything. */
export function pulumiTools(): Located {
  return locate(PULUMI);
}

/** Finds the programs of a tool without building anything. */
export function locate(tool: Tool): Located {
  const buildable = onPath("go");
  if (tool.servesFromPath && tool.binaries.every(onPath)) return { from: "PATH", buildable };
  const directory = directoryOf(tool);
  if (isBuilt(tool, directory)) return { from: "built", directory, buildable };
  const run = `npm run tools -- ${tool.id}`;
  const built = tool.binaries.length === 1 ? "is" : "are";
  const why = buildable
    ? `${capital(tool.title)} ${built} not built yet: run \`${run}\`.`
    : `${capital(tool.title)} ${built} not there, and neither is Go: install Go and run \`${run}\`.`;
  return { from: "none", why, buildable };
}

/** The module's requirements, read from its go.mod; a module that is not required is an error. */
function requirements(tool: Tool): Requirements {
  return (module) => {
    const version = new RegExp(`${module} (v\\S+)`).exec(textOf(tool, "go.mod"))?.[1];
    if (version === undefined) throw new Error(`${tool.module}/go.mod in tools requires no ${module}`);
    return version;
  };
}

const moduleOf = (tool: Tool) => join(import.meta.dirname, "../tools", tool.module);
const textOf = (tool: Tool, file: string) => readFileSync(join(moduleOf(tool), file), "utf8");
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** `$FIREBREAK_TOOLS`, or a folder in the user's cache that changes with what is built. */
function directoryOf(tool: Tool): string {
  const { FIREBREAK_TOOLS: given, XDG_CACHE_HOME: cache } = process.env;
  if (given !== undefined && given !== "") return given;
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...tool.sources.flatMap((folder) => goFiles(tool, folder))]) {
    hash.update(`${file}\0`).update(textOf(tool, file));
  }
  const caches = cache === undefined || cache === "" ? join(homedir(), ".cache") : cache;
  return join(caches, "firebreak/tools", hash.digest("hex").slice(0, 16));
}

function goFiles(tool: Tool, folder: string): readonly string[] {
  return readdirSync(join(moduleOf(tool), folder))
    .filter((name) => name.endsWith(".go"))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The file name of a program on this system. */
export const executable = (name: string): string => (process.platform === "win32" ? `${name}.exe` : name);

function isBuilt(tool: Tool, directory: string): boolean {
  return tool.binaries.every((name) => existsSync(join(directory, executable(name))));
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

/** Builds elsewhere and moves what is finished into place, so that nobody ever starts half of a program. */
function build(tool: Tool, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const unfinished = mkdtempSync(join(directory, ".build-"));
  try {
    const flags = ["-mod=readonly", "-buildvcs=false", "-ldflags", tool.linking(requirements(tool))];
    // The slash makes `go` see a folder even where it builds one program only.
    const { status, error } = spawnSync("go", ["build", ...flags, "-o", `${unfinished}/`, ...tool.packages], {
      cwd: moduleOf(tool),
      stdio: "inherit",
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error("`go build` failed; what it said stands above");
    for (const name of tool.binaries) {
      renameSync(join(unfinished, executable(name)), join(directory, executable(name)));
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Says where the tool is, and builds it first where that is needed and possible. */
function provide(tool: Tool): void {
  const { from, buildable } = locate(tool);
  const title = capital(tool.title);
  const directory = directoryOf(tool);
  if (from === "PATH") return void console.log(`${title}: on PATH; nothing is built.`);
  if (from === "none") {
    if (!buildable)
      return void console.log(`${title}: neither there nor Go on PATH; tests with it will be skipped.`);
    console.log(`${title}: building, which takes some minutes the first time.`);
    build(tool, directory);
  }
  console.log(`${title}: ${directory}`);
}

/** Provides the tools that are named, or all; gives the exit code. */
function main(ids: readonly string[]): number {
  const unknown = ids.filter((id) => TOOLS.every((tool) => tool.id !== id));
  if (unknown.length > 0) {
    const known = TOOLS.map((tool) => tool.id).join(", ");
    console.error(`There is no tool ${unknown.join(", ")}: give any of ${known}, or none for all.`);
    return 2;
  }
  for (const tool of TOOLS) if (ids.length === 0 || ids.includes(tool.id)) provide(tool);
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
