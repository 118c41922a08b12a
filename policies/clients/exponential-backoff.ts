import { describeSeconds } from "../../src/facets/duration.ts";
import { retryBehaviour } from "../../src/facets/retry-behaviour.ts";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "clients/exponential-backoff",
  title: "Retries wait longer each time",
  hazard:
    "Clients that retry at an unchanging pace keep a failing service down with the load of their retries.",
  severity: "high",
  incidents: ["azure-2026-02-managed-identity-surge", "gcp-2025-06-policy-replication"],
  kind: "state",
  each: retryBehaviour,
  check({ after, report }) {
    const delay = after?.delay;
    if (delay === undefined || delay === "exponential" || after?.retries === 0) return;
    if (delay === "undocumented") {
      report.undetermined({
        at: "delay",
        because: "the waits are left to the service, which does not document them",
      });
      return;
    }
    const wait =
      delay === "fixed" && after?.delaySeconds !== undefined ? ` ${describeSeconds(after.delaySeconds)}` : "";
    const pace = {
      zero: "is repeated at once, without any wait",
      fixed: `is repeated at the same pace each time${wait && `, every${wait}`}`,
      linear: "is repeated after waits that hardly grow",
    }[delay];
    report.violation({
      at: "delay",
      message: `Every call that fails ${pace}, so that a service in trouble gets all its callers' load again and again and cannot recover.`,
      fix: "Let the wait double up to a cap: policy exponential with maxInterval in Dapr; in Container Apps a longest interval well above the initial delay.",
    });
  },
});
