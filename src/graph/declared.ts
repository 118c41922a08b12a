import type { Change } from "../model/change.ts";
import type { Deployment } from "../model/deployment.ts";
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
 * their like. What is left of many-to-many is joined by a hub, so that the number of edges stays linear.
 */
export function declaredEdges(
  deployments: readonly Deployment[],
  numberOf: ReadonlyMap<Change, number>,
  edges: Collector,
): void {
  for (const deployment of deployments) {
    if (deployment.edges.length === 0) continue;
    const exact = new Map<string, Instance>();
    const groups = new Map<string, Instance[]>();
    for (const change of deployment.changes) {
      const instance = instanceOf(change.address, numberOf.get(change) as number);
      exact.set(change.address, instance);
      const group = withoutKeys(change.address);
      const members = groups.get(group);
      if (members === undefined) groups.set(group, [instance]);
      else members.push(instance);
    }
    const instancesOf = (address: string): readonly Instance[] => {
      const one = exact.get(address);
      return one === undefined ? (groups.get(address) ?? []) : [one];
    };
    const buckets = new Map<string, Map<string, readonly number[]>>();
    for (const edge of deployment.edges) {
      const from = instancesOf(edge.from);
      const to = instancesOf(edge.to);
      if (from.length === 0 || to.length === 0) continue;
      const shared = commonModules(edge.from, edge.to);
      const bucketKey = (one: Instance, withOwn: boolean) =>
        JSON.stringify([one.moduleKeys.slice(0, shared), withOwn ? one.ownKey : ""]);
      const byOwnKey = edge.sameKey === true;
      const name = `${shared} ${byOwnKey} ${edge.to}`;
      let byKey = buckets.get(name);
      if (byKey === undefined) {
        byKey = bucketed(to, (one) => bucketKey(one, byOwnKey), edges);
        buckets.set(name, byKey);
      }
      for (const one of from) {
        const targets = byKey.get(bucketKey(one, byOwnKey)) ?? (byOwnKey ? to.map((other) => other.node) : []);
        for (const target of targets) edges.add(one.node, target, viaOf(edge.attribute), false);
      }
    }
  }
}

/** How a dependency uses the other resource, judged by the property it takes from it. */
function viaOf(attribute: string | undefined): Via {
  if (attribute === undefined) return "reference";
  if (/connection_string|access_key|_sas|secret|password|token|credential/i.test(attribute)) return "credential";
  if (/endpoint|host|fqdn|domain|url|uri|dns_name|login_server/i.test(attribute)) return "endpoint";
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

const INSTANCE_KEY = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;

/** `module.a["x"].azurerm_subnet.b[0]` → `module.a.azurerm_subnet.b`. Quoted keys may hold any character. */
export function withoutKeys(address: string): string {
  return address.includes("[") ? address.replace(INSTANCE_KEY, "") : address;
}

function instanceOf(address: string, node: number): Instance {
  const moduleKeys: string[] = [];
  let rest = address;
  for (;;) {
    const found = /^module\.[^.[]+(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\./.exec(rest);
    if (found === null) break;
    moduleKeys.push(found[1] ?? "");
    rest = rest.slice(found[0].length);
  }
  return { node, moduleKeys, ownKey: /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]$/.exec(rest)?.[0] ?? "" };
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
