/** The longest time for which a finding may be accepted, in days. */
export const MAX_WAIVER_DAYS = 366;

/** The last day until which a finding may be accepted from today on; all days are `YYYY-MM-DD`. */
export function latestExpiry(today: string): string {
  return dayOf(Date.parse(today) + MAX_WAIVER_DAYS * 86_400_000);
}

/** Whether a text is a day of the calendar, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  // What `Date` takes for a day may be the 30th of February; written again it is another.
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && dayOf(time) === text;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
