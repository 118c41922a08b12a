import * as z from "zod";
import { certificate } from "../../src/facets/certificate.ts";
import { retryBehaviour } from "../../src/facets/retry-behaviour.ts";
import { rolloutSettings } from "../../src/facets/rollout-settings.ts";
import { storageAccess } from "../../src/facets/storage-access.ts";
import { type Change, definePolicy, type Facet, type FacetChange } from "../../src/policy.ts";

/** What a fleet must not have changed in most of its members at once, and how a sentence calls it. */
const WATCHED: readonly { readonly facet: Facet<object>; readonly what: string }[] = [
  { facet: storageAccess as Facet<object>, what: "who can reach their data" },
  { facet: certificate as Facet<object>, what: "how their certificates are renewed" },
  { facet: rolloutSettings as Facet<object>, what: "how they update themselves" },
  { facet: retryBehaviour as Facet<object>, what: "how their clients retry" },
];

export default definePolicy({
  id: "rollout/fleet-share",
  title: "One deployment changes the same setting on a small share of a fleet only",
  severity: "high",
  hazard:
    "A setting that turns out wrong is wrong on the whole fleet at once, and nothing healthy is left to fail over to.",
  incidents: ["azure-2026-02-storage-access", "aws-2017-02-s3-capacity"],
  kind: "change",
  options: z.strictObject({
    share: z
      .number()
      .gt(0)
      .max(1)
      .default(0.1)
      .describe("The largest share of the resources of one type; at least one is always allowed."),
  }),
  checkDeployment({ deployment, withFacet, ofType, options, report }) {
    for (const { facet, what } of WATCHED) {
      const changed = withFacet(facet)
        .filter(isOfExisting)
        .filter((one) => one.changed().length > 0 || one.after === undefined);
      for (const [type, changes] of Map.groupBy(distinct(changed), (change) => change.type)) {
        const fleet = ofType(type).filter((one) => one.action !== "create").length;
        const allowed = Math.max(1, Math.floor(fleet * options.share));
        if (changes.length <= allowed) continue;
        report.violation({
          message: `${changes.length} of ${fleet} ${changes[0]?.nativeType ?? type} resources in ${deployment.name} change ${what}${changes.some((change) => change.action === "delete") ? ", or go away," : ""} in one go; ${allowed} may.`,
          fix: `Split the change: ${allowed} first, the rest when it has proved itself there.`,
          related: changes,
          about: `${facet.id} ${type}`,
        });
      }
    }
  },
});

function isOfExisting(one: FacetChange<object>): boolean {
  return one.before !== undefined && one.change.action !== "create";
}

function distinct(changes: readonly FacetChange<object>[]): readonly Change[] {
  return [...new Set(changes.map((one) => one.change))];
}
