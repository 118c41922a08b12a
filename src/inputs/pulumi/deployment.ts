import type { Change } from "../../model/change.ts";
import type { Deployment, Edge, HostName, Problem } from "../../model/deployment.ts";
import { defaultProviderVersion, isResource, type ResourceState } from "./resource.ts";

/** Collects what one stack's document tells, so that all Pulumi readers give the same for the same. */
export class StackBuilder {
  readonly changes: Change[] = [];
  readonly problems: Problem[] = [];
  readonly #states: ResourceState[] = [];
  readonly #versions = new Map<string, string>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** A state of the document; those whose dependencies count are given once for each resource. */
  add(state: ResourceState): void {
    this.#states.push(state);
    const { version } = state.inputs;
    if (state.urn.type.startsWith("pulumi:providers:") && typeof version === "string") {
      this.#versions.set(state.address, version);
    }
  }

  problem(severity: Problem["severity"], message: string): void {
    this.problems.push({ message, severity, source: { file: this.#file } });
  }

  /** The version of the provider that a reference (`URN::ID`) names, where the document tells it. */
  readonly providerVersion = (provider: string): string | undefined =>
    this.#versions.get(provider.slice(0, provider.lastIndexOf("::"))) ?? defaultProviderVersion(provider);

  build(host: HostName, fallbackName: string, knows: Deployment["knows"] = "before-and-after"): Deployment {
    return {
      host,
      name: this.#states[0]?.urn.stack ?? fallbackName,
      knows,
      changes: this.changes,
      edges: edgesOf(this.#states),
      problems: this.problems,
    };
  }
}

/**
 * Declared dependencies. Being a child of something is none; depending on a component is depending on the resources below
 * it.
 */
function edgesOf(states: readonly ResourceState[]): readonly Edge[] {
  const components = new Map(
    states.filter((state) => !state.isCustom).map((state) => [state.address, [] as ResourceState[]]),
  );
  for (const state of states) {
    if (state.parent !== undefined) components.get(state.parent)?.push(state);
  }
  const edges: Edge[] = [];
  for (const state of states) {
    if (!isResource(state)) continue;
    const targets = new Set(state.dependencies.flatMap((urn) => resourcesBehind(urn, components)));
    targets.delete(state.address);
    for (const to of targets) edges.push({ from: state.address, to });
  }
  return edges;
}

/** The resource itself, or those below the component; a component cannot be its own parent in what Pulumi writes, but can here. */
function resourcesBehind(
  urn: string,
  components: ReadonlyMap<string, readonly ResourceState[]>,
): readonly string[] {
  if (!components.has(urn)) return [urn];
  const found = new Set<string>();
  const seen = new Set([urn]);
  const open = [urn];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of components.get(next) ?? []) {
      if (isResource(child)) found.add(child.address);
      else if (!child.isCustom && !seen.has(child.address)) {
        seen.add(child.address);
        open.push(child.address);
      }
    }
  }
  return [...found];
}
