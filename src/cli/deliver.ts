import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { ActivePolicy } from "../engine/evaluate.ts";
import { helpOf } from "../engine/finding.ts";
import { UsageError } from "../model/errors.ts";
import type { Report } from "../model/report.ts";
import { FORMATS, type Format, isFormat, reporters } from "../reporters/index.ts";
import { type CliContext, wantsColour } from "./context.ts";

/** A format, and where it goes: a file, or standard output. */
export interface Target {
  readonly format: Format;
  readonly file: string | undefined;
}

/** Reads `--format NAME[=FILE]` and `--output FILE`; without any, the pretty report on standard output. */
export function parseTargets(formats: readonly string[], output: string | undefined): readonly Target[] {
  const targets = (formats.length === 0 ? ["pretty"] : formats).map((text): Target => {
    const [name = "", ...rest] = text.split("=");
    const file = rest.length === 0 ? undefined : rest.join("=");
    if (!isFormat(name))
      throw new UsageError(`there is no format "${name}": expected one of ${FORMATS.join(", ")}`);
    if (file === "") throw new UsageError(`--format ${name}= names no file`);
    return { format: name, file };
  });
  const loose = targets.filter((target) => target.file === undefined);
  if (loose.length > 1) {
    throw new UsageError(
      "only one format can go to one place: give the others a file, as in --format sarif=firebreak.sarif",
    );
  }
  return targets.map((target) => (target.file === undefined ? { ...target, file: output } : target));
}

/** Renders the report for every target. Files are written whole or not at all. */
export async function deliver(
  report: Report,
  targets: readonly Target[],
  policies: readonly ActivePolicy[],
  options: { readonly showUndetermined: boolean; readonly quiet: boolean },
  context: CliContext,
): Promise<void> {
  for (const { format, file } of targets) {
    const { default: render } = await reporters[format]();
    const text = render(report, {
      width: file === undefined ? context.width : 80,
      colour: file === undefined && wantsColour(context),
      showUndetermined: options.showUndetermined,
      quiet: options.quiet,
      rules: Object.fromEntries(
        policies.map(({ policy }) => [
          policy.id,
          { title: policy.title, hazard: policy.hazard, help: helpOf(policy.id) },
        ]),
      ),
    });
    if (file === undefined) context.stdout(text);
    else writeWhole(file, text);
  }
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(
      `the report cannot be written to ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
}
