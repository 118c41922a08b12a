import { retryBehaviour } from "../../src/facets/retry-behaviour.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "clients/jitter",
  title: "Retries are spread by chance",
  hazard:
    "Clients that failed together retry together, and their waves knock a recovering service over again.",
  severity: "medium",
  incidents: ["azure-2026-02-managed-identity-surge"],
  kind: "state",
  each: retryBehaviour,
  check({ after, report }) {
    const jitter = after?.jitter;
    // Without a wait there is nothing to spread; that is what clients/exponential-backoff stops.
    if (jitter === undefined || jitter === "built-in" || after?.delay === "zero" || after?.retries === 0)
      return;
    if (jitter === "undocumented") {
      report.undetermined({
        at: "jitter",
        because: "the service does not document whether it spreads its retries",
      });
      return;
    }
    report.violation({
      at: "jitter",
      message:
        "Callers whose calls fail at the same moment all retry at the same moment, so that a service that comes back is hit by all of them in step.",
      fix: "Choose a backoff with randomness in it: Dapr's exponential policy brings its own, the constant one has none.",
    });
  },
});
