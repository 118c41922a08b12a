import { UNKNOWN } from "../../model/value.ts";
import { isoSeconds } from "../duration.ts";
import type { Facts } from "../facet.ts";
import type { Field, ResourceReader } from "../field.ts";
import { type RolloutSettings, stepOf } from "./settings.ts";

/** The resource manager's defaults of a rolling upgrade: a fifth of the machines, one batch right after the other. */
const BATCH_PERCENT = 20;
const PAUSE = "PT0S";

interface Places {
  readonly mode: string;
  readonly instances: string;
  readonly batchPercent: string;
  readonly pause: string;
}

/** Automatic means that all machines get the new model in no particular order and at the same time. */
function scaleSet(
  r: ResourceReader,
  at: Places,
  instances: Field<number | undefined>,
): Facts<RolloutSettings> {
  const mode = r.string(at.mode, "Manual").map<RolloutSettings["mode"]>((name) => {
    if (/^automatic$/i.test(name)) return "all-at-once";
    if (/^rolling$/i.test(name)) return "rolling";
    return /^manual$/i.test(name) ? "on-demand" : UNKNOWN;
  });
  const facts = { mode, of: r.constant<RolloutSettings["of"]>("virtual machines"), instances };
  if (mode.value !== "rolling") return facts;
  const percent = r.number(at.batchPercent, BATCH_PERCENT).map((share) => `${share}%`);
  return {
    ...facts,
    step: stepOf(percent, instances, Math.floor),
    pauseSeconds: r.string(at.pause, PAUSE).map((text) => isoSeconds(text) ?? UNKNOWN),
  };
}

export function terraformScaleSet(r: ResourceReader): Facts<RolloutSettings> {
  const places = {
    mode: "upgrade_mode",
    instances: "instances",
    batchPercent: "rolling_upgrade_policy.max_batch_instance_percent",
    pause: "rolling_upgrade_policy.pause_time_between_batches",
  };
  return scaleSet(r, places, r.number("instances"));
}

/** `properties` is where upgradePolicy stands: the resource itself where the provider flattens, its `properties` in ARM. */
export function nativeScaleSet(r: ResourceReader, properties: ResourceReader): Facts<RolloutSettings> {
  const rolling = "upgradePolicy.rollingUpgradePolicy";
  const places = {
    mode: "upgradePolicy.mode",
    instances: "sku.capacity",
    batchPercent: `${rolling}.maxBatchInstancePercent`,
    pause: `${rolling}.pauseTimeBetweenBatches`,
  };
  return scaleSet(properties, places, r.number(places.instances));
}
