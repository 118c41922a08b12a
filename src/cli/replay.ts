import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { loadPack } from "../config/packs.ts";
import { activate } from "../engine/activate.ts";
import type { ActivePolicy } from "../engine/evaluation.ts";
import { judge } from "../engine/judge.ts";
import { facetsOf, meaningOf } from "../engine/meaning.ts";
import { NO_SETTINGS } from "../engine/settings.ts";
import { type Incident, type IncidentInput, incidentsIn } from "../incidents/library.ts";
import { readPaths } from "../inputs/read.ts";
import { UsageError } from "../model/errors.ts";
import type { Report } from "../model/report.ts";
import { packageRoot, packageVersion } from "../package.ts";
import { type CliContext, EXIT, wantsColour } from "./context.ts";
import { deliver } from "./deliver.ts";

/** The day on which incidents are replayed: their reports must not change with the calendar. */
const REPLAY_DAY = "2026-02-02";

/**
 * `firebreak replay [INCIDENT]`: judges the change that caused each outage, and its safe version. Exit code 0 when every
 * outage is stopped by the policies that should and every safe version passes, 1 when not.
 */
export async function replay(
  id: string | undefined,
  options: { readonly show: boolean },
  context: CliContext,
): Promise<number> {
  const directory = join(packageRoot, "fixtures", "incidents");
  if (!existsSync(directory)) throw new UsageError("the incident library is not part of this installation");
  const library = incidentsIn(directory);
  const chosen = id === undefined ? library : library.filter((incident) => incident.id === id);
  if (chosen.length === 0) {
    throw new UsageError(
      `there is no incident "${id}": expected one of ${library.map((one) => one.id).join(", ")}`,
    );
  }
  const policies = activate([await loadPack("recommended", ".")], NO_SETTINGS);
  const rows: Row[] = [];
  for (const incident of chosen) {
    for (const variant of incident.variants) {
      const outage = await judged(variant.outage, policies);
      const safe = await judged(variant.safe, policies);
      rows.push({
        incident,
        variant: variant.id,
        outage,
        safe,
        missing: missingPolicies(outage, variant.blockedBy),
      });
    }
  }
  if (options.show) await showFirst(rows, policies, context);
  context.stdout(tableOf(rows, wantsColour(context)));
  return rows.every(isAsExpected) ? EXIT.passed : EXIT.blocked;
}

interface Row {
  readonly incident: Incident;
  readonly variant: string;
  readonly outage: Report;
  readonly safe: Report;
  /** Policies that should have stopped the outage and did not. */
  readonly missing: readonly string[];
}

async function judged(input: IncidentInput, policies: readonly ActivePolicy[]): Promise<Report> {
  const shown = (path: string) => relative(".", path);
  const { deployments, problems } = await readPaths(input.paths.map(shown), {
    ...(input.before !== undefined && {
      before: shown(input.before),
      isChange: meaningOf(facetsOf(policies)),
    }),
  });
  return judge(deployments, policies, NO_SETTINGS, {
    today: REPLAY_DAY,
    version: packageVersion(),
    problems,
  });
}

function missingPolicies(report: Report, wanted: readonly string[]): readonly string[] {
  const found = new Set(report.findings.filter((one) => one.level === "mandatory").map((one) => one.policy));
  return wanted.filter((policy) => !found.has(policy));
}

function isAsExpected(row: Row): boolean {
  return row.outage.verdict === "blocked" && row.missing.length === 0 && row.safe.verdict === "passed";
}

/** The report of the first variant, as it would have stood in the terminal that day. */
async function showFirst(
  rows: readonly Row[],
  policies: readonly ActivePolicy[],
  context: CliContext,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  context.stdout(
    `${first.incident.title}: the change that caused it (${first.variant}), as it would have been judged\n\n`,
  );
  const quietly = { showUndetermined: false, quiet: false };
  await deliver(first.outage, [{ format: "pretty", file: undefined }], policies, quietly, context);
  context.stdout("\n");
}

function tableOf(rows: readonly Row[], colour: boolean): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[39m` : text);
  const width = Math.max(...rows.map((row) => row.variant.length));
  const lines: string[] = [];
  let incident: Incident | undefined;
  for (const row of rows) {
    if (row.incident !== incident)
      lines.push(...(incident === undefined ? [] : [""]), `${row.incident.id}  ${row.incident.title}`);
    incident = row.incident;
    const by = new Set(
      row.outage.findings.filter((one) => one.level === "mandatory").map((one) => one.policy),
    ).size;
    const outage =
      row.outage.verdict === "blocked"
        ? `the outage is blocked by ${by} policies`
        : `the outage is ${row.outage.verdict}`;
    const safe =
      row.safe.verdict === "passed" ? "its safe version passes" : `its safe version is ${row.safe.verdict}`;
    const missing = row.missing.length === 0 ? "" : ` (not by ${row.missing.join(", ")})`;
    const mark = isAsExpected(row) ? paint(32, "✔") : paint(31, "✖");
    lines.push(`  ${mark} ${row.variant.padEnd(width)}  ${outage}${missing}; ${safe}`);
  }
  return `${lines.join("\n")}\n`;
}
