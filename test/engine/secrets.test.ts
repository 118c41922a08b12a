import { expect, it } from "vitest";
import { definePolicy } from "../../src/engine/policy.ts";
import { defineFacet } from "../../src/facets/facet.ts";
import { Secret, type Value } from "../../src/model/value.ts";
import { run } from "../support/harness.ts";

const gate = defineFacet("gate", {
  gate: (r) => ({ code: r.string("code", ""), keeper: r.string("keeper", "") }),
});

/** What a policy of one's own may say without thinking of secrets. */
const talkative = definePolicy({
  id: "gates/talkative",
  title: "Gates keep their codes",
  severity: "low",
  hazard: "Anybody walks in.",
  kind: "change",
  each: gate,
  check({ before, after, report }) {
    report.violation({
      message: `The code of ${after?.keeper} goes from ${before?.code} to ${after?.code}.`,
      fix: `Ask ${after?.keeper} for ${after?.code}.`,
    });
  },
});

function said(before: Value, after: Value): string {
  const { findings } = run(talkative, { changes: [{ type: "gate", action: "update", before, after }] });
  return findings.map(({ message, fix }) => `${message} ${fix}`).join();
}

it("a secret that a policy quotes is not in the finding, and what is none stays", () => {
  const before = { code: new Secret("open-sesame"), keeper: "Ali" };
  const after = { code: new Secret("open-sesame-2"), keeper: "Ali" };
  expect(said(before, after)).toBe("The code of Ali goes from (secret) to (secret). Ask Ali for (secret).");
});

it("a short secret is a word like any other", () => {
  const state = (code: string) => ({ code: new Secret(code), keeper: "onyx" });
  expect(said(state("on"), state("off"))).toContain("The code of onyx");
});
