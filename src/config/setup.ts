import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { config as configureZod } from "zod";
import { activate } from "../engine/activate.ts";
import type { ActivePolicy } from "../engine/evaluation.ts";
import type { Pack } from "../engine/policy.ts";
import { NO_SETTINGS, type Settings } from "../engine/settings.ts";
import { UsageError } from "../model/errors.ts";
import { nameFromHere } from "./name-from-here.ts";
import { loadPack, packBase } from "./packs.ts";

/** What to run, and how it is set. */
export interface Setup {
  readonly settings: Settings;
  /** The packs, in the order in which they are laid over one another. */
  readonly packs: readonly Pack[];
  readonly policies: readonly ActivePolicy[];
}

/** What a caller asks for; what it leaves out comes from the nearest `firebreak.yaml`, else from the defaults. */
export interface SetupOptions {
  readonly config?: string;
  readonly pack: readonly string[];
  /** Where to look for `firebreak.yaml`, here and upwards: by default the current directory. */
  readonly from?: string;
}

// Compiling validators pays off for thousands of values; here a handful are checked once a run.
configureZod({ jitless: true });

/** Reads the configuration and loads the packs; packs of the command line go before those of the configuration. */
export async function setUp(options: SetupOptions, today: string): Promise<Setup> {
  const file = options.config ?? nearestConfig(resolve(options.from ?? "."));
  if (options.config !== undefined && !existsSync(options.config)) {
    throw new UsageError(`there is no configuration file ${options.config}`);
  }
  const config = file === undefined ? undefined : (await import("./load.ts")).loadConfig(file, today);
  const settings = config?.settings ?? NO_SETTINGS;
  const fromConfig = config?.packs ?? ["recommended"];
  const packs = await Promise.all(
    options.pack.length > 0
      ? options.pack.map((name) => loadPack(name, "."))
      : fromConfig.map((name) => loadPack(name, packBase(file))),
  );
  const known = [...packs, await loadPack("strict", ".")].flatMap(({ entries }) =>
    entries.map(({ policy }) => policy.id),
  );
  return {
    settings: { ...settings, knownPolicies: [...new Set(known)] },
    packs,
    policies: activate(packs, settings),
  };
}

/** `firebreak.yaml` of the directory or of one above it, up to the repository's root; as one names it from here. */
function nearestConfig(from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = join(directory, "firebreak.yaml");
    if (existsSync(file)) return nameFromHere(file);
    if (existsSync(join(directory, ".git")) || dirname(directory) === directory) return undefined;
  }
}
