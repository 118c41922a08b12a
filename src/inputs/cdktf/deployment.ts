import { withoutKeys } from "../../model/address.ts";
import type { Change, Provider, SourceLocation } from "../../model/change.ts";
import type {
  Configuration,
  CrossEdge,
  Deployment,
  Directives,
  Edge,
  Problem,
} from "../../model/deployment.ts";
import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";
import { objectsIn, type ResourceBlock } from "./blocks.ts";
import { configured } from "./configured.ts";
import { eachReference } from "./references.ts";
import type { Stack } from "./stack.ts";
import { constructPathOf, sourceOf } from "./trace.ts";

/**
 * What a synthesised stack, a part of the configuration, proposes as far as it can be told without Terraform: everything in
 * it is to be there.
 */
export function deploymentOf(
  stack: Stack,
  configuration: Configuration,
  file: string,
  dependsOn?: readonly string[],
): Deployment {
  const imported = importedBy(stack);
  const changes = stack.blocks.flatMap((block) =>
    changesOf(stack, block, imported, sourceOf(block.body) ?? { file }),
  );
  const { edges, crossEdges } = edgesOf(stack);
  return {
    host: "cdktf-synth",
    name: stack.name,
    knows: "after-only",
    changes,
    edges,
    problems: problemsOf(stack, file),
    crossEdges,
    ...(dependsOn === undefined ? {} : { dependsOn }),
    directives: directivesOf(stack),
    configuration,
    constructPaths: constructPathsOf(stack),
  };
}

/** The instances of a block, of which those that are `imported` exist already; written at `source`. */
export function changesOf(
  stack: Stack,
  block: ResourceBlock,
  imported: ReadonlySet<string>,
  source: SourceLocation,
): readonly Change[] {
  const provider = providerOf(stack, block);
  return stack.instancesOf(block).instances.map((instance) => {
    const address = `${stack.prefix}${block.address}${instance.suffix}`;
    const { type, value, spell } = configured(stack, block, instance);
    return {
      address,
      name: block.name,
      type,
      nativeType: block.type,
      action: block.isData ? "read" : imported.has(address) ? "import" : "create",
      before: undefined,
      after: value,
      ...(spell && { spell }),
      provider,
      stack: stack.root.name,
      source,
    };
  });
}

function constructPathsOf(stack: Stack): ReadonlyMap<string, string> {
  const paths = stack.blocks.map((block) => [block.address, constructPathOf(block.body)] as const);
  return new Map(paths.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

function providerOf(stack: Stack, block: ResourceBlock): Provider {
  const chosen = asText(member(block.body, "provider"))?.replace(/^\$\{|\}$/g, "");
  const local = (chosen ?? block.type.replace(/_.*/s, "")).split(".")[0] as string;
  const required = stack.providers.get(local);
  return {
    name: required?.name ?? local,
    ...(required?.major === undefined ? {} : { major: required.major }),
  };
}

/** The addresses that `import` blocks name. */
export function importedBy(stack: Stack): ReadonlySet<string> {
  return new Set(
    objectsIn(member(stack.document, "import")).map((block) => bareAddress(member(block, "to"))),
  );
}

/** Something with an address, as it is written in Terraform's JSON syntax. */
export interface Addressed {
  readonly address: string;
  readonly body: JsonObject;
}

/** Who refers to whom, through locals, modules and the states of the app's other stacks too; `all` are those that may refer. */
export function edgesOf(
  stack: Stack,
  all: readonly Addressed[] = stack.blocks,
): { edges: readonly Edge[]; crossEdges: readonly CrossEdge[] } {
  const edges = new Map<string, Edge>();
  const crossEdges = new Map<string, CrossEdge>();
  for (const block of all) {
    const from = `${stack.prefix}${block.address}`;
    const seen = new Set<string>();
    // What is still to be looked through: the block itself, locals and outputs that it names, one after the other.
    const texts: { readonly json: unknown; readonly within: Stack }[] = [{ json: block.body, within: stack }];
    for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
      const { json, within } = text;
      eachReference(json, (reference) => {
        // What many blocks lead to is looked through for each of them.
        if (json !== block.body) stack.budget.spend(1);
        if (stack.budget.isSpent) return;
        const leads = within.behind(reference);
        for (const lead of leads) if (isFirst(seen, lead.id)) texts.push(lead);
        if (leads.length > 0) return;
        const isCross = within.root !== stack.root;
        const to = within.targetOf(reference);
        if (to === undefined || (!isCross && to === from)) return;
        const attribute = reference.names[reference.names[0] === "data" ? 3 : 2];
        const used = attribute === undefined ? {} : { attribute };
        const key = `${from} ${within.name} ${to} ${attribute} ${reference.sameKey}`;
        if (isCross) crossEdges.set(key, { from, deployment: within.name, to, ...used });
        else edges.set(key, { from, to, ...used, ...(reference.sameKey ? { sameKey: true } : {}) });
      });
    }
  }
  return { edges: [...edges.values()], crossEdges: [...crossEdges.values()] };
}

function isFirst(seen: Set<string>, what: string): boolean {
  if (seen.has(what)) return false;
  seen.add(what);
  return true;
}

/** What a document says about its resources beside their properties; of its modules, that they are not shown. */
export function directivesOf(stack: Stack): Directives {
  const { prefix } = stack;
  const ignored = new Map<string, readonly string[] | "all">();
  for (const block of stack.blocks) {
    for (const lifecycle of objectsIn(member(block.body, "lifecycle"))) {
      const changes = member(lifecycle, "ignore_changes");
      if (changes === "all") ignored.set(withoutKeys(`${prefix}${block.address}`), "all");
      else if (asList(changes).length > 0)
        ignored.set(withoutKeys(`${prefix}${block.address}`), asList(changes).map(String));
    }
  }
  return {
    hiddenModules: [...stack.modules.keys()].map((name) => `${prefix}module.${name}`),
    moved: objectsIn(member(stack.document, "moved")).map((block) => ({
      from: `${prefix}${bareAddress(member(block, "from"))}`,
      to: `${prefix}${bareAddress(member(block, "to"))}`,
    })),
    forgotten: objectsIn(member(stack.document, "removed"))
      .filter((block) =>
        objectsIn(member(block, "lifecycle")).some((one) => member(one, "destroy") === false),
      )
      .map((block) => `${prefix}${bareAddress(member(block, "from"))}`),
    ignored,
    openInstances: stack.blocks
      .filter((block) => stack.instancesOf(block).isOpen)
      .map((block) => `${prefix}${block.address}`),
  };
}

/** An address as `moved`, `import` and `removed` write it: plain, or as a template. */
function bareAddress(json: unknown): string {
  return (asText(json) ?? "").trim().replace(/^\$\{\s*|\s*\}$/g, "");
}

function problemsOf(stack: Stack, file: string): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [name, body] of stack.modules) {
    problems.push({
      message: `${stack.name}: the resources of module.${name} (${asText(member(body, "source")) ?? "no source"}) are not part of the synthesised stack, so nothing is said about them; judge a plan to see them.`,
      source: sourceOf(body) ?? { file },
      severity: "error",
    });
  }
  if (stack.budget.isSpent) {
    problems.push({
      message: `${stack.name}: its expressions are too large to be worked out, so many values are left unknown.`,
      source: { file },
      severity: "error",
    });
  }
  return problems;
}

/** The stack's own name, as the synthesiser wrote it into the document. */
export function stackNameIn(document: JsonObject): string | undefined {
  const metadata = asObject(member(asObject(member(document, "//")), "metadata"));
  return asText(member(metadata, "stackName"));
}
