import { setUp } from "../config/setup.ts";
import { helpOf } from "../engine/finding.ts";
import { type CliContext, EXIT } from "./context.ts";

/** `firebreak policies`: what would be run here, with the levels that the configuration sets. */
export async function policies(
  options: { readonly format: "text" | "json" },
  context: CliContext,
): Promise<number> {
  const { policies: active } = await setUp({ pack: [] }, context.today);
  const rows = active.map(({ policy, level }) => ({
    id: policy.id,
    title: policy.title,
    level,
    severity: policy.severity,
    kind: policy.kind,
    incidents: policy.incidents ?? [],
    help: helpOf(policy.id),
  }));
  if (options.format === "json") {
    context.stdout(`${JSON.stringify(rows, null, 2)}\n`);
    return EXIT.passed;
  }
  const idWidth = Math.max(...rows.map((row) => row.id.length), 0);
  for (const row of rows) {
    context.stdout(
      `${row.id.padEnd(idWidth)}  ${row.level.padEnd(9)}  ${row.severity.padEnd(8)}  ${row.title}\n`,
    );
  }
  context.stdout(`\n${rows.length} policies. \`firebreak explain POLICY\` tells more about one.\n`);
  return EXIT.passed;
}
