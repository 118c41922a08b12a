import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, inPlan } from "./support.ts";

const subnet = (name: string) => `resource "azurerm_subnet" "${name}" {\n  name = "${name}"\n}\n`;

describe("a resource in a module", () => {
  it("is found where local sources lead, whatever instance of the module it is in", async () => {
    const at = await inPlan(
      folder({
        "main.tf": `${subnet("a")}module "ring" {\n  source   = "./ring"\n  for_each = local.rings\n}\n`,
        "ring/network.tf": `module "net" {\n  source = "./../net"\n  count = 2\n}\n${subnet("a")}`,
        "net/main.tf.json": '{"resource":{"azurerm_subnet":{"a":{"name":"a"}}}}',
        "unused/main.tf": subnet("a"),
      }),
    );
    expect(at("azurerm_subnet.a")).toBe("main.tf:1:1");
    expect(at('module.ring["a.b"].azurerm_subnet.a', "name")).toBe("ring/network.tf:6:3");
    expect(at('module.ring["x"].module.net[0].azurerm_subnet.a', "name")).toBe("net/main.tf.json:1:37");
    expect(at("module.ring.azurerm_subnet.b")).toBeUndefined();
    expect(at("module.other.azurerm_subnet.a")).toBeUndefined();
  });

  it("from elsewhere is shown by the call that its user wrote", async () => {
    const at = await inPlan(
      folder({
        "main.tf": `module "local" {\n  source = "./local"\n}\nmodule "aks" {\n  source = "Azure/aks/azurerm"\n  version = "9.0.0"\n}\nmodule "made" {\n  source = "./\${var.name}"\n}`,
        "local/main.tf": 'module "git" {\n  source = "git::https://example.test/x.git"\n}',
      }),
    );
    expect(at("module.aks.azurerm_kubernetes_cluster.main[0]", "sku_tier")).toBe("main.tf:4:1");
    expect(at("module.aks.module.pool.azurerm_subnet.a")).toBe("main.tf:4:1");
    expect(at("module.local.module.git.module.deep.azurerm_subnet.a")).toBe("local/main.tf:1:1");
    expect(at("module.made.azurerm_subnet.a")).toBe("main.tf:8:1");
  });

  it("may be beside the directory in the same repository, and is not read outside of it", async () => {
    const files = {
      "repo/env/prod/main.tf":
        'module "net" {\n  source = "../../modules/net"\n}\nmodule "out" {\n  source = "../../../out"\n}',
      "repo/modules/net/main.tf": subnet("a"),
      "out/main.tf": subnet("a"),
    };
    const root = folder(files);
    const alone = await inPlan(root, "repo/env/prod");
    expect(alone("module.net.azurerm_subnet.a")).toBe("repo/env/prod/main.tf:1:1");
    mkdirSync(join(root, "repo/.git"));
    const inside = await inPlan(root, "repo/env/prod");
    expect(inside("module.net.azurerm_subnet.a")).toBe("repo/modules/net/main.tf:1:1");
    expect(inside("module.out.azurerm_subnet.a")).toBe("repo/env/prod/main.tf:4:1");
  });

  it("is not followed through links that lead out, and is through those that do not", async () => {
    const root = folder({
      "app/main.tf": 'module "in" {\n  source = "./in"\n}\nmodule "out" {\n  source = "./out"\n}',
      "app/real/main.tf": subnet("a"),
      "secret/main.tf": subnet("a"),
      "secret/more.tf": subnet("b"),
    });
    symlinkSync("real", join(root, "app/in"));
    symlinkSync("../secret", join(root, "app/out"));
    symlinkSync("../secret/more.tf", join(root, "app/more.tf"));
    symlinkSync("loop.tf", join(root, "app/loop.tf"));
    symlinkSync("/dev/zero", join(root, "app/endless.tf"));
    const at = await inPlan(root, "app");
    expect(at("module.in.azurerm_subnet.a")).toBe("app/real/main.tf:1:1");
    expect(at("module.out.azurerm_subnet.a")).toBe("app/main.tf:4:1");
    expect(at("azurerm_subnet.b")).toBeUndefined();
  });

  it("that calls itself ends with the address", async () => {
    const at = await inPlan(folder({ "main.tf": `module "a" {\n  source = "./"\n}\n${subnet("x")}` }));
    expect(at(`${"module.a.".repeat(50)}azurerm_subnet.x`)).toBe("main.tf:4:1");
  });
});

describe("the files of a module", () => {
  it("are those right in the directory", async () => {
    const at = await inPlan(
      folder({
        "sub/main.tf": subnet("a"),
        "main.tf.bak": subnet("b"),
        ".hidden/x.tf": subnet("c"),
        "d.tf": "",
      }),
    );
    for (const name of ["a", "b", "c"]) expect(at(`azurerm_subnet.${name}`)).toBeUndefined();
  });

  it("may be named for OpenTofu", async () => {
    const at = await inPlan(folder({ "main.tofu": subnet("a"), "b.tofu.json": '{"data":{"x_y":{"z":{}}}}' }));
    expect(at("azurerm_subnet.a")).toBe("main.tofu:1:1");
    expect(at("data.x_y.z")).toBe("b.tofu.json:1:17");
  });
});
