import { describe, expect, it } from "vitest";
import { armTemplates } from "../../../../src/inputs/files/arm/template.ts";
import type { Change } from "../../../../src/model/change.ts";
import { Computed, isObject, Secret, type Value } from "../../../../src/model/value.ts";
import { changeOf, compared, read, readOne } from "../texts.ts";

const SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const PARAMETERS = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";

type Json = Readonly<Record<string, unknown>>;

function template(content: Json): string {
  return JSON.stringify({ $schema: SCHEMA, contentVersion: "1.0.0.0", ...content }, null, 2);
}

function parametersFile(values: Json): string {
  const parameters = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  return JSON.stringify({ $schema: PARAMETERS, contentVersion: "1.0.0.0", parameters }, null, 2);
}

const account = (name: string, properties: Json = {}, more: Json = {}): Json => ({
  type: "Microsoft.Storage/storageAccounts",
  apiVersion: "2024-01-01",
  name,
  location: "westeurope",
  properties,
  ...more,
});

/** What a change makes of a resource. */
function stateOf(change: Change | undefined): Record<string, Value> {
  if (!isObject(change?.after)) throw new Error("a resource was expected");
  return change.after;
}

/** The value of an expression in a template with these parts. */
async function asked(expression: unknown, content: Json = {}): Promise<Value> {
  const text = template({ ...content, resources: [account("vmext", { asked: expression })] });
  const deployment = await readOne(armTemplates, { "main.json": text });
  const { after } = changeOf(deployment, "vmext");
  return ((after as Json).properties as Record<string, Value>).asked as Value;
}

