import { isCredentialName } from "../../../model/credentials.ts";
import { Computed, emptyObject, Secret, UNKNOWN, type Value } from "../../../model/value.ts";
import { requiredProviders } from "../../cdktf/blocks.ts";
import { Budget, type Describe, evaluateBody, type Scope, walk } from "../../cdktf/evaluate.ts";
import { instancesOf } from "../../cdktf/instances.ts";
import type { Reference } from "../../cdktf/references.ts";
import { type Lead, ofType, Stack } from "../../cdktf/stack.ts";
import { type JsonObject, member } from "../../json-value.ts";
import { Describer, shortened, textOf } from "./described.ts";
import type { Module } from "./module.ts";

/** The call that makes an instance of a module. */
interface Call {
  readonly caller: ModuleStack;
  /** `module.a["x"]` */
  readonly address: string;
  /** What the arguments are worked out in. */
  readonly scope: Scope;
  readonly body: JsonObject;
}

/** Arguments of a call that are Terraform's own, not variables of the module. */
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "source",
  "version",
  "providers",
  "count",
  "for_each",
  "depends_on",
]);

/** Modules inside of modules, more than anybody nests. */
const MAX_NESTING = 16;
/** Blocks in all module instances of one root module; calls that would make more are not followed. */
const MOST_BLOCKS = 50_000;

/** What a call makes. */
interface Called {
  readonly instances: readonly ModuleStack[];
  /** Only Terraform can tell how many there are. */
  readonly isOpen: boolean;
  /** It is too much to be followed. */
  readonly isLarge?: boolean;
}

/** What all modules of one root module share. */
interface Shared {
  readonly budget: Budget;
  readonly describer: Describer;
  /** How many more blocks there may be. */
  blocksLeft: number;
}

/** One instance of a module: the root, or what a call makes of a local one. */
export class ModuleStack extends Stack {
  override readonly budget: Budget;
  override readonly prefix: string;
  override readonly providers: Stack["providers"];
  readonly module: Module;
  readonly #call: Call | undefined;
  readonly #given: ReadonlyMap<string, Value>;
  readonly #shared: Shared;
  readonly #calls = new Map<string, Called>();

  private constructor(
    name: string,
    module: Module,
    shared: Shared,
    call: Call | undefined,
    given: ReadonlyMap<string, Value>,
  ) {
    super(name, module.document);
    this.module = module;
    this.budget = shared.budget;
    this.#shared = shared;
    this.#call = call;
    this.#given = given;
    this.prefix = call === undefined ? "" : `${call.caller.prefix}${call.address}.`;
    const own = requiredProviders(module.document);
    this.providers = call === undefined ? own : inherited(own, call.caller.providers);
  }

  /** The root module of a deployment of that name, with the values that are given to its variables. */
  static root(name: string, module: Module, given: ReadonlyMap<string, Value>): ModuleStack {
    const shared = { budget: new Budget(), describer: new Describer(), blocksLeft: MOST_BLOCKS };
    return new ModuleStack(name, module, shared, undefined, given);
  }

  override get root(): ModuleStack {
    return this.#call?.caller.root ?? this;
  }

  readonly described: Describe = (value, json, key, scope) =>
    this.#shared.describer.describe(value, json, key, scope);

  /** Itself and all modules inside of it. */
  *all(): Generator<ModuleStack> {
    yield this;
    for (const name of this.modules.keys()) for (const one of this.callsOf(name)) yield* one.all();
  }

  /** The instances of a local module that a call makes; none where it cannot be followed. */
  callsOf(name: string): readonly ModuleStack[] {
    return this.#called(name).instances;
  }

