import type { Node } from "web-tree-sitter";
import { withoutKeys } from "../../../model/address.ts";
import type { Change, SourceLocation } from "../../../model/change.ts";
import { isCredentialName } from "../../../model/credentials.ts";
import type { Deployment, Directives, Edge, Problem } from "../../../model/deployment.ts";
import { Pending } from "../../../model/pending.ts";
import { Computed, emptyObject, isObject, Secret, type Value } from "../../../model/value.ts";
import { placeOf } from "../../../syntax/construct-sites.ts";
import type { Grammar } from "../../../syntax/grammar.ts";
import { stepsOf } from "../../../syntax/steps.ts";
import type { ChangedFile } from "../kind.ts";
import { suppressionsIn } from "../suppressions.ts";
import type { Version } from "../version.ts";
import { noteChanges } from "./changed-objects.ts";
import { commentOf } from "./comments.ts";
import { type Construction, constructionsIn } from "./constructions.ts";
import { Dependencies } from "./dependencies.ts";
import { Evaluator } from "./evaluator.ts";
import { expressionText } from "./expression-text.ts";
import { type LaterSetting, laterSettings } from "./later.ts";
import { Names } from "./names.ts";
import { REST, withOpenObjects } from "./open-object.ts";
import { canonicalPath, type Options, optionsOf } from "./options.ts";
import { memberAt, sameName } from "./places.ts";
import { type Syntax, syntaxOf } from "./syntax.ts";
import { valueText } from "./value-text.ts";
import { ProviderVersions } from "./versions.ts";

/** One resource of a program. */
interface Resource {
  readonly construction: Construction;
  readonly address: string;
  readonly change: Change;
  readonly options: Options;
  readonly later: readonly LaterSetting[];
}

/** Reads the resources that one program makes. */
export async function readProgram(
  file: ChangedFile,
  text: string,
  version: Version,
  grammar: Grammar,
): Promise<Deployment> {
  const tree = grammar.parse(text);
  const hasSuppressions = text.includes("firebreak:");
  const syntax = tree && syntaxOf(tree, hasSuppressions);
  if (syntax === undefined) {
    const message = `${file.name} is too large to be looked through, so nothing of it is judged.`;
    return deployment(file, { problems: [{ message, source: { file: file.name }, severity: "error" }] });
  }
  const program = new Program(file.name, syntax);
  await program.read(new ProviderVersions(version, file.path ?? file.name));
  return deployment(file, {
    changes: program.resources.map(({ change }) => change),
    edges: program.edges(),
    directives: program.directives(),
    locate: (change, property) => program.locate(change.address, property),
    ...program.remarks(hasSuppressions),
  });
}

const NO_DIRECTIVES: Directives = {
  hiddenModules: [],
  moved: [],
  forgotten: [],
  ignored: new Map(),
  openInstances: [],
};

function deployment(file: ChangedFile, told: Partial<Deployment>): Deployment {
  return {
    host: "git-diff",
    name: file.name,
    file: file.name,
    knows: "after-only",
    changes: [],
    edges: [],
    problems: [],
    directives: NO_DIRECTIVES,
    ...told,
  };
}

/** Most of an expression that a resource is called by. */
const MAX_NAME = 200;

class Program {
  resources: readonly Resource[] = [];
  readonly #file: string;
  readonly #syntax: Syntax;
  readonly #constructions: readonly Construction[];
  readonly #evaluator: Evaluator;
  readonly #dependencies: Dependencies;
  readonly #later: ReadonlyMap<number, readonly LaterSetting[]>;
  #byAddress: ReadonlyMap<string, Resource> | undefined;
  readonly #byNode: ReadonlyMap<number, Construction>;

  constructor(file: string, syntax: Syntax) {
    this.#file = file;
    this.#syntax = syntax;
    const names = new Names(syntax.scopes);
    this.#constructions = constructionsIn(syntax, names);
    this.#byNode = new Map(this.#constructions.map((one) => [one.node.id, one]));
    noteChanges(syntax, names);
    this.#evaluator = new Evaluator(names, (node) => this.#attribute(names, node));
    this.#dependencies = new Dependencies(names);
    this.#later = laterSettings(syntax, names, this.#evaluator);
  }

