import { expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import { FACETS, unknownProviders } from "../../src/engine/unknown-providers.ts";
import type { HostName } from "../../src/model/deployment.ts";
import { deploymentOf, resource } from "../graph/support.ts";

const synth = (types: readonly string[], host: HostName = "cdktf-synth") => [
  { ...deploymentOf(types.map((type) => resource(`${type}.one`, {}, { action: "create" }))), host },
];

it("names the providers of a synth of which nothing is known", () => {
  expect(unknownProviders(synth(["datadog_monitor", "acme_widget", "acme_gadget"]))).toEqual([
    {
      severity: "error",
      message:
        "Nothing here is of a provider that Firebreak knows (acme, datadog), so it has next to nothing to say of these changes.",
    },
  ]);
});

it.each([
  ["something known is among it", synth(["acme_widget", "azurerm_storage_account"])],
  [
    "something known stays as it is",
    [
      deploymentOf([
        resource("acme_widget.one", {}, { action: "update" }),
        resource("aws_s3_bucket.b", {}, { action: "keep" }),
      ]),
    ].map((one) => ({ ...one, host: "cdktf-synth" as const })),
  ],
  ["it is in another stack of the app", [...synth(["acme_widget"]), ...synth(["aws_s3_bucket"])]],
  ["it only makes what nobody uses", synth(["terraform_data", "random_id", "null_resource"])],
  [
    "nothing changes",
    [
      {
        ...deploymentOf([resource("acme_widget.one", {}, { action: "keep" })]),
        host: "cdktf-synth" as const,
      },
    ],
  ],
  ["a plan tells both sides of whatever it is", synth(["acme_widget"], "terraform-plan")],
])("says nothing where %s", (_, deployments) => {
  expect(unknownProviders(deployments)).toEqual([]);
});

it("knows the facets of all policies", () => {
  const used = policies.flatMap((policy) => ("each" in policy ? [policy.each] : []));
  expect(FACETS).toEqual(expect.arrayContaining(used));
});
