/** Writes the files that follow from others; with `--check`, fails if a committed one differs. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { compiled } from "./generate/assembly.ts";
import { policyCatalogue } from "./generate/catalogue.ts";
import { configurationReference } from "./generate/configuration.ts";
import { incidentInputs } from "./generate/incidents/index.ts";
import { builtInPolicies } from "./generate/policies.ts";
import { configJsonSchema, reportJsonSchema } from "./generate/schemas.ts";

/** In order: a later generator may import what an earlier one wrote. */
const generators: readonly { path: string; content: () => string | Promise<string> }[] = [
  { path: "src/json/scan.wasm.ts", content: () => compiled("src/json/assembly/scan.ts") },
  { path: "src/graph/mentions.wasm.ts", content: () => compiled("src/graph/assembly/mentions.ts") },
  { path: "policies/index.ts", content: builtInPolicies },
  { path: "docs/policies.md", content: policyCatalogue },
  ...Object.entries(incidentInputs()).map(([path, content]) => ({
    path: `fixtures/incidents/${path}`,
    content: () => content,
  })),
  { path: "docs/configuration.md", content: configurationReference },
  { path: "schemas/report.schema.json", content: reportJsonSchema },
  { path: "schemas/config.schema.json", content: configJsonSchema },
];

process.chdir(dirname(import.meta.dirname));
const checking = process.argv.includes("--check");

for (const { path, content } of generators) {
  const wanted = await content();
  const current = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (current === wanted) continue;
  if (checking) {
    console.error(
      `${path} is ${current === undefined ? "missing" : "out of date"}: run \`npm run generate\``,
    );
    process.exitCode = 1;
  } else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, wanted);
    console.log(`wrote ${path}`);
  }
}
