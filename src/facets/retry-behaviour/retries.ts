import { UNKNOWN } from "../../model/value.ts";
import { goSeconds } from "../duration.ts";
import type { Field } from "../field.ts";

/** How often, how soon and how evenly a failed call is repeated. */
export interface RetryBehaviour {
  /** Attempts after the first one; 0 where retries are off. */
  readonly retries: number | "unlimited";
  /** How the wait before each retry develops; `undocumented` where the service chooses and does not say how. */
  readonly delay: "zero" | "fixed" | "linear" | "exponential" | "undocumented";
  /** The wait before the first retry. */
  readonly delaySeconds: number;
  /** The longest wait before a retry. */
  readonly maxDelaySeconds: number;
  /** Whether chance keeps clients from retrying in step; `built-in` where the client always sees to it. */
  readonly jitter: "built-in" | "none" | "undocumented";
  /** How long all attempts together may take; absent where the stack has no such setting. */
  readonly deadlineSeconds: number | "none";
}

/** Seconds of a Go duration; UNKNOWN where the text is none. */
export function seconds(field: Field<string>): Field<number> {
  return field.map((text) => goSeconds(text) ?? UNKNOWN);
}