describe("a template", () => {
  it("is read as what-if shows its resources, at the place where each is written", async () => {
    const text = template({
      resources: [
        account("vmext", { publicNetworkAccess: "Disabled" }, { tags: { größe: "L" }, dependsOn: [] }),
      ],
    });
    const deployment = await readOne(armTemplates, { "infra/main.json": text });
    expect(deployment).toMatchObject({
      host: "git-diff",
      name: "infra/main.json",
      file: "infra/main.json",
      knows: "after-only",
      edges: [],
      problems: [],
      directives: { hiddenModules: [], moved: [], forgotten: [], openInstances: [] },
    });
    const [change] = deployment.changes;
    expect(change).toMatchObject({
      address: "Microsoft.Storage/storageAccounts/vmext",
      name: "vmext",
      type: "Microsoft.Storage/storageAccounts",
      action: "create",
      provider: { name: "Microsoft.Storage" },
      source: { file: "infra/main.json", line: 5, column: 5 },
    });
    expect(change?.after).toEqual({
      type: "Microsoft.Storage/storageAccounts",
      name: "vmext",
      location: "westeurope",
      properties: { publicNetworkAccess: "Disabled" },
      tags: { größe: "L" },
    });
    if (change === undefined) throw new Error("a change was expected");
    expect(deployment.locate?.(change, "properties.publicNetworkAccess")).toEqual({
      file: "infra/main.json",
      line: 11,
      column: 9,
    });
    expect(deployment.locate?.(change, "properties.networkAcls.defaultAction")?.line).toBe(10);
    expect(deployment.locate?.(change, "")?.line).toBe(5);
  });

  it("counts columns in UTF-16 units", async () => {
    const text = `{"$schema": "${SCHEMA}", "x": "😀ü", "resources": [{"type": "A.B/c", "name": "n"}]}`;
    const { changes } = await readOne(armTemplates, { "main.json": text });
    expect(changes[0]?.source).toEqual({ file: "main.json", line: 1, column: text.indexOf('{"type"') + 1 });
  });

  it("may have comments, texts over several lines and a comma at the end", async () => {
    const text = `// what it is for\n{ "$schema": "${SCHEMA}", /* nothing
      yet */ "resources": [{ "type": "A.B/c", "name": "n", "comments": "one\ntwo", }] }`;
    const { changes, problems } = await readOne(armTemplates, { "main.json": text });
    expect(problems).toEqual([]);
    expect(changes.map(({ address }) => address)).toEqual(["A.B/c/n"]);
  });

  it("reads children under the whole name of their parents, which they depend on", async () => {
    const child = { type: "blobServices", apiVersion: "1", name: "default", properties: {} };
    const grandchild = {
      type: "Microsoft.Storage/storageAccounts/blobServices/containers",
      name: "[format('{0}/default/packages', 'vmext')]",
      properties: { publicAccess: "None" },
    };
    const { changes, edges } = await readOne(armTemplates, {
      "main.json": template({ resources: [account("vmext", {}, { resources: [child] }), grandchild] }),
    });
    expect(changes.map(({ address, name }) => [address, name])).toEqual([
      ["Microsoft.Storage/storageAccounts/vmext", "vmext"],
      ["Microsoft.Storage/storageAccounts/blobServices/vmext/default", "default"],
      ["Microsoft.Storage/storageAccounts/blobServices/containers/vmext/default/packages", "packages"],
    ]);
    expect(edges).toEqual([
      { from: changes[1]?.address, to: changes[0]?.address },
      { from: changes[2]?.address, to: changes[1]?.address },
    ]);
  });

  it("is nobody's business where it is another kind of JSON", async () => {
    expect(await read(armTemplates, { "package.json": '{"name": "x"}', "broken.json": "{" })).toEqual([]);
  });

  it("is a problem with its place where it is broken, and nothing of it counts as deleted", async () => {
    const good = template({ resources: [account("vmext")] });
    const broken = good.replace('"location": "westeurope",', '"location": "westeurope"');
    const [change] = await compared(armTemplates, { "main.json": good }, { "main.json": broken });
    expect(change?.changes).toEqual([]);
    expect(change?.problems).toEqual([
      {
        message: "main.json is not valid JSON: a comma or } is expected here.",
        source: { file: "main.json", line: 10, column: 7 },
        severity: "error",
      },
    ]);
  });

  it("takes no name from its document for one of ours", async () => {
    const text = `{"$schema": "${SCHEMA}", "__proto__": {"resources": [{"type": "A.B/c", "name": "n"}]},
      "resources": [{"type": "A.B/c", "name": "[variables('__proto__')]", "properties": {"__proto__": {"x": 1}}}]}`;
    const { changes } = await readOne(armTemplates, { "main.json": text });
    expect(changes).toHaveLength(1);
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(Object.hasOwn(stateOf(changes[0]).properties as object, "__proto__")).toBe(true);
  });
});

