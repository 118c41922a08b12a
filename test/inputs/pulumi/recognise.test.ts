import { describe, expect, it } from "vitest";
import { recognisePulumi } from "../../../src/inputs/pulumi/recognise.ts";

describe("recognising Pulumi's documents by their keys", () => {
  it.each([
    ["config steps duration changeSummary", "pulumi-preview-digest"],
    ["steps diagnostics maybeCorrupt", "pulumi-preview-digest"],
    ["config duration changeSummary", "pulumi-preview-digest"],
    ["sequence timestamp preludeEvent", "pulumi-events"],
    ["sequence timestamp resourcePreEvent", "pulumi-events"],
    ["events continuationToken", "pulumi-events"],
    ["version deployment", "pulumi-state"],
    ["version checkpoint features", "pulumi-state"],
    ["target latest", "pulumi-state"],
    ["steps name on jobs", undefined],
    ["resource_changes format_version", undefined],
    ["events source", undefined],
    ["version serial lineage", undefined],
    ["", undefined],
  ])("%s", (keys, kind) => {
    expect(recognisePulumi(new Set(keys.split(" ")))).toBe(kind);
  });
});
