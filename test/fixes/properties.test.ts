import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Grammar, loadGrammar } from "../../src/syntax/grammar.ts";
import { type FindingSpec, fixed } from "./support.ts";

let grammars: Readonly<Record<"hcl" | "typescript", Grammar>>;
beforeAll(async () => {
  grammars = { hcl: await loadGrammar("hcl"), typescript: await loadGrammar("typescript") };
});

interface Layout {
  readonly step: string;
  readonly lineEnd: string;
  readonly comments: readonly (string | null)[];
  readonly last: boolean;
}

const word = fc.constantFrom("a", "é", "наш", "🔥 x", "per cent 100%", "");
/** How a file is laid out: its indentation, its line ends, and what its comments say. */
const layout: fc.Arbitrary<Layout> = fc.record({
  step: fc.constantFrom("  ", "    ", "   "),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  comments: fc.array(fc.option(word), { minLength: 12, maxLength: 12 }),
  last: fc.boolean(),
});

/** Lines, indented by their leading tabs, with comments behind them. */
function laidOut(lines: readonly string[], { step, lineEnd, comments, last }: Layout, mark: string) {
  const written = lines.map((line, i) => {
    const comment = comments[i % comments.length];
    return (
      line.replace(/^\t*/, (tabs) => step.repeat(tabs.length)) +
      (comment === undefined || comment === null ? "" : ` ${mark} ${comment}`)
    );
  });
  return written.join(lineEnd) + (last ? lineEnd : "");
}

/** That only lines were added, and these with the file's own line ends. */
function expectAdded(text: string, result: string, lineEnd: string) {
  const lines = result.split(lineEnd);
  const old = text.split(lineEnd);
  let found = 0;
  for (const line of lines) if (line === old[found]) found++;
  expect(found).toBe(old.length);
  expect(result.replaceAll(lineEnd, "")).not.toMatch(/[\r\n]/);
}

