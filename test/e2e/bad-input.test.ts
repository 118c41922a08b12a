import { execFileSync } from "node:child_process";
import { existsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import strict from "../../packs/strict.ts";
import { activate } from "../../src/engine/activate.ts";
import { judge } from "../../src/engine/judge.ts";
import { NO_SETTINGS } from "../../src/engine/settings.ts";
import { readPaths } from "../../src/inputs/read.ts";
import { BLOCKED, CLI, directory, firebreak, PASSED, root, text } from "./support/cli.ts";
import { harmlessPlan, plan } from "./support/plans.ts";

const EXPECTED =
  "expected a Terraform or OpenTofu plan (terraform show -json), a CDKTF synth, a Pulumi preview (--json) or an ARM what-if";

/** What is no input at all: by name, the content and the sentence that must be said. */
const REFUSED: Readonly<Record<string, readonly [content: string | Uint8Array, sentence: string]>> = {
  "an empty file": ["", "plan.json is empty."],
  "white space": [" \n\t\r\n", "plan.json is empty."],
  "a byte order mark and nothing more": ["\ufeff", "plan.json is empty."],
  "other text": ["Terraform will perform the following actions:\n", `plan.json is not JSON: ${EXPECTED}.`],
  YAML: ["apiVersion: v1\nkind: Pod\n", `plan.json is not JSON: ${EXPECTED}.`],
  HCL: ['resource "azurerm_resource_group" "a" {\n}\n', `plan.json is not JSON: ${EXPECTED}.`],
  "a saved plan": [
    Buffer.from("504b0304140008000800", "hex"),
    "plan.json is not JSON: a saved plan is binary, so give what `terraform show -json` prints for it.",
  ],
  "zero bytes": [new Uint8Array(5000), `plan.json is not JSON: ${EXPECTED}.`],
  "a number": ["42", `plan.json is no JSON object: ${EXPECTED}.`],
  "a text": ['"plan"', `plan.json is no JSON object: ${EXPECTED}.`],
  null: ["null", `plan.json is not JSON: ${EXPECTED}.`],
  "an empty list": [
    "[]",
    `plan.json is nothing that Firebreak judges (it holds no properties): ${EXPECTED}.`,
  ],
  "an empty object": [
    "{}",
    `plan.json is nothing that Firebreak judges (it holds no properties): ${EXPECTED}.`,
  ],
  "a package.json": [
    '{"name":"x","version":"1.0.0","scripts":{}}',
    `plan.json is nothing that Firebreak judges (its properties are name, version, scripts): ${EXPECTED}.`,
  ],
  "a tsconfig.json with comments": ['{\n  // strict\n  "strict": true }', "plan.json:2:3 cannot be read: "],
  "a plan inside a mock for tests": [
    `{"mock":${harmlessPlan()}}`,
    `plan.json is nothing that Firebreak judges (its properties are mock): ${EXPECTED}.`,
  ],
  "a plan of a future format": [
    '{"format_version":"2.0","resource_changes":[]}',
    "plan.json is a plan in format 2.0, which is newer than the 1.x that this version of Firebreak reads: update Firebreak.",
  ],
  "a plan without a usable format": [
    '{"format_version":1.2,"resource_changes":[]}',
    'plan.json has no usable format_version: expected text such as "1.2".',
  ],
  "a tower of lists": ["[".repeat(100_000), "plan.json is nothing that Firebreak judges"],
  "a plan with a tower inside": [
    `{"format_version":"1.2","resource_changes":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    "plan.json:1:545 cannot be read: values are nested deeper than 500 levels.",
  ],
  "two plans behind each other": [`${harmlessPlan()}\n${harmlessPlan()}`, "plan.json:2:1 cannot be read: "],
  "a plan with changes that are no list": [
    '{"format_version":"1.2","resource_changes":{"a":1}}',
    "plan.json has resource_changes that are not a list",
  ],
  "a plan with changes that are no objects": [
    '{"format_version":"1.2","resource_changes":[1,"x"]}',
    "plan.json has an element in resource_changes that is not an object",
  ],
};

describe("what is no input is refused in one sentence", () => {
  it.each(Object.entries(REFUSED))("%s", (_, [content, sentence]) => {
    const cwd = directory({ "plan.json": content });
    const { code, stdout, stderr } = firebreak(["check", "plan.json"], { cwd });
    expect(code).toBe(3);
    const said = `${stdout}${stderr}`.replace(/\s+/g, " ");
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/passed:|\bat \S+:\d+:\d+\)|Error\b/);
    if (stdout === "") expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("a missing file, a file taken for a directory, an empty directory", () => {
    const cwd = directory({ "plan.json": harmlessPlan() });
    const said = (path: string) => firebreak(["check", path], { cwd });
    expect(said("missing.json")).toEqual({
      code: 3,
      stdout: "",
      stderr: "firebreak: missing.json cannot be read: there is no such file.\n",
    });
    expect(said("plan.json/x.json").stderr).toBe(
      "firebreak: plan.json/x.json cannot be read: part of the path is not a directory.\n",
    );
    const nothing = firebreak(["check"], { cwd: directory({ "readme.txt": "hello" }) });
    expect(nothing).toMatchObject({ code: 3, stdout: "" });
    expect(nothing.stderr).toMatch(
      /^firebreak: This directory holds nothing to judge: give the path of .*\n$/,
    );
  });

  it("a file of 2 GB that holds nothing", () => {
    const cwd = directory({ "plan.json": "" });
    truncateSync(join(cwd, "plan.json"), 2 * 1024 ** 3);
    const started = performance.now();
    const { code, stderr } = firebreak(["check", "plan.json"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toBe(`firebreak: plan.json is not JSON: ${EXPECTED}.\n`);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("a preview of more than 256 MiB, in little memory", () => {
    const head = '{"config":{},"steps":[';
    const cwd = directory({ "preview.json": head });
    const block = Buffer.alloc(1 << 20, " ");
    for (let i = 0; i < 300; i++) writeFileSync(join(cwd, "preview.json"), block, { flag: "a" });
    writeFileSync(join(cwd, "preview.json"), "]}", { flag: "a" });
    const { code, stdout, stderr } = firebreak(["check", "preview.json"], { cwd });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(
      "firebreak: preview.json is larger than 256 MiB, which only Terraform plans may be.\n",
    );
  });
});

describe("a document that is cut off", () => {
  const policies = activate([strict], NO_SETTINGS);
  const documents = [
    BLOCKED,
    join(root, "fixtures/incidents/azure-2026-02-storage-access/pulumi-azure-native/preview.json"),
    join(root, "fixtures/incidents/azure-2026-02-storage-access/arm-what-if/production.json"),
    join(root, "fixtures/incidents/azure-2026-02-storage-access/cdktf-synth/before/production.tfstate"),
  ];

  it.each(documents.map((file) => file.slice(root.length + 1)))("never passes: %s", async (name) => {
    const whole = Buffer.from(text(join(root, name)).trimEnd());
    const cwd = directory();
    const file = join(cwd, "cut.json");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async (length) => {
        writeFileSync(file, whole.subarray(0, length));
        const { deployments, problems } = await readPaths([file]);
        const context = { today: "2026-11-22", version: "0", problems };
        expect(judge(deployments, policies, NO_SETTINGS, context).verdict).toBe("incomplete");
        expect(problems).toHaveLength(1);
        expect(problems[0]?.message.startsWith(file)).toBe(true);
        expect(problems[0]?.message).not.toMatch(/undefined|NaN|Error/);
      }),
      { numRuns: 200 },
    );
  });

  it("says where it ends", () => {
    const cwd = directory({ "plan.json": text(BLOCKED).slice(0, 5000) });
    const { code, stdout, stderr } = firebreak(["check", "plan.json"], { cwd });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^firebreak: plan\.json:\d+:\d+ cannot be read: .*\n$/);
  });
});

describe("a document that is damaged", () => {
  it("is not said to be a policy's fault", () => {
    const account = '{"name":"a","public_network_access_enabled": tru}';
    const content = harmlessPlan().replace(/"after":\{.*?\}\}/, `"after":${account}`);
    expect(content).toContain(account);
    const cwd = directory({
      "plan.json": content.replaceAll("azurerm_resource_group", "azurerm_storage_account"),
    });
    const { code, stdout, stderr } = firebreak(["check", "plan.json"], { cwd });
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toContain("cannot be read");
    expect(`${stdout}${stderr}`).not.toMatch(/crashed|passed:/);
  });

  it("may hold bytes that are no UTF-8, keys like __proto__, NUL and the same resource twice", () => {
    const account = { name: "a\u0000b", tags: { shared: "true" }, public_network_access_enabled: true };
    const content = plan([
      { before: account, after: { ...account, public_network_access_enabled: false } },
      { address: "azurerm_storage_account.example0", before: account, after: null },
    ])
      .replaceAll('"tags":', '"__proto__":{"public_network_access_enabled":null},"constructor":1,"tags":')
      .replaceAll("a\\u0000b", "?");
    const bytes = Buffer.from(content);
    bytes[bytes.indexOf("?")] = 0xff;
    const { code, stdout, stderr } = firebreak(["check", "-", "--format", "json"], { input: bytes });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout).counts.resources).toBe(2);
  });
});

describe("a plan in UTF-16", () => {
  it.each([
    ["with a mark", "\ufeff", "utf16le"],
    ["without", "", "utf16le"],
    ["big-endian", "\ufeff", "utf16be"],
  ] as const)("%s is read like any other", (_, mark, encoding) => {
    const bytes = Buffer.from(mark + text(BLOCKED), "utf16le");
    if (encoding === "utf16be") bytes.swap16();
    const cwd = directory({ "production.tfplan.json": bytes });
    const args = ["production.tfplan.json", "--format", "json"];
    const { stdout } = firebreak(["check", ...args], { cwd });
    const plain = directory({ "production.tfplan.json": text(BLOCKED) });
    expect(stdout).toBe(firebreak(["check", ...args], { cwd: plain }).stdout);
  });
});

describe("--before", () => {
  it.each([
    ["missing.json", "missing.json cannot be read: there is no such file."],
    ["package.json", "package.json is nothing that Firebreak judges"],
  ])("that cannot be read (%s) makes the run incomplete", (before, sentence) => {
    const { code, stdout } = firebreak(["check", PASSED, "--before", before]);
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, " ")).toContain(sentence);
    expect(stdout).not.toContain("passed:");
  });
});

describe("firebreak.yaml", () => {
  const said = (config: string, more: Readonly<Record<string, string>> = {}) => {
    const cwd = directory({ "plan.json": harmlessPlan(), "firebreak.yaml": config, ...more });
    const { code, stdout, stderr } = firebreak(["check", "plan.json"], {
      cwd,
      env: { FIREBREAK_TODAY: "2026-03-01" },
    });
    expect(stderr).not.toMatch(/\bat \S+:\d+:\d+\)/);
    return { code, stdout, stderr };
  };
  const waiver = (expires: string, owner = "  owner: team-x\n    ") =>
    `version: 1\nwaivers:\n  - policy: access/shared-storage-change\n    address: "*"\n  ${owner}reason: known\n    expires: ${expires}\n`;

  it.each([
    ["an unknown key", "version: 1\npolicy: {}\n", 'firebreak.yaml:2:1: unknown key "policy"'],
    [
      "an unknown key further in",
      "version: 1\npolicies:\n  clients/jitter: { lvl: off }\n",
      'firebreak.yaml:3:21: unknown key "lvl" in policies.clients/jitter',
    ],
    ["no YAML", "version: [1\n", "firebreak.yaml:"],
    ["another version", "version: 2\n", "firebreak.yaml:1:10: version: "],
    ["nothing", "", "firebreak.yaml:1:1: version: "],
    ["a list", "- 1\n", "firebreak.yaml:1:1: "],
    ["a waiver without owner", waiver("2026-06-01", "  "), "waivers[0].owner: "],
    [
      "a waiver without end",
      waiver("2099-01-01"),
      "waivers[0].expires: 2099-01-01 is more than 366 days ahead",
    ],
    ["a waiver until some day", waiver("someday"), "waivers[0].expires: expected a date such as 2026-12-31"],
    [
      "a policy that does not exist",
      "version: 1\npolicies: { clients/jiter: off }\n",
      'there is no policy "clients/jiter"',
    ],
    ["a pack that does not exist", "version: 1\npacks: [none]\n", 'there is no pack "none"'],
    [
      "an option of another kind",
      "version: 1\npolicies:\n  rollout/max-regions: { options: { regions: many } }\n",
      "rollout/max-regions: options.regions: expected number",
    ],
  ])("with %s is wrong usage", (_, config, sentence) => {
    const { code, stdout, stderr } = said(config);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("with an expired waiver is no pass", () => {
    const { code, stdout } = said(waiver("2026-02-28"));
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, " ")).toContain("expired on 2026-02-28 and covers nothing any more");
    expect(stdout).not.toContain("passed:");
  });

  it("that is missing where --config names it is wrong usage", () => {
    expect(firebreak(["check", PASSED, "--config", "nowhere.yaml"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "firebreak: there is no configuration file nowhere.yaml\n",
    });
  });
});

describe.skipIf(!existsSync("/bin/bash"))("a pipe with a name", () => {
  it("is read", () => {
    const command = `"$0" "$1" check <(cat "$2") --format json`;
    const args = ["-c", command, process.execPath, CLI, PASSED];
    const stdout = execFileSync("/bin/bash", args, { encoding: "utf8" });
    expect(JSON.parse(stdout).verdict).toBe("passed");
  });
});