describe("expressions", () => {
  it.each<[string, unknown]>([
    ["plain", "plain"],
    ["[[not('an expression')]", "[not('an expression')]"],
    ["[concat('a', 'b', 1)]", "ab1"],
    ["[concat(createArray(1), createArray('it''s'))]", [1, "it's"]],
    ["[format('{0}-{1}-{{}}', 'a', true())]", "a-True-{}"],
    ["[toLower('ABC')]", "abc"],
    ["[if(equals('a', 'b'), 'yes', 'no')]", "no"],
    ["[if(and(true(), not(false())), 1, 2)]", 1],
    ["[or(false(), equals(2, 2))]", true],
    [
      "[union(createObject('a', 1, 'b', createObject('c', 2)), createObject('b', createObject('d', 3)))]",
      { a: 1, b: { c: 2, d: 3 } },
    ],
    ["[json('{\"a\": [1, null]}').a[0]]", 1],
    ["[split('a,b', ',')[1]]", "b"],
    ["[split('a,b;c', createArray(',', ';'))]", ["a", "b", "c"]],
    ["[first(skip(range(1, 4), 2))]", 3],
    ["[coalesce(null(), 'x')]", "x"],
    ["[variables('nested').deep.er[1]]", "two"],
    ["[variables('NESTED').?nothing]", null],
    ["[string(createObject('a', 1))]", '{"a":1}'],
    ["[contoso.twice('ab')]", "abab"],
    [
      "[tenantResourceId('Microsoft.Authorization/policyDefinitions', 'p')]",
      "/providers/Microsoft.Authorization/policyDefinitions/p",
    ],
    [
      "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]",
      "/subscriptions/[subscription().subscriptionId]/providers/Microsoft.Authorization/roleDefinitions/r",
    ],
    [
      "[resourceId('s', 'g', 'Microsoft.Network/virtualNetworks/subnets', 'v', 'n')]",
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n",
    ],
  ])("%s is certain", async (expression, value) => {
    const functions = [
      {
        namespace: "contoso",
        members: {
          twice: {
            parameters: [{ name: "text", type: "string" }],
            output: { type: "string", value: "[concat(parameters('text'), parameters('text'))]" },
          },
        },
      },
    ];
    expect(
      await asked(expression, { variables: { nested: { deep: { er: ["one", "two"] } } }, functions }),
    ).toEqual(value);
  });

  it.each<[string, string]>([
    [
      "[uniqueString(resourceGroup().id)]",
      "uniqueString('/subscriptions/[subscription().subscriptionId]/resourceGroups/[resourceGroup().name]')",
    ],
    ["[parameters('who')]", "parameters('who')"],
    ["[concat('st', parameters('who'))]", "st[parameters('who')]"],
    ["[format('{0}{1}', 'st', parameters('who'))]", "st[parameters('who')]"],
    ["[parameters('mode')]", "parameters('mode'), by default 'Enabled'"],
    ["[utcNow()]", "utcNow()"],
    ["[format('{0:D2}', 1)]", "format('{0:D2}', 1)"],
    [
      "[map(variables('names'), lambda('n', toUpper(lambdaVariables('n'))))]",
      "map(['a'], lambda('n', toUpper(lambdaVariables('n'))))",
    ],
    ["[reference('elsewhere').sku.name]", "reference('elsewhere').sku.name"],
    ["[coalesce(parameters('who'), 'x')]", "coalesce(parameters('who'), 'x')"],
    ["[variables('itself')]", "concat(variables('itself'), 'x')"],
    ["[1 + 1]", "1 + 1"],
  ])("%s is open", async (expression, text) => {
    const value = await asked(expression, {
      parameters: { who: { type: "string" }, mode: { type: "string", defaultValue: "Enabled" } },
      variables: { names: ["a"], itself: "[concat(variables('itself'), 'x')]" },
    });
    expect(value).toBeInstanceOf(Computed);
    expect((value as Computed).text).toBe(expression.includes("itself") ? "[variables('itself')]x" : text);
  });

  it("leave an open condition open, and take either branch where both are the same", async () => {
    const parameters = { parameters: { yes: { type: "bool" } } };
    expect(await asked("[if(parameters('yes'), 'x', 'x')]", parameters)).toBe("x");
    expect(await asked("[if(parameters('yes'), 'x', 'y')]", parameters)).toBeInstanceOf(Computed);
    expect(await asked("[and(parameters('yes'), false())]", parameters)).toBe(false);
  });

  it("keep what is secret secret, in whatever it is put into", async () => {
    const content = {
      parameters: {
        word: { type: "securestring", allowedValues: ["correct horse"] },
        open: { type: "secureObject" },
      },
      variables: { whole: "[concat('pw=', parameters('word'))]" },
    };
    for (const expression of [
      "[parameters('word')]",
      "[variables('whole')]",
      "[parameters('open').inner]",
      "[createObject('a', variables('whole')).a]",
      "[base64(parameters('word'))]",
      "[listKeys('vmext', '2024-01-01').keys[0].value]",
    ]) {
      expect(await asked(expression, content), expression).toBeInstanceOf(Secret);
    }
    expect(((await asked("[variables('whole')]", content)) as Secret).reveal()).toBe("pw=correct horse");
    const mixed = await asked("[string(createObject('a', parameters('word')))]", content);
    expect(String(mixed)).not.toContain("horse");
  });

  it("are bounded, however they double one another", async () => {
    const variables: Record<string, unknown> = { v0: "x".repeat(100) };
    for (let i = 1; i < 60; i++)
      variables[`v${i}`] = `[createArray(variables('v${i - 1}'), variables('v${i - 1}'))]`;
    const text = template({ variables, resources: [account("vmext", { asked: "[variables('v59')]" })] });
    const started = performance.now();
    const deployment = await readOne(armTemplates, { "main.json": text });
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(deployment.directives).toBeUndefined();
    expect(deployment.problems).toEqual([
      {
        message: "main.json cannot be read: its expressions ask for more work than is done for one template.",
        source: { file: "main.json" },
        severity: "error",
      },
    ]);
  });

  it("are bounded in depth", async () => {
    const deep = `[${"not(".repeat(5_000)}true()${")".repeat(5_000)}]`;
    expect(await asked(deep)).toBeInstanceOf(Computed);
    const brackets = `{"$schema": "${SCHEMA}", "x": ${"[".repeat(100_000)}`;
    const { problems } = await readOne(armTemplates, { "main.json": brackets });
    expect(problems[0]?.message).toContain("nested too deeply");
  });
});

