import type { AttributeLookup } from "../../model/deployment.ts";
import { isNew, Pending } from "../../model/pending.ts";
import {
  holdsUnknown,
  isList,
  isObject,
  Secret,
  sameValue,
  UNKNOWN,
  Unknown,
  type Value,
} from "../../model/value.ts";
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
import { call } from "./functions.ts";
import { type Instance, instancesOf } from "./instances.ts";
import type { Reference } from "./references.ts";

/** Something written that a name leads to. */
export interface Lead {
  /** The same for the same. */
  readonly id: string;
  readonly json: unknown;
  readonly within: Stack;
}

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
  protected readonly variables: ReadonlyMap<string, JsonObject>;
  readonly #byAddress: ReadonlyMap<string, ResourceBlock>;
  readonly #instances = new Map<string, ReturnType<typeof instancesOf>>();
  /** Values by what they are of; UNKNOWN while one is being worked out, which ends circles. */
  readonly #values = new Map<string, Value>();
  readonly #attributes: AttributeLookup | undefined;
  /** Whether all of a value is known; an expression can ask for it any number of times. */
  readonly #known = new WeakMap<object, boolean>();
  /** What stands before the addresses in it: nothing, or the module that it is. */
  readonly prefix: string = "";
  /** The other stacks of the same app, for references through their state. */
  siblings: readonly Stack[] = [];

  /** `attributes` tells those that nothing in the document configures; without it they are unknown. */
  constructor(name: string, document: JsonObject, attributes?: AttributeLookup) {
    this.name = name;
    this.document = document;
    this.#attributes = attributes;
    this.blocks = resourceBlocks(document);
    this.#byAddress = new Map(this.blocks.map((block) => [block.address, block]));
    this.providers = requiredProviders(document);
    this.modules = labelled(member(document, "module"));
    this.outputs = labelled(member(document, "output"));
    this.locals = localsOf(document);
    this.variables = labelled(member(document, "variable"));
  }

  /** The configuration that it is a part of: itself, or the one that calls it as a module. */
  get root(): Stack {
    return this;
  }

  get looksUpAttributes(): boolean {
    return this.#attributes !== undefined;
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
    if (root === "var") return this.variable(String(first), rest);
    if (root === "local") return walk(this.#local(String(first)), rest);
    if (root === "data") return this.#remoteOutput(keys.map(String));
    if (root === "module") return this.moduleOutput(keys);
    return this.#attribute(`${root}.${first}`, rest);
  }

  output(name: string): Value {
    const output = this.outputs.get(name);
    if (output === undefined) return UNKNOWN;
    const value = this.once(`output ${name}`, () => evaluateBody(member(output, "value"), this, this.budget));
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

  /** The value of a variable, or at a path inside of it. */
  protected variable(name: string, keys: readonly (string | number)[]): Value {
    const variable = this.variables.get(name);
    if (variable === undefined) return UNKNOWN;
    const preset = Object.hasOwn(variable, "default")
      ? ofType(member(variable, "type"), toValue(variable.default))
      : UNKNOWN;
    return walk(member(variable, "sensitive") === true ? new Secret(preset) : preset, keys);
  }

  /** `module.x.y`: what a module gives is in another document. */
  protected moduleOutput(_keys: readonly (string | number)[]): Value {
    return UNKNOWN;
  }

  /** What stands behind a name that is no resource: where it leads to, and in whose scope. */
  behind({ names }: Reference): readonly Lead[] {
    const [root, name = ""] = names;
    if (root === "local") return [{ id: `${this.name} ${name}`, json: this.locals.get(name), within: this }];
    const [, type, remoteName = "", outputs, output] = names;
    if (root !== "data" || type !== "terraform_remote_state" || outputs !== "outputs" || output === undefined)
      return [];
    const remote = this.remoteStack(remoteName);
    if (remote === undefined) return [];
    const json = member(remote.outputs.get(output), "value");
    return [{ id: `${remote.name} output ${output}`, json, within: remote }];
  }

  /** The address of what a reference names: an instance where it tells which, else the block; undefined where it is not here. */
  targetOf({ names, key }: Reference): string | undefined {
    const address = names.slice(0, names[0] === "data" ? 3 : 2).join(".");
    const block = this.block(address);
    if (block === undefined) return undefined;
    const instance = `${address}${key ?? ""}`;
    const { instances } = this.instancesOf(block);
    return `${this.prefix}${instances.some((one) => `${address}${one.suffix}` === instance) ? instance : address}`;
  }

  #local(name: string): Value {
    if (!this.locals.has(name)) return UNKNOWN;
    return this.once(`local ${name}`, () => evaluateBody(this.locals.get(name), this, this.budget));
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
      return this.#dataAttribute(keys);
    }
    return walk(this.remoteStack(name)?.output(output), rest);
  }

  #dataAttribute([type = "", name = "", attribute = "", ...rest]: readonly string[]): Value {
    const isThere = this.block(`data.${type}.${name}`) !== undefined;
    return isThere && attribute !== "" && rest.length === 0
      ? new Pending({ type, name: attribute }, false, `${this.prefix}data.${type}.${name}`)
      : UNKNOWN;
  }

  /** A property that another resource configures is what the plan will say too; all others are the provider's to say. */
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
    const name = String(property);
    const configured = this.#property(block, instance, name);
    const value = walk(configured, rest);
    // Where all that is configured is known, an attribute that is not is none of it.
    if (!(value instanceof Unknown) || !this.#isKnown(configured)) return value;
    const found = walk(this.#attributes?.(this.name, `${address}${instance.suffix}`, name) ?? UNKNOWN, rest);
    if (!(found instanceof Unknown) || rest.length > 0) return found;
    return new Pending(
      { type: block.type, name },
      isNew(found),
      `${this.prefix}${address}${instance.suffix}`,
    );
  }

  #isKnown(configured: Value | undefined): boolean {
    if (!isList(configured) && !isObject(configured)) return !(configured instanceof Unknown);
    const known = this.#known.get(configured) ?? !holdsUnknown(configured);
    this.#known.set(configured, known);
    return known;
  }

  /** What is configured; undefined where a property has no value, which means that it may get one from the provider. */
  #property(block: ResourceBlock, instance: Instance, property: string): Value | undefined {
    const json = member(block.body, property);
    if (json === undefined || json === null) return undefined;
    return this.once(`${block.address}${instance.suffix} ${property}`, () => {
      const value = evaluateBody(json, instance.scope, this.budget, property);
      // An empty list can stand for blocks that `dynamic` adds.
      return isList(value) && value.length === 0 ? UNKNOWN : value;
    });
  }

  /** The result of some work that is done once; UNKNOWN to whoever asks for it meanwhile, which ends circles. */
  protected once(what: string, work: () => Value): Value {
    const known = this.#values.get(what);
    if (known !== undefined) return known;
    this.#values.set(what, UNKNOWN);
    const value = work();
    const kept = isBounded(value) ? value : UNKNOWN;
    this.#values.set(what, kept);
    return kept;
  }
}

/** A variable's default as the variable gives it: converted to its type, where that is a simple one. */
export function ofType(type: unknown, preset: Value): Value {
  if (preset === null || (type !== "string" && type !== "number" && type !== "bool")) return preset;
  return call(`to${type}`, [preset]);
}