  async read(versions: ProviderVersions): Promise<void> {
    const taken = new Map<string, number>();
    const resources: Resource[] = [];
    for (const construction of this.#constructions) {
      const major = await versions.majorOf(construction.of.provider);
      const resource = this.#resource(construction, major, (address) => {
        const count = (taken.get(address) ?? 0) + 1;
        taken.set(address, count);
        return count === 1 ? address : `${address}#${count}`;
      });
      if (!resource.options.isAbsent) resources.push(resource);
    }
    this.resources = resources;
  }

  #resource(
    construction: Construction,
    major: number | undefined,
    unique: (address: string) => string,
  ): Resource {
    const { of, node } = construction;
    const native = this.#properties(construction);
    const dialect = of.dialect(native);
    const options = optionsOf(construction, this.#evaluator, dialect);
    const later = this.#later.get(node.id) ?? [];
    const name = this.#name(construction);
    const address = unique(of.address(dialect.type, name));
    const translated = dialect.translate(native);
    const { spell } = dialect;
    const change: Change = {
      address,
      name,
      type: dialect.type,
      nativeType: of.nativeType,
      action: of.isData ? "read" : "create",
      before: undefined,
      after: this.#after(translated, options, later, (property) => canonicalPath(dialect, property)),
      provider: { name: of.provider.name, ...(major !== undefined && { major }) },
      source: placeOf(this.#file, node),
      ...(spell && { spell: (path: string) => spell(path, [native]) }),
    };
    return { construction, address, change, options, later };
  }

  #name({ name, isSpread, node }: Construction): string {
    const written = name === undefined || isSpread ? node : name;
    return this.#evaluator.text(written) ?? expressionText(written).slice(0, MAX_NAME);
  }

  /** The properties as the program spells them, without the host's own. */
  #properties({ of, node, properties, isSpread }: Construction): Value {
    if (isSpread) return this.#evaluator.computed(node);
    if (properties === undefined || this.#evaluator.isNothing(properties)) return emptyObject();
    const value = this.#evaluator.value(properties);
    if (!isObject(value)) return value instanceof Computed ? value : this.#evaluator.computed(properties);
    const own = emptyObject();
    for (const [name, item] of Object.entries(value)) if (!of.ownProperties.has(name)) own[name] = item;
    return own;
  }

  /** What the resource will be, where something else may have its say. */
  #after(
    translated: Value,
    { transforms, ignored }: Options,
    later: readonly LaterSetting[],
    canonical: (property: string) => string,
  ): Value {
    const nodes = later.map(({ node }) => node);
    const nameOf = (property: LaterSetting["property"]) =>
      property === "any" ? "" : "native" in property ? canonical(property.native) : property.terraform;
    const isAnything = transforms !== undefined || later.some(({ property }) => property === "any");
    // Where anything may be set, what is left alone cannot be told from what is set.
    const isOpenAndIgnoring = isObject(translated) && Object.hasOwn(translated, REST) && ignored.length > 0;
    if (!isObject(translated) || isAnything || isOpenAndIgnoring) {
      const others = this.#evaluator.computed(...nodes, ...(transforms === undefined ? [] : [transforms]));
      const text = translated instanceof Computed ? translated.text : valueText(translated);
      return new Computed(others.text === "" ? text : `${text}; ${others.text}`);
    }
    const after = Object.assign(emptyObject(), translated);
    for (const [name, setters] of Map.groupBy(later, ({ property }) => nameOf(property))) {
      const text = this.#evaluator.computed(...setters.map(({ node }) => node)).text;
      const old = Object.hasOwn(translated, name) ? `${valueText(translated[name] as Value)}; ` : "";
      const value = new Computed(`${old}${text}`);
      after[name] = isCredentialName(name) ? new Secret(value) : value;
    }
    return withOpenObjects(after);
  }

  /** `account.name`, where it is nothing but that. */
  #attribute(names: Names, node: Node): Pending | undefined {
    const { nodes, rest, isPartial } = names.made(node);
    const [made, ...others] = nodes;
    const [property, ...deeper] = rest;
    const construction = made && this.#byNode.get(made.id);
    if (
      construction === undefined ||
      isPartial ||
      others.length > 0 ||
      property === undefined ||
      deeper.length > 0
    )
      return undefined;
    const dialect = construction.of.dialect(emptyObject());
    return new Pending({ type: dialect.type, name: canonicalPath(dialect, property) }, false);
  }

  edges(): readonly Edge[] {
    const byNode = new Map(this.resources.map((one) => [one.construction.node.id, one]));
    const edges = new Map<string, Edge>();
    for (const { construction, address, later } of this.resources) {
      const { properties, options, isSpread, node } = construction;
      const expressions = isSpread ? [node] : [properties, options];
      for (const { made, property } of this.#dependencies.of([
        ...expressions,
        ...later.map((one) => one.node),
      ])) {
        const target = byNode.get(made.id);
        if (target === undefined || target.address === address) continue;
        const dialect = target.construction.of.dialect(emptyObject());
        const attribute = property === undefined ? {} : { attribute: canonicalPath(dialect, property) };
        edges.set(`${address} ${target.address} ${attribute.attribute}`, {
          from: address,
          to: target.address,
          ...attribute,
        });
      }
    }
    return [...edges.values()];
  }

  directives(): Directives {
    const ignored = this.resources.flatMap(({ address, options }) =>
      options.ignored.length === 0 ? [] : [[withoutKeys(address), options.ignored] as const],
    );
    const moved = this.resources.flatMap(({ construction, address, change, options }) =>
      options.formerNames.map((name) => ({ from: construction.of.address(change.type, name), to: address })),
    );
    return { ...NO_DIRECTIVES, moved, ignored: new Map(ignored) };
  }

  /** Where a property, or else the resource, is written. */
  locate(address: string, property: string): SourceLocation | undefined {
    this.#byAddress ??= new Map(this.resources.map((one) => [one.address, one]));
    const resource = this.#byAddress.get(address);
    if (resource === undefined) return undefined;
    const { properties, node, isSpread } = resource.construction;
    const steps = stepsOf(property);
    const inside =
      properties === undefined || isSpread ? undefined : memberAt(properties, steps, this.#evaluator);
    const setter = resource.later.find(({ property: set }) =>
      sameName(set === "any" ? undefined : "native" in set ? set.native : set.terraform, String(steps[0])),
    );
    return placeOf(this.#file, setter?.node ?? inside ?? node);
  }

  /** What is wrong with the file, and what its comments accept. */
  remarks(hasSuppressions: boolean): Pick<Deployment, "problems" | "suppressions"> {
    const problems: Problem[] = [];
    const { error } = this.#syntax;
    const complain = (message: string, source: SourceLocation) =>
      problems.push({ message: `${this.#file} ${message}`, source, severity: "error" });
    if (error !== undefined)
      complain(
        "is not valid TypeScript or JavaScript here, so what follows may be missing.",
        placeOf(this.#file, error),
      );
    if (this.#evaluator.isSpent)
      complain("holds more values than are worked out, so some are left unknown.", { file: this.#file });
    if (!hasSuppressions) return { problems };
    const comments = this.#syntax.nodes("comment").map(commentOf);
    const found = suppressionsIn(this.#file, comments, this.#things());
    return { problems: [...problems, ...found.problems], suppressions: found.suppressions };
  }

  /** The lines of all that a comment can stand beside: statements that make resources, and members of objects. */
  #things() {
    const statements = this.#constructions.map(({ node }) => statementOf(node));
    return [...statements, ...this.#syntax.nodes("pair")].map(({ startPosition, endPosition }) => ({
      from: startPosition.row + 1,
      to: endPosition.row + 1,
    }));
  }
}

const STATEMENT = /_(?:statement|declaration)$|^public_field_definition$/;

/** The statement that an expression is in, with the word `export` before it. */
function statementOf(node: Node): Node {
  let at: Node = node;
  while (at.parent !== null && !STATEMENT.test(at.type)) at = at.parent;
  return at.parent?.type === "export_statement" ? at.parent : at;
}
