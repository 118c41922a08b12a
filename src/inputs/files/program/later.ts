import type { Node } from "web-tree-sitter";
import { chainOf } from "./chain.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Names } from "./names.ts";
import type { Syntax } from "./syntax.ts";

/** A statement that sets something of a resource after it was made. */
export interface LaterSetting {
  /** What is set: a property as the program spells it, one as Terraform does, or any of them. */
  readonly property: { readonly native: string } | { readonly terraform: string } | "any";
  readonly node: Node;
}

/** CDKTF's methods that name a property in themselves: `putNetworkRules`, `resetTags`. */
const NAMING = /^(?:put|reset)([A-Z]\w*)$/;
/** CDKTF's methods that take the way to a property: `addOverride("network_rules.default_action", …)`. */
const OVERRIDES: ReadonlySet<string> = new Set(["addOverride", "addDeletionOverride"]);

/** What the file sets of each resource after it was made, by the id of the `new` expression. */
export function laterSettings(
  syntax: Syntax,
  names: Names,
  evaluator: Evaluator,
): ReadonlyMap<number, readonly LaterSetting[]> {
  const settings = new Map<number, LaterSetting[]>();
  const add = (nodes: readonly Node[], setting: LaterSetting) => {
    for (const { id } of nodes) {
      const known = settings.get(id);
      if (known === undefined) settings.set(id, [setting]);
      else known.push(setting);
    }
  };
  for (const type of ["assignment_expression", "augmented_assignment_expression"] as const) {
    for (const node of syntax.nodes(type)) {
      const target = node.childForFieldName("left");
      if (target === null) continue;
      const { nodes, rest } = names.made(target);
      const [native] = rest;
      if (native !== undefined) add(nodes, { property: { native }, node });
      else if (chainOf(target).isPartial) add(nodes, { property: "any", node });
    }
  }
  for (const node of syntax.nodes("call_expression")) {
    const callee = node.childForFieldName("function");
    const method = callee === null ? undefined : chainOf(callee).names.at(-1);
    if (callee === null || method === undefined) continue;
    const isOverride = OVERRIDES.has(method);
    const named = NAMING.exec(method)?.[1];
    if (!isOverride && named === undefined) continue;
    const { nodes, rest } = names.made(callee);
    const isOwn = rest.length === 1;
    if (isOwn && isOverride) add(nodes, { property: overridden(node, evaluator), node });
    else if (isOwn && named !== undefined)
      add(nodes, { property: { native: `${named.charAt(0).toLowerCase()}${named.slice(1)}` }, node });
    else if (rest[0] !== undefined) add(nodes, { property: { native: rest[0] }, node });
  }
  return settings;
}

function overridden(call: Node, evaluator: Evaluator): LaterSetting["property"] {
  const [path] = call.childForFieldName("arguments")?.namedChildren ?? [];
  const text = path && evaluator.text(path);
  const terraform = text?.split(".")[0];
  return terraform === undefined || terraform === "" ? "any" : { terraform };
}
