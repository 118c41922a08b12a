import { isAbsolute, join } from "node:path";
import { withoutKeys } from "../model/address.ts";
import type { SourceLocation } from "../model/change.ts";
import type { Grammar } from "../syntax/grammar.ts";
import { stepsOf } from "../syntax/steps.ts";
import type { WrittenBlock } from "../syntax/written.ts";
import { inCommon, narrowest } from "../syntax/written.ts";
import type { SourceTree } from "./source-tree.ts";
import { CONFIGURATION, TerraformModule } from "./terraform-module.ts";

/** The configuration whose root module is the source directory. */
export class TerraformSources {
  readonly #tree: SourceTree;
  readonly #hcl: Grammar;
  readonly #modules = new Map<string, TerraformModule>();

  constructor(tree: SourceTree, hcl: Grammar) {
    this.#tree = tree;
    this.#hcl = hcl;
  }

  /** Whether the directory itself holds a configuration. */
  get isThere(): boolean {
    return this.#tree.filesIn(this.#tree.root, CONFIGURATION).length > 0;
  }

  /**
   * Where the property of a resource is written: in the root module or, module by module, where a local `source` leads. What
   * is inside of a module that comes from elsewhere points at the call of that module, which is what its user can edit.
   */
  locate(address: string, property: string): SourceLocation | undefined {
    const parsed = parseAddress(address);
    if (parsed === undefined) return undefined;
    let directory = this.#tree.root;
    for (const name of parsed.modules) {
      const calls = this.#module(directory).blocks(["module", name]);
      const [call] = calls;
      if (call === undefined || calls.length > 1) return inCommon(calls.map(({ place }) => place));
      const below = this.#directoryOf(call, directory);
      if (below === undefined) return call.place;
      directory = below;
    }
    const blocks = this.#module(directory).blocks(parsed.header);
    const [block] = blocks;
    if (block === undefined || blocks.length > 1) return inCommon(blocks.map(({ place }) => place));
    return narrowest(block, stepsOf(property));
  }

  #module(directory: string): TerraformModule {
    const known = this.#modules.get(directory);
    if (known !== undefined) return known;
    const module = new TerraformModule(this.#tree, directory, this.#hcl);
    this.#modules.set(directory, module);
    return module;
  }

  /** The directory that a call leads to, if its source is a local path (`./` or `../`) inside of what may be read. */
  #directoryOf(call: WrittenBlock, from: string): string | undefined {
    const source = call.text("source");
    if (source === undefined || isAbsolute(source) || !/^\.\.?(?:[\\/]|$)/.test(source)) return undefined;
    return this.#tree.resolve(join(from, source));
  }
}

/** The way to a resource: the modules that it is in, and the header of its block. */
interface ResourceAddress {
  readonly modules: readonly string[];
  readonly header: readonly string[];
}

/** `module.a["x"].data.azurerm_subnet.b[0]`; undefined for what is no address of a resource. */
function parseAddress(address: string): ResourceAddress | undefined {
  const parts = withoutKeys(address).split(".");
  const modules: string[] = [];
  while (parts[0] === "module" && parts[1] !== undefined) {
    modules.push(parts[1]);
    parts.splice(0, 2);
  }
  const kind = parts[0] === "data" ? "data" : "resource";
  const [type, name, ...rest] = kind === "data" ? parts.slice(1) : parts;
  if (type === undefined || name === undefined || rest.length > 0) return undefined;
  return { modules, header: [kind, type, name] };
}
