import { mkdirSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readBeforeState } from "../../../src/integrations/pulumi/before-state.ts";
import type { PackEnvironment } from "../../../src/integrations/pulumi/environment.ts";
import { checkpoint, previewDigest, stackExport } from "../../support/pulumi/documents.ts";
import { type StackChange, stackChange, urnOf } from "../../support/pulumi/stack-change.ts";
import { environmentIn, Folder } from "./folder.ts";

const STACK = { organization: "acme", project: "estate", stack: "prod" };
const STORED = ".pulumi/stacks/estate/prod.json";

/** A stack that holds one resource of this name. */
function holding(name: string, stack = {}): StackChange {
  const urn = urnOf("random:index/randomPet:RandomPet", name, stack);
  return stackChange([{ op: "same", urn, old: { inputs: { length: 2 } }, next: { inputs: {} } }], stack);
}

/** A call of a program, as the pack makes it. */
interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
}

type Answer = Awaited<ReturnType<PackEnvironment["run"]>>;

/** A `pulumi` that answers this, and the calls that it got. */
function pulumi(answer: Answer): { calls: Call[]; run: PackEnvironment["run"] } {
  const calls: Call[] = [];
  return {
    calls,
    async run(program, args, directory) {
      calls.push({ program, args, directory });
      return answer;
    },
  };
}

function printing(stdout: string): Answer {
  return { ok: true, stdout: Buffer.from(stdout), stderr: "" };
}

interface Situation {
  readonly env?: PackEnvironment["env"];
  readonly run?: PackEnvironment["run"];
  readonly given?: string;
}

/** What is read of the stack `estate/prod`: the names of its resources, or why there are none. */
async function read(folder: Folder, { env = {}, run, given }: Situation = {}) {
  const before = await readBeforeState(environmentIn(folder, env, run), STACK, given);
  if (before.kind !== "known") return before;
  const names = before.states.filter(({ isCustom }) => isCustom).map(({ urn }) => urn.name);
  return { kind: "known", names, problems: before.problems.map(({ message }) => message) };
}

function known(...names: readonly string[]) {
  return { kind: "known", names, problems: [] };
}

describe("the state before the change", () => {
  it("is that of the first source that there is", async () => {
    const folder = new Folder({
      "given.json": stackExport(holding("given")),
      "named.json": stackExport(holding("named")),
      [STORED]: checkpoint(holding("stored")),
    });
    const cli = pulumi(printing(stackExport(holding("exported"))));
    const env = { FIREBREAK_BEFORE: "named.json", PULUMI_BACKEND_URL: "file://." };
    const withCli = { run: cli.run };
    expect(await read(folder, { ...withCli, env, given: "given.json" })).toEqual(known("given"));
    expect(await read(folder, { ...withCli, env, given: "" })).toEqual(known("named"));
    expect(await read(folder, { ...withCli, env: { ...env, FIREBREAK_BEFORE: "" } })).toEqual(
      known("stored"),
    );
    expect(cli.calls).toEqual([]);
    expect(await read(folder, withCli)).toEqual(known("exported"));
  });

  it("may be named by its whole path", async () => {
    const folder = new Folder({ "before.json": stackExport(holding("pet")) });
    expect(await read(folder, { given: folder.at("before.json") })).toEqual(known("pet"));
  });

  it("is not asked of others where the named file cannot be read", async () => {
    const folder = new Folder({ [STORED]: checkpoint(holding("stored")) });
    const cli = pulumi(printing(stackExport(holding("exported"))));
    const env = { PULUMI_BACKEND_URL: "file://." };
    expect(await read(folder, { env, run: cli.run, given: "gone.json" })).toEqual({
      kind: "unreadable",
      because: `${folder.at("gone.json")} cannot be read: there is no such file`,
    });
    expect(cli.calls).toEqual([]);
  });

  it("is empty for a stack that has never been updated", async () => {
    const fresh = { version: 3, checkpoint: { stack: "organization/estate/prod", latest: { manifest: {} } } };
    const folder = new Folder({ [STORED]: JSON.stringify(fresh) });
    expect(await read(folder, { env: { PULUMI_BACKEND_URL: "file://." } })).toEqual(known());
  });

  it("is found in the backend of the project", async () => {
    const folder = new Folder({
      "Pulumi.yaml": "name: estate\nbackend: { url: 'file://./state' }\n",
      [`state/${STORED}`]: checkpoint(holding("pet")),
      "src/index.ts": "",
    });
    expect(await read(folder, { env: { PWD: folder.at("src") } })).toEqual(known("pet"));
  });

  it("is only read where no stack is run if a file is named", async () => {
    const folder = new Folder({ "before.json": stackExport(holding("pet", { stack: "dev" })) });
    const environment = environmentIn(folder);
    expect(await readBeforeState(environment, undefined, undefined)).toEqual({
      kind: "unknown",
      because: "no stack is being run",
    });
    const before = await readBeforeState(environment, undefined, "before.json");
    expect(before).toMatchObject({ kind: "known", problems: [] });
  });

  it("tells of an update that was interrupted", async () => {
    const document = JSON.parse(stackExport(holding("pet")));
    document.deployment.pending_operations = [{ type: "updating", resource: {} }];
    const folder = new Folder({ "before.json": JSON.stringify(document) });
    expect(await read(folder, { given: "before.json" })).toEqual({
      ...known("pet"),
      problems: [expect.stringMatching(/has 1 pending operation: an update was interrupted/)],
    });
  });
});

