import type { Report } from "../model/report.ts";
import { printableJson } from "./text.ts";

/** The report as it is (schemas/report.schema.json). */
export default function json(report: Report): string {
  return printableJson(report);
}
