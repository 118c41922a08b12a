import { describe, expect, it } from "vitest";
import { readProgram } from "./support.ts";

const ALLOW = (policy: string) => `firebreak:allow ${policy} until=2026-12-31 owner=team reason="agreed"`;

describe("comments that accept findings", () => {
  it("cover the resource or the property that they stand beside", async () => {
    const { suppressions, problems } = await readProgram(
      [
        `import * as azure from "@pulumi/azure";`,
        `// ${ALLOW("a/one")}`,
        `export const account =`,
        `  new azure.storage.Account("a", {`,
        `    location: "x", // ${ALLOW("a/two")}`,
        `    /* ${ALLOW("a/three")} */`,
        `    networkRules: {`,
        `      defaultAction: "Deny",`,
        `    },`,
        `  });`,
        `/*`,
        ` * ${ALLOW("a/four")}`,
        ` * ${ALLOW("a/five")}`,
        ` */`,
        `new azure.storage.Account("b",`,
        `  {});`,
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(suppressions?.map(({ policy, lines }) => [policy, lines.from, lines.to])).toEqual([
      ["a/one", 3, 10],
      ["a/two", 5, 5],
      ["a/three", 7, 9],
      ["a/four", 15, 16],
      ["a/five", 15, 16],
    ]);
    expect(suppressions?.[0]?.source).toMatchObject({ file: "main.ts", line: 2 });
  });

  it("are only comments", async () => {
    const { suppressions } = await readProgram(
      `import * as azure from "@pulumi/azure";\nnew azure.storage.Account("a", { x: '// ${ALLOW("a/one")}' });`,
    );
    expect(suppressions).toEqual([]);
  });
});
