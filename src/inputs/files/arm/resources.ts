import type { Change } from "../../../model/change.ts";
import type { Edge } from "../../../model/deployment.ts";
import { emptyObject, isList, isObject, type Value, type ValueObject } from "../../../model/value.ts";
import type { Step } from "../../../syntax/steps.ts";
import type { Work } from "../work.ts";
import type { Evaluator, Reference } from "./evaluator.ts";
import { isTextual, memberOf } from "./functions.ts";
import { type Identity, identityOf, parentKeys, type Surroundings } from "./identity.ts";
import type { JsonWithComments } from "./jsonc.ts";
import { nameText, segmentsOf } from "./open-value.ts";
import { keyOfId, type Place, resourceKey, somewhere } from "./resource-ids.ts";
import { type Arguments, TemplateScope } from "./scope.ts";
import { finished, givenIn } from "./values.ts";

/** What a template with its arguments describes. */
export interface Described {
  readonly changes: readonly Change[];
  readonly edges: readonly Edge[];
  /** Addresses of loops of which nobody knows how many resources they make. */
  readonly openInstances: readonly string[];
  /** Where each resource stands in the template, by address. */
  readonly places: ReadonlyMap<string, readonly Step[]>;
}

/** The level that a template is for, as its schema says. */
const LEVELS: readonly (readonly [RegExp, Place["level"]])[] = [
  [/\/subscriptionDeploymentTemplate\.json/i, "subscription"],
  [/\/managementGroupDeploymentTemplate\.json/i, "management-group"],
  [/\/tenantDeploymentTemplate\.json/i, "tenant"],
  [/./, "resource-group"],
];

/** Reads the resources of a template. Throws TooMuchWork where its expressions ask for more than is done. */
export function describe(
  template: ValueObject,
  given: Arguments,
  json: JsonWithComments,
  work: Work,
): Described {
  const place = placeOf(template, undefined);
  const reader = new ResourceReader(json, work);
  reader.resources(template.resources, ["resources"], {
    template: "",
    scope: new TemplateScope(template, given, place, work),
    place,
    prefix: "",
    within: [],
  });
  return reader.described();
}

function placeOf(template: ValueObject, outer: Place | undefined): Place {
  const schema = String(template.$schema ?? "");
  const level = LEVELS.find(([pattern]) => pattern.test(schema))?.[1] ?? "resource-group";
  return outer === undefined ? somewhere(level) : { ...outer, level };
}

/** What is around a resource. */
interface Around extends Surroundings {
  /** The path of the template that it is in: symbolic and bare names mean resources of the same one. */
  readonly template: string;
  readonly scope: TemplateScope;
  /** What tells apart resources of one name in several places. */
  readonly prefix: string;
  /** The nested deployments that it is in. */
  readonly within: readonly NestedDeployment[];
}

/** Resources that one deployment inside of the template makes: whoever depends on it depends on all of them. */
interface NestedDeployment {
  readonly addresses: string[];
  readonly references: readonly Located[];
}

/** A reference and the template in which it is written. */
interface Located extends Reference {
  readonly template: string;
}

/** Members of a resource that tell how it is deployed, not what it is. What-if shows none of them, and no API version either. */
const NOT_STATE: ReadonlySet<string> = new Set([
  "apiVersion",
  "comments",
  "condition",
  "copy",
  "dependsOn",
  "existing",
  "import",
  "metadata",
  "name",
  "resources",
  "scope",
  "type",
]);

const DEPLOYMENT = "microsoft.resources/deployments";

class ResourceReader {
  readonly #json: JsonWithComments;
  readonly #work: Work;
  readonly #changes = new Map<string, Change>();
  readonly #places = new Map<string, readonly Step[]>();
  readonly #references: (readonly [address: string, Located])[] = [];
  /** Addresses by what names them in expressions: their key, or a name inside of their template. */
  readonly #named = new Map<string, Set<string>>();
  readonly #nested: (readonly [names: readonly string[], NestedDeployment])[] = [];
  readonly #openInstances: string[] = [];

  constructor(json: JsonWithComments, work: Work) {
    this.#json = json;
    this.#work = work;
  }

