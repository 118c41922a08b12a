import { expect, it } from "vitest";
import { NO_SETTINGS } from "../../../src/engine/settings.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { Judgement } from "../../../src/integrations/pulumi/judgement.ts";
import { noOpenDoors } from "../../engine/support.ts";
import { deployment as deploymentOf } from "../../support/harness.ts";

const active = { policy: noOpenDoors(), level: "mandatory", options: {} } as const;

function judgeable(...addresses: readonly string[]) {
  const changes = addresses.map((address) => ({
    type: "door",
    address,
    before: { open: false },
    after: { open: true },
  }));
  const deployment = deploymentOf({ changes });
  return { deployment, relations: new Graph([deployment]) };
}

it("what was reported of a resource is not reported again of the stack, however its name is numbered", () => {
  const judgement = new Judgement(NO_SETTINGS, "2026-11-22");
  // Two resources that a fingerprint, which is made for one run, would take for instances of one.
  const [first, second] = ["urn:pulumi:prod::shop::door::front[0]", "urn:pulumi:prod::shop::door::front[1]"];
  for (const finding of judgement.ofResource(active, judgeable(second)).findings) judgement.report(finding);
  const { findings } = judgement.ofStack(active, judgeable(first, second));
  expect(findings.map(({ address }) => address)).toEqual([first]);
});
