import { posix } from "node:path";
import type { Problem } from "../../../model/deployment.ts";
import type { Version } from "../version.ts";

/** Whether a file is a template of a Helm chart, which is no YAML before Helm has filled it in (helm.sh/docs/topics/charts). */
export async function isChartTemplate(path: string, text: string, version: Version): Promise<boolean> {
  if (!text.includes("{{")) return false;
  const names = path.split("/");
  for (const [depth, name] of names.entries()) {
    if (name !== "templates") continue;
    const chart = names.slice(0, depth).join(posix.sep);
    if ((await version.filesIn(chart)).includes("Chart.yaml")) return true;
  }
  return false;
}

/**
 * Whether all that is wrong with a text are places that a template engine fills in (Jinja's and Go's look alike). In quotes they
 * are texts like others, as in an ApplicationSet.
 */
export function isBrokenByTemplate(text: string, problems: readonly Problem[]): boolean {
  const faults = problems.filter(({ hides }) => hides !== false);
  if (faults.length === 0 || !text.includes("{{")) return false;
  const lines = text.split("\n");
  return faults.every(({ source }) => /\{[{%]/.test(lines[(source?.line ?? 0) - 1] ?? ""));
}
