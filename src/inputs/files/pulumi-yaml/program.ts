import { pulumiDialect } from "../../../dialects/pulumi.ts";
import { toSnake } from "../../../dialects/pulumi-bridged.ts";
import type { Change, SourceLocation } from "../../../model/change.ts";
import { maskCredential } from "../../../model/credentials.ts";
import type { Directives, Edge } from "../../../model/deployment.ts";
import {
  Computed,
  emptyObject,
  isList,
  isObject,
  Secret,
  Unknown,
  type Value,
  type ValueObject,
} from "../../../model/value.ts";
import { type Step, stepsOf } from "../../../syntax/steps.ts";
import type { Work } from "../work.ts";
import { evaluated } from "./evaluator.ts";
import type { Access } from "./interpolation.ts";
import { fullToken, packageMajors, providerOf } from "./packages.ts";

/** A part of a file with resources: a program, or a component that others use. */
export interface Body {
  readonly content: ValueObject;
  /** Where it stands in its file. */
  readonly path: readonly Step[];
  /** In front of the names of its resources. */
  readonly prefix: string;
  /** Configuration of a program, inputs of a component; undefined where there is none of that name. */
  readonly setting: (name: string) => Value | undefined;
}

/** What a program describes. */
export interface Described {
  readonly changes: readonly Change[];
  readonly edges: readonly Edge[];
  readonly moved: Directives["moved"];
  readonly ignored: Directives["ignored"];
  /** Where each resource stands in its file, by address. */
  readonly places: ReadonlyMap<string, readonly Step[]>;
}

/** Where the steps lead to in the file. */
type PlaceOf = (steps: readonly Step[]) => SourceLocation | undefined;

/** Reads the resources of a body. Throws TooMuchWork where its expressions ask for more than is done. */
export function describe(body: Body, placeOf: PlaceOf, work: Work): Described {
  return new BodyReader(body, placeOf, work).read();
}

class BodyReader {
  readonly #body: Body;
  readonly #placeOf: PlaceOf;
  readonly #work: Work;
  readonly #resources: ValueObject;
  readonly #variables: ValueObject;
  /** Values of variables and properties of resources, with what each refers to. */
  readonly #known = new Map<string, { readonly value: Value; readonly references: readonly Reference[] }>();
  readonly #open = new Set<string>();
  #references: Reference[] = [];

  constructor(body: Body, placeOf: PlaceOf, work: Work) {
    this.#body = body;
    this.#placeOf = placeOf;
    this.#work = work;
    this.#resources = objectAt(body.content, "resources");
    this.#variables = objectAt(body.content, "variables");
  }

