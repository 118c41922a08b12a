import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS, reporters } from "../../src/reporters/index.ts";
import { columns } from "../../src/reporters/text.ts";
import { context, finding, HOSTILE, report } from "./sample.ts";
import { elements } from "./xml.ts";

const pieces = fc.constantFrom(
  ...HOSTILE.split(" "),
  ...[
    "\n",
    "\r\n::error::",
    "::add-mask::",
    "##[group]",
    "<script",
    "]]>",
    "|",
    "`",
    "-->",
    "@a",
    "\u2028",
    "%0A",
    " ",
    "%",
    "\\",
  ],
);
const hostile = fc
  .array(
    fc.oneof(
      pieces,
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ unit: "grapheme", maxLength: 12 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** A report that says the hostile text in every place that an input can fill. */
function reportOf(text: string) {
  const one = finding({
    address: text,
    deployment: text,
    type: text,
    path: text,
    before: text,
    after: { [text]: text },
    message: text,
    fix: text,
    source: { file: text, line: 1 },
    related: [text],
    reach: { resources: 2, hidden: 1, regions: [text], deployments: [text, "prod"], nearest: [text] },
  });
  return report([one, { ...one, level: "advisory", path: "other" }], {
    deployments: [
      { host: "terraform-plan", name: text, file: text, knows: "after-only", changes: { update: 1 } },
    ],
    undetermined: [{ policy: "a/b", address: text, path: text, because: text }],
    waived: [{ ...one, state: "waived", waiver: { owner: text, reason: text, expires: text } }],
    problems: [
      { severity: "error", message: text, source: { file: text } },
      { severity: "warning", message: text },
    ],
  });
}

describe.each(FORMATS)("%s, whatever stands in a plan", (format) => {
  it("carries nothing out", async () => {
    const { default: render } = await reporters[format]();
    fc.assert(
      fc.property(hostile, fc.boolean(), (text, showUndetermined) => {
        const shown = render(reportOf(text), { ...context, width: 60, showUndetermined });
        // Only newlines of the layout, nothing that a terminal or a CI log acts on.
        expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|##[a-z]*\[/u);
        if (format !== "github") expect(shown).not.toMatch(/^\s*::/m);
        if (format === "pretty")
          for (const line of shown.split("\n")) expect(columns(line)).toBeLessThanOrEqual(60);
        if (format === "junit") expect(elements(shown).length).toBeGreaterThan(5);
        if (format === "github") {
          const lines = shown.trimEnd().split("\n");
          expect(lines).toHaveLength(5);
          for (const line of lines)
            expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^:,]*,(?:line=1,)?)?title=[a-z/-]+::/);
        }
        if (format === "markdown") {
          expect(shown).not.toMatch(/<(?!\/?(?:details|summary|code)\b|!--)|@(?=\w)|`|\]\(/);
          for (const line of shown.split("\n"))
            if (line.startsWith("| ⛔")) expect(line.split("|")).toHaveLength(7);
        }
      }),
    );
  });

  it("gives the same bytes twice", async () => {
    const { default: render } = await reporters[format]();
    expect(render(reportOf(HOSTILE), context)).toBe(render(reportOf(HOSTILE), context));
  });
});
