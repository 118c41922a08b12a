import * as z from "zod";
import { describeSeconds } from "../../src/facets/duration.ts";
import {
  isMaintenanceWindow,
  type RolloutSettings,
  rolloutSettings,
} from "../../src/facets/rollout-settings.ts";
import { type CheckContext, definePolicy } from "../../src/policy.ts";

/** The limits are our choice, but for the nodes: Azure recommends a surge of 33 % for production node pools. */
const options = z.strictObject({
  machinePercent: percent(20).describe("The largest batch of a rolling upgrade of virtual machines."),
  nodePercent: percent(33).describe("The most nodes of a pool that an upgrade drains at a time."),
  replicaPercent: percent(49).describe(
    "The most replicas of a Deployment that an update takes away at a time.",
  ),
  daemonPercent: percent(20).describe("The most nodes whose daemon an update takes away at a time."),
  minPauseSeconds: z.number().nonnegative().default(1).describe("The shortest pause between two batches."),
});

function percent(standard: number) {
  return z.number().min(0).max(100).default(standard);
}

type Context = CheckContext<RolloutSettings, z.output<typeof options>>;

export default definePolicy({
  id: "rollout/gradual-update-settings",
  title: "Updates reach a few instances before they reach all",
  hazard: "A bad update is on every instance before anybody can see that it is bad.",
  severity: "high",
  incidents: ["crowdstrike-2024-07-content"],
  options,
  kind: "update",
  each: rolloutSettings,
  check(context) {
    const { after } = context;
    if (after === undefined) return;
    if (after.autoUpgrade !== undefined) checkAutoUpgrade(context, after.autoUpgrade);
    if (after.mode === "all-at-once") checkAllAtOnce(context);
    if (after.mode === "rolling") checkSteps(context);
  },
});

function checkAllAtOnce({ after, report }: Context): void {
  if (after?.instances === 1) return; // one instance cannot be updated in steps
  const of = after?.of ?? "instances";
  report.violation({
    at: "mode",
    message: `An update reaches all ${of} at the same time, so that a bad one takes all of them down at once.`,
    fix: "Update in steps: upgrade mode Rolling with small batches, a pause and a health probe (or Manual) for virtual machines, strategy RollingUpdate for a Deployment.",
  });
}

function checkSteps({ after, options: limits, report }: Context): void {
  const of = after?.of;
  const step = after?.step;
  if (of === undefined || step === undefined) return;
  const limit = {
    "virtual machines": limits.machinePercent,
    nodes: limits.nodePercent,
    replicas: limits.replicaPercent,
    daemons: limits.daemonPercent,
  }[of];
  if (step === "uncounted") {
    report.undetermined({
      at: "step",
      because: `a fixed number of ${of} at a time, of a total that is not written`,
    });
  } else if (step !== "one" && step > limit) {
    report.violation({
      at: "step",
      message: `Each step of an update takes ${step} % of the ${of} at once, so that a bad one is on more than ${limit} % of them before it can be noticed.`,
      fix: `Take at most ${limit} % at a time, or raise the policy's limit for these if fewer would not do.`,
    });
  }
  const pause = after?.pauseSeconds;
  if (pause !== undefined && pause < limits.minPauseSeconds && step !== 100) {
    report.violation({
      at: "pauseSeconds",
      message: `Batches follow each other after ${describeSeconds(pause)}, so that a bad update has gone through all ${of} before trouble can show.`,
      fix: "Set a pause between batches that is long enough for health probes to fail, such as PT5M.",
    });
  }
}

function checkAutoUpgrade({ after, reach, report }: Context, channel: string): void {
  const window = after?.maintenanceWindow;
  if (/^none$/i.test(channel) || window === true) return;
  if (window === "elsewhere" && reach.dependents.some(({ change }) => isMaintenanceWindow(change.type)))
    return;
  report.violation({
    at: "autoUpgrade",
    message: `The cluster upgrades itself (channel ${channel}) at any hour the provider likes, so that all clusters like it may change at once and with nobody watching.`,
    fix: "Give upgrades a maintenance window, at another time in each ring (maintenance_window_auto_upgrade, or a maintenance configuration named aksManagedAutoUpgradeSchedule).",
    // A window that is a resource of its own may be part of another deployment.
    ...(window === "elsewhere" && { confidence: "low" as const }),
  });
}