  /** The calls whose modules are not here. */
  get hidden(): readonly (readonly [string, JsonObject])[] {
    return [...this.modules].filter(([name]) => !this.#isFollowed(name));
  }

  /** The arguments of a call, as far as they are known. */
  argumentsOf(body: JsonObject): Value {
    const value = emptyObject();
    for (const name of Object.keys(body)) value[name] = evaluateBody(body[name], this, this.budget, name);
    return value;
  }

  #isFollowed(name: string): boolean {
    const module = this.module.calls.get(name);
    if (module === undefined || module.isEmpty) return false;
    let nesting = 0;
    for (let one: ModuleStack | undefined = this; one !== undefined; one = one.#call?.caller)
      if (one.module === module || ++nesting > MAX_NESTING) return false;
    return this.#calls.get(name)?.isLarge !== true;
  }

  #called(name: string): Called {
    const known = this.#calls.get(name);
    if (known !== undefined) return known;
    const none = { instances: [], isOpen: true };
    const body = this.modules.get(name);
    const module = this.module.calls.get(name);
    if (body === undefined || module === undefined || !this.#isFollowed(name)) return none;
    this.#calls.set(name, none);
    const { instances, isOpen } = instancesOf(body, this, this.budget);
    const size = instances.length * (1 + module.size);
    if (size > this.#shared.blocksLeft) {
      this.#calls.set(name, { ...none, isLarge: true });
      return none;
    }
    this.#shared.blocksLeft -= size;
    const stacks = instances.map(({ suffix, scope }) => {
      const address = `module.${name}${suffix}`;
      const inner = `${this.root.name} ${this.prefix}${address}`;
      return new ModuleStack(inner, module, this.#shared, { caller: this, address, scope, body }, new Map());
    });
    const called = { instances: stacks, isOpen };
    this.#calls.set(name, called);
    return called;
  }

  /** Whether only Terraform can tell how many instances there are of it, or of a module around it. */
  get isOpen(): boolean {
    if (this.#call === undefined) return false;
    const { caller, address } = this.#call;
    const name = address.slice("module.".length).replace(/\[.*$/s, "");
    return caller.#called(name).isOpen || caller.isOpen;
  }

  /**
   * Of a module that is called, the argument or else the default. Of a root module only a file of values is certain: a default
   * counts where nothing gives another value, and no file tells what the command line, the environment or a workspace gives.
   * So it is a part of what is computed: another default is another value, though one that nobody knows.
   */
  protected override variable(name: string, keys: readonly (string | number)[]): Value {
    const variable = this.variables.get(name);
    if (variable === undefined) return walk(new Computed(`var.${name}`), keys);
    const given = this.#givenTo(name, variable);
    const isSecret = member(variable, "sensitive") === true;
    if (given !== undefined) return walk(isSecret ? new Secret(given) : given, keys);
    const hasDefault = Object.hasOwn(variable, "default");
    if (this.#call !== undefined && hasDefault) return super.variable(name, keys);
    const path = ["var", name, ...keys].join(".");
    if (this.#call !== undefined || !hasDefault) return hidden(new Computed(path), isSecret);
    const preset = walk(super.variable(name, []), keys);
    const text = preset === UNKNOWN ? "" : `, by default ${shortened(textOf(preset), MAX_DEFAULT, "")}`;
    return hidden(new Computed(`${path}${text}`), isSecret || isCredentialName(name));
  }

  #givenTo(name: string, variable: JsonObject): Value | undefined {
    const call = this.#call;
    if (call === undefined) {
      const given = this.#given.get(name);
      return given === undefined ? undefined : ofType(member(variable, "type"), given);
    }
    if (META_ARGUMENTS.has(name) || !Object.hasOwn(call.body, name)) return undefined;
    const value = this.once(`argument ${name}`, () =>
      evaluateBody(call.body[name], call.scope, this.budget, name),
    );
    return ofType(member(variable, "type"), value);
  }

  protected override moduleOutput([name, ...keys]: readonly (string | number)[]): Value {
    const { instances, isOpen } = this.#called(String(name));
    const path = new Computed(`module.${name}`);
    if (isOpen || instances.length === 0) return walk(path, keys);
    const isKeyed = !instances.some(({ prefix }) => prefix === `${this.prefix}module.${name}.`);
    const suffixes = isKeyed ? [`[${keys[0]}]`, `[${JSON.stringify(String(keys[0]))}]`] : [""];
    const found = instances.find(({ prefix }) =>
      suffixes.some((suffix) => prefix === `${this.prefix}module.${name}${suffix}.`),
    );
    const [output, ...rest] = isKeyed ? keys.slice(1) : keys;
    if (found === undefined || output === undefined || !found.outputs.has(String(output))) return UNKNOWN;
    return walk(found.output(String(output)), rest);
  }

  override behind(reference: Reference): readonly Lead[] {
    const [root, name = "", output] = reference.names;
    if (root === "module" && output !== undefined) {
      return this.#named(name, reference.key).map((inner) => ({
        id: `${inner.name} output ${output}`,
        json: member(inner.outputs.get(output), "value"),
        within: inner,
      }));
    }
    if (root !== "var" || this.#call === undefined) return super.behind(reference);
    const { body, caller } = this.#call;
    const argument = member(body, name);
    // What an argument takes from `each` comes from there.
    const isEach = JSON.stringify(argument ?? "").includes("each.");
    const json = isEach ? [argument, member(body, "for_each")] : argument;
    return [{ id: `${this.name} var ${name}`, json, within: caller }];
  }

  /** The instance of a call that has a key, or all. */
  #named(name: string, key: string | undefined): readonly ModuleStack[] {
    const instances = this.callsOf(name);
    const named = instances.filter(({ prefix }) => prefix === `${this.prefix}module.${name}${key ?? ""}.`);
    return named.length > 0 ? named : instances;
  }

  override targetOf(reference: Reference): string | undefined {
    const [root, name = ""] = reference.names;
    if (root !== "module") return super.targetOf(reference);
    return this.modules.has(name) ? `${this.prefix}module.${name}` : undefined;
  }
}

/** Most of a default that its text shows. */
const MAX_DEFAULT = 100;

function hidden(computed: Computed, isSecret: boolean): Value {
  return isSecret ? new Secret(computed) : computed;
}

/** A module that leaves a provider's version open uses what its caller does. */
function inherited(own: Stack["providers"], from: Stack["providers"]): Stack["providers"] {
  const providers = new Map(from);
  for (const [local, provider] of own) {
    const other = from.get(local);
    const isOpen = provider.major === undefined && other?.name === provider.name;
    providers.set(local, isOpen && other !== undefined ? other : provider);
  }
  return providers;
}
