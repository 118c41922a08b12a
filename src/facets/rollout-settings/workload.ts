import { UNKNOWN } from "../../model/value.ts";
import type { Mapping } from "../facet.ts";
import type { ResourceReader } from "../field.ts";
import { type RolloutSettings, stepOf } from "./settings.ts";

type Mode = RolloutSettings["mode"];

/**
 * A Deployment replaces its pods in steps unless its strategy is Recreate. Defaults: rolling, a quarter unavailable
 * (rounded down), one replica. https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export function deploymentRollout(unavailable: string): Mapping<RolloutSettings> {
  return (r) => {
    const mode = modeOf(r, "spec.strategy.type", { rollingupdate: "rolling", recreate: "all-at-once" });
    const replicas = r.number("spec.replicas", 1);
    const facts = { mode, of: r.constant<RolloutSettings["of"]>("replicas"), instances: replicas };
    if (mode.value !== "rolling") return facts;
    return { ...facts, step: stepOf(r.string(`spec.strategy.${unavailable}`, "25%"), replicas, Math.floor) };
  };
}

/**
 * A DaemonSet has one pod on every node, so that its total is the size of the cluster. Defaults: rolling, one at a time.
 * https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
 */
export function daemonSetRollout(strategy: string, unavailable: string): Mapping<RolloutSettings> {
  return (r) => {
    const mode = modeOf(r, `${strategy}.type`, { rollingupdate: "rolling", ondelete: "on-demand" });
    const facts = { mode, of: r.constant<RolloutSettings["of"]>("daemons") };
    if (mode.value !== "rolling") return facts;
    return { ...facts, step: stepOf(r.string(`${strategy}.${unavailable}`, "1"), undefined, Math.ceil) };
  };
}

function modeOf(r: ResourceReader, path: string, modes: Readonly<Record<string, Mode>>) {
  return r.string(path, "RollingUpdate").map<Mode>((name) => {
    const word = name.toLowerCase();
    return Object.hasOwn(modes, word) ? (modes[word] ?? UNKNOWN) : UNKNOWN;
  });
}
