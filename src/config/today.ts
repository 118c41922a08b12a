import { UsageError } from "../model/errors.ts";

/** The day that waivers are compared with: today (UTC), or the one that FIREBREAK_TODAY sets. */
export function today(set: string | undefined): string {
  if (set === undefined || set === "") return new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d\d-\d\d$/.test(set) || Number.isNaN(Date.parse(set))) {
    throw new UsageError(`FIREBREAK_TODAY is "${set}": expected a date such as 2026-12-31`);
  }
  return set;
}
