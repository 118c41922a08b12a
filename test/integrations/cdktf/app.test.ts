import * as cdktf from "cdktf";
import * as cdktn from "cdktn";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type App, manifestOf, resourcesOf, stacksOf } from "../../../src/integrations/cdktf/app.ts";
import { Firebreak } from "../../../src/integrations/cdktf/index.ts";

it("takes the apps of both construct libraries, as their types have it", () => {
  expectTypeOf<cdktf.App>().toExtend<App>();
  expectTypeOf<cdktn.App>().toExtend<App>();
  expectTypeOf(Firebreak.guard).parameter(0).toEqualTypeOf<App>();
});

describe.each([
  ["cdktf", cdktf],
  ["cdktn", cdktn],
])("an app of %s", (_, { App, TerraformStack, TerraformResource }) => {
  const app = new App({ outdir: "node_modules/.cache/firebreak-app-test" });
  const outer = new TerraformStack(app, "outer");
  const inner = new TerraformStack(outer, "inner");
  const data = new TerraformResource(outer, "data", { terraformResourceType: "terraform_data" });
  const other = new TerraformResource(inner, "other", { terraformResourceType: "some_vm" });

  it("has its stacks, those inside of others too, as the manifest calls them", () => {
    expect(stacksOf(app)).toEqual([outer, inner]);
    expect(manifestOf(app, inner)).toMatchObject({
      name: "inner",
      synthesizedStackPath: "stacks/inner/cdk.tf.json",
    });
  });

  it("has each resource in one stack, by its address", () => {
    expect([...resourcesOf(outer)]).toEqual([["terraform_data.data", data]]);
    expect([...resourcesOf(inner)]).toEqual([["some_vm.other", other]]);
  });
});
