import { describe, expect, it } from "vitest";
import { majorOf } from "../../../src/inputs/cdktf/blocks.ts";

describe("majorOf", () => {
  it.each([
    ["4.55.0", 4],
    ["= 4.1", 4],
    ["v5.0.0-beta1", 5],
    ["~> 4.55", 4],
    ["~> 4.55.0", 4],
    [">= 4.0, < 5.0", 4],
    [">= 4.10.0, < 5.0.0", 4],
    [">= 4.0, <= 4.99", 4],
    [">= 4.0, < 5.1", undefined],
    [">= 3.0, < 5.0", undefined],
    ["~> 4", undefined],
    [">= 3.0", undefined],
    ["!= 4.1", undefined],
    ["", undefined],
    ["latest", undefined],
  ])("%j allows %s alone", (constraint, major) => {
    expect(majorOf(constraint)).toBe(major);
  });
});
