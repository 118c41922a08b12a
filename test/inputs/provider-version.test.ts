import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { lockedBeside, majorOf, providerMajors } from "../../src/inputs/provider-version.ts";

describe("majorOf", () => {
  it.each([
    ["~> 4.1", 4],
    ["~> 4.0.1", 4],
    ["~> 4", undefined],
    ["4.1.0", 4],
    ["= 3.2", 3],
    [">= 3.0, < 4.0", 3],
    [">= 3.0, < 4.0.0", 3],
    [">= 3.0, < 4.1", undefined],
    [">= 3.5, <= 3.9", 3],
    ["> 3, < 5", undefined],
    [">= 3.0", undefined],
    ["< 4.0", undefined],
    ["!= 3.1", undefined],
    ["~> 3.0, != 3.1", 3],
    ["~> 3.0, ~> 4.0", undefined],
    ["", undefined],
    ["latest", undefined],
    ["4.55.0", 4],
    ["v5.0.0-beta1", 5],
    ["~> 4.55.0", 4],
    [">= 4.10.0, < 5.0.0", 4],
    [">= 4.0, <= 4.99", 4],
    [">= 3.0, < 5.0", undefined],
    [">= 3.0, >= 4.0, < 5.0", 4],
  ])("%j → %s", (constraint, major) => expect(majorOf(constraint)).toBe(major));

  const versions = [0, 1, 2, 3, 4, 5].flatMap((major) =>
    [0, 1, 2, 3].flatMap((minor) => [0, 1, 2].map((patch) => [major, minor, patch])),
  );
  const compare = (a: readonly number[], b: readonly number[]) => {
    for (let i = 0; i < 3; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
    return 0;
  };
  const allows: Record<string, (version: readonly number[], bound: readonly number[]) => boolean> = {
    "=": (v, b) => compare(v, b) === 0,
    "!=": (v, b) => compare(v, b) !== 0,
    ">": (v, b) => compare(v, b) > 0,
    ">=": (v, b) => compare(v, b) >= 0,
    "<": (v, b) => compare(v, b) < 0,
    "<=": (v, b) => compare(v, b) <= 0,
    "~>": (v, b) => compare(v, b) >= 0 && b.slice(0, -1).every((part, i) => part === v[i]),
  };

  it("never tells a major version that the constraint does not force", () => {
    const bound = fc.array(fc.nat(3), { minLength: 1, maxLength: 3 });
    const part = fc.tuple(fc.constantFrom(...Object.keys(allows)), bound);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const major = majorOf(
          parts.map(([operator, version]) => `${operator} ${version.join(".")}`).join(", "),
        );
        if (major === undefined) return;
        const allowed = versions.filter((version) =>
          parts.every(([operator, b]) => allows[operator]?.(version, b)),
        );
        expect(new Set(allowed.map(([first]) => first))).toEqual(
          new Set(allowed.length === 0 ? [] : [major]),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

const AZURERM = "registry.terraform.io/hashicorp/azurerm";
const RANDOM = "registry.terraform.io/hashicorp/random";
const BUILT_IN = "terraform.io/builtin/terraform";

/** A document with a lock file beside it, as `terraform init` writes it. */
function beside(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "firebreak-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, ".terraform.lock.hcl"), text);
  return join(folder, "plan.json");
}

const block = (provider: string, version: string, constraints?: string) =>
  [
    `provider "${provider}" {`,
    ...(constraints === undefined
      ? [`  version = "${version}"`]
      : [`  version     = "${version}"`, `  constraints = "${constraints}"`]),
    "  hashes = [",
    '    "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=",',
    "  ]",
    "}",
    "",
  ].join("\n");
const COMMENT = '# This file is maintained automatically by "terraform init".\n\n';

describe("lockedBeside", () => {
  it("gives the exact version of each provider", () => {
    const plan = beside(`${COMMENT}${block(AZURERM, "4.55.0", ">= 4.0.0")}\n${block(RANDOM, "3.9.0")}`);
    expect([...lockedBeside(plan)]).toEqual([
      [AZURERM, "4.55.0"],
      [RANDOM, "3.9.0"],
    ]);
  });

  it("reads what Windows wrote", () => {
    const plan = beside(block(AZURERM, "5.2.0").replaceAll("\n", "\r\n"));
    expect(lockedBeside(plan).get(AZURERM)).toBe("5.2.0");
  });

  it.each([
    ["is not a lock file", '{"provider": {}}'],
    ["is too large", block(AZURERM, "4.55.0").padEnd(1 << 20)],
    ["says no version", `provider "${AZURERM}" {\n}\n`],
  ])("gives nothing where it %s", (_, text) => {
    expect([...lockedBeside(beside(text))]).toEqual([]);
  });

  it("gives nothing where there is none", () => {
    expect([...lockedBeside("nowhere/plan.json")]).toEqual([]);
    expect([...lockedBeside("standard input")]).toEqual([]);
  });
});

describe("providerMajors", () => {
  const locked = (versions: Readonly<Record<string, string>>) => () => new Map(Object.entries(versions));
  const majors = (constraint: string, versions: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      providerMajors(
        [
          { provider: AZURERM, constraint },
          { provider: BUILT_IN, constraint: "" },
        ],
        locked(versions),
      ),
    );

  it("takes what the constraints leave, without looking for a lock file", () => {
    const never = () => {
      throw new Error("the constraints say it already");
    };
    expect([...providerMajors([{ provider: AZURERM, constraint: "~> 4.1" }], never)]).toEqual([[AZURERM, 4]]);
  });

  it("takes the locked version where the constraints leave several, or there are none", () => {
    expect(majors(">= 4.0", { [AZURERM]: "5.2.0" })).toEqual({ [AZURERM]: 5 });
    expect(majors("", { [AZURERM]: "4.55.0", [RANDOM]: "3.9.0" })).toEqual({ [AZURERM]: 4, [RANDOM]: 3 });
  });

  it("knows nothing where there is no lock file, or that of another configuration or time", () => {
    expect(majors(">= 4.0", {})).toEqual({});
    expect(majors(">= 4.0", { [RANDOM]: "3.9.0" })).toEqual({});
    expect(majors(">= 4.0", { [AZURERM]: "3.117.0" })).toEqual({});
    expect(majors(">= 3.0, < 5.0", { [AZURERM]: "5.2.0" })).toEqual({});
  });
});