describe("parameters", () => {
  const text = template({
    parameters: {
      mode: { type: "string", defaultValue: "Enabled" },
      sku: { type: "string", defaultValue: "Standard_ZRS" },
      only: { type: "string", defaultValue: "Hot", allowedValues: ["Hot"] },
    },
    resources: [
      account(
        "vmext",
        { publicNetworkAccess: "[parameters('mode')]", accessTier: "[parameters('only')]" },
        { sku: { name: "[parameters('SKU')]" } },
      ),
    ],
  });

  it("have their default for certain only where nobody can give another", async () => {
    const { changes } = await readOne(armTemplates, { "main.json": text });
    expect(JSON.parse(JSON.stringify(changes[0]?.after))).toMatchObject({
      sku: { name: "(parameters('sku'), by default 'Standard_ZRS')" },
      properties: {
        publicNetworkAccess: "(parameters('mode'), by default 'Enabled')",
        accessTier: "Hot",
      },
    });
  });

  it("make a changed default a change of an unknown value", async () => {
    const [change] = await compared(
      armTemplates,
      { "main.json": text },
      { "main.json": text.replace('"Enabled"', '"Disabled"') },
    );
    expect(change?.changes.map(({ action }) => action)).toEqual(["update"]);
    const [same] = await compared(armTemplates, { "main.json": text }, { "main.json": `${text}\n` });
    expect(same?.changes.map(({ action }) => action)).toEqual(["keep"]);
  });

  it("come from each file beside the template, which makes a deployment of its own", async () => {
    const files = {
      "infra/main.json": text,
      "infra/main.parameters.json": parametersFile({ mode: "Disabled" }),
      "infra/main.prod.parameters.json": parametersFile({ Mode: "SecuredByPerimeter", sku: "Premium_LRS" }),
      "infra/other.parameters.json": parametersFile({ mode: "Disabled" }),
      "infra/maintenance.json": text,
    };
    const found = await read(armTemplates, files, ["infra/main.json"]);
    expect(found.map(({ name, changes }) => [name, changes[0]?.after])).toMatchObject([
      [
        "infra/main.json (main.parameters.json)",
        { sku: { name: "Standard_ZRS" }, properties: { publicNetworkAccess: "Disabled" } },
      ],
      [
        "infra/main.json (main.prod.parameters.json)",
        { sku: { name: "Premium_LRS" }, properties: { publicNetworkAccess: "SecuredByPerimeter" } },
      ],
    ]);
    const changed = await read(armTemplates, files, ["infra/main.prod.parameters.json"]);
    expect(changed.map(({ name }) => name)).toEqual(["infra/main.json (main.prod.parameters.json)"]);
  });

  it("are judged where only their file changed", async () => {
    const before = { "main.json": text, "main.parameters.json": parametersFile({ mode: "Enabled" }) };
    const after = { ...before, "main.parameters.json": parametersFile({ mode: "Disabled" }) };
    const [deployment, ...others] = await compared(armTemplates, before, after);
    expect(others).toEqual([]);
    expect(deployment).toMatchObject({
      name: "main.json (main.parameters.json)",
      changes: [
        {
          action: "update",
          before: { properties: { publicNetworkAccess: "Enabled" } },
          after: { properties: { publicNetworkAccess: "Disabled" } },
        },
      ],
    });
    const [change] = deployment?.changes ?? [];
    expect(change && deployment?.locate?.(change, "properties.publicNetworkAccess")?.line).toBe(
      text.split("\n").findIndex((line) => line.includes('"publicNetworkAccess"')) + 1,
    );
  });

  it("whose file goes take nothing with them, and a template is compared with itself where one comes", async () => {
    const without = { "main.json": text };
    const with_ = { ...without, "main.parameters.json": parametersFile({ mode: "Disabled" }) };
    const [gone] = await compared(armTemplates, with_, without);
    expect(gone?.changes).toEqual([]);
    const changed = { ...with_, "main.json": text.replace("westeurope", "eastus") };
    const come = await compared(armTemplates, without, changed);
    expect(come.map(({ name, changes }) => [name, changes.map(({ action }) => action)])).toEqual([
      ["main.json", ["update"]],
      ["main.json (main.parameters.json)", ["create"]],
    ]);
  });

  it("whose file is broken are a problem there", async () => {
    const files = {
      "main.json": text,
      "main.parameters.json": `{"$schema": "${PARAMETERS}", "parameters": {`,
    };
    const found = await readOne(armTemplates, files, ["main.parameters.json"]);
    expect(found.problems).toMatchObject([
      { source: { file: "main.parameters.json", line: 1 }, severity: "error" },
    ]);
    expect(found.directives).toBeUndefined();
  });

  it("may be secrets of a vault", async () => {
    const files = {
      "main.json": template({
        parameters: { word: { type: "secureString" } },
        resources: [account("vmext", { x: "[parameters('word')]" })],
      }),
      "main.parameters.json": JSON.stringify({
        $schema: PARAMETERS,
        parameters: { word: { reference: { keyVault: { id: "/x" }, secretName: "y" } } },
      }),
    };
    const found = await readOne(armTemplates, files, ["main.parameters.json"]);
    expect((stateOf(found.changes[0]).properties as Json).x).toBeInstanceOf(Secret);
  });
});

