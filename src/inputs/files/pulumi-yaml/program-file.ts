import type { Change } from "../../../model/change.ts";
import type { Deployment, Directives, Edge, Problem } from "../../../model/deployment.ts";
import { emptyObject, isObject, type Value, type ValueObject } from "../../../model/value.ts";
import { type Step, stepsOf } from "../../../syntax/steps.ts";
import { type YamlFile, yamlDocuments } from "../../../syntax/yaml.ts";
import { suppressionsIn } from "../suppressions.ts";
import { TooMuchWork, Work } from "../work.ts";
import { configValue, type StackConfig, stackConfig } from "./config.ts";
import { type Body, describe } from "./program.ts";

/** A file and what is in it. */
interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A program, and the deployments that it makes with one stack or another. */
export class ProgramFile {
  readonly #path: string;
  readonly #file: YamlFile;
  readonly #content: ValueObject;
  readonly #project: ValueObject;
  /** The same for all deployments, since each would be broken alike. */
  readonly #problems: readonly Problem[];
  readonly #suppressions: NonNullable<Deployment["suppressions"]>;

  /** Of a project with a program of its own, `project` is the project file. */
  constructor(path: string, text: string, project: TextFile = { path, text }) {
    this.#path = path;
    this.#file = yamlDocuments(path, text);
    const own = project.path === path ? this.#file : yamlDocuments(project.path, project.text);
    this.#content = contentOf(this.#file);
    this.#project = contentOf(own);
    const { suppressions, problems } = text.includes("firebreak:")
      ? suppressionsIn(
          path,
          this.#file.comments(),
          this.#file.documents.flatMap((one) => one.ranges()),
        )
      : { suppressions: [], problems: [] };
    this.#suppressions = suppressions;
    this.#problems = [...new Set([...this.#file.problems, ...own.problems]), ...problems];
  }

  /** Whether its language is YAML; what a compiler makes of another one is not in the file. A broken project may be anything. */
  get isYaml(): boolean {
    const { runtime } = this.#project;
    if (runtime === undefined) return this.#file.documents.length === 0;
    if (!isObject(runtime)) return runtime === "yaml";
    return (
      runtime.name === "yaml" && !(isObject(runtime.options) && Object.hasOwn(runtime.options, "compiler"))
    );
  }

  /** The program with the configuration of a stack; without one that is open. */
  deployment(name: string, stack?: TextFile & { readonly stack: string }): Deployment {
    const file = stack === undefined ? undefined : yamlDocuments(stack.path, stack.text);
    const problems = [...this.#problems, ...(file?.problems ?? [])];
    const unread: Deployment = { ...this.unread(name), problems };
    if (this.#file.documents.length === 0 || (file !== undefined && file.problems.length > 0)) return unread;
    const config = stack && stackConfig(stack.stack, file?.documents[0]?.value ?? null);
    try {
      return this.#described(unread, config);
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      const message = `${this.#path} cannot be read: its expressions ask for more work than is done for one program.`;
      const problem: Problem = { message, source: { file: this.#path }, severity: "error" };
      return { ...unread, problems: [...problems, problem] };
    }
  }

  /** A deployment of which nothing is known: without directives nothing of it counts as deleted. */
  unread(name: string): Deployment {
    return {
      host: "git-diff",
      name,
      file: this.#path,
      knows: "after-only",
      changes: [],
      edges: [],
      problems: [],
    };
  }

  #described(unread: Deployment, config: StackConfig | undefined): Deployment {
    const [document] = this.#file.documents;
    const work = new Work();
    const changes: Change[] = [];
    const edges: Edge[] = [];
    const moved: Directives["moved"][number][] = [];
    const ignored = new Map<string, readonly string[] | "all">();
    const places = new Map<string, readonly Step[]>();
    for (const body of this.#bodies(config)) {
      const found = describe(body, (steps) => document?.placeOf(steps), work);
      changes.push(...found.changes);
      edges.push(...found.edges);
      moved.push(...found.moved);
      for (const [address, paths] of found.ignored) ignored.set(address, paths);
      for (const [address, path] of found.places) places.set(address, path);
    }
    return {
      ...unread,
      changes,
      edges,
      directives: { hiddenModules: [], moved, forgotten: [], ignored, openInstances: [] },
      suppressions: this.#suppressions,
      locate: ({ address, source }, property) => {
        const place = places.get(address);
        return property === "" ? source : place && document?.placeOf([...place, ...stepsOf(property)]);
      },
    };
  }

  /** The program, and the components that it defines for others to use. */
  #bodies(config: StackConfig | undefined): readonly Body[] {
    const { components } = this.#content;
    const project = String(this.#project.name ?? "");
    const declared = Object.assign(
      emptyObject(),
      ...[this.#project, this.#content].flatMap((one) => [one.configuration, one.config]).filter(isObject),
    ) as ValueObject;
    const program: Body = {
      content: this.#content,
      path: [],
      prefix: "",
      setting: (name) =>
        name === "pulumi" ? surroundings(project, config) : configValue(name, declared, project, config),
    };
    const parts = isObject(components) ? Object.entries(components) : [];
    return [
      program,
      ...parts.flatMap(([name, content]): readonly Body[] => {
        if (!isObject(content)) return [];
        const inputs = isObject(content.inputs) ? content.inputs : emptyObject();
        const setting = (input: string) => configValue(input, inputs, "", undefined);
        return [{ content, path: ["components", name], prefix: `${name}.`, setting }];
      }),
    ];
  }
}

/** What `pulumi` stands for in a program. */
function surroundings(project: string, config: StackConfig | undefined): Value {
  const known = emptyObject();
  known.project = project;
  if (config !== undefined) known.stack = config.stack;
  return known;
}

/** What is in the first document of a file, if it is a map. */
function contentOf({ documents: [document] }: YamlFile): ValueObject {
  const value = document?.value;
  return isObject(value) ? value : emptyObject();
}
