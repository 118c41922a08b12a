import { basename } from "node:path";
import type { SourceLocation } from "../model/change.ts";
import type { Grammar } from "../syntax/grammar.ts";
import { hclFile } from "../syntax/hcl.ts";
import type { Step } from "../syntax/steps.ts";
import { terraformJsonFile } from "../syntax/terraform-json.ts";
import type { ConfigurationFile, WrittenBlock } from "../syntax/written.ts";
import type { SourceTree } from "./source-tree.ts";

/** What Terraform and OpenTofu read of a directory. */
export const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;

/** An identifier (developer.hashicorp.com/terraform/language/syntax/configuration). */
const WORD = /[\p{ID_Continue}-]+/gu;

/** Files that are merged over the others (developer.hashicorp.com/terraform/language/files/override). */
const OVERRIDE = /^(?:.*_)?override\.(?:tf|tofu)(?:\.json)?$/;

/** The directory of one Terraform module. Its files are parsed only when they may hold what is looked for. */
export class TerraformModule {
  readonly #tree: SourceTree;
  readonly #hcl: Grammar;
  readonly #files: readonly string[];
  readonly #overrides: readonly string[];
  readonly #parsed = new Map<string, ConfigurationFile>();
  #byWord: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(tree: SourceTree, directory: string, hcl: Grammar) {
    this.#tree = tree;
    this.#hcl = hcl;
    const files = tree.filesIn(directory, CONFIGURATION);
    this.#files = files.filter((file) => !OVERRIDE.test(basename(file)));
    this.#overrides = files.filter((file) => OVERRIDE.test(basename(file))).reverse();
  }

  /** The blocks with that header. A valid module has one at most; what overrides it is a part of it. */
  blocks(header: readonly string[]): readonly WrittenBlock[] {
    const overrides = this.#blocksIn(this.#overrides, header);
    const blocks = this.#blocksIn(this.#files, header);
    return overrides.length === 0 ? blocks : blocks.map((block) => new OverriddenBlock(block, overrides));
  }

  #blocksIn(files: readonly string[], header: readonly string[]): readonly WrittenBlock[] {
    this.#byWord ??= this.#words();
    const holding = header.map((word) => this.#byWord?.get(word));
    const fitting = files.filter((file) => holding.every((some) => some?.has(file)));
    return fitting.flatMap((file) => this.#parse(file).blocks(header));
  }

  /** The files by the words in them. */
  #words(): ReadonlyMap<string, ReadonlySet<string>> {
    const byWord = new Map<string, Set<string>>();
    for (const file of [...this.#files, ...this.#overrides]) {
      for (const [word] of (this.#tree.text(file) ?? "").matchAll(WORD)) {
        const known = byWord.get(word);
        if (known === undefined) byWord.set(word, new Set([file]));
        else known.add(file);
      }
    }
    return byWord;
  }

  #parse(file: string): ConfigurationFile {
    const known = this.#parsed.get(file);
    if (known !== undefined) return known;
    const [name, text] = [this.#tree.nameOf(file), this.#tree.text(file) ?? ""];
    const parsed = file.endsWith(".json") ? terraformJsonFile(name, text) : hclFile(name, text, this.#hcl);
    this.#parsed.set(file, parsed);
    return parsed;
  }
}

/** A block some of whose properties are set again in override files; the last one counts. */
class OverriddenBlock implements WrittenBlock {
  readonly #block: WrittenBlock;
  readonly #overrides: readonly WrittenBlock[];

  /** `overrides` has those that count most first. */
  constructor(block: WrittenBlock, overrides: readonly WrittenBlock[]) {
    this.#block = block;
    this.#overrides = overrides;
  }

  get place(): SourceLocation {
    return this.#block.place;
  }

  placeOf(steps: readonly Step[]): SourceLocation | undefined {
    for (const block of [...this.#overrides, this.#block]) {
      const place = block.placeOf(steps);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  text(attribute: string): string | undefined {
    const [first] = [...this.#overrides, this.#block].filter((one) => one.placeOf([attribute]) !== undefined);
    return first?.text(attribute);
  }
}