describe("resources that are there or not", () => {
  it("are absent where a condition is false for certain, and say so where it is open", async () => {
    const { changes } = await readOne(armTemplates, {
      "main.json": template({
        parameters: { on: { type: "bool", defaultValue: true } },
        resources: [
          account("never", {}, { condition: "[equals('a', 'b')]" }),
          account("maybe", {}, { condition: "[parameters('on')]" }),
          account("always", {}, { condition: true }),
        ],
      }),
    });
    expect(changes.map(({ name, after }) => [name, String((after as Json).condition)])).toEqual([
      ["maybe", "(parameters('on'), by default true)"],
      ["always", "undefined"],
    ]);
  });

  it("are as many as a loop makes, or open where nobody knows", async () => {
    const loop = (count: unknown) =>
      account("[concat('vm', copyIndex(1))]", {}, { copy: { name: "all", count } });
    const known = await readOne(armTemplates, {
      "main.json": template({ resources: [loop("[length(createArray('a', 'b'))]")] }),
    });
    expect(known.changes.map(({ name }) => name)).toEqual(["vm1", "vm2"]);
    const open = await readOne(armTemplates, {
      "main.json": template({ parameters: { n: { type: "int" } }, resources: [loop("[parameters('n')]")] }),
    });
    expect(open.changes.map(({ address }) => address)).toEqual(open.directives?.openInstances);
    expect(open.changes[0]?.address).toBe("Microsoft.Storage/storageAccounts/vm[copyIndex(1)]");
  });

  it("have properties and variables made by loops", async () => {
    const properties = {
      copy: [{ name: "ipRules", count: 2, input: { value: "[variables('ips')[copyIndex('ipRules')]]" } }],
      other: 1,
    };
    const { changes } = await readOne(armTemplates, {
      "main.json": template({
        variables: { copy: [{ name: "ips", count: 2, input: "[concat('10.0.0.', copyIndex('ips'))]" }] },
        resources: [account("vmext", properties)],
      }),
    });
    expect(changes[0]?.after).toMatchObject({
      properties: { ipRules: [{ value: "10.0.0.0" }, { value: "10.0.0.1" }], other: 1 },
    });
  });

  it("are told apart where conditions choose one of two with the same name", async () => {
    const { changes } = await readOne(armTemplates, {
      "main.json": template({ resources: [account("one"), account("one")] }),
    });
    expect(changes.map(({ address }) => address)).toEqual([
      "Microsoft.Storage/storageAccounts/one",
      "Microsoft.Storage/storageAccounts/one #2",
    ]);
  });
});

