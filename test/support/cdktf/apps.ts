import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const apps = join(import.meta.dirname, "../../../fixtures/apps");

/** A construct library that the estate of fixtures/apps is written for. */
export interface Library {
  readonly name: "cdktf" | "cdktn";
  readonly title: string;
  /** azurerm types that its binding does not have. */
  readonly lacks: readonly string[];
}

export const LIBRARIES: readonly Library[] = [
  // @cdktf/provider-azurerm 14 binds azurerm 4.55.
  { name: "cdktf", title: "CDKTF", lacks: ["azurerm_container_app_environment_managed_certificate"] },
  { name: "cdktn", title: "CDK Terrain", lacks: [] },
];

/** The estate as it runs today. */
export const TODAY = "today";

function node({ name }: Library, args: readonly string[], env: Readonly<Record<string, string>>): void {
  execFileSync(process.execPath, [`--conditions=${name}`, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** Runs the program itself, as `cdktf synth` would; `out` is then a `cdktf.out`. */
export function runProgram(library: Library, change: string, out: string): void {
  mkdirSync(out, { recursive: true });
  node(library, [join(apps, "main.ts")], { CHANGE: change, CDKTF_OUTDIR: out });
}

/** Synthesises the estate as each of the changes leaves it, into folders of their names. */
export function synthesise(library: Library, changes: readonly string[], folder: string): void {
  node(library, [join(import.meta.dirname, "synthesise.ts"), folder, ...changes], {});
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export function isJsonObject(json: Json | undefined): json is { readonly [name: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** What stands below an object's name; nothing where there is no such object. */
export function at(json: Json | undefined, ...names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>(
    (value, name) => (isJsonObject(value) ? value[name] : undefined),
    json,
  );
}

/** One resource or data block of a synthesised stack. */
export interface Block {
  readonly type: string;
  readonly name: string;
  readonly body: Json;
}

/** One synthesised stack, as the file says it. */
export interface SynthesisedStack {
  readonly name: string;
  readonly document: Json;
  readonly resources: readonly Block[];
}

/** The stacks that a synth's manifest lists. */
export function stacksIn(out: string): readonly SynthesisedStack[] {
  const read = (file: string): Json => JSON.parse(readFileSync(join(out, file), "utf8"));
  const stacks = at(read("manifest.json"), "stacks");
  return Object.keys(isJsonObject(stacks) ? stacks : {}).map((name) => {
    const document = read(String(at(stacks, name, "synthesizedStackPath")));
    return { name, document, resources: blocksOf(at(document, "resource")) };
  });
}

function blocksOf(byType: Json | undefined): readonly Block[] {
  return Object.entries(isJsonObject(byType) ? byType : {}).flatMap(([type, named]) =>
    Object.entries(isJsonObject(named) ? named : {}).map(([name, body]) => ({ type, name, body })),
  );
}
