import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { directory, type Ended, root } from "./cli.ts";

export type Library = "cdktf" | "cdktn";

/** A project of its own that has the construct library, its azurerm constructs and this package installed. */
export function cdktfProject(files: Readonly<Record<string, string>>): string {
  const folder = directory({ "package.json": '{ "private": true, "type": "module" }', ...files });
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of ["cdktf", "cdktn", "constructs", "@cdktf", "@cdktn"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  symlinkSync(root, join(modules, "firebreak"));
  return folder;
}

/** Runs a program of the project, as `cdktf synth` does. */
export function runProgram(
  folder: string,
  program: string,
  env: Readonly<Record<string, string>> = {},
): Ended {
  const { FIREBREAK_TODAY: _, ...own } = process.env;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program], {
    cwd: folder,
    env: { ...own, ...env },
    encoding: "utf8",
    timeout: 50_000,
  });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}
