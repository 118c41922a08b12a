import { UNKNOWN, Unknown } from "../../model/value.ts";
import type { Field } from "../field.ts";

/**
 * How many instances an update takes at once: `one` at a time, a share of them in percent, or `uncounted`, a fixed number
 * of a total that is not written anywhere.
 */
export type Step = "one" | "uncounted" | number;

/** How something that consists of equal instances brings an update of itself to them. */
export interface RolloutSettings {
  /** `on-demand`: each instance waits until somebody updates it. */
  readonly mode: "all-at-once" | "rolling" | "on-demand";
  readonly of: "virtual machines" | "nodes" | "replicas" | "daemons";
  /** How many instances there are, where it is written. */
  readonly instances: number | undefined;
  readonly step: Step;
  /** The wait after each step, during which trouble can show. */
  readonly pauseSeconds: number;
  /** The channel by which the provider updates it without being asked; `none` where it does not. */
  readonly autoUpgrade: string;
  /** Whether updates without being asked keep to a window; `elsewhere`: windows are resources of their own. */
  readonly maintenanceWindow: boolean | "elsewhere";
}

/** How many of `total` a percentage makes, as the platform rounds. */
type Round = (share: number) => number;

/**
 * The step that a setting such as `1`, `"3"` or `"25%"` makes. Of a total that is not known, a percentage is taken as it
 * stands, and a number above one says nothing.
 */
export function stepOf(
  setting: Field<string>,
  total: Field<number | undefined> | undefined,
  round: Round,
): Field<Step> {
  return setting.map<Step>((text) => {
    const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
    if (digits === undefined) return UNKNOWN;
    const amount = Number(digits);
    const of = total?.value;
    const count = typeof of === "number" && of > 0 ? of : undefined;
    if (percent === "%") {
      if (count === undefined) return amount === 0 ? "one" : amount;
      return share(round((amount * count) / 100), count);
    }
    if (amount <= 1) return "one";
    if (of instanceof Unknown) return UNKNOWN;
    return count === undefined ? "uncounted" : share(amount, count);
  });
}

function share(taken: number, total: number): Step {
  return taken <= 1 ? "one" : Math.min(100, Math.round((taken / total) * 100));
}

/** The larger of two steps; unknown where either is. */
export function larger(a: Field<Step>, b: Field<Step>): Field<Step> {
  return rank(b) > rank(a) ? b : a;
}

function rank(field: Field<Step>): number {
  const step = field.value;
  if (step instanceof Unknown) return Number.POSITIVE_INFINITY;
  return step === "one" ? 0 : step === "uncounted" ? 1 : 2 + step;
}
