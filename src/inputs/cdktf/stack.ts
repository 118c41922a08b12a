import { isList, Secret, sameValue, UNKNOWN, type Value } from "../../model/value.ts";
import { asObject, type JsonObject, member, toValue } from "../json-value.ts";
import {
  labelled,
  localsOf,
  objectsIn,
  type ResourceBlock,
  requiredProviders,
  resourceBlocks,
} from "./blocks.ts";
import { Budget, evaluateBody, isBounded, type Scope, walk } from "./evaluate.ts";
import { type Instance, instancesOf } from "./instances.ts";

/** One synthesised document, as far as its values can be told without Terraform: the scope of its own expressions. */
export class Stack implements Scope {
  readonly name: string;
  readonly document: JsonObject;
  readonly blocks: readonly ResourceBlock[];
  readonly budget = new Budget();
  readonly providers: ReturnType<typeof requiredProviders>;
  readonly modules: ReadonlyMap<string, JsonObject>;
  readonly outputs: ReadonlyMap<string, JsonObject>;
  readonly locals: ReadonlyMap<string, unknown>;
  readonly #variables: ReadonlyMap<string, JsonObject>;
  readonly #byAddress: ReadonlyMap<string, ResourceBlock>;
  readonly #instances = new Map<string, ReturnType<typeof instancesOf>>();
  /** Values by what they are of; UNKNOWN while one is being worked out, which ends circles. */
  readonly #values = new Map<string, Value>();
  /** The other stacks of the same app, for references through their state. */
  siblings: readonly Stack[] = [];

  constructor(name: string, document: JsonObject) {
    this.name = name;
    this.document = document;
    this.blocks = resourceBlocks(document);
    this.#byAddress = new Map(this.blocks.map((block) => [block.address, block]));
    this.providers = requiredProviders(document);
    this.modules = labelled(member(document, "module"));
    this.outputs = labelled(member(document, "output"));
    this.locals = localsOf(document);
    this.#variables = labelled(member(document, "variable"));
  }

  block(address: string): ResourceBlock | undefined {
    return this.#byAddress.get(address);
  }

  instancesOf(block: ResourceBlock): ReturnType<typeof instancesOf> {
    const known = this.#instances.get(block.address);
    if (known !== undefined) return known;
    this.#instances.set(block.address, { instances: [], isOpen: true });
    const found = instancesOf(block.body, this, this.budget);
    this.#instances.set(block.address, found);
    return found;
  }

  lookup(root: string, keys: readonly (string | number)[]): Value {
    const [first, ...rest] = keys;
    if (first === undefined) return UNKNOWN;
    if (root === "var") return walk(this.#variable(String(first)), rest);
    if (root === "local") return walk(this.#local(String(first)), rest);
    if (root === "data") return this.#remoteOutput(keys.map(String));
    return this.#attribute(`${root}.${first}`, rest);
  }

  output(name: string): Value {
    const output = this.outputs.get(name);
    if (output === undefined) return UNKNOWN;
    const value = this.#once(`output ${name}`, () =>
      evaluateBody(member(output, "value"), this, this.budget),
    );
    // CDKTF marks every output that it makes for another stack of the app as sensitive, whatever it holds.
    const isSecret = member(output, "sensitive") === true && !name.startsWith("cross-stack-output-");
    return isSecret && !(value instanceof Secret) ? new Secret(value) : value;
  }

  /** The stack whose state a `terraform_remote_state` reads, if it is one of the app's own. */
  remoteStack(name: string): Stack | undefined {
    const block = this.block(`data.terraform_remote_state.${name}`);
    if (block === undefined) return undefined;
    const byName = this.siblings.find((one) => name === `cross-stack-reference-input-${one.name}`);
    if (byName !== undefined) return byName;
    const backend = member(block.body, "backend");
    const config = toValue(member(block.body, "config") ?? {});
    const matching = this.siblings.filter((one) => {
      const kept = typeof backend === "string" ? one.#backend(backend) : undefined;
      return kept !== undefined && sameValue(toValue(kept), config);
    });
    return matching.length === 1 ? matching[0] : undefined;
  }

  #backend(kind: string): JsonObject | undefined {
    for (const terraform of objectsIn(member(this.document, "terraform"))) {
      for (const backend of objectsIn(member(terraform, "backend"))) {
        const config = asObject(member(backend, kind));
        if (config !== undefined && Object.keys(config).length > 0) return config;
      }
    }
    return undefined;
  }

  #variable(name: string): Value {
    const variable = this.#variables.get(name);
    if (variable === undefined) return UNKNOWN;
    const preset = Object.hasOwn(variable, "default") ? toValue(variable.default) : UNKNOWN;
    return member(variable, "sensitive") === true ? new Secret(preset) : preset;
  }

  #local(name: string): Value {
    if (!this.locals.has(name)) return UNKNOWN;
    return this.#once(`local ${name}`, () => evaluateBody(this.locals.get(name), this, this.budget));
  }

  /** `data.terraform_remote_state.x.outputs.y`; what other data sources give is known to their provider only. */
  #remoteOutput(keys: readonly string[]): Value {
    const [type, name, member, output, ...rest] = keys;
    if (
      type !== "terraform_remote_state" ||
      member !== "outputs" ||
      name === undefined ||
      output === undefined
    ) {
      return UNKNOWN;
    }
    return walk(this.remoteStack(name)?.output(output), rest);
  }

  /** A property that another resource configures is what the plan will say too; all others are the provider's. */
  #attribute(address: string, keys: readonly (string | number)[]): Value {
    const block = this.block(address);
    if (block === undefined) return UNKNOWN;
    const { instances, isOpen } = this.instancesOf(block);
    if (isOpen) return UNKNOWN;
    const isKeyed = instances[0]?.suffix !== "" || instances.length !== 1;
    const suffixes = isKeyed ? [`[${keys[0]}]`, `[${JSON.stringify(String(keys[0]))}]`] : [""];
    const instance = instances.find((one) => suffixes.includes(one.suffix));
    const [property, ...rest] = isKeyed ? keys.slice(1) : keys;
    if (instance === undefined || property === undefined) return UNKNOWN;
    return walk(this.#property(block, instance, String(property)), rest);
  }

  #property(block: ResourceBlock, instance: Instance, property: string): Value {
    const json = member(block.body, property);
    // A property without a value may get one from the provider.
    if (json === undefined || json === null) return UNKNOWN;
    return this.#once(`${block.address}${instance.suffix} ${property}`, () => {
      const value = evaluateBody(json, instance.scope, this.budget, property);
      // An empty list can stand for blocks that `dynamic` adds.
      return isList(value) && value.length === 0 ? UNKNOWN : value;
    });
  }

  #once(what: string, work: () => Value): Value {
    const known = this.#values.get(what);
    if (known !== undefined) return known;
    this.#values.set(what, UNKNOWN);
    const value = work();
    const kept = isBounded(value) ? value : UNKNOWN;
    this.#values.set(what, kept);
    return kept;
  }
}