describe("fixes keep a file's layout, parse, and change nothing when made again", () => {
  const renewal: FindingSpec = {
    policy: "certificates/auto-rotation",
    type: "azurerm_key_vault_certificate",
    path: "certificate_policy.lifetime_action",
    fact: { name: "renewal", after: "never" },
  };

  it("in HCL", async () => {
    const lines = [
      'resource "azurerm_key_vault_certificate" "site" {',
      '\tname = "site"',
      "\tcertificate_policy {",
      "\t\tissuer_parameters {",
      '\t\t\tname = "Self"',
      "\t\t}",
      "\t}",
      "}",
    ];
    await fc.assert(
      fc.asyncProperty(layout, fc.constantFrom("#", "//"), async (how, mark) => {
        const text = laidOut(lines, how, mark);
        const result = (await fixed({ ...renewal, at: "resource" }, text)) ?? "";
        expect(grammars.hcl.parse(result)?.rootNode.hasError).toBe(false);
        expectAdded(text, result, how.lineEnd);
        expect(result).toContain(`${how.lineEnd}${how.step.repeat(4)}lifetime_percentage = 80${how.lineEnd}`);
      }),
    );
  });

  it("in TypeScript", async () => {
    const lines = [
      "new keyVaultCertificate.KeyVaultCertificate(this, 'site', {",
      "\tcertificatePolicy: {",
      "\t\tissuerParameters: { name: 'Self' },",
      "\t},",
      "});",
    ];
    await fc.assert(
      fc.asyncProperty(layout, fc.boolean(), async (how, hasComma) => {
        const written = hasComma ? lines : lines.map((line) => line.replace(" },", " }"));
        const text = laidOut(written, how, "//");
        const result = (await fixed({ ...renewal, at: "new" }, text, "main.ts")) ?? "";
        expect(grammars.typescript.parse(result)?.rootNode.hasError).toBe(false);
        const added = `${how.lineEnd}${how.step.repeat(2)}lifetimeAction: [{ action: { actionType: 'AutoRenew' }`;
        expect(result).toContain(added);
        if (hasComma) expectAdded(text, result, how.lineEnd);
      }),
    );
  });

  it("in YAML", async () => {
    const backOff: FindingSpec = {
      policy: "clients/jitter",
      type: "dapr.io/v1alpha1/Resiliency",
      path: "spec.policies.retries.orders.policy",
      at: "kind",
    };
    const lines = [
      "apiVersion: dapr.io/v1alpha1",
      "kind: Resiliency",
      "spec:",
      "\tpolicies:",
      "\t\tretries:",
      "\t\t\torders:",
      "\t\t\t\tmaxRetries: 3",
      '\t\t\t\tduration: "5s"',
      "\t\t\tothers: { policy: exponential }",
    ];
    await fc.assert(
      fc.asyncProperty(layout, fc.boolean(), async (how, isWritten) => {
        const written = isWritten ? lines.toSpliced(6, 0, "\t\t\t\tpolicy: constant") : lines;
        const text = laidOut(written, how, "#");
        const result = (await fixed(backOff, text, "shop.yaml")) ?? "";
        const expected = parse(text);
        expected.spec.policies.retries.orders.policy = "exponential";
        expect(parse(result)).toEqual(expected);
        if (isWritten) expect(result).toBe(text.replace("constant", "exponential"));
        else expectAdded(text, result, how.lineEnd);
      }),
    );
  });

  it("in JSON", async () => {
    const order: FindingSpec = {
      policy: "certificates/no-pinned-version",
      type: "Microsoft.Cdn/profiles/secrets",
      path: "properties.parameters.useLatestVersion",
      at: '"useLatestVersion"',
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", " ", "\t", "    "),
        fc.shuffledSubarray(["type", "useLatestVersion", "secretVersion"], { minLength: 3 }),
        fc.object({ maxDepth: 2 }),
        async (indent, names, tags) => {
          const values = { type: "CustomerCertificate", useLatestVersion: false, secretVersion: "0123" };
          const parameters = Object.fromEntries(
            names.map((name) => [name, values[name as keyof typeof values]]),
          );
          const resource = { type: order.type, apiVersion: "2024-02-01", tags, properties: { parameters } };
          const text = JSON.stringify({ resources: [resource] }, null, indent);
          const result = await fixed(order, text, "t.json");
          const { secretVersion: _, ...rest } = parameters;
          const expected = { ...resource, properties: { parameters: { ...rest, useLatestVersion: true } } };
          expect(JSON.parse(result ?? "null")).toEqual(JSON.parse(JSON.stringify({ resources: [expected] })));
        },
      ),
    );
  });
});

describe("whatever a file holds", () => {
  const specs: readonly (readonly [string, FindingSpec])[] = [
    ["main.tf", { policy: "certificates/auto-rotation", type: "a", path: "auto_renew" }],
    ["main.yaml", { policy: "clients/jitter", type: "a/Resiliency", path: "spec.policies.retries.a.policy" }],
    ["main.json", { policy: "certificates/no-pinned-version", type: "a", path: "x[0].y" }],
    ["main.ts", { policy: "certificates/no-pinned-version", type: "a:b", path: "x[0].y" }],
  ];

  it("finding its fix ends, and throws nothing", async () => {
    const parts = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "\n",
      " ",
      "a",
      '"',
      "'",
      "new a(",
      ")",
      "resource",
      "<<",
      "&a",
      "*a",
      "- ",
      "${",
      "=",
      "__proto__",
      "type: a\n",
      "🔥",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(parts, { maxLength: 80 }),
        fc.constantFrom(...specs),
        async (text, [file, spec]) => {
          await fixed(spec, text.join(""), file);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("depth is no trouble", async () => {
    for (const [file, spec] of specs) {
      const started = performance.now();
      for (const [open, close] of [
        ["[", "]"],
        ["{a: ", "}"],
        ["- ", ""],
        ["a {\n", "}\n"],
      ] as const)
        expect(await fixed(spec, open.repeat(1_000) + close.repeat(1_000), file)).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});
