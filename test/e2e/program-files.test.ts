import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Change } from "../../src/model/change.ts";
import { isList, isObject, Secret, Unknown, type Value } from "../../src/model/value.ts";
import { readProgram } from "../inputs/files/program/support.ts";
import {
  type Block,
  isJsonObject,
  type Json,
  LIBRARIES,
  stacksIn,
  synthesise,
  TODAY,
} from "../support/cdktf/apps.ts";

const apps = join(import.meta.dirname, "../../fixtures/apps");

/** The resources of the estate's program, its bindings called as a program that has only one library calls them. */
async function written(library: string): Promise<readonly Change[]> {
  const files = globSync("**/*.ts", { cwd: apps }).sort();
  const texts = files.map((file) =>
    readFileSync(join(apps, file), "utf8").replaceAll('"#azurerm/', `"@${library}/provider-azurerm/lib/`),
  );
  const programs = await Promise.all(
    files.flatMap((file, i) => (texts[i]?.includes(`@${library}/`) ? [readProgram(texts[i], file)] : [])),
  );
  expect(programs.flatMap(({ problems }) => problems)).toEqual([]);
  return programs.flatMap(({ changes }) => changes);
}

/** Where a value that is read of the program says something else than what came of it; what is not known says nothing. */
function disagreement(value: Value, json: Json | undefined, path = ""): string | undefined {
  const content = value instanceof Secret ? value.reveal() : value;
  if (content instanceof Unknown) return undefined;
  if (isList(content) || isObject(content)) {
    // A single block is written as an object, and may be synthesised as a list of one.
    const single = isObject(content) && Array.isArray(json) && json.length === 1 ? json[0] : json;
    const items = Object.fromEntries(Object.entries<Value>(content));
    const others = { ...(single as object) } as { readonly [key: string]: Json };
    return Object.keys(items)
      .map((key) => disagreement(items[key] as Value, others[key], `${path}.${key}`))
      .find((found) => found !== undefined);
  }
  return content === json ? undefined : `${path}: ${String(content)} is ${JSON.stringify(json)}`;
}

describe.each(LIBRARIES)("a program of $title", (library) => {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-program-"));
  let blocks: readonly Block[] = [];
  let changes: readonly Change[] = [];

  beforeAll(async () => {
    synthesise(library, [TODAY], folder);
    blocks = stacksIn(join(folder, TODAY)).flatMap(({ resources }) => resources);
    changes = await written(library.name);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is read as what is synthesised of it", () => {
    const different = changes.flatMap(({ type, name, after }) => {
      const same = blocks.filter((block) => block.type === type && block.name.startsWith(name));
      const found = same.map(({ body }) => disagreement(after ?? null, isJsonObject(body) ? body : null));
      return found.length === 0 || found.includes(undefined) ? [] : [`${type} ${name} ${found[0]}`];
    });
    expect(different).toEqual([]);
  });

  it("has all types that are synthesised through bindings", () => {
    const types = new Set(changes.map(({ type }) => type));
    const missing = new Set(blocks.map(({ type }) => type).filter((type) => !types.has(type)));
    expect([...missing].filter((type) => type.startsWith("azurerm_"))).toEqual([]);
  });

  it("is known in part", () => {
    const known = changes.filter(
      ({ after }) => isObject(after) && Object.values(after).some((one) => !(one instanceof Unknown)),
    );
    expect(known.length).toBeGreaterThan(changes.length / 2);
  });
});
