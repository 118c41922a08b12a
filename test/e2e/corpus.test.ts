import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import strict from "../../packs/strict.ts";
import { activate } from "../../src/engine/activate.ts";
import { judge } from "../../src/engine/judge.ts";
import { NO_SETTINGS } from "../../src/engine/settings.ts";
import { readPaths } from "../../src/inputs/read.ts";
import { report as reportSchema } from "../../src/model/report.ts";
import { FORMATS, reporters } from "../../src/reporters/index.ts";
import { secretsIn } from "./support/secrets.ts";
import { tellAll } from "./support/tell-all.ts";

// Documents that public projects keep as their own test data; they are not part of this repository.
const corpus = join(import.meta.dirname, "../../../shared/corpus");
const isHere = existsSync(corpus);
const files = isHere
  ? ["plans", "pulumi", "cdktf"].flatMap((folder) =>
      readdirSync(join(corpus, folder))
        .filter((name) => !name.endsWith(".md"))
        .sort()
        .map((name) => join(folder, name)),
    )
  : [];
if (!isHere) console.warn("The collected plans are not here: reading each of them is not tested.");

const policies = activate(
  [strict, { name: "tell-all", entries: [{ policy: tellAll, level: "advisory" }] }],
  NO_SETTINGS,
);

/** Reads and judges untouched resources too, so that as much as can be gets into the report. */
async function reportOn(file: string) {
  const path = relative(".", join(corpus, file));
  const { deployments, problems } = await readPaths([path]);
  return judge(deployments, policies, NO_SETTINGS, {
    today: "2026-11-22",
    version: "0.0.0",
    all: true,
    problems,
  });
}

/** The text of a document in UTF-8, UTF-16 with or without a mark. */
function textOf(file: string): string {
  const bytes = readFileSync(join(corpus, file));
  return bytes[1] === 0 || bytes[0] === 0xff ? bytes.toString("utf16le") : bytes.toString("utf8");
}

describe.skipIf(!isHere)(
  `collected plans, previews and synths${isHere ? "" : " (skipped: they are not here)"}`,
  () => {
    it("are there", () => {
      expect(files.length).toBeGreaterThan(80);
    });

    it.each(files)("%s is read or refused with a reason, and gives nothing away", async (file) => {
      const report = await reportOn(file);
      expect(reportSchema.parse(report)).toEqual(report);
      if (report.deployments.length === 0) {
        expect(report.verdict).toBe("incomplete");
        expect(report.problems[0]?.message).toMatch(/^\S.{20,}\.$/s);
      }
      for (const { message } of report.problems) expect(message).not.toMatch(/crashed|TypeError|undefined/);
      expect(report.findings.filter(({ message }) => message.includes("crashed"))).toEqual([]);

      const again = await reportOn(file);
      expect(JSON.stringify(again)).toBe(JSON.stringify(report));

      const secrets = secretsIn(textOf(file));
      for (const format of secrets.length === 0 ? [] : FORMATS) {
        const { default: render } = await reporters[format]();
        const text = render(report, { width: 100, colour: false, showUndetermined: true, quiet: false });
        // Layouts break long lines.
        const unbroken = text.replace(/\s+/g, "");
        for (const secret of secrets) {
          const isShown = text.includes(secret) || unbroken.includes(secret.replace(/\s+/g, ""));
          expect(isShown, `${format} shows ${JSON.stringify(secret.slice(0, 60))}`).toBe(false);
        }
      }
    });

    it("hold secrets at all", () => {
      const holding = files.filter((file) => secretsIn(textOf(file)).length > 0);
      expect(holding.length).toBeGreaterThan(10);
    });
  },
);
