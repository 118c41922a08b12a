import { withoutKeys } from "../../../model/address.ts";
import type { Change, SourceLocation } from "../../../model/change.ts";
import type { Deployment, Directives, Edge, Problem } from "../../../model/deployment.ts";
import { stepsOf } from "../../../syntax/steps.ts";
import { changesOf, directivesOf, edgesOf, importedBy } from "../../cdktf/deployment.ts";
import type { JsonObject } from "../../json-value.ts";
import type { ModuleStack } from "./module-stack.ts";
import type { SourceFile } from "./source-file.ts";

/** More than any root module has; what is beyond is not judged, and a problem says so. */
const MOST_CHANGES = 50_000;

/** What a root module and the local modules in it describe, with these files of values. */
export function deploymentOf(root: ModuleStack, values: readonly SourceFile[]): Deployment {
  const stacks = [...root.all()];
  const imported = importedBy(root);
  const sites = new Map<string, Site>();
  const changes: Change[] = [];
  for (const stack of stacks) {
    for (const block of stack.blocks) {
      if (changes.length > MOST_CHANGES) break;
      const header = [block.isData ? "data" : "resource", block.type, block.name];
      sites.set(withoutKeys(`${stack.prefix}${block.address}`), { stack, header });
      changes.push(...changesOf(stack, block, imported, stack.module.placeOf(block.body)));
    }
    for (const [name, body] of stack.hidden) {
      const call = callOf(stack, name, body);
      sites.set(withoutKeys(call.address), { stack, header: ["module", name] });
      changes.push(call);
    }
  }
  const sources = [...new Set(stacks.map(({ module }) => module)), ...values];
  return {
    host: "git-diff",
    name: root.name,
    knows: "after-only",
    changes,
    edges: stacks.flatMap(edgesIn),
    problems: [...sources.flatMap(({ problems }) => problems), ...limitsOf(root, changes.length)],
    directives: joined(stacks.map(directivesIn)),
    locate: (change, property) => placeOf(sites, change, property),
    suppressions: sources.flatMap(({ suppressions }) => suppressions),
  };
}

/** Where the block of a resource is written: the module that it is in, and its header. */
interface Site {
  readonly stack: ModuleStack;
  readonly header: readonly string[];
}

/**
 * A call of a module that is not here stands for all that is in it: a registry's module at another version, or with other
 * arguments, is a change though nobody sees of what.
 */
function callOf(stack: ModuleStack, name: string, body: JsonObject): Change {
  return {
    address: `${stack.prefix}module.${name}`,
    name,
    type: "module",
    nativeType: "module",
    action: "create",
    before: undefined,
    after: stack.argumentsOf(body),
    stack: stack.root.name,
    source: stack.module.placeOf(body),
  };
}

function edgesIn(stack: ModuleStack): readonly Edge[] {
  const calls = stack.hidden.map(([name, body]) => ({ address: `module.${name}`, body }));
  return edgesOf(stack, [...stack.blocks, ...calls]).edges;
}

function directivesIn(stack: ModuleStack): Directives {
  const own = directivesOf(stack);
  const open = stack.isOpen
    ? stack.blocks.map(({ address }) => `${stack.prefix}${address}`)
    : own.openInstances;
  return {
    ...own,
    hiddenModules: stack.hidden.map(([name]) => `${stack.prefix}module.${name}`),
    openInstances: open,
  };
}

function joined(all: readonly Directives[]): Directives {
  return {
    hiddenModules: all.flatMap(({ hiddenModules }) => hiddenModules),
    moved: all.flatMap(({ moved }) => moved),
    forgotten: all.flatMap(({ forgotten }) => forgotten),
    ignored: new Map(all.flatMap(({ ignored }) => [...ignored])),
    openInstances: all.flatMap(({ openInstances }) => openInstances),
  };
}

function limitsOf(root: ModuleStack, count: number): readonly Problem[] {
  const said: string[] = [];
  if (root.budget.isSpent)
    said.push("has expressions that are too large to be worked out, so many values are left unknown");
  if (count > MOST_CHANGES)
    said.push(`describes more than ${MOST_CHANGES} resources, and those beyond are not judged`);
  return said.map((what) => ({ message: `${root.name} ${what}.`, severity: "error" }));
}

/** The narrowest place of a property; what an override file sets again is found there. */
function placeOf(
  sites: ReadonlyMap<string, Site>,
  change: Change,
  property: string,
): SourceLocation | undefined {
  const site = sites.get(withoutKeys(change.address));
  if (site === undefined) return undefined;
  const steps = stepsOf(property);
  for (const block of site.stack.module.written(site.header)) {
    const place = block.placeOf(steps);
    if (place !== undefined) return place;
  }
  return change.source;
}
