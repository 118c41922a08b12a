import { posix } from "node:path";
import type { Deployment } from "../../../model/deployment.ts";
import type { ChangedFile, FileKind } from "../kind.ts";
import type { Version } from "../version.ts";
import { isParameterFile, templateFor } from "./parameter-files.ts";

/** The schemas of templates for resource groups, subscriptions, management groups and the tenant, and of parameters. */
const TEMPLATE = /\/(?:subscription|managementGroup|tenant)?deploymentTemplate\.json/i;
const PARAMETERS = /\/(?:subscription|managementGroup|tenant)?deploymentParameters\.json/i;

/**
 * ARM templates, also those that Bicep is compiled to. A template makes one deployment with each parameters file that lies
 * beside it, or, where there is none, one whose parameters are open. Where a parameters file is gone, nothing tells what its
 * deployment is, so that one counts as unread.
 */
export const armTemplates: FileKind = {
  identity: "content",
  claims: (path) => /\.json$/i.test(path),
  async read(files, version) {
    const plan = new Plan(files, version);
    for (const file of files) await plan.add(file);
    return plan.deployments();
  },
};

/** A template that is to be read. */
interface Wanted {
  isChanged: boolean;
  /** Whether a parameters file of it changed, in whatever way. */
  hasChangedParameters: boolean;
  /** Paths of the parameters files that it is read with; false for those that this version does not have. */
  readonly parameters: Map<string, boolean>;
}

/** Which templates are to be read, each with which parameters files. */
class Plan {
  readonly #version: Version;
  /** What files of this version are called in both. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #wanted = new Map<string, Wanted>();

  constructor(files: readonly ChangedFile[], version: Version) {
    this.#version = version;
    this.#names = new Map(
      files.flatMap(({ path, name }) => (path === undefined ? [] : [[path, name] as const])),
    );
  }

  async add({ path = "", name }: ChangedFile): Promise<void> {
    if (path === "" && isParameterFile(name)) await this.#addParameters(name, false);
    const text = path === "" ? undefined : await this.#version.text(path);
    if (text === undefined) return;
    if (TEMPLATE.test(text)) await this.#addTemplate(path);
    else if (PARAMETERS.test(text)) await this.#addParameters(path, true);
  }

  async deployments(): Promise<readonly Deployment[]> {
    const found: Deployment[] = [];
    for (const [path, wanted] of this.#wanted) {
      const text = await this.#version.text(path);
      if (text !== undefined && TEMPLATE.test(text)) found.push(...(await this.#read(path, text, wanted)));
    }
    return found;
  }

  async #addTemplate(path: string): Promise<void> {
    const directory = directoryOf(path);
    const files = await this.#version.filesIn(directory);
    const wanted = this.#wantedOf(path);
    wanted.isChanged = true;
    for (const file of files) {
      if (isParameterFile(file) && templateFor(file, files) === posix.basename(path))
        wanted.parameters.set(posix.join(directory, file), true);
    }
  }

  async #addParameters(path: string, isThere: boolean): Promise<void> {
    const directory = directoryOf(path);
    const template = templateFor(posix.basename(path), await this.#version.filesIn(directory));
    if (template === undefined) return;
    const wanted = this.#wantedOf(posix.join(directory, template));
    wanted.hasChangedParameters = true;
    wanted.parameters.set(path, isThere);
  }

  #wantedOf(path: string): Wanted {
    const known = this.#wanted.get(path);
    if (known !== undefined) return known;
    const wanted = { isChanged: false, hasChangedParameters: false, parameters: new Map() };
    this.#wanted.set(path, wanted);
    return wanted;
  }

  async #read(path: string, text: string, wanted: Wanted): Promise<readonly Deployment[]> {
    const { TemplateFile } = await import("./template-file.ts");
    const template = new TemplateFile(path, text);
    const name = this.#names.get(path) ?? path;
    const found: Deployment[] = [];
    // Where parameters files come or go, only the template by itself is in both versions.
    if (wanted.isChanged && (wanted.parameters.size === 0 || wanted.hasChangedParameters))
      found.push(template.alone(name));
    for (const [file, isThere] of wanted.parameters) {
      const called = `${name} (${posix.basename(this.#names.get(file) ?? file)})`;
      const content = isThere ? await this.#version.text(file) : undefined;
      found.push(content === undefined ? template.unread(called) : template.with(called, file, content));
    }
    return found;
  }
}

/** The directory of a path; the root is the empty text. */
function directoryOf(path: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? "" : directory;
}
