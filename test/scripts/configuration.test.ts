import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import recommended from "../../packs/recommended.ts";
import { configurationReference, EXAMPLE } from "../../scripts/generate/configuration.ts";
import { loadConfig } from "../../src/config/load.ts";
import { activate } from "../../src/engine/activate.ts";

const folder = mkdtempSync(join(tmpdir(), "firebreak-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("shows an example that the real loader and the real packs take", () => {
  const file = join(folder, "firebreak.yaml");
  writeFileSync(file, EXAMPLE);
  const { settings, packs } = loadConfig(file, "2026-11-22");
  expect(packs).toEqual(["recommended"]);
  const active = activate([recommended], settings);
  const one = active.find(({ policy }) => policy.id === "access/shared-storage-change");
  expect(one?.options).toEqual({ minConsumers: 3 });
  expect(active.find(({ policy }) => policy.id === "clients/jitter")?.level).toBe("advisory");
  expect(active.find(({ policy }) => policy.id === "rollout/fleet-share")?.options).toEqual({ share: 0.1 });
});

it("describes every key", () => {
  const rows = configurationReference()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) expect(row, row).not.toMatch(/\| {1,2}\|$/);
});
