import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSeconds, durationSeconds, goSeconds, isoSeconds } from "../../src/facets/duration.ts";

describe("ISO 8601 durations", () => {
  it.each([
    ["PT0S", 0],
    ["PT30S", 30],
    ["PT1M30S", 90],
    ["PT0.5S", 0.5],
    ["PT0,5S", 0.5],
    ["P1DT12H", 129_600],
    ["P2W", 1_209_600],
    ["pt5m", 300],
  ])("%s is %d s", (text, seconds) => expect(isoSeconds(text)).toBe(seconds));

  it.each(["", "P", "PT", "P1DT", "30S", "PT30", "P1Y", "P1M", "PT-5S", "P1W2D", `PT${"1".repeat(80)}S`])(
    "%j is none",
    (text) => expect(isoSeconds(text)).toBeUndefined(),
  );

  it("adds its parts up", () => {
    const part = fc.nat(1000);
    fc.assert(
      fc.property(part, part, part, part, (d, h, m, s) => {
        expect(isoSeconds(`P${d}DT${h}H${m}M${s}S`)).toBe(d * 86_400 + h * 3600 + m * 60 + s);
      }),
    );
  });
});

describe("Go durations", () => {
  it.each([
    ["0", 0],
    ["0s", 0],
    ["5s", 5],
    ["1h30m", 5400],
    ["1.5h", 5400],
    [".5s", 0.5],
    ["250ms", 0.25],
    ["-1s", -1],
    ["2160h", 7_776_000],
  ])("%s is %d s", (text, seconds) => expect(goSeconds(text)).toBeCloseTo(seconds, 9));

  it.each(["", "-", "5", "s", "5 s", "5d", "1h-30m", "PT5S", "1h30"])("%j is none", (text) =>
    expect(goSeconds(text)).toBeUndefined(),
  );

  it("agrees with ISO 8601 on the same length", () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(59), fc.nat(59), (h, m, s) => {
        expect(durationSeconds(`${h}h${m}m${s}s`)).toBe(durationSeconds(`PT${h}H${m}M${s}S`));
      }),
    );
  });

  it("never throws on any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = durationSeconds(text);
        expect(seconds === undefined || Number.isFinite(seconds)).toBe(true);
      }),
    );
  });
});

it.each([
  [0, "0 s"],
  [0.025, "25 ms"],
  [90, "90 s"],
  [300, "5 min"],
  [5400, "90 min"],
  [86_400, "24 h"],
  [604_800, "7 days"],
])("says %d s as %s", (seconds, text) => expect(describeSeconds(seconds)).toBe(text));
