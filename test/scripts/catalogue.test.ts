import { expect, test } from "vitest";
import { catalogue } from "../../scripts/generate/catalogue.ts";
import { definePolicy } from "../../src/engine/policy.ts";

function policy(id: string, incidents: readonly string[] = []) {
  return definePolicy({
    id,
    title: `What ${id} asks | and more`,
    hazard: "Something breaks.",
    severity: "high",
    incidents,
    kind: "state",
    checkDeployment() {},
  });
}

test("families are sorted, titles are safe in a table, and only incidents of the library are linked", () => {
  const page = catalogue(
    [
      { policy: policy("dns/ttl-bounds"), level: "advisory" },
      { policy: policy("access/key-auth-removal", ["told-incident", "other-incident"]), level: "mandatory" },
    ],
    (incident) => incident === "told-incident",
  );
  expect(page).toContain("Firebreak comes with 2 policies.");
  expect(page.split("\n").filter((line) => /^(## |\| \[)/.test(line))).toEqual([
    "## access",
    "| [`access/key-auth-removal`](../policies/access/key-auth-removal.md) | What access/key-auth-removal asks \\| and more | mandatory | high | [told-incident](../fixtures/incidents/told-incident/incident.md), other-incident |",
    "## dns",
    "| [`dns/ttl-bounds`](../policies/dns/ttl-bounds.md) | What dns/ttl-bounds asks \\| and more | advisory | high | – |",
  ]);
});
