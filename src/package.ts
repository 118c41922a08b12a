import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package's own folder: two above the sources, one above the bundle. */
export const packageRoot: string = findRoot(import.meta.dirname);

function findRoot(from: string): string {
  if (existsSync(join(from, "package.json")) && existsSync(join(from, "policies"))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error("The installation is incomplete: the package's own files were not found.");
  return findRoot(parent);
}

/** The package's version, as `package.json` tells it. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  return String((manifest as { version?: unknown }).version);
}
