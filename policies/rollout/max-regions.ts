import * as z from "zod";
import { definePolicy } from "../../src/policy.ts";

export default definePolicy({
  id: "rollout/max-regions",
  title: "One deployment changes what runs in one region at a time",
  severity: "high",
  hazard:
    "A change that turns out wrong is wrong in every region at once, so that no region is left to fail over to.",
  incidents: ["azure-2026-02-storage-access", "google-2019-06-network"],
  kind: "change",
  options: z.strictObject({
    regions: z.int().positive().default(1).describe("How many regions one deployment may change."),
  }),
  checkDeployment({ deployment, touched, isBehavioural, regionOf, options, report }) {
    // What is new serves nobody yet, and what is in no region fails over to none.
    const live = touched.filter(
      (change) =>
        change.action !== "create" &&
        change.action !== "import" &&
        regionOf(change) !== undefined &&
        isBehavioural(change),
    );
    const byRegion = Map.groupBy(live, (change) => regionOf(change) as string);
    const regions = [...byRegion.keys()].sort();
    if (regions.length <= options.regions) return;
    const parts = regions.map((region) => `${byRegion.get(region)?.length} in ${region}`);
    report.violation({
      message: `${deployment.name} changes running resources in ${regions.length} regions at once: ${parts.join(", ")}.`,
      fix: `Deploy to ${options.regions === 1 ? "one region" : `${options.regions} regions`} first, and to the next when it has proved itself there.`,
      related: live,
    });
  },
});
