import { z } from "zod";
import { configSchema } from "../../src/config/schema.ts";
import { report } from "../../src/model/report.ts";

/** The JSON Schema of `--format json`. */
export function reportJsonSchema(): string {
  return published("Firebreak report", z.toJSONSchema(report, { target: "draft-2020-12" }));
}

/** The JSON Schema of `firebreak.yaml`: of what is written there, before defaults are filled in. */
export function configJsonSchema(): string {
  return published(
    "Firebreak configuration",
    z.toJSONSchema(configSchema, { target: "draft-2020-12", io: "input" }),
  );
}

function published(title: string, schema: object): string {
  return `${JSON.stringify({ title, ...schema }, null, 2)}\n`;
}
