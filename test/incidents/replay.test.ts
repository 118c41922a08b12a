import { describe, expect, it } from "vitest";
import { judgeInput, library } from "./support.ts";

describe.each(library.map((incident) => [incident.id, incident] as const))("%s", (_, incident) => {
  describe.each(incident.variants.map((variant) => [variant.id, variant] as const))("%s", (_, variant) => {
    it("is blocked, by each of the policies named", async () => {
      const { report } = await judgeInput(variant.outage);
      expect(report.problems).toEqual([]);
      expect(report.verdict).toBe("blocked");
      expect(report.deployments.map(({ host, knows }) => [host, knows])).toEqual([
        [variant.host, "before-and-after"],
      ]);
      const blocking = report.findings
        .filter(({ level }) => level === "mandatory")
        .map(({ policy }) => policy);
      expect([...new Set(blocking)].sort()).toEqual([...variant.blockedBy].sort());
    });

    it("passes when it is done well, with everything decided", async () => {
      const { report } = await judgeInput(variant.safe);
      expect(report.problems).toEqual([]);
      expect(report.verdict).toBe("passed");
      expect(report.findings.filter(({ level }) => level === "mandatory")).toEqual([]);
      expect(report.undetermined).toEqual([]);
      // It passes because the change was judged, not because there is none.
      const { update = 0, create = 0 } = report.deployments[0]?.changes ?? {};
      expect(update + create).toBeGreaterThan(0);
    });

    it("names the incident in its findings", async () => {
      const { report } = await judgeInput(variant.outage);
      const silent = report.findings.filter(({ incidents }) => !incidents.includes(incident.id));
      expect(silent.map(({ policy }) => policy)).toEqual([]);
    });
  });
});
