import * as z from "zod";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "dependencies/blast-radius-budget",
  title: "One change reaches no more than the budget allows",
  severity: "high",
  hazard: "Everything that depends on the changed resource is hit at the same moment if the change is wrong.",
  incidents: ["azure-2026-02-storage-access", "entra-2025-04-mace-lockout"],
  kind: "change",
  options: z.strictObject({
    resources: z
      .int()
      .positive()
      .default(50)
      .describe("How many resources may depend on a changed one, directly or not."),
    regions: z.int().positive().default(2).describe("In how many regions they may be."),
    deployments: z.int().positive().default(1).describe("In how many deployments they may be."),
  }),
  checkDeployment({ touched, isBehavioural, reachOf, options, report }) {
    for (const change of touched) {
      // Nothing depends on what is new.
      if (change.action === "create" || change.action === "import") continue;
      const reach = reachOf(change);
      const over = [
        reach.size > options.resources && `${reach.size} resources (${options.resources} may)`,
        reach.regions.length > options.regions && `${reach.regions.length} regions (${options.regions} may)`,
        reach.deployments.length > options.deployments &&
          `${reach.deployments.length} deployments (${options.deployments} may)`,
      ].filter((one) => one !== false);
      // Tags change nothing for those who depend on it. Few reach far, so this is asked last.
      if (over.length === 0 || !isBehavioural(change)) continue;
      const hidden =
        reach.hidden === 0 ? "" : `, ${reach.hidden} of them through text nobody declared as a dependency`;
      report.violation({
        on: change,
        message: `This ${change.action} reaches ${over.join(" and ")}${hidden}.`,
        fix: "Change a copy that few depend on first, move the dependents over in steps, or raise the budget in firebreak.yaml knowingly.",
        reach,
      });
    }
  },
});
