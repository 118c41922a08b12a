import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { config as configureZod } from "zod";
import { activate } from "../engine/activate.ts";
import type { ActivePolicy } from "../engine/evaluation.ts";
import { NO_SETTINGS, type Settings } from "../engine/settings.ts";
import { UsageError } from "../model/errors.ts";
import { loadPack, packBase } from "./packs.ts";

/** What to run, and how it is set. */
export interface Setup {
  readonly settings: Settings;
  readonly policies: readonly ActivePolicy[];
}

// Compiling validators pays off for thousands of values; here a handful are checked once a run.
configureZod({ jitless: true });

/** Reads the configuration and loads the packs; packs of the command line go before those of the configuration. */
export async function setUp(
  options: { readonly config?: string; readonly pack: readonly string[] },
  today: string,
): Promise<Setup> {
  const file = options.config ?? nearestConfig();
  if (options.config !== undefined && !existsSync(options.config)) {
    throw new UsageError(`there is no configuration file ${options.config}`);
  }
  const config = file === undefined ? undefined : (await import("../config/load.ts")).loadConfig(file, today);
  const settings = config?.settings ?? NO_SETTINGS;
  const fromConfig = config?.packs ?? ["recommended"];
  const packs = await Promise.all(
    options.pack.length > 0
      ? options.pack.map((name) => loadPack(name, "."))
      : fromConfig.map((name) => loadPack(name, packBase(file))),
  );
  return { settings, policies: activate(packs, settings) };
}

/** `firebreak.yaml` of this directory or of one above it, up to the repository's root. */
function nearestConfig(): string | undefined {
  const here = resolve(".");
  for (let directory = here; ; directory = dirname(directory)) {
    const file = join(directory, "firebreak.yaml");
    if (existsSync(file)) return relative(here, file);
    if (existsSync(join(directory, ".git")) || dirname(directory) === directory) return undefined;
  }
}
