import { armIdKey, parentResourceId, parseArmId, resourceGroupId } from "../../dialects/arm.ts";
import type { Action, Change } from "../../model/change.ts";
import type { Deployment, Edge, Problem } from "../../model/deployment.ts";
import { InputError } from "../../model/errors.ts";
import { UNKNOWN, type Value } from "../../model/value.ts";
import { type Input, readJson } from "../input.ts";
import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";
import { nameOf } from "../name.ts";
import type { Reader } from "../reader.ts";
import { withoutEffect } from "./delta.ts";
import { armValue } from "./values.ts";

/**
 * Reads what `az deployment {group|sub|mg|tenant} what-if --no-pretty-print` prints, and the same as the REST interface gives
 * it (learn.microsoft.com/rest/api/resources/deployments/what-if). What-if predicts; what it cannot predict is unknown here.
 */
export const armWhatIf: Reader = {
  read(input: Input): readonly Deployment[] {
    const document = asObject(readJson(input));
    const properties = asObject(member(document, "properties")) ?? document;
    if (document === undefined || properties === undefined || !recogniseWhatIf(Object.keys(document))) {
      throw new InputError(
        `${input.path} is not the result of an ARM what-if: it has neither changes nor a status`,
      );
    }
    const problems = failures(document, properties, input.path);
    const hasChanges = Array.isArray(member(properties, "changes"));
    if (!hasChanges && !problems.some((problem) => problem.severity === "error")) {
      throw new InputError(`${input.path} is the result of an ARM what-if without a list of changes`);
    }
    const changes: Change[] = [];
    for (const json of asList(member(properties, "changes"))) {
      const change = changeOf(asObject(json) ?? {}, input.path, problems);
      if (change !== undefined) changes.push(change);
    }
    for (const json of asList(member(properties, "potentialChanges"))) {
      const change = changeOf(asObject(json) ?? {}, input.path, problems);
      if (change !== undefined) changes.push({ ...change, deferred: true });
    }
    return [
      {
        host: "arm-what-if",
        name: nameOf(input.path),
        knows: "before-and-after",
        changes,
        edges: partEdges(changes),
        problems,
      },
    ];
  },
};

/** Whether a document with these top-level keys is the result of a what-if, as the CLI or as REST gives it. */
export function recogniseWhatIf(keys: readonly string[]): boolean {
  if (!keys.every((key) => TOP_LEVEL.has(key))) return false;
  return (
    keys.includes("changes") ||
    (keys.includes("status") && (keys.includes("properties") || keys.includes("error")))
  );
}

const TOP_LEVEL: ReadonlySet<string> = new Set([
  "changes",
  "status",
  "error",
  "potentialChanges",
  "diagnostics",
  "properties",
  "correlationId",
  "id",
  "name",
  "type",
]);

/** What each kind of change does to the resource (WhatIfChangeType). */
const ACTIONS: Readonly<Record<string, Action>> = {
  create: "create",
  delete: "delete",
  modify: "update",
  // It will be deployed again and nobody can say what that changes; the result shows no values, so all are unknown.
  deploy: "update",
  ignore: "keep",
  nochange: "keep",
  noeffect: "keep",
};

function changeOf(json: JsonObject, file: string, problems: Problem[]): Change | undefined {
  const kind = asText(member(json, "changeType")) ?? "";
  const symbol = asText(member(json, "symbolicName"));
  const id = asText(member(json, "resourceId")) ?? symbol ?? "";
  if (kind.toLowerCase() === "unsupported") {
    const reason = asText(member(json, "unsupportedReason")) ?? "no reason given";
    problems.push(problem(`what-if cannot tell what happens to ${id || "a resource"} (${reason})`, file));
    return undefined;
  }
  const action = Object.hasOwn(ACTIONS, kind.toLowerCase()) ? ACTIONS[kind.toLowerCase()] : undefined;
  if (action === undefined || id === "") {
    const what =
      id === ""
        ? "a change without a resource id"
        : `a change of kind "${kind}", which is not known here, to ${id}`;
    problems.push(problem(`the what-if reports ${what}`, file));
    return undefined;
  }
  const parsed = parseArmId(id);
  const states = [member(json, "after"), member(json, "before")].map(asObject);
  const type =
    parsed?.type ??
    states.map((state) => asText(member(state, "type"))).find((one) => one !== undefined) ??
    "unknown";
  return {
    address: id,
    name: parsed?.name ?? asText(member(states[0] ?? states[1], "name")) ?? id,
    type,
    nativeType: type,
    action,
    ...statesOf(json, action),
    provider: { name: type.split("/")[0] as string },
    source: { file },
  };
}

/** Before and after as far as the result shows them; with ResourceIdOnly it shows neither, and then both are unknown. */
function statesOf(
  json: JsonObject,
  action: Action,
): { readonly before: Value | undefined; readonly after: Value | undefined } {
  const shown = (side: "before" | "after") => {
    const state = asObject(member(json, side));
    return state === undefined ? UNKNOWN : armValue(state);
  };
  if (action === "create") return { before: undefined, after: shown("after") };
  if (action === "delete") return { before: shown("before"), after: undefined };
  const before = shown("before");
  if (action === "keep") {
    // What is ignored is shown as it is; for what does not change, both sides say the same.
    const known = before === UNKNOWN ? shown("after") : before;
    return { before: known, after: known };
  }
  return { before, after: withoutEffect(shown("after"), before, member(json, "delta")) };
}

/** What the result says of itself: an error, a status other than success, diagnostics. */
function failures(document: JsonObject, properties: JsonObject, file: string): Problem[] {
  const problems: Problem[] = [];
  const error = asObject(member(document, "error"));
  const status = asText(member(document, "status"));
  if (error !== undefined) {
    const code = asText(member(error, "code")) ?? "error";
    problems.push(
      problem(`the what-if failed: ${code}: ${asText(member(error, "message")) ?? "no message"}`, file),
    );
  } else if (status !== undefined && status.toLowerCase() !== "succeeded") {
    problems.push(problem(`the what-if did not succeed: its status is ${status}`, file));
  }
  for (const json of asList(member(properties, "diagnostics") ?? member(document, "diagnostics"))) {
    const diagnostic = asObject(json);
    const level = (asText(member(diagnostic, "level")) ?? "").toLowerCase();
    const text = `${asText(member(diagnostic, "code")) ?? "diagnostic"}: ${asText(member(diagnostic, "message")) ?? "no message"}`;
    if (level === "error") problems.push(problem(`the what-if reports ${text}`, file));
    // A warning can mean that a nested template was not expanded, so that its resources are missing.
    else if (level === "warning")
      problems.push({ ...problem(`the what-if warns of ${text}`, file), severity: "warning" });
  }
  return problems;
}

function problem(message: string, file: string): Problem {
  return { message: `${message.replace(/\.$/, "")}.`, source: { file }, severity: "error" };
}

/** Each resource depends on the one it is a part of, else on its resource group, where that is in the result. */
function partEdges(changes: readonly Change[]): readonly Edge[] {
  const addresses = new Map(changes.map((change) => [armIdKey(change.address), change.address]));
  return changes.flatMap(({ address }): readonly Edge[] => {
    for (let id = parentResourceId(address); id !== undefined; id = parentResourceId(id)) {
      const to = addresses.get(armIdKey(id));
      if (to !== undefined) return [{ from: address, to }];
    }
    const group = addresses.get(armIdKey(resourceGroupId(address) ?? ""));
    return group === undefined || group === address ? [] : [{ from: address, to: group }];
  });
}