describe("dependencies", () => {
  it("are those that are declared and those that expressions tell, with what is used", async () => {
    const { edges } = await readOne(armTemplates, {
      "main.json": template({
        parameters: { store: { type: "string" } },
        variables: {
          key: "[listKeys(resourceId('Microsoft.Storage/storageAccounts', parameters('store')), '1').keys[0].value]",
        },
        resources: [
          account("[parameters('store')]"),
          {
            type: "Microsoft.Web/sites",
            name: "app",
            dependsOn: ["[concat('Microsoft.Storage/storageAccounts/', parameters('store'))]", "plan"],
            properties: {
              endpoint: "[reference(parameters('store')).primaryEndpoints.blob]",
              key: "[variables('key')]",
              again: "[variables('key')]",
            },
          },
          { type: "Microsoft.Web/serverfarms", name: "plan", properties: {} },
        ],
      }),
    });
    const store = "Microsoft.Storage/storageAccounts/[parameters('store')]";
    const from = "Microsoft.Web/sites/app";
    expect(edges).toEqual([
      { from, to: store },
      { from, to: "Microsoft.Web/serverfarms/plan" },
      { from, to: store, attribute: "primary_endpoints.blob" },
      { from, to: store, attribute: "id" },
      { from, to: store, attribute: "access_key" },
    ]);
  });

  it("may use Bicep's symbolic names, of resources that exist already too", async () => {
    const { changes, edges } = await readOne(armTemplates, {
      "main.json": template({
        languageVersion: "2.0",
        resources: {
          store: {
            existing: true,
            type: "Microsoft.Storage/storageAccounts",
            apiVersion: "1",
            name: "vmext",
          },
          app: {
            type: "Microsoft.Web/sites",
            name: "app",
            properties: { endpoint: "[reference('store').primaryEndpoints.blob]" },
            dependsOn: ["store"],
          },
        },
      }),
    });
    expect(changes.map(({ name, action }) => [name, action])).toEqual([
      ["vmext", "read"],
      ["app", "create"],
    ]);
    expect(edges.map(({ to, attribute }) => [to, attribute])).toEqual([
      ["Microsoft.Storage/storageAccounts/vmext", undefined],
      ["Microsoft.Storage/storageAccounts/vmext", "primary_endpoints.blob"],
    ]);
  });
});

