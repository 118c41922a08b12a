import * as z from "zod";
import { retryBehaviour } from "../../src/facets/retry-behaviour.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "clients/bounded-retries",
  title: "Retries end",
  hazard: "Calls that never give up pile up during an outage and all arrive when the service comes back.",
  severity: "high",
  incidents: ["azure-2026-02-managed-identity-surge"],
  options: z.strictObject({
    maxRetries: z.int().nonnegative().default(5).describe("The most attempts after the first one."),
    requireDeadline: z
      .boolean()
      .default(true)
      .describe("Ask for a bound on the time of all attempts together, where one can be set."),
  }),
  kind: "state",
  each: retryBehaviour,
  check({ after, options, report }) {
    const retries = after?.retries;
    if (retries === undefined || retries === 0) return;
    if (retries === "unlimited") {
      report.violation({
        at: "retries",
        message:
          "A call that keeps failing is repeated without end, so that the calls of a whole outage pile up and all of them arrive when the service comes back.",
        fix: `Set a limit of at most ${options.maxRetries} retries; what must not be lost belongs in a queue with a dead-letter target.`,
      });
    } else if (retries > options.maxRetries) {
      report.violation({
        at: "retries",
        message: `Every failing call is made up to ${retries + 1} times, which multiplies the load of all callers on a service that is already failing.`,
        fix: `Retry at most ${options.maxRetries} times; what must not be lost belongs in a queue with a dead-letter target.`,
      });
    }
    if (options.requireDeadline && after?.deadlineSeconds === "none") {
      report.violation({
        at: "deadlineSeconds",
        message:
          "Nothing bounds how long a call with its retries may take, so that callers of a service that hangs wait until they have no connections left.",
        fix: "Set a timeout on the route, which covers all attempts, or a timeout for each attempt.",
        confidence: "medium",
      });
    }
  },
});
