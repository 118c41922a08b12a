import type { Facts } from "../facets/facet.ts";
import type { Field } from "../facets/field.ts";
import type { Reach } from "../graph/reach.ts";
import type { Change } from "../model/change.ts";
import { maskCredential } from "../model/credentials.ts";
import type { Deployment } from "../model/deployment.ts";
import type { JsonValue } from "../model/report.ts";
import { withoutSecrets } from "../model/secret-texts.ts";
import { isList, Secret, Unknown, type Value } from "../model/value.ts";
import type { ActivePolicy, RawFinding } from "./evaluation.ts";
import type { Violation } from "./policy.ts";

/** Where a finding points: one resource, or the deployment as a whole. */
export interface Subject {
  readonly deployment: Deployment;
  readonly change: Change | undefined;
  readonly facet: string;
  readonly before: Facts<Record<string, unknown>> | undefined;
  readonly after: Facts<Record<string, unknown>> | undefined;
}

/** Makes the finding of a violation: names the property as the host spells it, with its before and after. */
export function toFinding(
  active: ActivePolicy,
  subject: Subject,
  violation: Violation<string>,
  reach: Reach | undefined,
): RawFinding {
  const { policy } = active;
  const { change, deployment } = subject;
  const confidence = violation.confidence ?? "high";
  const was = violation.at === undefined ? undefined : subject.before?.[violation.at];
  const will = violation.at === undefined ? undefined : subject.after?.[violation.at];
  const canonicalPath = (will ?? was)?.path ?? "";
  const path = change?.spell?.(canonicalPath) ?? canonicalPath;
  const source = change === undefined ? undefined : (deployment.locate?.(change, path) ?? change.source);
  return {
    policy: policy.id,
    // What rests on a guess may be said, but must not stop anybody.
    level: confidence === "low" ? "advisory" : active.level,
    severity: policy.severity,
    confidence,
    state: "open",
    deployment: deployment.name,
    address: change?.address ?? deployment.name,
    type: change?.nativeType ?? "deployment",
    action: change?.action ?? "update",
    path,
    before: rawOf(was),
    after: rawOf(will),
    ...(violation.at !== undefined && {
      fact: { facet: subject.facet, name: violation.at, before: factOf(was), after: factOf(will) },
    }),
    ...(violation.about !== undefined && { about: violation.about }),
    message: withoutSecrets(violation.message),
    fix: withoutSecrets(violation.fix),
    ...(reach !== undefined && { reach: reach.summary() }),
    ...(violation.related !== undefined && { related: violation.related.map((one) => one.address).sort() }),
    ...(source !== undefined && { source }),
    incidents: [...(policy.incidents ?? [])],
    help: helpOf(policy.id),
  };
}

/** The policy's document, relative to the package. */
export function helpOf(policy: string): string {
  return `policies/${policy}.md`;
}

/** A policy that threw: said against the policy, never silence; the run as a whole is incomplete. */
export function crashFinding(
  active: ActivePolicy,
  deployment: Deployment,
  change: Change | undefined,
  error: unknown,
): RawFinding {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    ...toFinding(
      active,
      { deployment, change, facet: "", before: undefined, after: undefined },
      {
        message: `The policy ${active.policy.id} crashed here and could not judge this change (${firstLine(what)}).`,
        fix: "Judge this change by hand, and report the crash to the policy's author.",
        confidence: "low",
      },
      undefined,
    ),
    confidence: "high",
  };
}

function firstLine(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0] ?? "";
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function rawOf(field: Field<unknown> | undefined): JsonValue {
  return field === undefined ? null : toJson(field.raw, lastName(field));
}

function factOf(field: Field<unknown> | undefined): JsonValue {
  if (field === undefined) return null;
  if (field.raw instanceof Secret) return toJson(field.raw);
  return toJson(field.value as Value, lastName(field));
}

function lastName(field: Field<unknown>): string | undefined {
  return field.path
    .split(".")
    .at(-1)
    ?.replace(/\[\d+\]$/, "");
}

/**
 * A value as a report may show it: secrets and unknowns as words. A text under a name that holds credentials is a secret
 * even where its host did not mark it: Terraform does not mark what a provider computes from a secret.
 */
function toJson(value: Value | undefined, name = ""): JsonValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return String(maskCredential(value, name));
  if (value instanceof Secret || value instanceof Unknown) return value.toString();
  if (isList(value)) return value.map((item) => toJson(item, name));
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item as Value, key)]));
  }
  return value;
}