describe("`pulumi stack export`", () => {
  it("is asked for the stack by its whole name, in the project's directory", async () => {
    const folder = new Folder({ "Pulumi.yaml": "name: estate\n", "src/index.ts": "" });
    const cli = pulumi(printing(stackExport(holding("pet"))));
    const env = { PWD: folder.at("src") };
    expect(await read(folder, { env, run: cli.run })).toEqual(known("pet"));
    expect(cli.calls).toEqual([
      {
        program: "pulumi",
        args: ["stack", "export", "--stack", "acme/estate/prod", "--non-interactive"],
        directory: folder.path,
      },
    ]);
  });

  it("is asked where `pulumi` was started when the project is not found", async () => {
    const folder = new Folder();
    const cli = pulumi(printing(stackExport(holding("pet"))));
    const environment = environmentIn(folder, {}, cli.run);
    await readBeforeState(environment, { ...STACK, organization: undefined }, undefined);
    expect(cli.calls).toMatchObject([{ directory: folder.path }]);
    expect(cli.calls[0]?.args).toContain("estate/prod");
  });

  it("is not asked for what the file backend has", async () => {
    const folder = new Folder({ [STORED]: stackExport(holding("stored")) });
    const cli = pulumi(printing(stackExport(holding("exported"))));
    await read(folder, { env: { PULUMI_BACKEND_URL: "file://." }, run: cli.run });
    expect(cli.calls).toEqual([]);
  });

  it("is asked where no file backend has the stack: Pulumi runs none that is not stored", async () => {
    const folder = new Folder({ ".pulumi/meta.yaml": "version: 1\n" });
    const cli = pulumi(printing(stackExport(holding("exported"))));
    await read(folder, { env: { PULUMI_BACKEND_URL: "file://." }, run: cli.run });
    expect(cli.calls).toHaveLength(1);
  });

  it("leaves the state unknown where there is no such program", async () => {
    expect(await read(new Folder())).toEqual({
      kind: "unknown",
      because: "no file backend was found that has the stack, and there is no pulumi on PATH to export it",
    });
  });

  it.each([
    [
      "its first line",
      "\n  error: no stack named 'prod' found\nmore\n",
      "error: no stack named 'prod' found",
    ],
    ["that it was stopped, where it says nothing", "\n", "it was stopped"],
    ["not more than a line's worth", `error: ${"x".repeat(5000)}`, `error: ${"x".repeat(193)}`],
  ])("leaves the state unknown where it fails, and tells %s", async (_, stderr, reason) => {
    const { run } = pulumi({ ok: false, stdout: Buffer.from("{}"), stderr });
    expect(await read(new Folder(), { run })).toEqual({
      kind: "unknown",
      because: `\`pulumi stack export\` failed (${reason})`,
    });
  });

  it.each([
    ["nothing", "", /^pulumi stack export is empty$/],
    ["no JSON", "Downloading plugin…", /^pulumi stack export cannot be read: /],
    ["half of it", stackExport(holding("pet")).slice(0, -40), /^pulumi stack export cannot be read: /],
    ["something else", "[]", /^pulumi stack export is not a Pulumi state/],
    ["another stack", stackExport(holding("pet", { stack: "dev" })), /estate\/dev, not of estate\/prod$/],
  ])("makes the state unreadable where it prints %s", async (_, stdout, because) => {
    const { run } = pulumi(printing(stdout));
    expect(await read(new Folder(), { run })).toEqual({
      kind: "unreadable",
      because: expect.stringMatching(because),
    });
  });
});

