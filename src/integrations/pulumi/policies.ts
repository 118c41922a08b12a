import type { PolicyConfigSchema, Severity } from "@pulumi/policy";
import { z } from "zod";
import type { ActivePolicy } from "../../engine/evaluation.ts";
import { helpOf } from "../../engine/finding.ts";
import type { Pack, Policy } from "../../engine/policy.ts";
import { UsageError } from "../../model/errors.ts";

/** A policy with what the configuration makes of it, switched-off ones included: Pulumi's configuration may switch them on. */
export interface OfferedPolicy {
  readonly policy: Policy;
  readonly level: "mandatory" | "advisory" | "disabled";
  /** Options as `firebreak.yaml` sets them, defaults filled in. */
  readonly options: unknown;
}

/** All policies of the packs, by id. */
export function offeredPolicies(
  active: readonly ActivePolicy[],
  packs: readonly Pack[],
): readonly OfferedPolicy[] {
  const offered = new Map<string, OfferedPolicy>();
  for (const { policy } of packs.flatMap((pack) => pack.entries)) {
    // Where options are required there are no defaults: whoever switches the policy on gives them.
    const defaults = policy.options?.safeParse({});
    offered.set(policy.id, { policy, level: "disabled", options: defaults?.success ? defaults.data : {} });
  }
  for (const one of active) offered.set(one.policy.id, one);
  return [...offered.values()].sort((a, b) => (a.policy.id < b.policy.id ? -1 : 1));
}

/** What Pulumi shows of a policy: name, level, severity, what it prevents, what to do, where to read on. */
export function descriptionOf({ policy, level, options }: OfferedPolicy) {
  return {
    name: policy.id,
    displayName: policy.title,
    description: `${policy.title}.`,
    enforcementLevel: level,
    severity: policy.severity satisfies Severity,
    tags: [policy.id.slice(0, policy.id.indexOf("/")), ...(policy.incidents ?? [])],
    remediationSteps: `${policy.hazard} Each violation says what to do instead; \`firebreak explain ${policy.id}\` shows the safe way, and a waiver in firebreak.yaml accepts a finding for a time.`,
    url: helpOf(policy.id),
    configSchema: configSchemaOf(policy, options),
  };
}

/**
 * The policy's options as Pulumi's configuration takes them. The defaults are what `firebreak.yaml` sets: Pulumi fills in
 * defaults by itself, and what was written there must not be lost by that.
 */
function configSchemaOf(policy: Policy, options: unknown): PolicyConfigSchema {
  if (policy.options === undefined) return { properties: {} };
  const { properties = {} } = z.toJSONSchema(policy.options, { target: "draft-7", io: "input" });
  const set = new Map(Object.entries(options ?? {}));
  const entries = Object.entries(properties).map(([name, schema]) => [
    name,
    { ...(typeof schema === "object" ? schema : {}), ...(set.has(name) && { default: set.get(name) }) },
  ]);
  return { properties: Object.fromEntries(entries) as PolicyConfigSchema["properties"] };
}

/** The policy as Pulumi's configuration sets it; options that it does not take are a UsageError. */
export function configured(
  { policy, level, options }: OfferedPolicy,
  config: Readonly<Record<string, unknown>>,
): ActivePolicy {
  const active = { policy, level: level === "advisory" ? ("advisory" as const) : ("mandatory" as const) };
  if (policy.options === undefined) {
    const [first] = Object.keys(config);
    if (first === undefined) return { ...active, options };
    throw new UsageError(`${policy.id} takes no options, but "${first}" is set`);
  }
  const parsed = policy.options.safeParse({ ...(options as object), ...config });
  if (parsed.success) return { ...active, options: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new UsageError(`${policy.id}: ${path === "" ? "" : `${path}: `}${issue?.message ?? "invalid"}`);
}
