import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cdktfSynth } from "../../../src/inputs/cdktf/synth.ts";
import { fileInput } from "../../../src/inputs/input.ts";

const CORPUS = join(import.meta.dirname, "../../../../shared/corpus/cdktf");
const isThere = existsSync(CORPUS);
if (!isThere) console.warn(`The corpus of real synths is not here (${CORPUS}), so it is not read.`);

describe.skipIf(!isThere)("real synths", () => {
  it.each(isThere ? readdirSync(CORPUS).sort() : [])("%s is read, twice with the same result", (name) => {
    const once = () =>
      JSON.stringify(cdktfSynth.read(fileInput(join(CORPUS, name))), (_, value) =>
        value instanceof Map ? [...value] : value,
      );
    const [deployment] = cdktfSynth.read(fileInput(join(CORPUS, name)));
    expect(deployment?.changes.length).toBeGreaterThan(0);
    expect(deployment?.edges.length).toBeGreaterThan(0);
    expect(once()).toBe(once());
  });
});