describe("deployments inside of a template", () => {
  const module = (name: string, given: Json, more: Json = {}): Json => ({
    type: "Microsoft.Resources/deployments",
    apiVersion: "2022-09-01",
    name,
    properties: {
      mode: "Incremental",
      expressionEvaluationOptions: { scope: "inner" },
      parameters: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { value }])),
      template: {
        $schema: SCHEMA,
        parameters: { name: { type: "string" }, mode: { type: "string", defaultValue: "Enabled" } },
        resources: [account("[parameters('name')]", { publicNetworkAccess: "[parameters('mode')]" })],
      },
    },
    ...more,
  });

  it("take their parameters from the template around, and their defaults for certain", async () => {
    const { changes } = await readOne(armTemplates, {
      "main.json": template({
        variables: { name: "vmext" },
        resources: [module("storage", { name: "[variables('name')]" })],
      }),
    });
    expect(changes).toMatchObject([
      {
        address: "Microsoft.Storage/storageAccounts/vmext",
        after: { properties: { publicNetworkAccess: "Enabled" } },
      },
    ]);
  });

  it("change nothing by being made", async () => {
    const plain = template({ resources: [account("vmext", { publicNetworkAccess: "Enabled" })] });
    const moved = template({ resources: [module("storage", { name: "vmext" })] });
    const [change] = await compared(armTemplates, { "main.json": plain }, { "main.json": moved });
    expect(change?.changes.map(({ action }) => action)).toEqual(["keep"]);
  });

  it("may deploy the same to several groups, and be depended on", async () => {
    const site = {
      type: "Microsoft.Web/sites",
      name: "app",
      dependsOn: ["[resourceId('Microsoft.Resources/deployments', 'east')]"],
    };
    const { changes, edges } = await readOne(armTemplates, {
      "main.json": template({
        resources: [
          module("east", { name: "vmext" }, { resourceGroup: "rg-east" }),
          module("west", { name: "vmext" }, { resourceGroup: "rg-west" }),
          site,
        ],
      }),
    });
    expect(changes.map(({ address }) => address)).toEqual([
      "rg-east/Microsoft.Storage/storageAccounts/vmext",
      "rg-west/Microsoft.Storage/storageAccounts/vmext",
      "Microsoft.Web/sites/app",
    ]);
    expect(edges).toEqual([
      { from: "Microsoft.Web/sites/app", to: "rg-east/Microsoft.Storage/storageAccounts/vmext" },
    ]);
  });

  it("have the expressions of the template around by default", async () => {
    const nested = {
      type: "Microsoft.Resources/deployments",
      name: "n",
      properties: { template: { variables: { x: "inner" }, resources: [account("[variables('x')]")] } },
    };
    const { changes } = await readOne(armTemplates, {
      "main.json": template({ variables: { x: "outer" }, resources: [nested] }),
    });
    expect(changes.map(({ name }) => name)).toEqual(["outer"]);
  });
});

describe("assignments", () => {
  const assignment = { type: "Microsoft.Authorization/roleAssignments", name: "a", properties: {} };
  const scopeOf = async (resource: Json, level = "deploymentTemplate") => {
    const text = template({ resources: [resource] }).replace("deploymentTemplate", level);
    return stateOf((await readOne(armTemplates, { "main.json": text })).changes[0]).scope;
  };

  it("have the scope that they are about, or that of the deployment", async () => {
    const subscription = "/subscriptions/[subscription().subscriptionId]";
    expect(await scopeOf(assignment, "subscriptionDeploymentTemplate")).toBe(subscription);
    expect(await scopeOf(assignment)).toBe(`${subscription}/resourceGroups/[resourceGroup().name]`);
    const store = `${subscription}/resourceGroups/[resourceGroup().name]/providers/Microsoft.Storage/storageAccounts/vmext`;
    expect(await scopeOf({ ...assignment, scope: "Microsoft.Storage/storageAccounts/vmext" })).toBe(store);
    expect(
      await scopeOf({ ...assignment, scope: "[resourceId('Microsoft.Storage/storageAccounts', 'vmext')]" }),
    ).toBe(store);
    expect(
      await scopeOf({
        type: "Microsoft.Storage/storageAccounts/providers/roleAssignments",
        name: "vmext/Microsoft.Authorization/a",
      }),
    ).toBe(store);
  });
});

describe("comments in a template", () => {
  it("accept findings of what they stand beside", async () => {
    const comment =
      '// firebreak:allow access/shared-storage-change until=2026-03-31 owner=storage reason="planned"';
    const text = template({ resources: [account("vmext")] }).replace(
      '"properties"',
      `${comment}\n      "properties"`,
    );
    const { suppressions, problems } = await readOne(armTemplates, { "main.json": text });
    expect(problems).toEqual([]);
    expect(suppressions).toMatchObject([
      { policy: "access/shared-storage-change", owner: "storage", source: { file: "main.json", line: 10 } },
    ]);
  });
});
