import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { PackEnvironment } from "../../../src/integrations/pulumi/environment.ts";

/** A folder that is gone after the test. */
export class Folder {
  readonly path: string = mkdtempSync(join(tmpdir(), "firebreak-pulumi-"));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** Writes the file, with the folders that it lies in; `time` is when it was written, in seconds. */
  write(name: string, content: string | Uint8Array, time?: number): string {
    const file = this.at(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (time !== undefined) utimesSync(file, time, time);
    return file;
  }
}

/** The world of a pack that was started in the folder: with these variables, a home beside it, and no programs. */
export function environmentIn(
  folder: Folder,
  env: PackEnvironment["env"] = {},
  run: PackEnvironment["run"] = async () => undefined,
): PackEnvironment {
  return { env: { PWD: folder.path, ...env }, today: "2026-11-22", home: folder.at("home"), run };
}
