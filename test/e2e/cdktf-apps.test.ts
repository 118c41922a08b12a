import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policies } from "../../policies/index.ts";
import { type Facet, isUnlisted } from "../../src/facets/facet.ts";
import { readPaths } from "../../src/inputs/read.ts";
import type { Change } from "../../src/model/change.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { Unknown } from "../../src/model/value.ts";
import { LIBRARIES, type Library, runProgram, synthesise, TODAY } from "../support/cdktf/apps.ts";
import { EXPECTED, LATER } from "../support/cdktf/expected-facts.ts";
import { type Asked, watch } from "../support/cdktf/looked-for.ts";
import { root } from "./support/cli.ts";

/** The facets of the built-in policies, each once, with the azurerm types that it names. */
const FACETS = [
  ...new Set(policies.flatMap((policy): Facet<unknown>[] => ("each" in policy ? [policy.each] : []))),
];
const TYPES = FACETS.flatMap((facet) =>
  facet.types.filter((type) => type.startsWith("azurerm_")).map((type) => ({ facet, id: facet.id, type })),
);

/** What facets look for in these types although azurerm 4 has no such property. */
const NOT_IN_AZURERM_4: Readonly<Record<string, readonly string[]>> = {
  // The name that azurerm 2 had for it.
  azurerm_storage_account: ["allow_blob_public_access"],
  // Facets read role assignments of all kinds alike; those that are activated are given by id, without condition.
  azurerm_pim_active_role_assignment: ["condition", "role_definition_name"],
  azurerm_pim_eligible_role_assignment: ["condition", "role_definition_name"],
  // The same face of the service is `proxy` in the service and `gateway` in its custom domain.
  azurerm_api_management: ["hostname_configuration.gateway"],
  azurerm_api_management_custom_domain: ["proxy"],
  // The default pool always has a surge.
  azurerm_kubernetes_cluster: ["default_node_pool.upgrade_settings.max_unavailable"],
};

describe.each(LIBRARIES)("the estate of fixtures/apps with $title", (library: Library) => {
  const folder = mkdtempSync(join(tmpdir(), `firebreak-${library.name}-`));
  const out = join(folder, TODAY);
  let deployments: readonly Deployment[];

  beforeAll(async () => {
    synthesise(library, [TODAY], folder);
    const read = await readPaths([out]);
    expect(read.problems).toEqual([]);
    deployments = read.deployments;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ofType = (type: string, stacks = deployments): readonly Change[] =>
    stacks.flatMap(({ changes }) => changes.filter((change) => change.type === type));

  it("is a platform and three rings, which depend on it", () => {
    expect(deployments.flatMap(({ problems }) => problems)).toEqual([]);
    expect(deployments.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ["broad-eastus", ["platform"]],
      ["broad-westeurope", ["platform"]],
      ["canary-westcentralus", ["platform"]],
      ["early-westus2", ["platform"]],
      ["platform", []],
    ]);
    const [ring] = deployments;
    const uses = ring?.crossEdges?.map(({ from, to, attribute }) => `${from} ${to} ${attribute}`);
    expect(uses).toContain(
      "azurerm_linux_virtual_machine_scale_set.web azurerm_storage_account.packages primary_blob_endpoint",
    );
    expect(uses).toContain(
      "azurerm_application_gateway.gateway azurerm_key_vault_certificate.wildcard versionless_secret_id",
    );
  });

  it("is synthesised to the same bytes by the program itself, run once more", () => {
    const again = join(folder, "again");
    runProgram(library, TODAY, again);
    expect(contentOf(again)).toEqual(contentOf(out));
  });

  it("knows the provider's major version, on which defaults depend", () => {
    expect(ofType("azurerm_storage_account").map(({ provider }) => provider)).toEqual(
      Array(7).fill({ name: "azurerm", major: 4 }),
    );
  });

  describe.each(TYPES)("$type in the facet $id", ({ facet, type }) => {
    if (library.lacks.includes(type)) {
      it(`is not in the binding of ${library.title}: when it arrives, the program has to use it`, () => {
        expect(bindingHas(library, type)).toBe(false);
        expect(ofType(type)).toEqual([]);
      });
      return;
    }

    it("has the facts that the program sets", () => {
      const stacks = deployments.filter(({ name }) => name === "platform" || name.startsWith("canary-"));
      const facts = Object.fromEntries(ofType(type, stacks).flatMap((change) => factsOf(facet, change)));
      expect(facts).toEqual(expectedOf(facet.id, type));
      expect(Object.keys(facts)).not.toEqual([]);
    });

    it("has every property that the facet looks for somewhere in the program", () => {
      const asked: Asked = { paths: new Set(), found: new Set() };
      for (const change of ofType(type)) watch(facet, change, asked);
      const missing = [...asked.paths].filter((path) => !asked.found.has(path));
      const excused = (NOT_IN_AZURERM_4[type] ?? []).filter((path) => asked.paths.has(path));
      expect(missing.sort()).toEqual([...excused].sort());
    });
  });
});

it("has facts expected of no type that the facets do not name", () => {
  const expected = Object.entries(EXPECTED).flatMap(([id, facts]) =>
    Object.keys(facts).map((item) => `${id} ${item.split(".")[0]}`),
  );
  expect(new Set(expected)).toEqual(new Set(TYPES.map(({ id, type }) => `${id} ${type}`)));
});

it("fits the types of CDK Terrain as well: the project's own check is of CDKTF", { timeout: 120_000 }, () => {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const said = () =>
    execFileSync(process.execPath, [tsc, "--project", "fixtures/apps/tsconfig.cdktn.json"], { cwd: root });
  expect(said).not.toThrow();
});

/** The files below a folder, by name. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(folder.length), readFileSync(file, "utf8")];
    }),
  );
}

function bindingHas({ name }: Library, type: string): boolean {
  const resource = type.replace(/^azurerm_/, "").replaceAll("_", "-");
  const folder = join(root, "node_modules", `@${name}`, "provider-azurerm/lib");
  return readdirSync(folder).includes(resource);
}

/** The facts of each item of a resource, by address and item. */
function factsOf(facet: Facet<unknown>, change: Change): readonly (readonly [string, object])[] {
  const items = facet.items(change.type, change.after, change.provider?.major);
  if (isUnlisted(items)) throw new Error(`${change.address}: ${items.unlisted} is not known`);
  return items.map(({ key, facts }) => {
    const values = Object.entries<{ readonly value: unknown } | undefined>(facts).flatMap(([name, field]) =>
      field === undefined ? [] : [[name, field.value instanceof Unknown ? LATER : field.value]],
    );
    return [key === "" ? change.address : `${change.address} ${key}`, Object.fromEntries(values)];
  });
}

function expectedOf(facet: string, type: string): object {
  return Object.fromEntries(
    Object.entries(EXPECTED[facet] ?? {}).filter(([address]) => address.startsWith(`${type}.`)),
  );
}
