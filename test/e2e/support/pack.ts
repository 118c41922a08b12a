import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { analyzedResources } from "../../support/pulumi/calls.ts";
import { checkpoint, stackExport } from "../../support/pulumi/documents.ts";
import { type BootOptions, Engine, type EngineRun } from "../../support/pulumi/engine.ts";
import type { Diagnostic } from "../../support/pulumi/messages.ts";
import type { StackChange } from "../../support/pulumi/stack-change.ts";

const PACK = join(import.meta.dirname, "../../../packs/pulumi");

/** Where the pack is to find the state before the change. */
type Before =
  /** The file that FIREBREAK_BEFORE names. */
  | "export"
  | "checkpoint"
  | "gzip"
  | "zstd"
  /** The checkpoint of a stack that has only been made: `pulumi stack init`. */
  | "new"
  | "corrupt"
  | "nowhere";

/** The directory of a Pulumi project, with a `file://` backend in it; gone when the test is over. */
class ProjectFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "firebreak-pack-"));

  constructor() {
    this.write("Pulumi.yaml", "name: estate\nruntime: nodejs\n");
  }

  write(name: string, content: string | Uint8Array): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Lays the state before the change where the pack is to find it; gives the environment that leads it there. */
  before(change: StackChange, kind: Before): Record<string, string | undefined> {
    const stored = ".pulumi/stacks/estate/prod.json";
    const env = {
      PWD: this.path,
      PULUMI_HOME: join(this.path, "home"),
      PULUMI_BACKEND_URL: "file://.",
      // No `pulumi` there, whatever this machine has.
      PATH: join(this.path, "bin"),
    };
    switch (kind) {
      case "export":
        return {
          ...env,
          PULUMI_BACKEND_URL: undefined,
          FIREBREAK_BEFORE: this.write("before.json", stackExport(change)),
        };
      case "checkpoint":
        this.write(stored, checkpoint(change));
        return env;
      case "gzip":
        this.write(`${stored}.gz`, gzipSync(checkpoint(change)));
        return env;
      case "zstd":
        this.write(`${stored}.zst`, zstdCompressSync(checkpoint(change)));
        return env;
      case "new":
        this.write(stored, checkpoint({ ...change, resources: [] }));
        return env;
      case "corrupt":
        this.write(stored, checkpoint(change).slice(0, -40));
        return env;
      case "nowhere":
        return { ...env, PULUMI_BACKEND_URL: undefined };
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface PackRun extends EngineRun {
  /** All that was said, of resources and of the stack. */
  readonly all: readonly Diagnostic[];
  readonly blocking: readonly Diagnostic[];
}

export interface PackOptions extends Omit<BootOptions, "env"> {
  readonly before?: Before;
  /** firebreak.yaml */
  readonly yaml?: string;
  /** Other files of the project. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A preview of the change (an update with `dryRun: false`) with the pack in it. */
export async function runPack(change: StackChange, options: PackOptions = {}): Promise<PackRun> {
  const { before = "checkpoint", yaml, files = {}, ...boot } = options;
  using project = new ProjectFolder();
  if (yaml !== undefined) project.write("firebreak.yaml", yaml);
  for (const [name, content] of Object.entries(files)) project.write(name, content);
  await using engine = await Engine.boot(PACK, { ...boot, env: project.before(change, before) });
  const run = await engine.run(analyzedResources(change));
  const all = [...run.resource, ...run.stack];
  return { ...run, all, blocking: all.filter(({ level }) => level === "mandatory") };
}