  read(): Described {
    const changes: Change[] = [];
    const edges = new Map<string, Edge>();
    const moved: { from: string; to: string }[] = [];
    const ignored = new Map<string, readonly string[] | "all">();
    const places = new Map<string, readonly Step[]>();
    const majors = packageMajors(this.#body.content);
    for (const [key, resource] of Object.entries(this.#resources)) {
      if (!isObject(resource) || typeof resource.type !== "string") continue;
      const token = fullToken(resource.type);
      // Providers, stacks and references to them are no resources of a cloud; previews leave them out too.
      if (token.startsWith("pulumi:")) continue;
      const address = this.#body.prefix + key;
      const dialect = pulumiDialect(token);
      const { value, references } = this.#stateOf(key, resource);
      const properties = masked(value, "");
      const path = [...this.#body.path, "resources", key];
      const source = this.#placeOf(path);
      const provider = providerOf(token, majors);
      const { spell } = dialect;
      changes.push({
        address,
        name: key,
        type: dialect.type,
        nativeType: resource.type,
        action: isObject(resource.get) ? "read" : "create",
        before: undefined,
        after: dialect.translate(properties),
        ...(provider && { provider }),
        ...(source && { source }),
        ...(spell && { spell: (canonical: string) => spell(canonical, [properties]) }),
      });
      places.set(address, [...path, isObject(resource.get) ? "get" : "properties"]);
      const options = objectAt(resource, "options");
      for (const { to, attribute } of [...references, ...this.#dependencies(options)]) {
        if (to === key) continue;
        const edge = { from: address, to: this.#body.prefix + to, ...(attribute && { attribute }) };
        edges.set(`${edge.from}\n${edge.to}\n${attribute}`, edge);
      }
      for (const from of formerNames(options)) moved.push({ from: this.#body.prefix + from, to: address });
      const ignoring = ignoredIn(options, dialect.translate);
      if (ignoring !== undefined) ignored.set(address, ignoring);
    }
    return { changes, edges: [...edges.values()], moved, ignored, places };
  }

  /** The inputs of a resource; of one that is only read, what its state is looked up by. */
  #stateOf(key: string, resource: ValueObject) {
    const { get, properties } = resource;
    const written = isObject(get) ? (get.state ?? null) : (properties ?? null);
    const known = this.#once(`resource ${key}`, () => this.#evaluated(written));
    return known ?? { value: emptyObject(), references: [] };
  }

  #dependencies({ dependsOn }: ValueObject): readonly Reference[] {
    const { references } = this.#noting(() => this.#evaluated(dependsOn ?? null));
    return references.map(({ to }) => ({ to }));
  }

  #evaluated(value: Value): Value {
    return evaluated(value, (access) => this.#resolve(access), this.#work);
  }

  #resolve(access: Access): Value {
    const { root, path, text } = access;
    const open = new Computed(`\${${text}}`);
    const resource = Object.hasOwn(this.#resources, root) ? this.#resources[root] : undefined;
    if (isObject(resource)) {
      const attribute = path
        .filter((step) => typeof step === "string")
        .map(toSnake)
        .join(".");
      this.#references.push({ to: root, ...(attribute !== "" && { attribute }) });
      // What it is configured with is what it says of itself; all else is for the provider to tell.
      const own = path.length === 0 || isObject(resource.get) ? undefined : this.#quietly(root, resource);
      return (own && member(own, path)) ?? open;
    }
    const variable = this.#variable(root) ?? this.#body.setting(root);
    if (variable === undefined) return open;
    return (
      member(variable, path) ??
      (variable instanceof Computed && path.length > 0 ? memberOfOpen(variable, path) : open)
    );
  }

  #variable(name: string): Value | undefined {
    const written = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
    if (written === undefined) return undefined;
    const known = this.#once(`variable ${name}`, () => this.#evaluated(written));
    this.#references.push(...(known?.references ?? []));
    return known?.value;
  }

  /** The inputs of another resource. What those refer to is its own affair. */
  #quietly(key: string, resource: ValueObject): Value {
    return this.#stateOf(key, resource).value;
  }

  #noting<T>(run: () => T): { readonly value: T; readonly references: readonly Reference[] } {
    const outer = this.#references;
    const references: Reference[] = [];
    this.#references = references;
    const value = this.#work.deeper(run);
    this.#references = outer;
    return { value, references };
  }

  /** Works something out once; undefined while that is going on, since what leads back to itself is open. */
  #once(key: string, find: () => Value) {
    const known = this.#known.get(key);
    if (known !== undefined || this.#open.has(key)) return known;
    this.#open.add(key);
    const found = this.#noting(find);
    this.#open.delete(key);
    this.#work.weigh(found.value);
    this.#known.set(key, found);
    return found;
  }
}

/** Another resource of the same body, and what is used of it. */
interface Reference {
  readonly to: string;
  readonly attribute?: string;
}

/** What stands at a path; undefined where nothing certain does. */
function member(value: Value, path: readonly Step[]): Value | undefined {
  let found: Value | undefined = value;
  let isSecret = false;
  for (const step of path) {
    if (found instanceof Secret) {
      isSecret = true;
      found = found.reveal();
    }
    if (isList(found) && typeof step === "number") found = found[step];
    else if (isObject(found) && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  if (found === undefined || (found instanceof Unknown && !(found instanceof Computed))) return undefined;
  return isSecret ? new Secret(found) : found;
}

function memberOfOpen({ text }: Computed, path: readonly Step[]): Computed {
  return new Computed(
    `${text}${path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("")}`,
  );
}

function objectAt(object: ValueObject, key: string): ValueObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : emptyObject();
}

/** Names that the resource had before: an alias is a URN, or says what was different. */
function formerNames({ aliases }: ValueObject): readonly string[] {
  return (isList(aliases) ? aliases : []).flatMap((alias) => {
    const name = isObject(alias)
      ? alias.name
      : typeof alias === "string"
        ? alias.split("::").at(-1)
        : undefined;
    return typeof name === "string" && name !== "" ? [name] : [];
  });
}

/** `ignoreChanges` in the canonical spelling: each path is translated as the property that it leads to would be. */
function ignoredIn(
  { ignoreChanges }: ValueObject,
  translate: (properties: Value) => Value,
): readonly string[] | "all" | undefined {
  if (!isList(ignoreChanges) || ignoreChanges.length === 0) return undefined;
  const paths = ignoreChanges.filter((path) => typeof path === "string");
  return paths.includes("*") ? "all" : paths.map((path) => canonicalPath(path, translate));
}

function canonicalPath(path: string, translate: (properties: Value) => Value): string {
  const nested = stepsOf(path).reduceRight<Value>((inside, step) => {
    if (typeof step === "number") return [...new Array<Value>(Math.min(step, 100)).fill(null), inside];
    return Object.assign(emptyObject(), { [step]: inside });
  }, null);
  let canonical = "";
  for (let value = translate(nested); value !== null; ) {
    if (isList(value)) {
      canonical += `[${value.length - 1}]`;
      value = value.at(-1) ?? null;
    } else if (isObject(value)) {
      const [[key, inside] = ["", null]] = Object.entries(value);
      canonical += /^[\w-]+$/.test(key) ? `${canonical === "" ? "" : "."}${key}` : `["${key}"]`;
      value = inside;
    } else break;
  }
  return canonical;
}

/** Credentials are hidden by the names that they stand under, as readers of states do. */
function masked(value: Value, name: string): Value {
  if (typeof value === "string") return maskCredential(value, name);
  if (isList(value)) return value.map((item) => masked(item, name));
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const [key, item] of Object.entries(value)) object[key] = masked(item, key);
  return object;
}
