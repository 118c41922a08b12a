import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Pack } from "../engine/policy.ts";
import { UsageError } from "../model/errors.ts";

/** The packs that come with the tool. Loaded by name, when asked for. */
const BUILT_IN: Readonly<Record<string, () => Promise<{ default: Pack }>>> = {
  recommended: () => import("../../packs/recommended.ts"),
  strict: () => import("../../packs/strict.ts"),
  incidents: () => import("../../packs/incidents.ts"),
};

/**
 * Loads a pack by name, or by path to a module whose default export is one. Such a module is code: only paths that the user
 * gave on the command line or in the configuration come here. `from` is the file or directory that paths are relative to.
 */
export async function loadPack(name: string, from: string): Promise<Pack> {
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (builtIn !== undefined) return (await builtIn()).default;
  const file = resolve(from, name);
  if (!existsSync(file)) {
    throw new UsageError(
      `there is no pack "${name}": expected ${Object.keys(BUILT_IN).join(", ")}, or the path of a module`,
    );
  }
  const loaded: { default?: unknown } = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new UsageError(
      `the pack ${name} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  if (!isPack(loaded.default)) {
    throw new UsageError(
      `the pack ${name} has no pack as its default export: expected { name, entries: [{ policy, level }] }`,
    );
  }
  return loaded.default;
}

function isPack(value: unknown): value is Pack {
  if (typeof value !== "object" || value === null || !("entries" in value) || !Array.isArray(value.entries))
    return false;
  return value.entries.every(
    (entry: unknown) =>
      typeof entry === "object" &&
      entry !== null &&
      "level" in entry &&
      ["mandatory", "advisory", "off"].includes(String(entry.level)) &&
      "policy" in entry &&
      typeof entry.policy === "object" &&
      entry.policy !== null &&
      "id" in entry.policy &&
      typeof entry.policy.id === "string" &&
      ("check" in entry.policy || "checkDeployment" in entry.policy),
  );
}

/** The directory that a configuration's pack paths are relative to. */
export function packBase(configFile: string | undefined): string {
  return configFile === undefined ? "." : dirname(configFile);
}
