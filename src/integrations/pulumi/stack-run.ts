import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { Graph, type Relations } from "../../graph/graph.ts";
import { StackBuilder } from "../../inputs/pulumi/deployment.ts";
import { changeOf, isResource, type ResourceState } from "../../inputs/pulumi/resource.ts";
import type { Change } from "../../model/change.ts";
import type { Deployment } from "../../model/deployment.ts";
import { actionOf } from "./action.ts";
import type { BeforeState } from "./before-state.ts";
import { finishedState, isLeftOut, providerState, registeredState } from "./registration.ts";

const HOST = "pulumi-analyzer";

/** A registered resource: as the program wants it, and as it is now. */
interface Registration {
  readonly state: ResourceState;
  readonly old: ResourceState | undefined;
}

/** A deployment, and who depends on whom in it. */
export interface Judgeable {
  readonly deployment: Deployment;
  readonly relations: Relations;
}

/**
 * One run of the engine over one stack, rebuilt from what the engine tells: each resource when the program registers it,
 * and all of them at the end. What it does not tell, the state before, is laid beside it.
 */
export class StackRun {
  readonly #name: string;
  readonly #before: BeforeState;
  readonly #existing: ReadonlyMap<string, ResourceState>;
  readonly #registrations = new Map<string, Registration>();
  readonly #providers = new Map<string, ResourceState>();
  #existingGraph: { readonly graph: Graph; readonly changeOf: ReadonlyMap<string, Change> } | undefined;

  constructor(name: string, before: BeforeState) {
    this.#name = name;
    this.#before = before;
    const states = before.kind === "known" ? before.states : [];
    this.#existing = new Map(states.map((state) => [state.address, state]));
  }

  /**
   * A resource that is about to be operated on, alone: who depends on it is told from what exists. Undefined where nothing
   * happens to it, and for what is no resource of a cloud.
   */
  register(args: ResourceValidationArgs): Judgeable | undefined {
    const old = this.#oldOf(args.urn, args.opts.aliases);
    const state = registeredState(args, old);
    if (state === undefined) return undefined;
    this.#registrations.set(args.urn, { state, old });
    const provider = providerState(args);
    if (provider !== undefined) this.#providers.set(provider.address, provider);
    if (!isResource(state) || isLeftOut(state, old)) return undefined;
    const action = actionOf(old, state);
    if (action === "keep") return undefined;
    const stack = this.#builder();
    if (provider !== undefined) stack.add(provider);
    const change = changeOf(action, old, state, stack.providerVersion);
    stack.changes.push(change);
    const deployment = stack.build(HOST, this.#name, this.#knows);
    return { deployment, relations: this.#amongExisting(change, old) };
  }

  /** Whether anything was registered: without that, the end of a run tells only what came of it, not what was asked for. */
  get sawInputs(): boolean {
    return this.#registrations.size > 0;
  }

  /** The whole stack at the end of a preview or an update: what the engine does not list any more is gone. */
  finish(resources: readonly PolicyResource[]): Judgeable {
    const stack = this.#builder();
    for (const provider of this.#providers.values()) stack.add(provider);
    const kept = new Set<ResourceState>();
    const registrations: Registration[] = [];
    // The engine lists them in no particular order.
    for (const resource of [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1))) {
      const old = this.#oldOf(resource.urn, resource.opts.aliases);
      if (old !== undefined) kept.add(old);
      const registration = this.#registrations.get(resource.urn);
      // Not registered in this run: left out of it by --target, or only read.
      const state = registration === undefined ? old : finishedState(resource, registration.state);
      if (state === undefined) continue;
      stack.add(state);
      registrations.push({ state, old });
    }
    for (const one of registrations) {
      if (isResource(one.state) && !isLeftOut(one.state, one.old))
        stack.changes.push(this.#changeOf(one, stack));
    }
    for (const state of this.#existing.values()) {
      if (kept.has(state)) continue;
      stack.add(state);
      if (!isResource(state)) continue;
      const action = state.isRetained || state.isExternal ? "forget" : "delete";
      stack.changes.push(changeOf(action, state, undefined, stack.providerVersion));
    }
    if (this.#before.kind === "known") stack.problems.push(...this.#before.problems);
    const deployment = stack.build(HOST, this.#name, this.#knows);
    return { deployment, relations: new Graph([deployment]) };
  }

  get #knows(): Deployment["knows"] {
    return this.#before.kind === "known" ? "before-and-after" : "after-only";
  }

  /** The engine gives as alias the URN under which it has found the resource, where that is another one. */
  #oldOf(urn: string, aliases: readonly string[] | undefined): ResourceState | undefined {
    for (const one of [urn, ...(aliases ?? [])]) {
      const state = this.#existing.get(one);
      if (state !== undefined) return state;
    }
    return undefined;
  }

  #builder(): StackBuilder {
    return new StackBuilder(this.#name);
  }

  #changeOf({ state, old }: Registration, stack: StackBuilder): Change {
    const action = state === old ? "keep" : actionOf(old, state);
    return changeOf(action, old, state, stack.providerVersion);
  }

  /** Relations among what exists, in which the changed resource stands where it stood. */
  #amongExisting(change: Change, old: ResourceState | undefined): Relations {
    this.#existingGraph ??= graphOf([...this.#existing.values()], this.#builder());
    const { graph, changeOf: kept } = this.#existingGraph;
    const stood = old === undefined ? undefined : kept.get(old.address);
    const place = (one: Change) => (one === change && stood !== undefined ? stood : one);
    return {
      regionOf: (one) => graph.regionOf(place(one)),
      reachOf: (one) => graph.reachOf(place(one)),
      dependenciesOf: (one) => graph.dependenciesOf(place(one)),
    };
  }
}

function graphOf(states: readonly ResourceState[], stack: StackBuilder) {
  for (const state of states) stack.add(state);
  for (const state of states) {
    if (isResource(state)) stack.changes.push(changeOf("keep", state, state, stack.providerVersion));
  }
  const { changes } = stack;
  return {
    graph: new Graph([stack.build(HOST, "")]),
    changeOf: new Map(changes.map((change) => [change.address, change])),
  };
}
