import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { Secret, UNKNOWN } from "../../../src/model/value.ts";
import { Engine } from "./engine.ts";
import type { AnalyzedResource } from "./messages.ts";

// These wait for processes, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, "../../..");

/** A pack's folder with this program, gone after the test. */
function packOf(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-pack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "pack", version: "1.2.3", main: "index.js" }),
  );
  writeFileSync(join(folder, "index.js"), program);
  return folder;
}

/** A pack of one policy that reports what it is shown. */
const WITNESS = packSource(`
  { name: "sees-resource", description: "Sees a resource.", enforcementLevel: "mandatory", severity: "high",
    configSchema: { properties: { limit: { type: "number", default: 7 }, of: { type: "string" } } },
    validateResource: (args, report) => report(JSON.stringify({
      type: args.type, name: args.name, opts: args.opts, provider: args.provider && args.provider.props,
      props: raw(args.props), config: args.getConfig(), tags: [...args.stackTags],
      env: process.env.FIREBREAK_BEFORE, cwd: process.cwd(), dryRun: process.env.PULUMI_NODEJS_DRY_RUN })) },
  { name: "sees-stack", description: "Sees a stack.", enforcementLevel: "advisory",
    validateStack: (args, report) => {
      for (const one of args.resources) report(JSON.stringify({ parent: one.parent && one.parent.name,
        dependencies: one.dependencies.map((other) => other.name),
        byProperty: Object.fromEntries(Object.entries(one.propertyDependencies).map(([k, v]) => [k, v.map((o) => o.name)])),
        props: raw(one.props) }), one.urn);
      report("of nobody", "urn:pulumi:prod::estate::a:b:C::gone");
    } },
`);

function packSource(policies: string): string {
  return `const { PolicyPack } = require("@pulumi/policy");
const raw = (props) => props.__getSpecialProxyTarget ?? props;
new PolicyPack("witness", { policies: [${policies}] });
console.error("the pack is up");`;
}

const URN = "urn:pulumi:prod::estate::";
const STACK: AnalyzedResource = {
  urn: `${URN}pulumi:pulumi:Stack::estate-prod`,
  type: "pulumi:pulumi:Stack",
  name: "estate-prod",
  properties: {},
};
const GROUP: AnalyzedResource = {
  urn: `${URN}a:b:Group::group`,
  type: "a:b:Group",
  name: "group",
  properties: { name: "group" },
};
const ACCOUNT: AnalyzedResource = {
  urn: `${URN}a:b:Account::account`,
  type: "a:b:Account",
  name: "account",
  properties: {
    __defaults: [],
    key: new Secret("hunter2"),
    group: UNKNOWN,
    rule: { __defaults: [], port: 80 },
  },
  outputs: { group: UNKNOWN, endpoint: "https://account" },
  options: { protect: true, aliases: [`${URN}a:b:Account::old`], ignoreChanges: ["tags"], parent: STACK.urn },
  provider: {
    urn: `${URN}pulumi:providers:a::a`,
    type: "pulumi:providers:a",
    name: "a",
    properties: { version: "1" },
  },
  parent: STACK.urn,
  dependencies: [GROUP.urn],
  propertyDependencies: { group: [GROUP.urn], key: [] },
};
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

it("shows a pack each resource and then the stack, as the engine does", async () => {
  const pack = packOf(WITNESS);
  await using engine = await Engine.boot(pack, {
    env: { FIREBREAK_BEFORE: "before.json" },
    tags: { tier: "platform" },
    config: { all: { enforcementLevel: "mandatory" }, "sees-resource": { properties: { of: "prod" } } },
  });
  const { info, resource, stack, stderr } = await engine.run([STACK, GROUP, ACCOUNT]);

  expect(info).toMatchObject({ name: "witness", version: "1.2.3" });
  expect(stderr).toBe("the pack is up\n");
  expect(resource.map(({ policy, urn, level, severity }) => [policy, urn, level, severity])).toEqual(
    [STACK, GROUP, ACCOUNT].map(({ urn }) => ["sees-resource", urn, "mandatory", "high"]),
  );
  const [, , account] = resource.map(({ message }) => JSON.parse(message.replace("Sees a resource.\n", "")));
  expect(account).toMatchObject({
    type: ACCOUNT.type,
    name: "account",
    opts: { protect: true, aliases: [`${URN}a:b:Account::old`], ignoreChanges: ["tags"], parent: STACK.urn },
    provider: { version: "1" },
    props: { key: "hunter2", group: UNKNOWN_TEXT, rule: { port: 80 } },
    config: { limit: 7, of: "prod" },
    tags: [["tier", "platform"]],
    env: "before.json",
    cwd: pack,
    dryRun: "true",
  });
  expect(Object.keys(account.props)).not.toContain("__defaults");

  // `all` made the advisory mandatory; what is about a resource that is gone is about the stack.
  expect(stack.map(({ level, urn }) => [level, urn])).toEqual(
    [ACCOUNT, GROUP, STACK, STACK].map(({ urn }) => ["mandatory", urn]),
  );
  expect(JSON.parse(stack[0]?.message.replace("Sees a stack.\n", "") ?? "")).toEqual({
    parent: "estate-prod",
    dependencies: ["group"],
    byProperty: { group: ["group"] },
    props: { group: UNKNOWN_TEXT, endpoint: "https://account" },
  });
});

it("lets a pack put a resource right before it judges it", async () => {
  const pack = packOf(
    packSource(`{ name: "rights", description: "Rights.", enforcementLevel: "remediate",
      remediateResource: (args) => ({ ...args.props, isPublic: false }),
      validateResource: (args, report) => report(String(args.props.isPublic)) }`),
  );
  await using engine = await Engine.boot(pack);
  const said = await engine.analyze({ ...GROUP, properties: { isPublic: true } });
  expect(said).toMatchObject([{ level: "mandatory", message: "Rights.\nfalse" }]);
});

it("rejects a call with the error that the pack answers", async () => {
  const pack = packOf(
    packSource(`{ name: "boom", description: "Goes boom.", enforcementLevel: "advisory",
      validateResource: () => { throw new Error("out of order"); } }`),
  );
  await using engine = await Engine.boot(pack);
  await expect(engine.analyze(GROUP)).rejects.toMatchObject({
    code: 2,
    details: expect.stringContaining("out of order"),
  });
});

it.each([
  [
    "prints something else",
    `console.error("so there"); console.log("hello"); setInterval(() => {}, 1000);`,
    /printed "hello".*so there/,
  ],
  [
    "ends",
    `console.error("no licence"); process.exit(3);`,
    /ended before it served, with exit code 3.*no licence/,
  ],
])("names what is wrong with a pack that %s, and what it said", async (_, program, expected) => {
  await expect(Engine.boot(packOf(program))).rejects.toThrow(expected);
});

it("does not wait for ever for a pack that hangs", async () => {
  const pack = packOf(`console.error("waiting"); setInterval(() => {}, 1000);`);
  await expect(Engine.boot(pack, { bootLimit: 6_000 })).rejects.toThrow(/did not serve within 6 s.*waiting/);
});
