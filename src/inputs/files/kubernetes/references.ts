import type { Edge } from "../../../model/deployment.ts";
import { isList, isObject, type Value } from "../../../model/value.ts";
import { type Addressed, addressOf } from "./addresses.ts";
import { at, textOf } from "./member.ts";
import type { KubernetesObject } from "./objects.ts";

/** Properties that name an object of one kind: as a text, or as an object with a name. */
const KIND_OF: ReadonlyMap<string, string> = new Map([
  ["configMap", "ConfigMap"],
  ["configMapRef", "ConfigMap"],
  ["configMapKeyRef", "ConfigMap"],
  ["secret", "Secret"],
  ["secretName", "Secret"],
  ["secretRef", "Secret"],
  ["secretKeyRef", "Secret"],
  ["imagePullSecrets", "Secret"],
  ["claimName", "PersistentVolumeClaim"],
  ["serviceAccountName", "ServiceAccount"],
  ["service", "Service"],
  ["serviceName", "Service"],
  ["backendRefs", "Service"],
  ["scaleTargetRef", "Deployment"],
  ["workloadRef", "Deployment"],
  ["targetRef", "Deployment"],
  ["issuerRef", "Issuer"],
  ["priorityClassName", "PriorityClass"],
  ["storageClassName", "StorageClass"],
  ["ingressClassName", "IngressClass"],
  ["gatewayClassName", "GatewayClass"],
  ["stableService", "Service"],
  ["canaryService", "Service"],
]);

/** Kinds whose objects are in no namespace. */
const CLUSTER_WIDE = /^(?:Cluster.*|.*Class|Namespace|Node|PersistentVolume|CustomResourceDefinition)$/;

/** What an object says of others has an end: nobody writes more. */
const MAX_EDGES = 100_000;

/**
 * What objects of one directory say of one another: by name, and a Service by the labels of the pods that it sends to. An object
 * that is named is one whether it is there or not, so that nobody changes only since it comes or goes.
 */
export function edgesBetween(objects: readonly Addressed[]): readonly Edge[] {
  const edges = new Map<string, Edge>();
  const add = (from: string, to: string) => {
    if (from !== to && edges.size < MAX_EDGES) edges.set(`${from}\n${to}`, { from, to });
  };
  for (const { address, object } of objects) {
    const { namespace, value, apiVersion } = object;
    eachNamed(value, (kind, name, place) => {
      add(address, addressOf(kind, CLUSTER_WIDE.test(kind) ? undefined : (place ?? namespace), name));
    });
    if (apiVersion.startsWith("networking.istio.io/")) {
      eachHost(value, (host) => add(address, serviceAt(host, namespace)));
    }
  }
  const workloads = workloadsOf(objects);
  for (const { address, object } of objects) {
    if (object.kind !== "Service") continue;
    for (const workload of selected(object, workloads)) add(address, workload);
  }
  return [...edges.values()];
}

type Named = (kind: string, name: string, namespace: string | undefined) => void;

/** Tells what an object refers to: what has a kind and a name, and what stands under a property that takes names of a kind. */
function eachNamed(value: Value, tell: Named): void {
  const visit = (found: Value, key: string): void => {
    if (isList(found)) for (const item of found) visit(item, key);
    const kind = KIND_OF.get(key);
    if (typeof found === "string" && found !== "" && kind !== undefined) tell(kind, found, undefined);
    if (!isObject(found)) return;
    const name = textOf(at(found, "name"));
    const said = textOf(at(found, "kind")) ?? kind;
    if (name !== undefined && said !== undefined) tell(said, name, textOf(at(found, "namespace")));
    for (const [member, inside] of Object.entries(found)) visit(inside, member);
  };
  // At the top stand the object's own kind and name.
  if (isObject(value)) for (const [key, inside] of Object.entries(value)) visit(inside, key);
}

/** Tells the hosts that an Istio object sends to, which for objects of the cluster are names of Services. */
function eachHost(value: Value, tell: (host: string) => void): void {
  if (isList(value)) for (const item of value) eachHost(item, tell);
  if (!isObject(value)) return;
  for (const [key, inside] of Object.entries(value)) {
    if (key === "host" && typeof inside === "string") tell(inside);
    else eachHost(inside, tell);
  }
}

/** `web`, `web.shop` and `web.shop.svc.cluster.local` (istio.io/latest/docs/reference/config/networking/virtual-service). */
function serviceAt(host: string, namespace: string | undefined): string {
  const [name = "", place] = host.split(".");
  return addressOf("Service", place ?? namespace, name);
}

/** What makes pods, and the labels that these get. */
interface Workload {
  readonly address: string;
  readonly namespace: string | undefined;
  readonly labels: ReadonlySet<string>;
}

/** The workloads of each label. */
function workloadsOf(objects: readonly Addressed[]): ReadonlyMap<string, readonly Workload[]> {
  const byLabel = new Map<string, Workload[]>();
  for (const { address, object } of objects) {
    const labels = new Set(labelsOf(labelsOfPods(object)));
    const workload = { address, namespace: object.namespace, labels };
    for (const label of labels) {
      const known = byLabel.get(label);
      if (known === undefined) byLabel.set(label, [workload]);
      else known.push(workload);
    }
  }
  return byLabel;
}

function labelsOfPods({ kind, value }: KubernetesObject): Value | undefined {
  if (kind === "Pod") return at(value, "metadata", "labels");
  const job = kind === "CronJob" ? at(value, "spec", "jobTemplate") : value;
  return at(job, "spec", "template", "metadata", "labels");
}

/** Addresses of everything in the Service's namespace that has all labels which it asks for. */
function selected(
  { namespace, value }: KubernetesObject,
  workloads: ReadonlyMap<string, readonly Workload[]>,
): readonly string[] {
  const [first, ...others] = labelsOf(at(value, "spec", "selector"));
  if (first === undefined) return [];
  return (workloads.get(first) ?? [])
    .filter((one) => one.namespace === namespace && others.every((label) => one.labels.has(label)))
    .map(({ address }) => address);
}

function labelsOf(value: Value | undefined): readonly string[] {
  return isObject(value) ? Object.entries(value).map(([name, label]) => `${name}=${label}`) : [];
}
