/** What Pulumi's engine says of a run, from the file that `--event-log` writes. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const policyEvent = z.object({
  resourceUrn: z.string().optional(),
  /** The policy's description, a line break and the violation. */
  message: z.string(),
  policyName: z.string(),
  policyPackName: z.string(),
  enforcementLevel: z.enum(["advisory", "mandatory", "remediate", "disabled", "warning"]),
  severity: z.string().optional(),
});

const resourcePreEvent = z.object({
  metadata: z.object({ op: z.string(), urn: z.string(), type: z.string() }),
  planning: z.boolean().optional(),
});

const diagnosticEvent = z.object({ message: z.string(), severity: z.string(), urn: z.string().optional() });

const engineEvent = z.object({
  policyEvent: policyEvent.optional(),
  resourcePreEvent: resourcePreEvent.optional(),
  diagnosticEvent: diagnosticEvent.optional(),
});

export interface EngineEvents {
  /** The violations that policies reported, in the order in which the engine told them. */
  readonly policyEvents: readonly z.infer<typeof policyEvent>[];
  /** What the engine is about to do with each resource. */
  readonly resourcePreEvents: readonly z.infer<typeof resourcePreEvent>[];
  /** Warnings and errors; debug messages are left out. */
  readonly diagnosticEvents: readonly z.infer<typeof diagnosticEvent>[];
  /** The file itself: one event a line. There is none when the CLI failed before it began. */
  readonly eventLog: string | undefined;
}

/** Reads an event log. */
export function engineEvents(file: string): EngineEvents {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const events = lines.map((line) => engineEvent.parse(JSON.parse(line)));
  return {
    policyEvents: events.flatMap((event) => event.policyEvent ?? []),
    resourcePreEvents: events.flatMap((event) => event.resourcePreEvent ?? []),
    diagnosticEvents: events.flatMap(({ diagnosticEvent: found }) =>
      found === undefined || found.severity === "debug" ? [] : [found],
    ),
    eventLog: lines.length === 0 ? undefined : file,
  };
}
