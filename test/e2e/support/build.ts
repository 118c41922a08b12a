import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");

/** What is built of, and how. */
const SOURCES = ["src", "policies", "packs"];
const RECIPE = join(root, "rolldown.config.ts");

/** The time of the last change to any file below the folders. */
function latestChange(folders: readonly string[]): number {
  return Math.max(
    ...folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => statSync(join(root, folder, name)).mtimeMs,
      ),
    ),
  );
}

/** Builds the command line where what was built is older than its sources: a test of an old one would prove nothing. */
export default function build(): void {
  const cli = join(root, "dist/cli.js");
  const changed = Math.max(latestChange(SOURCES), statSync(RECIPE).mtimeMs);
  if (existsSync(cli) && statSync(cli).mtimeMs > changed) return;
  const rolldown = join(root, "node_modules/rolldown/bin/cli.mjs");
  execFileSync(process.execPath, [rolldown, "--config", "rolldown.config.ts"], { cwd: root, stdio: "pipe" });
}
