import type { Deployment, Problem } from "../../../model/deployment.ts";
import type { Suppression } from "../../../model/suppression.ts";
import { emptyObject, isObject } from "../../../model/value.ts";
import { stepsOf } from "../../../syntax/steps.ts";
import { suppressionsIn } from "../suppressions.ts";
import { TooMuchWork, Work } from "../work.ts";
import { JsonWithComments } from "./jsonc.ts";
import { describe } from "./resources.ts";
import type { Arguments } from "./scope.ts";
import { givenIn } from "./values.ts";

/** One template, and the deployments that it makes with parameters of one kind or another. */
export class TemplateFile {
  readonly #path: string;
  readonly #json: JsonWithComments;
  /** The same for all deployments, since each would be broken alike. */
  readonly #problems: readonly Problem[];
  readonly #suppressions: readonly Suppression[];

  constructor(path: string, text: string) {
    this.#path = path;
    this.#json = new JsonWithComments(path, text);
    const isSuppressing = text.includes("firebreak:") && this.#json.fault === undefined;
    const { suppressions, problems } = isSuppressing
      ? suppressionsIn(path, this.#json.comments, this.#json.ranges())
      : { suppressions: [], problems: [] };
    this.#suppressions = suppressions;
    this.#problems = [...faultsOf(path, this.#json), ...problems];
  }

  /** The template without parameters: what they would be is open. */
  alone(name: string): Deployment {
    return this.#deployment(name, { given: emptyObject(), areAll: false });
  }

  /** The template with the parameters of a file; what that does not give has its default. */
  with(name: string, file: string, text: string): Deployment {
    const json = new JsonWithComments(file, text);
    const [fault] = faultsOf(file, json);
    if (fault !== undefined) return { ...this.unread(name), problems: [fault] };
    const parameters = isObject(json.value) ? (json.value.parameters ?? null) : null;
    return this.#deployment(name, { given: givenIn(parameters), areAll: true });
  }

  /** A deployment of which nothing is known: without directives nothing of it counts as deleted. */
  unread(name: string): Deployment {
    const file = this.#path;
    return { host: "git-diff", name, file, knows: "after-only", changes: [], edges: [], problems: [] };
  }

  #deployment(name: string, given: Arguments): Deployment {
    const file = this.#path;
    const json = this.#json;
    const unread = { ...this.unread(name), problems: this.#problems };
    if (!isObject(json.value)) return unread;
    try {
      const { changes, edges, openInstances, places } = describe(json.value, given, json, new Work());
      return {
        ...unread,
        changes,
        edges,
        directives: { hiddenModules: [], moved: [], forgotten: [], ignored: new Map(), openInstances },
        suppressions: this.#suppressions,
        locate: ({ address }, property) => {
          const resource = places.get(address);
          return resource && json.placeOf([...resource, ...stepsOf(property)]);
        },
      };
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      const message = `${file} cannot be read: its expressions ask for more work than is done for one template.`;
      return { ...unread, problems: [...this.#problems, { message, source: { file }, severity: "error" }] };
    }
  }
}

function faultsOf(path: string, { fault }: JsonWithComments): readonly Problem[] {
  if (fault === undefined) return [];
  return [{ message: `${path} is not valid JSON: ${fault.reason}.`, source: fault.place, severity: "error" }];
}
