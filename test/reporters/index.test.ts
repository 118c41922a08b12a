import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FORMATS, isFormat, reporters } from "../../src/reporters/index.ts";

it("every format is listed once", () => {
  expect([...FORMATS].sort()).toEqual(Object.keys(reporters).sort());
  expect(FORMATS.every(isFormat)).toBe(true);
  expect(["html", "toString", "__proto__"].some(isFormat)).toBe(false);
});

it("no reporter loads the schema library: of the report's model they take only types", () => {
  const loaded = globSync("src/reporters/*.ts").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:import|export)(?! type\b)[^;]*?from "([^"]+)"/gm)].map(
      ([, from]) => from,
    ),
  );
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.filter((from) => !from?.startsWith("./"))).toEqual(["../model/change.ts"]);
});
