import { closingBracket, withoutKeys } from "../model/address.ts";
import type { Change } from "../model/change.ts";
import type { Deployment, Edge } from "../model/deployment.ts";
import type { Collector } from "./edges.ts";
import type { Via } from "./reach.ts";

/** One instance of a resource that may have several. */
interface Instance {
  readonly node: number;
  /** Instance keys of the modules around it, outermost first (`""` where a module has none). */
  readonly moduleKeys: readonly string[];
  readonly ownKey: string;
}

/**
 * Adds the dependencies that hosts declare. An end may be an address without instance keys, which stands for all its
 * instances: those inside the same module instance refer to each other only, and those that share a key (`each.key`) to
 * their like, be it the key of the resource or of its module. What is left of many-to-many is joined by a hub, so that the number of edges stays linear.
 */
export function declaredEdges(deployments: readonly Deployment[], edges: Collector): void {
  const books = new Map<string, AddressBook>();
  // Most resources of a large plan are named by few edges, or none: only what is named need be found.
  const named = new Set<string>();
  for (const { edges: declared, crossEdges = [] } of deployments) {
    for (const { from, to } of [...declared, ...crossEdges])
      named.add(withoutKeys(from)).add(withoutKeys(to));
  }
  let first = 0;
  for (const deployment of deployments) {
    const node = first;
    first += deployment.changes.length;
    if (deployment.edges.length === 0 && !deployments.some((one) => one.crossEdges !== undefined)) continue;
    const book = new AddressBook(deployment, node, edges, named);
    books.set(deployment.name, book);
    for (const edge of deployment.edges) {
      const targetsFor = book.targetsOf(edge, commonModules(edge.from, edge.to));
      const via = viaOf(edge.attribute);
      for (const one of book.instancesOf(edge.from)) {
        for (const target of targetsFor(one)) edges.add(one.node, target, via, false);
      }
    }
  }
  for (const deployment of deployments) {
    for (const edge of deployment.crossEdges ?? []) {
      const targets = books.get(edge.deployment)?.all(edge.to) ?? [];
      for (const one of books.get(deployment.name)?.instancesOf(edge.from) ?? []) {
        for (const target of targets) edges.add(one.node, target, viaOf(edge.attribute), false);
      }
    }
  }
}

/** Finds the instances behind the addresses of one deployment. */
class AddressBook {
  readonly #changes: readonly Change[];
  /** The node of the first resource. */
  readonly #first: number;
  /** The places among the changes of each address, by the address without keys. */
  readonly #groups: ReadonlyMap<string, number[]>;
  readonly #instances = new Map<string, readonly Instance[]>();
  readonly #buckets = new Map<string, ReadonlyMap<string, readonly number[]>>();
  readonly #edges: Collector;

  /** `first` is the node of the deployment's first resource, `named` the addresses without keys that will be asked for. */
  constructor({ changes }: Deployment, first: number, edges: Collector, named: ReadonlySet<string>) {
    this.#changes = changes;
    this.#first = first;
    this.#edges = edges;
    this.#groups = new Map([...named].map((address) => [address, []]));
    for (let i = 0; i < changes.length; i++)
      this.#groups.get(withoutKeys((changes[i] as Change).address))?.push(i);
  }

