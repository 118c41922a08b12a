/** No duration that anybody writes is longer; anything longer is not one. */
const LONGEST = 64;

const ISO_8601 =
  /^P(?:(\d+(?:[.,]\d+)?)W|(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?)$/i;

const DAY = 86_400;

/**
 * Seconds of an ISO 8601 duration such as `PT30S` or `P1DT12H`, as ARM writes them. Years and months are no fixed
 * number of seconds, so a duration that has them gives undefined, as does any text that is no duration.
 */
export function isoSeconds(text: string): number | undefined {
  if (text.length > LONGEST || /[PT]$/i.test(text)) return undefined;
  const parts = ISO_8601.exec(text.trim());
  if (parts === null) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number((part ?? "0").replace(",", ".")));
  return (
    (weeks ?? 0) * 7 * DAY + (days ?? 0) * DAY + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
  );
}

/** The units of Go's time.ParseDuration, which Kubernetes, Istio and Dapr use. */
const GO_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  "\u00b5s": 1e-6,
  "\u03bcs": 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds of a Go duration such as `1h30m`, `250ms` or `-1s`; undefined where the text is none. */
export function goSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  const sign = trimmed.startsWith("-") ? -1 : 1;
  const unsigned = trimmed.replace(/^[+-]/, "");
  if (unsigned === "0") return 0;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
  let seconds = 0;
  while (part.lastIndex < unsigned.length || unsigned === "") {
    const found = part.exec(unsigned);
    if (found === null) return undefined;
    seconds += Number(found[1]) * (GO_UNITS[found[2] ?? ""] ?? Number.NaN);
  }
  return sign * seconds;
}

/** Seconds of a duration in either notation. */
export function durationSeconds(text: string): number | undefined {
  return /^\s*P/i.test(text) ? isoSeconds(text) : goSeconds(text);
}

/** `90 s`, `2 min`, `1.5 h`, `25 ms`: a duration as messages say it. */
export function describeSeconds(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${tidy(seconds * 1000)} ms`;
  if (seconds < 120) return `${tidy(seconds)} s`;
  if (seconds < 7200) return `${tidy(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${tidy(seconds / 3600)} h`;
  return `${tidy(seconds / DAY)} days`;
}

function tidy(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}
