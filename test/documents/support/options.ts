import * as z from "zod";
import type { Policy } from "../../../src/engine/policy.ts";

/** An option as the policy's schema defines it. */
export interface Option {
  readonly name: string;
  /** As a document writes it. */
  readonly standard: string;
}

export function optionsOf(policy: Policy): readonly Option[] {
  if (policy.options === undefined) return [];
  const { properties = {} } = z.toJSONSchema(policy.options, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const standard = typeof property === "object" ? property.default : undefined;
    if (standard === undefined) throw new Error(`the option ${name} of ${policy.id} has no default`);
    return { name, standard: typeof standard === "string" ? standard : JSON.stringify(standard) };
  });
}

/** Whether a text names the option and, next to it, its default: `` `name` (default 5) ``, `` | `name` | `5` | ``. */
export function tells(text: string, { name, standard }: Option): boolean {
  const escaped = standard.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\`${name}\`[\\s|(]*(?:default:?\\s+)?\`?${escaped}\`?(?=[\\s|),.:;]|$)`).test(text);
}

/** Names that a text introduces as options. */
export function toldOptions(text: string): readonly string[] {
  const names = text.matchAll(/`([A-Za-z]\w*)`\s*(?:\(default|\|\s*`)/g);
  return [...names].map((found) => found[1] as string);
}