  /** The instances that fit an address: all where it has no keys, some where it has some of them, one where it has all. */
  instancesOf(address: string): readonly Instance[] {
    const group = withoutKeys(address);
    let all = this.#instances.get(group);
    if (all === undefined) {
      all = (this.#groups.get(group) ?? []).map((place) =>
        instanceOf((this.#changes[place] as Change).address, this.#first + place),
      );
      this.#instances.set(group, all);
    }
    if (group === address) return all;
    const { moduleKeys, ownKey } = instanceOf(address, -1);
    return all.filter(
      (other) =>
        (ownKey === "" || ownKey === other.ownKey) &&
        moduleKeys.every((key, i) => key === "" || key === other.moduleKeys[i]),
    );
  }

  /** The node, or the hub, that stands for all instances of an address. */
  all(address: string): readonly number[] {
    return this.#bucketsOf(address, 0, false).get(bucketKey(undefined, 0, false)) ?? [];
  }

  /**
   * What an instance depends on by the edge, inside the modules that both ends share: its like where keys are shared, else
   * all. Groups are made when the first instance needs them.
   */
  targetsOf(edge: Edge, shared: number): (one: Instance) => readonly number[] {
    let byKey: ReadonlyMap<string, readonly number[]> | undefined;
    let all: ReadonlyMap<string, readonly number[]> | undefined;
    return (one) => {
      if (edge.sameKey === true) {
        byKey ??= this.#bucketsOf(edge.to, shared, true);
        const like = byKey.get(bucketKey(one, shared, true));
        if (like !== undefined) return like;
      }
      all ??= this.#bucketsOf(edge.to, shared, false);
      return all.get(bucketKey(one, shared, false)) ?? [];
    };
  }

  #bucketsOf(address: string, shared: number, byOwnKey: boolean): ReadonlyMap<string, readonly number[]> {
    const name = `${shared} ${byOwnKey} ${address}`;
    let buckets = this.#buckets.get(name);
    if (buckets === undefined) {
      buckets = bucketed(this.instancesOf(address), (one) => bucketKey(one, shared, byOwnKey), this.#edges);
      this.#buckets.set(name, buckets);
    }
    return buckets;
  }
}

/** What instances must have in common to be in one bucket. Keys hold no line breaks: JSON and Terraform escape them. */
function bucketKey(one: Instance | undefined, shared: number, byOwnKey: boolean): string {
  if (one === undefined) return "";
  let key = byOwnKey ? nearestKey(one) : "";
  for (let i = 0; i < shared; i++) key += `\n${one.moduleKeys[i] ?? ""}`;
  return key;
}

/** The key that `each.key` stands for: the instance's own, or that of the module instance it is in. */
function nearestKey({ ownKey, moduleKeys }: Instance): string {
  return ownKey === "" ? (moduleKeys.findLast((key) => key !== "") ?? "") : ownKey;
}

/** How a dependency uses the other resource, judged by the property it takes from it. */
function viaOf(attribute: string | undefined): Via {
  if (attribute === undefined) return "reference";
  if (/connection_string|access_key|_sas|secret|password|token|credential/i.test(attribute))
    return "credential";
  if (/endpoint|host|fqdn|domain|url|(?<!sec)uri|dns_name|login_server/i.test(attribute)) return "endpoint";
  if (attribute === "name" || attribute === "bucket") return "name";
  return /(^|_)(id|arn|self_link)$/.test(attribute) ? "id" : "reference";
}

/** Groups instances by key; a group of several is stood for by a hub. */
function bucketed(
  instances: readonly Instance[],
  keyOf: (one: Instance) => string,
  edges: Collector,
): Map<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const one of instances) {
    const key = keyOf(one);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [one.node]);
    else members.push(one.node);
  }
  const buckets = new Map<string, readonly number[]>();
  for (const [key, members] of groups) {
    if (members.length === 1) {
      buckets.set(key, members);
      continue;
    }
    const hub = edges.addHub();
    for (const member of members) edges.add(hub, member, "reference", false);
    buckets.set(key, [hub]);
  }
  return buckets;
}

const MODULE = "module.";

function instanceOf(address: string, node: number): Instance {
  const moduleKeys: string[] = [];
  let at = 0;
  while (address.startsWith(MODULE, at)) {
    const dot = address.indexOf(".", at + MODULE.length);
    const open = address.indexOf("[", at);
    const hasKey = open !== -1 && open < dot;
    const close = hasKey ? closingBracket(address, open) : -1;
    if (dot === -1 || (hasKey && address[close + 1] !== ".")) break;
    moduleKeys.push(hasKey ? address.slice(open, close + 1) : "");
    at = (hasKey ? close + 1 : dot) + 1;
  }
  const open = address.indexOf("[", at);
  return { node, moduleKeys, ownKey: open !== -1 && address.endsWith("]") ? address.slice(open) : "" };
}

/** How many modules, from the root, two addresses are inside together. */
function commonModules(a: string, b: string): number {
  const one = modulesOf(a);
  const other = modulesOf(b);
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared++;
  return shared;
}

function modulesOf(address: string): readonly string[] {
  const names: string[] = [];
  const parts = withoutKeys(address).split(".");
  for (let i = 0; parts[i] === "module" && i + 2 < parts.length; i += 2) names.push(parts[i + 1] as string);
  return names;
}
