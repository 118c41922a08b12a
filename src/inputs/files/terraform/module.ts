import { posix } from "node:path";
import type { SourceLocation } from "../../../model/change.ts";
import type { Problem } from "../../../model/deployment.ts";
import type { Suppression } from "../../../model/suppression.ts";
import type { WrittenBlock } from "../../../syntax/written.ts";
import { labelled } from "../../cdktf/blocks.ts";
import { asText, type JsonObject, member } from "../../json-value.ts";
import { type Merged, merged } from "./merge.ts";
import type { SourceFile } from "./source-file.ts";

/** What Terraform and OpenTofu read of a directory. */
export const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;

/** Files that are merged over the others (developer.hashicorp.com/terraform/language/files/override). */
const OVERRIDE = /^(?:.*_)?override\.(?:tf|tofu)(?:\.json)?$/;

/** A file with its name inside of the directory. */
export interface NamedFile {
  readonly name: string;
  readonly file: SourceFile;
}

/** The configuration in one directory: one document in Terraform's JSON syntax, made of all its files. */
export class Module {
  /** Where its files are, to follow local modules from. */
  readonly directory: string;
  readonly document: JsonObject;
  readonly problems: readonly Problem[];
  readonly suppressions: readonly Suppression[];
  readonly isEmpty: boolean;
  /** The local modules that it calls, by the name of the call; those that are not here are missing. */
  readonly calls = new Map<string, Module>();
  readonly #merged: Merged;
  readonly #files: readonly SourceFile[];

  /** `locked` are the providers as the lock file beside the configuration has them. */
  constructor(directory: string, named: readonly NamedFile[], locked: ReadonlyMap<string, string>) {
    const used = named.filter(({ name }) => !isReplaced(name, named));
    const [overrides, plain] = [true, false].map((isOverride) =>
      used.filter(({ name }) => OVERRIDE.test(name) === isOverride).map(({ file }) => file),
    ) as [SourceFile[], SourceFile[]];
    this.directory = directory;
    this.isEmpty = used.length === 0;
    this.problems = used.flatMap(({ file }) => file.problems);
    this.suppressions = used.flatMap(({ file }) => file.suppressions);
    this.#files = [...overrides.toReversed(), ...plain];
    this.#merged = merged(plain, overrides, locked);
    this.document = this.#merged.document;
  }

  /** How many named blocks it has. */
  get size(): number {
    return this.#merged.places.size;
  }

  /** Where a block of the document begins, told from its body. */
  placeOf(body: JsonObject): SourceLocation {
    return this.#merged.places.get(body) ?? { file: this.directory };
  }

  /** The blocks with that header, first those that override others. */
  written(header: readonly string[]): readonly WrittenBlock[] {
    return this.#files.flatMap((file) => file.written().blocks(header));
  }

  /** The calls of local modules: the directory that each leads to, where that is inside of the repository. */
  localCalls(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [name, body] of labelled(member(this.document, "module"))) {
      const source = asText(member(body, "source")) ?? "";
      if (!/^\.\.?(?:\/|$)/.test(source) || source.includes("${")) continue;
      const directory = posix.join(this.directory, source).replace(/\/$/, "");
      if (!/^\.\.(?:\/|$)/.test(directory)) found.set(name, directory === "." ? "" : directory);
    }
    return found;
  }
}

/** OpenTofu passes over a file of which there is another one for OpenTofu (opentofu.org/docs/language/files). */
function isReplaced(name: string, named: readonly NamedFile[]): boolean {
  if (!/\.tf(?:\.json)?$/.test(name)) return false;
  const other = name.replace(/\.tf((?:\.json)?)$/, ".tofu$1");
  return named.some((one) => one.name === other);
}