  described(): Described {
    for (const [names, { addresses }] of this.#nested)
      for (const address of addresses) this.#name(names, address);
    const edges = new Map<string, Edge>();
    for (const [from, { key, template, attribute }] of this.#references) {
      const targets = this.#named.get(localName(template, key)) ?? this.#named.get(key.toLowerCase());
      for (const to of targets ?? []) {
        if (from !== to)
          edges.set(`${from}\n${to}\n${attribute}`, { from, to, ...(attribute && { attribute }) });
      }
    }
    return {
      changes: [...this.#changes.values()],
      edges: [...edges.values()],
      openInstances: this.#openInstances,
      places: this.#places,
    };
  }

  /** Resources in a list, or by symbolic name as Bicep writes them (language version 2.0). */
  resources(written: Value | undefined, path: readonly Step[], around: Around): void {
    const entries: readonly (readonly [Step, Value])[] = isList(written)
      ? written.map((item, i) => [i, item])
      : isObject(written)
        ? Object.entries(written)
        : [];
    for (const [step, resource] of entries) {
      if (isObject(resource)) this.#loop(resource, step, [...path, step], around);
    }
  }

  #loop(resource: ValueObject, step: Step, path: readonly Step[], around: Around): void {
    const { copy } = resource;
    const { result: instances } = around.scope.collect((evaluator) => {
      if (!isObject(copy)) return [evaluator];
      const name = String(copy.name ?? "");
      const indices = evaluator.indices(copy.count);
      return indices?.map((index) => evaluator.inLoop(name, index)) ?? evaluator.inLoop(name, undefined);
    });
    const isCounted = Array.isArray(instances);
    // Whoever names the loop, or its symbol, means all of its resources.
    const names = [
      ...(typeof step === "string" ? [step] : []),
      ...(isObject(copy) ? [String(copy.name ?? "")] : []),
    ];
    for (const evaluator of isCounted ? instances : [instances])
      this.#resource(resource, names, path, around, evaluator, !isCounted);
  }

  #resource(
    resource: ValueObject,
    names: readonly string[],
    path: readonly Step[],
    around: Around,
    loop: Evaluator,
    isOpenLoop: boolean,
  ): void {
    const { result: identity, references } = around.scope.collect(() => identityOf(resource, around, loop));
    if (identity === undefined) return;
    const { type, name } = identity;
    const local = [...names, nameText(name)].map((one) => localName(around.template, one));
    const symbols = [...local, resourceKey(type, name)];
    const located = (reference: Reference): Located => ({ ...reference, template: around.template });
    const inner = { ...around, parent: { type, name } };
    const { result: condition, references: asked } = around.scope.collect(() =>
      loop.value(resource.condition ?? true),
    );
    if (condition !== false) {
      const all = [...references, ...asked, ...this.#dependencies(resource, around, loop)].map(located);
      const properties = resource.properties;
      const template = isObject(properties) ? properties.template : undefined;
      if (type.toLowerCase() === DEPLOYMENT && isObject(template) && isObject(properties))
        this.#deployment({ resource, properties, template, symbols, path, references: all }, around, loop);
      else
        this.#add(
          { resource, identity, condition, symbols, path, references: all, isOpenLoop },
          around,
          loop,
        );
    }
    // A condition says nothing of the children (learn: "Condition doesn't cascade to child resources").
    this.resources(resource.resources, [...path, "resources"], inner);
  }

