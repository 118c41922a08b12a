import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileInput } from "../../../src/inputs/input.ts";
import { pulumiEvents } from "../../../src/inputs/pulumi/events.ts";
import { pulumiPreview } from "../../../src/inputs/pulumi/preview.ts";
import { recognisePulumi } from "../../../src/inputs/pulumi/recognise.ts";
import { pulumiState } from "../../../src/inputs/pulumi/state.ts";
import type { Reader } from "../../../src/inputs/reader.ts";
import type { Deployment } from "../../../src/model/deployment.ts";

// Documents that public projects keep as their own test data; they are not part of this repository.
const folder = new URL("../../../../shared/corpus/pulumi/", import.meta.url);
const isHere = existsSync(folder);
if (!isHere) console.warn("The collected Pulumi documents are not here: their tests are skipped.");

const READERS: Readonly<Record<string, Reader>> = {
  "pulumi-preview-digest": pulumiPreview,
  "pulumi-events": pulumiEvents,
  "pulumi-state": pulumiState,
};

/** The first JSON object of the text: all of it, or its first line. */
function firstObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.slice(0, text.indexOf("\n")));
  }
}

describe.skipIf(!isHere)("collected Pulumi documents", () => {
  const files = isHere ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];

  it("are there", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it.each(files)("%s", (name) => {
    const file = new URL(name, folder);
    const text = readFileSync(file, "utf8");
    const kind = recognisePulumi(new Set(Object.keys(firstObject(text) as object)));
    const reader = READERS[kind ?? ""];
    expect(reader, `${name} is recognised`).toBeDefined();
    const read = () => reader?.read(fileInput(file.pathname)) as readonly Deployment[];
    const deployments = read();
    expect(JSON.stringify(read())).toBe(JSON.stringify(deployments));
    expect(deployments).toHaveLength(1);
    const stack = /"urn":\s*"urn:pulumi:([^:"]+)::/.exec(text)?.[1];
    expect(deployments[0]?.name).toBe(stack);

    const states = secretsByUrn(firstObject(text));
    for (const change of deployments[0]?.changes ?? []) {
      const shown = JSON.stringify(change);
      expect(shown).not.toContain("ciphertext");
      for (const secret of states.get(change.address) ?? []) expect(shown).not.toContain(secret);
    }
  });

  it("hold secrets at all", () => {
    const found = files.flatMap((name) => [
      ...secretsByUrn(firstObject(readFileSync(new URL(name, folder), "utf8"))).values(),
    ]);
    expect(found.flat().length).toBeGreaterThan(20);
  });
});

/** The texts that each resource marks as secret. */
function secretsByUrn(json: unknown, found = new Map<string, string[]>()): Map<string, string[]> {
  if (typeof json !== "object" || json === null) return found;
  const { urn } = json as { readonly urn?: unknown };
  if (typeof urn === "string" && "inputs" in json) {
    const plain = [...JSON.stringify(json).matchAll(/"plaintext":"((?:[^"\\]|\\.)*)"/g)].map(
      (match) => JSON.parse(JSON.parse(`"${match[1]}"`)) as unknown,
    );
    const texts = plain.filter((text) => typeof text === "string" && text.length >= 8) as string[];
    found.set(urn, [...(found.get(urn) ?? []), ...texts.map((text) => JSON.stringify(text).slice(1, -1))]);
    return found;
  }
  for (const item of Object.values(json)) secretsByUrn(item, found);
  return found;
}
