import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../src/reporters/index.ts";
import { BLOCKED, directory, firebreak, PASSED, root, started, text } from "./support/cli.ts";
import { closingPlan, harmlessPlan, plan } from "./support/plans.ts";

const ESC = "\u001b";

describe("the verdict as exit code", () => {
  it("is 0 for what passes", () => {
    const { code, stdout, stderr } = firebreak(["check", PASSED]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^passed: /m);
  });

  it("is 1 for what is blocked", () => {
    const { code, stdout, stderr } = firebreak(["check", BLOCKED]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^blocked: /m);
  });

  it("is 3 when something could not be read, said beside what could", () => {
    const { code, stdout } = firebreak(["check", PASSED, "missing.json"]);
    expect(code).toBe(3);
    expect(stdout).toContain("missing.json cannot be read: there is no such file.");
    expect(stdout).toMatch(/^incomplete: /m);
    expect(stdout).not.toContain("passed:");
  });

  it("is 1 when something is blocked, whatever else could not be read", () => {
    expect(firebreak(["check", BLOCKED, "missing.json"]).code).toBe(1);
  });

  it("reads a path that is given twice once", () => {
    const { stdout } = firebreak(["check", PASSED, PASSED, "--format", "json"]);
    expect(JSON.parse(stdout).deployments).toHaveLength(1);
  });
});

describe("--fail-on", () => {
  const advisory =
    "version: 1\npolicies:\n  access/shared-storage-change: advisory\n  access/public-read-removal: advisory\n";
  const here = () => directory({ "plan.json": closingPlan(), "firebreak.yaml": advisory });

  it("lets advice pass, unless told otherwise", () => {
    const cwd = here();
    const report = JSON.parse(firebreak(["check", "plan.json", "--format", "json"], { cwd }).stdout);
    expect(report.counts).toMatchObject({ mandatory: 0 });
    expect(report.counts.advisory).toBeGreaterThan(0);
    expect(firebreak(["check", "plan.json"], { cwd }).code).toBe(0);
    expect(firebreak(["check", "plan.json", "--fail-on", "advisory"], { cwd }).code).toBe(1);
  });

  it("never blocks with never, and still says what is incomplete", () => {
    expect(firebreak(["check", BLOCKED, "--fail-on", "never"]).code).toBe(0);
    expect(firebreak(["check", BLOCKED, "missing.json", "--fail-on", "never"]).code).toBe(3);
  });
});

