import globalScopeChange from "../policies/access/global-scope-change.ts";
import publicReadExposure from "../policies/access/public-read-exposure.ts";
import publicReadRemoval from "../policies/access/public-read-removal.ts";
import sharedStorageChange from "../policies/access/shared-storage-change.ts";
import autoRotation from "../policies/certificates/auto-rotation.ts";
import noPinnedVersion from "../policies/certificates/no-pinned-version.ts";
import boundedRetries from "../policies/clients/bounded-retries.ts";
import exponentialBackoff from "../policies/clients/exponential-backoff.ts";
import jitter from "../policies/clients/jitter.ts";
import blastRadiusBudget from "../policies/dependencies/blast-radius-budget.ts";
import fleetShare from "../policies/rollout/fleet-share.ts";
import gradualUpdateSettings from "../policies/rollout/gradual-update-settings.ts";
import maxRegions from "../policies/rollout/max-regions.ts";
import type { Pack } from "../src/policy.ts";

/** What every team should run: a mandatory policy here is one that a reliability engineer would stop a release for. */
const recommended: Pack = {
  name: "recommended",
  entries: [
    { policy: globalScopeChange, level: "mandatory" },
    { policy: publicReadExposure, level: "mandatory" },
    { policy: publicReadRemoval, level: "mandatory" },
    { policy: sharedStorageChange, level: "mandatory" },
    { policy: autoRotation, level: "mandatory" },
    { policy: noPinnedVersion, level: "mandatory" },
    { policy: boundedRetries, level: "mandatory" },
    { policy: exponentialBackoff, level: "mandatory" },
    { policy: jitter, level: "mandatory" },
    { policy: blastRadiusBudget, level: "mandatory" },
    { policy: fleetShare, level: "mandatory" },
    { policy: gradualUpdateSettings, level: "mandatory" },
    { policy: maxRegions, level: "mandatory" },
  ],
};

export default recommended;
