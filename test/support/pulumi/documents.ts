import {
  plannedOutputs,
  type ResourceChange,
  type ResourceSide,
  type StackChange,
  storedOutputs,
  typeOf,
} from "./stack-change.ts";
import {
  blinded,
  encrypted,
  type Json,
  type JsonObject,
  masked,
  type SecretForm,
  shown,
  toJsonObject,
} from "./wire.ts";

/** The state before the change, as `pulumi stack export` writes it; with its secrets where they are asked for. */
export function stackExport(change: StackChange, { showSecrets = false } = {}): string {
  return text({ version: 3, deployment: snapshot(change, showSecrets ? shown : encrypted) });
}

/** The same as a `file://` backend keeps it (apitype.CheckpointV3). */
export function checkpoint(change: StackChange): string {
  const stack = `${change.organization}/${change.project}/${change.stack}`;
  return text({ version: 3, checkpoint: { stack, config: {}, latest: snapshot(change, encrypted) } });
}

/** What `pulumi preview --json --show-sames` prints; without `showSames`, what it prints without that flag. */
export function previewDigest(change: StackChange, { showSames = true } = {}): string {
  const steps = change.resources.filter(
    ({ op, urn }) => showSames || op !== "same" || typeOf(urn) === "pulumi:pulumi:Stack",
  );
  const changeSummary: JsonObject = {};
  for (const { op } of change.resources) changeSummary[op] = Number(changeSummary[op] ?? 0) + 1;
  return text({ config: {}, steps: inOrder(steps).map(digestStep), duration: 1_000_000, changeSummary });
}

/** Engine events, one a line, as `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json` and `--event-log` write them. */
export function engineEvents(change: StackChange): string {
  const events: JsonObject[] = [{ preludeEvent: { config: {} } }];
  for (const one of inOrder(change.resources)) {
    for (const op of stepsOf(one)) {
      const event = { metadata: eventMetadata(one, op), planning: true };
      events.push({ resourcePreEvent: event }, { resOutputsEvent: event });
    }
  }
  events.push({ summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {} } });
  events.push({ cancelEvent: {} });
  return events
    .map((event, i) => `${JSON.stringify({ sequence: i, timestamp: 1_770_000_000, ...event })}\n`)
    .join("");
}

/** A log like the events, with what an engine says beside them: diagnostics and standard output in between. */
export function eventLog(change: StackChange): string {
  const [prelude = "", ...rest] = engineEvents(change).split(/(?<=\n)/);
  const said = { message: "resolving plugins\n", color: "never" };
  const noise = [
    { sequence: 0, timestamp: 1_770_000_000, stdoutEvent: said },
    { sequence: 0, timestamp: 1_770_000_000, diagnosticEvent: { ...said, severity: "info#err" } },
  ];
  return [prelude, ...noise.map((event) => `${JSON.stringify(event)}\n`), ...rest].join("");
}

function snapshot(change: StackChange, secret: SecretForm): JsonObject {
  const resources = change.resources.flatMap(({ old, oldUrn, urn, custom = true }) =>
    old === undefined ? [] : [stored(oldUrn ?? urn, custom, old, storedOutputs(old), secret)],
  );
  return {
    manifest: { time: "2026-02-02T00:00:00Z", magic: "", version: "v3.248.0" },
    secrets_providers: { type: "passphrase", state: { salt: "v1:c2FsdA==:v1:bm9uY2U=:c2FsdA==" } },
    resources,
    metadata: {},
  };
}

/** A resource as states and digests write it (apitype.ResourceV3). */
function stored(
  urn: string,
  custom: boolean,
  side: ResourceSide,
  outputs: ResourceSide["inputs"],
  secret: SecretForm,
): JsonObject {
  const { id, parent, provider, dependencies = [], propertyDependencies = {}, aliases = [] } = side;
  const byProperty = Object.entries(propertyDependencies).map(([name, urns]): [string, Json] => [
    name,
    [...urns],
  ]);
  return {
    urn,
    custom,
    ...(id !== undefined && { id }),
    type: typeOf(urn),
    inputs: toJsonObject(side.inputs, secret),
    outputs: toJsonObject(outputs, secret),
    ...(parent !== undefined && { parent }),
    ...(side.protect === true && { protect: true }),
    ...(dependencies.length > 0 && { dependencies: [...dependencies] }),
    ...(provider !== undefined && { provider }),
    ...(byProperty.length > 0 && { propertyDependencies: Object.fromEntries(byProperty) }),
    ...(aliases.length > 0 && { aliases: [...aliases] }),
    ...(side.ignoreChanges !== undefined && { ignoreChanges: [...side.ignoreChanges] }),
  };
}

function digestStep(change: ResourceChange): JsonObject {
  const { op, urn, oldUrn, custom = true, old, next } = change;
  const provider = (next ?? old)?.provider;
  return {
    op,
    urn,
    ...(provider !== undefined && { provider }),
    ...(old !== undefined && {
      oldState: stored(oldUrn ?? urn, custom, old, storedOutputs(old), masked),
    }),
    ...(next !== undefined && { newState: stored(urn, custom, next, plannedOutputs(change), masked) }),
    detailedDiff: null,
  };
}

function eventMetadata(change: ResourceChange, op: string): JsonObject {
  const { urn, oldUrn, custom = true, old, next } = change;
  const isRemoval = op === "delete" || op === "delete-replaced";
  return {
    op,
    urn,
    type: typeOf(urn),
    old: old === undefined ? null : eventState(oldUrn ?? urn, custom, old, storedOutputs(old)),
    new: next === undefined || isRemoval ? null : eventState(urn, custom, next, plannedOutputs(change)),
    detailedDiff: null,
    logical: op !== "create-replacement" && op !== "delete-replaced",
    provider: (next ?? old)?.provider ?? "",
  };
}

/** Events tell neither dependencies nor aliases (apitype.StepEventStateMetadata). */
function eventState(
  urn: string,
  custom: boolean,
  side: ResourceSide,
  outputs: ResourceSide["inputs"],
): JsonObject {
  return {
    type: typeOf(urn),
    urn,
    custom,
    id: side.id ?? "",
    parent: side.parent ?? "",
    inputs: toJsonObject(side.inputs, blinded),
    outputs: toJsonObject(outputs, blinded),
    provider: side.provider ?? "",
  };
}

function stepsOf({ op }: ResourceChange): readonly string[] {
  return op === "replace" ? ["create-replacement", "replace", "delete-replaced"] : [op];
}

/** The engine deletes when everything else is done, the last that was made first. */
function inOrder(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const deleted = changes.filter(({ op }) => op === "delete");
  return [...changes.filter(({ op }) => op !== "delete"), ...deleted.reverse()];
}

function text(document: JsonObject): string {
  return `${JSON.stringify(document, null, 4)}\n`;
}

/** The checkpoint's place below the root of a `file://` backend. */
export function checkpointPath({ project, stack }: StackChange): string {
  return `.pulumi/stacks/${project}/${stack}.json`;
}

/** The project file of the change's stack. */
export function projectFile({ project }: StackChange): string {
  return `name: ${project}\nruntime: nodejs\n`;
}
