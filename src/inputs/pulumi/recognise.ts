/** The kinds of document that Pulumi writes. */
export type PulumiDocument = "pulumi-preview-digest" | "pulumi-events" | "pulumi-state";

/** Members that an engine event has beside the one that says what happened. */
const EVENT_FRAME = ["sequence", "timestamp"];

/** Which of Pulumi's documents has these top-level keys; of a stream, those of its first object. */
export function recognisePulumi(keys: ReadonlySet<string>): PulumiDocument | undefined {
  const has = (...names: readonly string[]) => names.every((name) => keys.has(name));
  if (has("version", "deployment") || has("version", "checkpoint")) return "pulumi-state";
  if (has("latest") && (has("target") || has("stack"))) return "pulumi-state";
  if (has(...EVENT_FRAME) && [...keys].some((key) => key.endsWith("Event"))) return "pulumi-events";
  if (has("events") && [...keys].every((key) => key === "events" || key === "continuationToken"))
    return "pulumi-events";
  if (has("changeSummary") && (has("config") || has("steps") || has("duration")))
    return "pulumi-preview-digest";
  if (has("steps") && (has("config") || has("duration") || has("diagnostics")))
    return "pulumi-preview-digest";
  return undefined;
}
