import type { Edge } from "../../model/deployment.ts";
import type { Requirement } from "../provider-version.ts";

/** A module as the plan's `configuration` writes it; everything in it may be missing or of another shape. */
type Node = Record<string, unknown>;

/**
 * What a reference leads to: a resource by its configuration address (with an instance key where the reference writes
 * one out), and the property taken from it.
 */
interface Target {
  readonly address: string;
  readonly attribute: string | undefined;
  /** On the way an `each.key` or its like picks the instance. */
  readonly sameKey: boolean;
}

/** A module in its place: where its variables get their values from and where its outputs come from. */
interface Scope {
  readonly prefix: string;
  readonly module: Node;
  readonly parent: Scope | undefined;
  readonly call: Node;
}

/**
 * The dependencies that a plan's configuration declares, between configuration addresses.
 * References through module variables and outputs are followed to the resources behind them; `local.` values are not in a
 * plan's configuration and end the trail. Source: developer.hashicorp.com/terraform/internals/json-format.
 */
export function configurationEdges(configuration: unknown): readonly Edge[] {
  const edges: Edge[] = [];
  const seen = new Set<string>();
  visit({ prefix: "", module: node(node(configuration)["root_module"]), parent: undefined, call: {} });
  return edges;

  function visit(scope: Scope): void {
    for (const resource of list(scope.module["resources"])) {
      if (typeof resource["address"] !== "string") continue;
      const from = scope.prefix + resource["address"];
      for (const references of expressionsOf(resource)) {
        for (const { address, attribute, sameKey } of targets(scope, references, new Set(), false)) {
          const id = `${from}\n${address}\n${attribute}\n${sameKey}`;
          if (address === from || seen.has(id)) continue;
          seen.add(id);
          const used = attribute === undefined ? {} : { attribute };
          edges.push({ from, to: address, ...used, ...(sameKey && { sameKey }) });
        }
      }
    }
    for (const [name, call] of Object.entries(node(scope.module["module_calls"])))
      visit(child(scope, name, node(call)));
  }

  /** The module behind a call; `name` may end in an instance key. */
  function child(scope: Scope, name: string, call: Node): Scope {
    return { prefix: `${scope.prefix}module.${name}.`, module: node(call["module"]), parent: scope, call };
  }

  /** Follows the references of one expression. */
  function targets(
    scope: Scope,
    references: readonly string[],
    trail: Set<string>,
    sameKey: boolean,
  ): readonly Target[] {
    const isKeyed = sameKey || references.some((one) => KEYS.has(splitReference(one).slice(0, 2).join(".")));
    return references.flatMap((one) => resolve(scope, one, trail, isKeyed));
  }

  /** Follows one reference to resources; `trail` guards against references that run in a circle. */
  function resolve(scope: Scope, reference: string, trail: Set<string>, sameKey: boolean): readonly Target[] {
    const step = `${scope.prefix}${reference}\n${sameKey}`;
    if (trail.has(step)) return [];
    trail.add(step);
    const parts = splitReference(reference);
    const [head, second, third] = parts;
    if (head === undefined || second === undefined || NOT_RESOURCES.has(head)) return [];
    if (head === "var") {
      const { parent, call } = scope;
      if (parent === undefined) return [];
      const given = node(call["expressions"])[bare(second)];
      return [...innermost(given)].flatMap((group) => targets(parent, group, trail, sameKey));
    }
    if (head === "module") {
      const inner = child(scope, second, node(node(scope.module["module_calls"])[bare(second)]));
      // Where no output is named (`for m in module.subnets : m.id`), any of them may be meant.
      const outputs = node(inner.module["outputs"]);
      const used = third === undefined ? Object.values(outputs) : [outputs[bare(third)]];
      return used
        .flatMap((output) => [...innermost(node(output)["expression"])])
        .flatMap((group) => targets(inner, group, trail, sameKey));
    }
    const [type, name, property] =
      head === "data" || head === "ephemeral"
        ? [`${head}.${second}`, third, parts[3]]
        : [head, second, third];
    if (name === undefined) return [];
    const attribute = property === undefined ? undefined : bare(property);
    return [{ address: `${scope.prefix}${type}.${name}`, attribute, sameKey }];
  }
}

/** What stands for the key of the instance itself. */
const KEYS: ReadonlySet<string> = new Set(["each.key", "each.value", "count.index"]);

const NOT_RESOURCES: ReadonlySet<string> = new Set(["local", "each", "count", "path", "self", "terraform"]);

/** The references of each expression of a resource; expressions of nested blocks count by themselves. */
function* expressionsOf(resource: Node): Generator<readonly string[]> {
  yield* innermost(resource["expressions"]);
  // A resource made for each instance of another is paired with it: `for_each = azurerm_subnet.a`.
  for (const references of innermost(resource["for_each_expression"])) yield [...references, "each.key"];
  yield* innermost(resource["count_expression"]);
  const dependsOn = resource["depends_on"];
  if (Array.isArray(dependsOn)) yield dependsOn.filter((one) => typeof one === "string");
}

function* innermost(value: unknown): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  const references = (value as Node)["references"];
  if (Array.isArray(references)) yield leaves(references.filter((one) => typeof one === "string"));
  else for (const item of Object.values(value)) yield* innermost(item);
}

/** Terraform lists `a.b.c` and `a.b` for one reference: the longer one says more. */
function leaves(references: readonly string[]): readonly string[] {
  const shorter = new Set<string>();
  for (const one of references) {
    for (let at = 0; at < one.length; at++) {
      if (one[at] === "." || one[at] === "[") shorter.add(one.slice(0, at));
    }
  }
  return references.filter((one) => !shorter.has(one));
}

/** `azurerm_subnet.a["x.y"].ids[*]` → `azurerm_subnet`, `a["x.y"]`, `ids`: keys that are written out stay. */
function splitReference(reference: string): readonly string[] {
  const parts = reference.match(/(?:[^.[\]]|\[(?:"(?:[^"\\]|\\.)*"|[^\]["]*)\])+/g) ?? [];
  return parts.map((part) => (/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]$/.test(part) ? part : bare(part)));
}

function bare(name: string): string {
  return name.replace(/\[.*$/s, "");
}

function node(value: unknown): Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function list(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(node) : [];
}

/** The providers that a plan's configuration uses; each module may say something of their versions. */
export function requiredProviders(configuration: unknown): readonly Requirement[] {
  const constraints = new Map<string, string[]>();
  for (const config of Object.values(node(node(configuration)["provider_config"]))) {
    const { full_name: fullName, name, version_constraint: constraint } = node(config);
    const provider = typeof fullName === "string" ? fullName : name;
    if (typeof provider !== "string") continue;
    const known = constraints.get(provider) ?? [];
    constraints.set(provider, known);
    if (typeof constraint === "string") known.push(constraint);
  }
  // There is one version of a provider for all modules, so all constraints hold at once.
  return [...constraints].map(([provider, parts]) => ({ provider, constraint: parts.join(", ") }));
}
