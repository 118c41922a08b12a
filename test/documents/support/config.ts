import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load.ts";
import { NO_SETTINGS, type Settings } from "../../../src/engine/settings.ts";
import type { Block } from "./markdown.ts";

/** The settings of a `yaml config` block, read as `firebreak.yaml` is. */
export function settingsOf(block: Block | undefined): Settings {
  if (block === undefined) return NO_SETTINGS;
  const directory = mkdtempSync(join(tmpdir(), "firebreak-"));
  try {
    const file = join(directory, "firebreak.yaml");
    writeFileSync(file, block.text);
    return loadConfig(file, "2026-11-22").settings;
  } catch (error) {
    throw new Error(`${block.at}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
