import * as z from "zod";

/** A violation, as the engine reports it. */
export interface Violation {
  readonly policy: string;
  readonly level: string;
  readonly severity: string | undefined;
  /** Type and name of the resource, as the CLI writes them. */
  readonly resource: string;
  readonly message: string;
}

/** What the demo reads from the engine's event log. */
export interface EngineEvents {
  readonly violations: readonly Violation[];
  /** How many resources the engine creates, updates, leaves as they are, … */
  readonly counts: Readonly<Record<string, number>>;
  /** What it does with each resource that does not stay as it is: `update type: name`. */
  readonly steps: readonly string[];
}

const engineEvent = z.object({
  policyEvent: z
    .object({
      resourceUrn: z.string(),
      message: z.string(),
      policyName: z.string(),
      policyPackName: z.string(),
      enforcementLevel: z.string(),
      severity: z.string().optional(),
    })
    .optional(),
  resourcePreEvent: z.object({ metadata: z.object({ op: z.string(), urn: z.string() }) }).optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
});

/** Reads an event log, one event a line; a line that an interrupted run left unfinished cannot come up here. */
export function readEvents(log: string): EngineEvents {
  const violations: Violation[] = [];
  const steps: string[] = [];
  let counts: Record<string, number> = {};
  for (const line of log.split("\n")) {
    if (line === "") continue;
    const event = engineEvent.parse(JSON.parse(line));
    const { policyEvent: policy, resourcePreEvent: step, summaryEvent: summary } = event;
    if (policy !== undefined && policy.policyPackName === "firebreak") {
      violations.push({
        policy: policy.policyName,
        level: policy.enforcementLevel,
        severity: policy.severity,
        resource: resourceOf(policy.resourceUrn),
        message: plain(policy.message),
      });
    }
    if (step !== undefined && step.metadata.op !== "same") {
      steps.push(`${step.metadata.op} ${resourceOf(step.metadata.urn)}`);
    }
    if (summary !== undefined) counts = summary.resourceChanges ?? {};
  }
  return { violations, counts, steps };
}

/** `urn:pulumi:stack::project::parent$type::name` → `type: name`. */
function resourceOf(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)}: ${name}`;
}

/** Takes out the engine's marks for colours, such as `<{%reset%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trim();
}
