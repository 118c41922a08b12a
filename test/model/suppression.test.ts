import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyMatcher } from "../../src/config/globs.ts";
import { fitsPolicy, isPolicyGlob } from "../../src/model/suppression.ts";

describe("a policy in a suppression", () => {
  it.each([
    ["clients/jitter", true],
    ["clients/*", true],
    ["*/*", true],
    ["cli*s/ji*", true],
    ["*", false],
    ["**/jitter", false],
    ["clients/", false],
    ["/jitter", false],
    ["clients/j?tter", false],
    ["clients/[a-z]*", false],
    ["Clients/jitter", false],
    ["a/b/c", false],
  ])("%s: %s", (glob, isOne) => {
    expect(isPolicyGlob(glob)).toBe(isOne);
  });

  it("means what it means in a waiver", () => {
    const part = fc.stringMatching(/^[a-c][a-c-]{0,4}$/);
    const globPart = fc.stringMatching(/^(?:[a-c-]{1,3}|[a-c-]{0,2}\*[a-c-]{0,2})$/);
    fc.assert(
      fc.property(globPart, globPart, part, part, (a, b, family, name) => {
        const glob = `${a}/${b}`;
        expect(isPolicyGlob(glob)).toBe(true);
        const id = `${family}/${name}`;
        expect(fitsPolicy(glob, id)).toBe(policyMatcher(glob)(id));
      }),
      { numRuns: 2000 },
    );
  });
});
