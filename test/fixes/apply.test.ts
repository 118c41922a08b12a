import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { afterwards, applyFixes, type ProposedFix, proposedFixes } from "../../src/cli/fix.ts";
import type { Finding, Report } from "../../src/model/report.ts";
import { finding } from "./support.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firebreak fix é "));
});
afterEach(() => rmSync(root, { recursive: true }));

const ORDER = `# Überall\nresource "azurerm_app_service_certificate_order" "site" {\n  auto_renew = false\n}\n`;
const RENEWED = ORDER.replace("false", "true");

function fix(file: string, text = ORDER): ProposedFix {
  const start = text.indexOf("false");
  return { file, text, edits: [{ start, end: start + 5, replacement: "true" }], diff: "" };
}

function write(file: string, content: string | Uint8Array): string {
  const path = join(root, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const read = (file: string) => readFileSync(join(root, file), "utf8");

function order(file: string, rest: Partial<Finding> = {}): Finding {
  const spec = {
    policy: "certificates/auto-rotation",
    type: "azurerm_app_service_certificate_order",
    path: "auto_renew",
    at: "auto_renew",
  };
  return { ...finding(spec, ORDER, file), ...rest };
}

function report(findings: readonly Finding[], host: "git-diff" | "terraform-plan" = "git-diff"): Report {
  return {
    schemaVersion: 1,
    tool: { name: "firebreak", version: "0.0.0" },
    verdict: "blocked",
    deployments: [{ host, name: ".", knows: "before-and-after", changes: {} }],
    findings: [...findings],
    undetermined: [],
    waived: [],
    problems: [],
    counts: {
      mandatory: 0,
      advisory: 0,
      waived: 0,
      undetermined: 0,
      compliant: 0,
      notApplicable: 0,
      policies: 0,
      resources: 0,
    },
  };
}

describe("proposedFixes", () => {
  const texts = async (file: string) => (file.startsWith("gone") ? undefined : ORDER);

  it("gives one fix a file, with its diff", async () => {
    const fixes = await proposedFixes(report([order("a.tf"), order("b/c.tofu"), order("a.tf")]), texts);
    expect(fixes.map(({ file }) => file)).toEqual(["a.tf", "b/c.tofu"]);
    expect(fixes[0]?.diff).toBe(
      `--- a/a.tf\n+++ b/a.tf\n@@ -1,4 +1,4 @@\n # Überall\n resource "azurerm_app_service_certificate_order" "site" {\n-  auto_renew = false\n+  auto_renew = true\n }\n`,
    );
  });

  it("gives none for what is accepted, has no place, is not there or comes from elsewhere", async () => {
    const { source: _, ...placeless } = order("a.tf");
    const findings = [
      order("a.tf", { state: "waived" }),
      order("a.tf", { deployment: "another" }),
      order("a.tf", { policy: "constructor" }),
      order("gone.tf"),
      order("main.py"),
      placeless,
    ];
    expect(await proposedFixes(report(findings), texts)).toEqual([]);
    expect(await proposedFixes(report([order("a.tf")], "terraform-plan"), texts)).toEqual([]);
  });
});

describe("applyFixes", () => {
  it("writes the files, keeps their modes, and leaves nothing else behind", () => {
    chmodSync(write("a.tf", ORDER), 0o640);
    write("deep/b.tf", ORDER);
    expect(applyFixes(root, [fix("a.tf"), fix("deep/b.tf")])).toEqual({ changed: ["a.tf", "deep/b.tf"] });
    expect([read("a.tf"), read("deep/b.tf")]).toEqual([RENEWED, RENEWED]);
    expect(statSync(join(root, "a.tf")).mode & 0o777).toBe(0o640);
    expect(readdirSync(root)).toEqual(["a.tf", "deep"]);
    expect(afterwards(["a.tf", "deep/b.tf"])).toBe(
      "2 files were changed in the working tree; look at it (git diff), stage it (git add) and run the check again: a.tf, deep/b.tf.",
    );
  });

  it("keeps a byte order mark, and the line ends of a checkout", () => {
    write("mark.tf", `\ufeff${ORDER}`);
    write("crlf.tf", ORDER.replaceAll("\n", "\r\n"));
    const mixed = ORDER.replace("\n", "\r\n");
    write("mixed.tf", mixed);
    expect(
      applyFixes(root, [fix("mark.tf"), fix("crlf.tf"), fix("mixed.tf", mixed)]).refused,
    ).toBeUndefined();
    expect(read("mark.tf")).toBe(`\ufeff${RENEWED}`);
    expect(read("crlf.tf")).toBe(RENEWED.replaceAll("\n", "\r\n"));
    expect(read("mixed.tf")).toBe(RENEWED.replace("\n", "\r\n"));
  });

  it("changes no file where one of them is not what was judged", () => {
    write("a.tf", ORDER);
    write("b.tf", `${ORDER}\n`);
    write("c.tf", Buffer.from([...Buffer.from(ORDER), 0xff]));
    const why = "it is not what was judged; stage or put aside its other changes first";
    expect(
      applyFixes(
        root,
        ["a.tf", "b.tf", "c.tf", "d.tf"].map((file) => fix(file)),
      ),
    ).toEqual({
      refused: [
        `b.tf was not changed: ${why}.`,
        `c.tf was not changed: ${why}.`,
        "d.tf was not changed: there is no such file in the working tree.",
      ],
    });
    expect(read("a.tf")).toBe(ORDER);
    // Applied twice, the second finds another text.
    applyFixes(root, [fix("a.tf")]);
    expect(applyFixes(root, [fix("a.tf")]).refused).toEqual([`a.tf was not changed: ${why}.`]);
    expect(read("a.tf")).toBe(RENEWED);
  });

  it("follows no link, and stays inside of the repository", () => {
    const outside = mkdtempSync(join(tmpdir(), "firebreak-outside-"));
    try {
      writeFileSync(join(outside, "a.tf"), ORDER);
      write("real.tf", ORDER);
      write(".git/hooks.tf", ORDER);
      symlinkSync(join(root, "real.tf"), join(root, "link.tf"));
      symlinkSync(outside, join(root, "directory"));
      mkdirSync(join(root, "d.tf"));
      const files = [
        "link.tf",
        "directory/a.tf",
        "d.tf",
        ".git/hooks.tf",
        "../a.tf",
        "x/../real.tf",
        join(outside, "a.tf"),
        "",
        "real.tf\0",
        "real\\..\\real.tf",
      ];
      for (const file of files) expect(applyFixes(root, [fix(file)]).refused, file).toHaveLength(1);
      expect([readFileSync(join(outside, "a.tf"), "utf8"), read("real.tf"), read(".git/hooks.tf")]).toEqual([
        ORDER,
        ORDER,
        ORDER,
      ]);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it("takes back what it has written where another file fails", () => {
    write("a.tf", ORDER);
    write("b.tf", ORDER);
    // The same file twice: when its turn comes again, it holds something else.
    const applied = applyFixes(root, [fix("a.tf"), fix("b.tf"), fix("b.tf")]);
    expect(applied.refused).toEqual(["b.tf was not changed: somebody else just did."]);
    expect([read("a.tf"), read("b.tf")]).toEqual([ORDER, ORDER]);
    expect(readdirSync(root)).toEqual(["a.tf", "b.tf"]);
  });
});
