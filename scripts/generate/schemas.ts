import { z } from "zod";
import { report } from "../../src/model/report.ts";

/** The JSON Schema of `--format json`. */
export function reportSchema(): string {
  const schema = z.toJSONSchema(report, { target: "draft-2020-12" });
  return `${JSON.stringify({ title: "Firebreak report", ...schema }, null, 2)}\n`;
}
