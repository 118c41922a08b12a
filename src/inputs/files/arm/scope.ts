import { emptyObject, isList, isObject, Secret, type Value, type ValueObject } from "../../../model/value.ts";
import type { Work } from "../work.ts";
import { Evaluator, type Names, type Reference } from "./evaluator.ts";
import { memberOf } from "./functions.ts";
import { OpenValue, written } from "./open-value.ts";
import type { Place } from "./resource-ids.ts";

/** What a deployment gives a template's parameters. */
export interface Arguments {
  /** Those that are given, by name. */
  readonly given: ValueObject;
  /** Nobody can give others, so that what is not among them has its default. */
  readonly areAll: boolean;
}

/** The parameters, variables and functions of one template; each is worked out when it is first asked for. */
export class TemplateScope implements Names {
  readonly place: Place;
  readonly #template: ValueObject;
  readonly #arguments: Arguments;
  readonly #work: Work;
  readonly #known = new Map<string, { readonly value: Value; readonly references: ReadonlySet<Reference> }>();
  readonly #open = new Set<string>();
  #references = new Set<Reference>();

  constructor(template: ValueObject, given: Arguments, place: Place, work: Work) {
    this.#template = template;
    this.#arguments = given;
    this.place = place;
    this.#work = work;
  }

  /** Works something out, and gives the references that it holds, those of variables included. */
  collect<T>(run: (evaluator: Evaluator) => T): {
    readonly result: T;
    readonly references: ReadonlySet<Reference>;
  } {
    const outer = this.#references;
    const references = new Set<Reference>();
    this.#references = references;
    const result = run(new Evaluator(this, this.#work, (reference) => this.#references.add(reference)));
    this.#references = outer;
    return { result, references };
  }

  parameter(name: string): Value | undefined {
    return this.#once(`parameter ${name.toLowerCase()}`, (evaluator) => this.#parameter(name, evaluator));
  }

  variable(name: string): Value | undefined {
    const { variables } = this.#template;
    if (!isObject(variables)) return undefined;
    const written = memberOf(variables, name);
    return this.#once(`variable ${name.toLowerCase()}`, (evaluator) => {
      if (written !== undefined && !(name.toLowerCase() === "copy" && isList(written)))
        return evaluator.value(written);
      const { copy } = variables;
      if (!isList(copy)) return undefined;
      const loop = copy.find((one) => isObject(one) && String(one.name).toLowerCase() === name.toLowerCase());
      if (!isObject(loop)) return undefined;
      const made = evaluator.value(Object.assign(emptyObject(), { copy: [loop] }));
      return isObject(made) ? memberOf(made, name) : undefined;
    });
  }

  call(name: string, args: readonly Value[]): Value | undefined {
    const definition = this.#function(name);
    const { parameters, output } = definition ?? {};
    if (!isObject(output)) return undefined;
    const given = emptyObject();
    for (const [i, parameter] of (isList(parameters) ? parameters : []).entries()) {
      if (isObject(parameter) && typeof parameter.name === "string" && args[i] !== undefined)
        given[parameter.name] = args[i];
    }
    // A function sees its own parameters and other functions, no variables.
    const body = Object.assign(emptyObject(), {
      parameters: Object.assign(
        emptyObject(),
        Object.fromEntries(Object.keys(given).map((key) => [key, emptyObject()])),
      ),
      functions: this.#template.functions ?? null,
    });
    const inner = new TemplateScope(body, { given, areAll: true }, this.place, this.#work);
    const { result } = inner.collect((evaluator) =>
      this.#work.deeper(() => evaluator.value(output.value ?? null)),
    );
    return this.#work.weigh(result);
  }

  #function(name: string): ValueObject | undefined {
    const { functions } = this.#template;
    for (const group of isList(functions) ? functions : []) {
      if (!isObject(group) || typeof group.namespace !== "string" || !isObject(group.members)) continue;
      for (const [member, definition] of Object.entries(group.members)) {
        if (`${group.namespace}.${member}`.toLowerCase() === name && isObject(definition)) return definition;
      }
    }
    return undefined;
  }

  #parameter(name: string, evaluator: Evaluator): Value | undefined {
    const { parameters } = this.#template;
    const declared = isObject(parameters) ? memberOf(parameters, name) : undefined;
    const given = memberOf(this.#arguments.given, name);
    if (!isObject(parameters) || !isObject(declared)) return undefined;
    const isSecret = typeof declared.type === "string" && /^secure/i.test(declared.type);
    // Names are spelled as they are declared: Azure does not tell them apart by case.
    const spelling = Object.keys(parameters).find((key) => parameters[key] === declared) ?? name;
    const value = given ?? this.#default(spelling, declared, evaluator);
    return isSecret ? new Secret(value) : value;
  }

  /**
   * A default stands for certain only where nobody can give another value. Where somebody can, it is a part of what is open:
   * a changed default is a change, of a value that nobody here knows.
   */
  #default(name: string, declared: ValueObject, evaluator: Evaluator): Value {
    const { allowedValues } = declared;
    const only = isList(allowedValues) && allowedValues.length === 1 ? allowedValues[0] : undefined;
    if (only !== undefined) return only;
    const key = `parameters('${name}')`;
    if (!Object.hasOwn(declared, "defaultValue")) return new OpenValue(key);
    const value = evaluator.value(declared.defaultValue ?? null);
    return this.#arguments.areAll ? value : new OpenValue(`${key}, by default ${written(value)}`, key);
  }

  /** Remembers a value with the references in it. What leads back to itself is left open. */
  #once(key: string, find: (evaluator: Evaluator) => Value | undefined): Value | undefined {
    let known = this.#known.get(key);
    if (known === undefined) {
      if (this.#open.has(key)) return undefined;
      this.#open.add(key);
      const { result, references } = this.collect((evaluator) => this.#work.deeper(() => find(evaluator)));
      this.#open.delete(key);
      if (result === undefined) return undefined;
      known = { value: this.#work.weigh(result), references };
      this.#known.set(key, known);
    }
    for (const reference of known.references) this.#references.add(reference);
    return known.value;
  }
}