describe("a file with the state", () => {
  const change = holding("pet");

  it.each([
    ["as it is exported", stackExport(change)],
    ["as backends store it", checkpoint(change)],
    ["packed by gzip", gzipSync(checkpoint(change))],
    ["packed by zstd", zstdCompressSync(checkpoint(change))],
    ["in UTF-16, as PowerShell writes it", Buffer.from(`\ufeff${stackExport(change)}`, "utf16le")],
  ])("is read %s", async (_, content) => {
    const folder = new Folder({ "before.json": content });
    expect(await read(folder, { given: "before.json" })).toEqual(known("pet"));
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["is empty", "", /before\.json is empty$/],
    ["is cut off", checkpoint(change).slice(0, -40), /before\.json cannot be read: /],
    ["is no JSON", "before", /before\.json cannot be read: /],
    [
      "is a preview",
      previewDigest(change),
      /before\.json is not a Pulumi state: it has neither a deployment/,
    ],
    [
      "is of a version to come",
      '{"version":9,"deployment":{}}',
      /a Pulumi state of version 9, which is newer than this version of Firebreak knows/,
    ],
    [
      "holds what has no URN",
      '{"version":3,"deployment":{"resources":[{}]}}',
      /before\.json has a resource without a URN that can be read$/,
    ],
    [
      "is of another stack",
      stackExport(holding("pet", { stack: "dev" })),
      /^before\.json is the state of estate\/dev, not of estate\/prod$/,
    ],
    [
      "is of another project",
      stackExport(holding("pet", { project: "shop" })),
      /^before\.json is the state of shop\/prod, not of estate\/prod$/,
    ],
    [
      "is cut off inside gzip",
      gzipSync(checkpoint(change)).subarray(0, 60),
      /before\.json cannot be unpacked: /,
    ],
    [
      "is cut off inside zstd",
      zstdCompressSync(checkpoint(change)).subarray(0, 60),
      /before\.json cannot be unpacked: /,
    ],
    ["is of gzip and nothing more", Buffer.from([0x1f, 0x8b]), /before\.json cannot be unpacked: /],
  ])("is refused with a sentence where it %s", async (_, content, because) => {
    const folder = new Folder({ "before.json": content });
    expect(await read(folder, { given: "before.json" })).toEqual({
      kind: "unreadable",
      because: expect.stringMatching(because),
    });
  });

  it("is refused where it is a directory", async () => {
    const folder = new Folder();
    mkdirSync(folder.at("before.json"));
    expect(await read(folder, { given: "before.json" })).toEqual({
      kind: "unreadable",
      because: `${folder.at("before.json")} cannot be read: it is a directory`,
    });
  });

  it.each([
    // Members of 1 MiB each, one behind the other, are one file.
    ["gzip", Buffer.concat(Array<Buffer>(257).fill(gzipSync(Buffer.alloc(1 << 20))))],
    ["zstd", zstdCompressSync(Buffer.alloc(257 << 20))],
  ])("is not unpacked beyond what a state may be: %s", async (_, content) => {
    expect(content.length).toBeLessThan(1 << 20);
    const folder = new Folder({ "before.json": content });
    expect(await read(folder, { given: "before.json" })).toEqual({
      kind: "unreadable",
      because: expect.stringMatching(/before\.json cannot be unpacked: .*268435456/),
    });
  });
});