describe("where the report goes", () => {
  it("can be several files and standard output at once", () => {
    const cwd = directory();
    const args = ["--format", "markdown", "--format", "json=report.json", "--format", "sarif=report.sarif"];
    const { code, stdout, stderr } = firebreak(["check", BLOCKED, ...args], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("access/shared-storage-change");
    expect(JSON.parse(text(join(cwd, "report.json"))).verdict).toBe("blocked");
    expect(JSON.parse(text(join(cwd, "report.sarif"))).version).toBe("2.1.0");
    expect(readdirSync(cwd).sort()).toEqual(["report.json", "report.sarif"]);
  });

  it("is a file with --output, and nothing is on standard output then", () => {
    const cwd = directory();
    const { stdout } = firebreak(["check", PASSED, "--output", "report.txt"], { cwd });
    expect(stdout).toBe("");
    expect(text(join(cwd, "report.txt"))).toMatch(/^passed: /m);
  });

  it("replaces an older report, through a link where there is one, also when nothing can be read", () => {
    const cwd = directory({ "old.txt": "passed: yesterday" });
    symlinkSync("old.txt", join(cwd, "report.txt"));
    const { code, stdout, stderr } = firebreak(["check", "missing.json", "--output", "report.txt"], { cwd });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe("firebreak: missing.json cannot be read: there is no such file.\n");
    expect(text(join(cwd, "old.txt"))).toContain("incomplete");
    expect(text(join(cwd, "old.txt"))).not.toContain("passed: ");
  });

  it("is all of the files or none", () => {
    const cwd = directory({ "report.json": "the report of yesterday" });
    const files = ["--format", "json=report.json", "--format", "sarif=nowhere/report.sarif"];
    const { code, stdout, stderr } = firebreak(["check", BLOCKED, ...files], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "firebreak: the report cannot be written to nowhere/report.sarif: there is no such directory\n",
    );
    expect(text(join(cwd, "report.json"))).toBe("the report of yesterday");
    expect(readdirSync(cwd)).toEqual(["report.json"]);
  });

  it("is not a directory", () => {
    const cwd = directory();
    mkdirSync(join(cwd, "report.json"));
    const { code, stderr } = firebreak(["check", PASSED, "--output", "report.json"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("report.json: it is a directory");
  });

  it.skipIf(process.platform === "win32")("may be a device, which stays one", () => {
    expect(firebreak(["check", PASSED, "--format", "json=/dev/null"]).code).toBe(0);
    expect(existsSync("/dev/null") && text("/dev/null")).toBe("");
  });

  it.skipIf(!existsSync("/dev/full"))("is a failure when standard output takes no more", () => {
    const { code, stderr } = firebreak(["check", PASSED, "--output", "/dev/full"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "firebreak: the report cannot be written to /dev/full: the disk is full\n",
    });
  });

  it("may be a pipe that somebody closes early", async () => {
    const child = started(["check", BLOCKED, "--format", "json", "--all"]);
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdout?.once("data", () => child.stdout?.destroy());
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });
});

describe("standard input", () => {
  it("is read where the path is -", () => {
    const { code, stdout } = firebreak(["check", "-", "--format", "json"], { input: text(BLOCKED) });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).deployments).toEqual([
      expect.not.objectContaining({ file: expect.anything() }),
    ]);
  });

  it("says so when nothing comes", () => {
    const { code, stdout, stderr } = firebreak(["check", "-"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: "",
      stderr: "firebreak: standard input is empty.\n",
    });
  });

  it("may be large and slow", async () => {
    const resources = Array.from({ length: 4000 }, (_, i) => ({
      address: `azurerm_resource_group.g[${i}]`,
      type: "azurerm_resource_group",
      after: { name: `rg-${i}`, location: "westeurope", notes: "x".repeat(500) },
    }));
    const bytes = Buffer.from(plan(resources));
    const child = started(["check", "-", "--format", "json"]);
    let stdout = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    for (let at = 0; at < bytes.length; at += 500_000) {
      child.stdin?.write(bytes.subarray(at, at + 500_000));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    child.stdin?.end();
    expect(await ended).toBe(0);
    expect(JSON.parse(stdout).counts.resources).toBe(4000);
  });
});

describe("colour", () => {
  it("is not in a pipe", () => {
    expect(firebreak(["check", BLOCKED]).stdout).not.toContain(ESC);
    expect(firebreak(["explain", "access/shared-storage-change"]).stdout).not.toContain(ESC);
  });

  it("is there when forced, unless NO_COLOR says no", () => {
    expect(firebreak(["check", BLOCKED], { env: { FORCE_COLOR: "1" } }).stdout).toContain(ESC);
    expect(firebreak(["check", BLOCKED], { env: { FORCE_COLOR: "0" } }).stdout).not.toContain(ESC);
    const both = { FORCE_COLOR: "1", NO_COLOR: "1" };
    expect(firebreak(["check", BLOCKED], { env: both }).stdout).not.toContain(ESC);
  });

  it("is never in a file", () => {
    const cwd = directory();
    firebreak(["check", BLOCKED, "--output", "report.txt"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(text(join(cwd, "report.txt"))).not.toContain(ESC);
  });
});

describe("the same bytes", () => {
  it.each(FORMATS)("come out as %s of the same command", (format) => {
    const said = () => firebreak(["check", BLOCKED, "--format", format, "--show-undetermined"]).stdout;
    expect(said()).toBe(said());
  });

  it("come out whatever the order of the changes in the plan", () => {
    const document = JSON.parse(text(BLOCKED));
    const shuffled = { ...document, resource_changes: document.resource_changes.toReversed() };
    const said = (content: string) =>
      firebreak(["check", "-", "--format", "json", "--all"], { input: content }).stdout;
    expect(said(JSON.stringify(shuffled))).toBe(said(JSON.stringify(document)));
  });

  it("come out whatever the language of the machine", () => {
    const said = (env: Record<string, string>) => firebreak(["check", BLOCKED], { env }).stdout;
    expect(said({ LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Asia/Tokyo" })).toBe(
      said({ LANG: "C", LC_ALL: "C", TZ: "UTC" }),
    );
  });
});

describe("what stands in a plan", () => {
  const hostile = `a${ESC}[31m\r\n::error::x<script>alert(1)</script>\u202e##[error]y|[z](javascript:1)\u0000`;

  it.each(FORMATS)("reaches no %s report as it is", (format) => {
    const account = {
      name: hostile,
      location: hostile,
      public_network_access_enabled: true,
      tags: { shared: "true" },
    };
    const content = plan([
      {
        address: `azurerm_storage_account.a["${hostile}"]`,
        before: account,
        after: { ...account, public_network_access_enabled: false, [hostile]: hostile },
      },
    ]);
    const { code, stdout, stderr } = firebreak(["check", "-", "--format", format], { input: content });
    expect(code).toBe(1);
    expect(stdout).toContain("access/shared-storage-change");
    for (const said of [stdout, stderr]) {
      expect(said.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(said).not.toMatch(/##\[/);
      if (format !== "github") expect(said).not.toMatch(/^\s*::/m);
      if (["markdown", "junit"].includes(format)) expect(said).not.toContain("<script");
    }
    if (format === "github") {
      for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^::(error|warning|notice) /);
    }
  });

  it("reaches no message of its own either", () => {
    const { stderr } = firebreak(["check", `nowhere/${ESC}[31m\n::error::x`]);
    expect(stderr).not.toContain(ESC);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("a directory", () => {
  it("is searched for what people keep plans in, and one that is broken does not hide the others", () => {
    const cwd = directory({ "plan.json": harmlessPlan(), "plan-2.json": "{", "notes.json": "{}" });
    const { code, stdout } = firebreak(["check", "--format", "json"], { cwd });
    const report = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(report.deployments.map((one: { file: string }) => one.file)).toEqual(["plan.json"]);
    expect(report.problems).toHaveLength(1);
    expect(report.problems[0].source).toMatchObject({ file: "plan-2.json", line: 1 });
  });
});

describe("on an older Node", () => {
  it("says which one is needed", () => {
    const version = 'Object.defineProperty(process.versions, "node", { value: "20.11.0" });';
    const cwd = directory({ "old.mjs": version });
    const { code, stderr } = firebreak(["check", PASSED], {
      env: { NODE_OPTIONS: `--import ${join(cwd, "old.mjs")}` },
    });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "firebreak: Node 22.18 or later is needed, and this is 20.11.0\n",
    });
  });
});

describe("a file that may not be read", () => {
  const isRoot = process.getuid?.() === 0;
  it.skipIf(isRoot)(`is named${isRoot ? " (skipped: root may read everything)" : ""}`, () => {
    const cwd = directory({ "plan.json": harmlessPlan() });
    chmodSync(join(cwd, "plan.json"), 0);
    const { code, stderr } = firebreak(["check", "plan.json"], { cwd });
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: "firebreak: plan.json cannot be opened: permission denied.\n",
    });
  });
});

it("runs from any directory", () => {
  const cwd = directory();
  symlinkSync(join(root, "dist/cli.js"), join(cwd, "firebreak"));
  expect(firebreak(["check", BLOCKED], { cwd }).code).toBe(1);
});
