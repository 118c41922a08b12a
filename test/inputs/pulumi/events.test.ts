import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memoryInput } from "../../../src/inputs/input.ts";
import { pulumiEvents } from "../../../src/inputs/pulumi/events.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import { InputError } from "../../../src/model/errors.ts";

const LOG = readFileSync(new URL("../../fixtures/pulumi/shop.events.jsonl", import.meta.url), "utf8");
const LINES = LOG.trimEnd().split("\n");

function read(text: string): Deployment {
  return pulumiEvents.read(memoryInput("log.jsonl", Buffer.from(text)))[0] as Deployment;
}

const errors = (deployment: Deployment) =>
  deployment.problems.filter((problem) => problem.severity === "error").map((problem) => problem.message);

describe("engine events", () => {
  const whole = read(LOG);

  it("say that they name no dependencies", () => {
    expect(errors(whole)).toEqual([]);
    expect(whole.edges).toEqual([]);
    expect(whole.tellsDependencies).toBe(false);
  });

  it("are read alike as lines, as a list and in a wrapper", () => {
    const list = `[${LINES.join(",\n")}]`;
    for (const text of [list, `{"events":${list}}`, LINES.join("\r\n")]) {
      expect(JSON.stringify(read(text))).toBe(JSON.stringify(whole));
    }
  });

  it("a log that ends anywhere before its summary is never complete", () => {
    const summary = LINES.findIndex((line) => line.includes("summaryEvent"));
    for (let end = 1; end <= summary; end++) {
      expect(errors(read(LINES.slice(0, end).join("\n")))).toMatchObject([
        expect.stringContaining("before the summary"),
      ]);
    }
    expect(errors(read(LINES.slice(0, summary + 1).join("\n")))).toEqual([]);
  });

  it("a log that ends in the middle of an event says so and keeps the rest", () => {
    const cut = read(LOG.slice(0, LOG.length / 2));
    expect(errors(cut)).toEqual([expect.stringContaining("in the middle of an event")]);
    expect(cut.changes.length).toBeGreaterThan(0);
  });

  it("a cancelled run is not complete", () => {
    const cancelled = [...LINES.slice(0, 4), '{"sequence":9,"timestamp":1,"cancelEvent":{}}'].join("\n");
    expect(errors(read(cancelled))).toEqual([expect.stringContaining("with a cancellation")]);
  });

  it("a summary that says that the run went wrong is believed", () => {
    expect(errors(read(LOG.replace('"maybeCorrupt": false', '"maybeCorrupt": true')))).toHaveLength(1);
  });

  it("a failed operation is told", () => {
    const failed = JSON.stringify({
      sequence: 1,
      timestamp: 1,
      resOpFailedEvent: { metadata: { op: "update", urn: "urn:pulumi:dev::a::b:c:D::e" }, status: 1 },
    });
    expect(errors(read(`${failed}\n${LOG}`))).toEqual([expect.stringContaining("::e failed")]);
  });

  it("the preview counts where the log of the update follows it", () => {
    const update = LINES.map((line) => line.replace('"planning": true', '"planning": false'));
    const both = [...LINES.filter((line) => !line.includes("cancelEvent")), ...update.slice(0, 5)].join("\n");
    expect(JSON.stringify(read(both).changes)).toBe(JSON.stringify(whole.changes));
    expect(errors(read(both))).toEqual([]);
    expect(read(update.join("\n")).problems).toMatchObject([
      { severity: "warning", message: expect.stringContaining("already run") },
    ]);
  });

  it("text that is no event is refused, with the place", () => {
    expect(() => read("")).toThrow(InputError);
    expect(() => read("[]")).toThrow("holds no event");
    expect(() => read('{"sequence":1')).toThrow("ends in the middle of a value");
    expect(() => read(`${LINES[0]}\nPreviewing update\n${LINES[1]}`)).toThrow("cannot be read");
    expect(errors(read(`3\n${LOG}`))).toHaveLength(1);
  });
});
