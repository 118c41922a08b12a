import type { SourceLocation } from "../../../model/change.ts";
import type { Problem } from "../../../model/deployment.ts";
import type { Suppression } from "../../../model/suppression.ts";
import type { Grammar } from "../../../syntax/grammar.ts";
import type { ConfigurationFile } from "../../../syntax/written.ts";
import type { JsonObject } from "../../json-value.ts";
import { hclSource } from "./hcl-source.ts";
import { jsonSource } from "./json-source.ts";

/** A top-level block: `resource "a" "b" { … }`. */
export interface SourceBlock {
  readonly kind: string;
  readonly labels: readonly string[];
  /** In Terraform's JSON syntax. */
  readonly body: JsonObject;
  readonly place: SourceLocation;
}

/** One file of a configuration, or of values for its variables. */
export interface SourceFile {
  readonly blocks: readonly SourceBlock[];
  /** What stands outside of blocks: in a file of values, those. */
  readonly attributes: JsonObject;
  readonly problems: readonly Problem[];
  readonly suppressions: readonly Suppression[];
  /** Where its properties stand. */
  readonly written: () => ConfigurationFile;
}

/** Most files are the same in both versions. */
const known = new Map<string, SourceFile>();
const MOST_KNOWN = 1_000;

/** Reads a file by its text; `name` is what it is called in messages. */
export function sourceFile(name: string, text: string, grammar: Grammar): SourceFile {
  const key = `${name}\n${text}`;
  let file = known.get(key);
  if (file === undefined) {
    file = name.endsWith(".json") ? jsonSource(name, text) : hclSource(name, text, grammar);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, file);
  }
  return file;
}

/** A file of which nothing can be read. */
export function unreadable(problem: Problem): SourceFile {
  return {
    blocks: [],
    attributes: {},
    problems: [problem],
    suppressions: [],
    written: () => ({ blocks: () => [] }),
  };
}
