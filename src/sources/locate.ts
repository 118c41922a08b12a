import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { cdktfManifest } from "../inputs/cdktf/manifest.ts";
import { fileInput } from "../inputs/input.ts";
import { withoutKeys } from "../model/address.ts";
import type { Change, SourceLocation } from "../model/change.ts";
import type { Deployment, HostName, Problem } from "../model/deployment.ts";
import { InputError } from "../model/errors.ts";
import { loadGrammar } from "../syntax/grammar.ts";
import { inCommon } from "../syntax/written.ts";
import { ConstructSources } from "./construct-sources.ts";
import { SourceTree } from "./source-tree.ts";
import { TerraformSources } from "./terraform-sources.ts";

/** The hosts whose addresses are Terraform's. */
const HOSTS: ReadonlySet<HostName> = new Set(["terraform-plan", "terraform-state", "cdktf-synth"]);

/** The deployments, able to tell where their resources are written, and what is to be said about that. */
export interface Located {
  readonly deployments: readonly Deployment[];
  readonly problems: readonly Problem[];
}

/**
 * Lets deployments point into the sources below a directory, as the user named it: to the blocks of the Terraform configuration
 * whose root module it is, or to the TypeScript or JavaScript that a synth came from. Only files that may hold what is asked
 * for are read, when the first finding asks. A directory that is not there is a UsageError; one without sources a warning.
 */
export async function withSources(deployments: readonly Deployment[], directory: string): Promise<Located> {
  const tree = new SourceTree(directory);
  const problem = (message: string): Problem => ({ severity: "warning", message });
  const isAbout = deployments.some(({ host }) => HOSTS.has(host));
  if (!isAbout && deployments.length > 0) {
    const message = `--source ${directory} changes nothing here: it is for plans and states of Terraform and for synths.`;
    return { deployments, problems: [problem(message)] };
  }
  const sources = await Sources.open(tree);
  const problems: Problem[] = [];
  if (!sources.isThere) {
    problems.push(
      problem(
        `--source ${directory} holds neither a Terraform configuration nor TypeScript or JavaScript, so findings do not point into it: give the directory of the root module or of the CDKTF app.`,
      ),
    );
  }
  if (!sources.isComplete) {
    problems.push(
      problem(
        `--source ${directory} holds more files than are looked through for constructs, so findings do not point at TypeScript: give the directory of the app itself.`,
      ),
    );
  }
  return {
    problems,
    deployments: deployments.map((deployment) =>
      HOSTS.has(deployment.host)
        ? { ...deployment, locate: (change, property) => sources.locate(deployment, change, property) }
        : deployment,
    ),
  };
}

class Sources {
  readonly #tree: SourceTree;
  readonly #terraform: TerraformSources;
  readonly #constructs: ConstructSources;
  #synthesised: ReadonlyMap<string, readonly string[]> | undefined;

  private constructor(tree: SourceTree, terraform: TerraformSources, constructs: ConstructSources) {
    this.#tree = tree;
    this.#terraform = terraform;
    this.#constructs = constructs;
  }

  static async open(tree: SourceTree): Promise<Sources> {
    const [hcl, typescript] = await Promise.all([loadGrammar("hcl"), loadGrammar("typescript")]);
    return new Sources(tree, new TerraformSources(tree, hcl), new ConstructSources(tree, typescript));
  }

  get isThere(): boolean {
    return this.#terraform.isThere || this.#constructs.isThere;
  }

  get isComplete(): boolean {
    return this.#constructs.isComplete;
  }

  locate(deployment: Deployment, change: Change, property: string): SourceLocation | undefined {
    if (change.source?.line !== undefined) return this.#named(change.source);
    const address = withoutKeys(change.address);
    const path = deployment.constructPaths?.get(address);
    if (path !== undefined) return this.#construct(path, address, change, property);
    const place = this.#terraform.locate(change.address, property);
    if (place !== undefined || deployment.host === "cdktf-synth") return place;
    // The plan of a synthesised stack: stacks that are alike have the same addresses, and most often the same source.
    const paths = this.#pathsByAddress().get(address) ?? [];
    const places = paths.map((one) => this.#construct(one, address, change, property));
    const known = places.filter((one) => one !== undefined);
    if (known.length < places.length) return undefined;
    const different = new Map(known.map((one) => [`${one.file}:${one.line}:${one.column}`, one]));
    return inCommon([...different.values()]);
  }

  #construct(path: string, address: string, { nativeType }: Change, property: string) {
    return this.#constructs.locate(path, nativeType, address.startsWith("data."), property);
  }

  /** A recorded place is an absolute path; inside of the directory it is named like the others. */
  #named(source: SourceLocation): SourceLocation | undefined {
    const file = isAbsolute(source.file) ? this.#tree.resolve(source.file) : undefined;
    return file === undefined ? undefined : { ...source, file: this.#tree.nameOf(file) };
  }

  /** Construct paths by address, of the synth that lies in the directory. */
  #pathsByAddress(): ReadonlyMap<string, readonly string[]> {
    this.#synthesised ??= synthesisedIn(this.#tree.root);
    return this.#synthesised;
  }
}

function synthesisedIn(directory: string): ReadonlyMap<string, readonly string[]> {
  const manifest = join(directory, "cdktf.out", "manifest.json");
  const found = new Map<string, string[]>();
  if (!existsSync(manifest)) return found;
  for (const { constructPaths = [] } of readOrNone(manifest)) {
    for (const [address, path] of constructPaths) found.set(address, [...(found.get(address) ?? []), path]);
  }
  return found;
}

/** A synth that cannot be read is no source; that it is broken is said where it is judged. */
function readOrNone(manifest: string): readonly Deployment[] {
  try {
    return cdktfManifest.read(fileInput(manifest));
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