  #dependencies(resource: ValueObject, around: Around, loop: Evaluator): readonly Reference[] {
    const { dependsOn } = resource;
    const { result, references } = around.scope.collect(() => loop.value(dependsOn ?? null));
    const written = (isList(result) ? result : []).filter(isTextual).map((id) => ({ key: keyOfId(id) }));
    // An id in a list of dependencies says nothing of how it is used.
    return [...written, ...[...references].map(({ key }) => ({ key }))];
  }

  #add(
    {
      resource,
      identity,
      condition,
      symbols,
      path,
      references,
      isOpenLoop,
    }: {
      readonly resource: ValueObject;
      readonly identity: Identity;
      readonly condition: Value;
      readonly symbols: readonly string[];
      readonly path: readonly Step[];
      readonly references: readonly Located[];
      readonly isOpenLoop: boolean;
    },
    around: Around,
    loop: Evaluator,
  ): void {
    const { type, name, scope } = identity;
    const address = this.#unique(`${around.prefix}${type}/${nameText(name)}`);
    const ownName = segmentsOf(name).at(-1) ?? name;
    const { result: state, references: used } = around.scope.collect(() => {
      const value = emptyObject();
      value.type = type;
      value.name = ownName;
      if (typeof condition !== "boolean") value.condition = condition;
      if (scope !== undefined) value.scope = scope;
      for (const [key, item] of Object.entries(resource))
        if (!NOT_STATE.has(key)) value[key] = finished(loop.value(item), key);
      return this.#work.weigh(value);
    });
    const isRead = resource.existing === true;
    const source = this.#json.placeOf(path);
    const change: Change = {
      address,
      name: nameText(ownName),
      type,
      nativeType: type,
      action: isRead ? "read" : "create",
      before: undefined,
      after: state,
      provider: { name: type.split("/")[0] as string },
      ...(source && { source }),
    };
    this.#changes.set(address, change);
    this.#places.set(address, path);
    this.#name(symbols, address);
    if (isOpenLoop) this.#openInstances.push(address);
    const { template } = around;
    const own = [...used, ...parentKeys(type, name)].map((reference) => ({ ...reference, template }));
    for (const reference of [...references, ...own, ...around.within.flatMap((one) => one.references)])
      this.#references.push([address, reference]);
    for (const { addresses } of around.within) addresses.push(address);
  }

  #deployment(
    {
      resource,
      properties,
      template,
      symbols,
      path,
      references,
    }: {
      readonly resource: ValueObject;
      readonly properties: ValueObject;
      readonly template: ValueObject;
      readonly symbols: readonly string[];
      readonly path: readonly Step[];
      readonly references: readonly Located[];
    },
    around: Around,
    loop: Evaluator,
  ): void {
    const { expressionEvaluationOptions: options } = properties;
    const isInner = isObject(options) && String(memberOf(options, "scope")).toLowerCase() === "inner";
    const { result, references: used } = around.scope.collect(() => ({
      group: loop.value(resource.resourceGroup ?? null),
      subscription: loop.value(resource.subscriptionId ?? null),
      given: givenIn(loop.value(properties.parameters ?? null)),
    }));
    const { group, subscription, given } = result;
    const place = placeOf(template, {
      ...around.place,
      ...(isTextual(group) && { group }),
      ...(isTextual(subscription) && { subscription }),
    });
    const elsewhere = [subscription, group].filter(isTextual).map((part) => `${nameText(part)}/`);
    const nested: NestedDeployment = {
      addresses: [],
      references: [
        ...references,
        ...[...used].map((reference) => ({ ...reference, template: around.template })),
      ],
    };
    this.#nested.push([symbols, nested]);
    // Inside, the expressions of the default scope are those of the template around (learn: "Expression evaluation scope").
    const scope = isInner
      ? new TemplateScope(template, { given, areAll: true }, place, this.#work)
      : around.scope;
    this.resources(template.resources, [...path, "properties", "template", "resources"], {
      template: path.join("/"),
      scope,
      place,
      prefix: around.prefix + elsewhere.join(""),
      within: [...around.within, nested],
    });
  }

  #name(names: readonly string[], address: string): void {
    for (const name of names) {
      const key = name.toLowerCase();
      const known = this.#named.get(key);
      if (known === undefined) this.#named.set(key, new Set([address]));
      else known.add(address);
    }
  }

  /** Two resources of one name, of which conditions choose one, are told apart by their order. */
  #unique(address: string): string {
    let unique = address;
    for (let i = 2; this.#changes.has(unique); i++) unique = `${address} #${i}`;
    return unique;
  }
}

/** A name that means something inside of one template only. */
function localName(template: string, name: string): string {
  return `${template}#${name}`.toLowerCase();
}
