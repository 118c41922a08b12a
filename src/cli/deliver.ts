import {
  accessSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import type { ActivePolicy } from "../engine/evaluation.ts";
import { helpOf } from "../engine/finding.ts";
import { UsageError } from "../model/errors.ts";
import type { Report } from "../model/report.ts";
import { FORMATS, type Format, isFormat, reporters } from "../reporters/index.ts";
import { type CliContext, wantsColour } from "./context.ts";
import { whyNotWritten } from "./write-errors.ts";

/** A format, and where it goes: a file, or standard output. */
export interface Target {
  readonly format: Format;
  readonly file: string | undefined;
}

/**
 * Reads `--format NAME[=FILE]` and `--output FILE`; without any, the pretty report on standard output, which `-` names
 * too.
 */
export function parseTargets(formats: readonly string[], output: string | undefined): readonly Target[] {
  if (output === "") throw new UsageError("--output names no file");
  const given = (formats.length === 0 ? ["pretty"] : formats).map((text) => {
    const [name = "", ...rest] = text.split("=");
    const file = rest.length === 0 ? undefined : rest.join("=");
    if (!isFormat(name)) {
      throw new UsageError(`there is no format "${name}": expected one of ${FORMATS.join(", ")}`);
    }
    if (file === "") throw new UsageError(`--format ${name}= names no file`);
    return { format: name, file };
  });
  if (output !== undefined && given.every((one) => one.file !== undefined)) {
    throw new UsageError("--output has nothing to write: every --format has a file of its own");
  }
  const targets = given.map(({ format, file = output }): Target => {
    return { format, file: file === "-" ? undefined : file };
  });
  const places = targets.map(({ file }) => (file === undefined ? "-" : resolve(file)));
  if (new Set(places).size < places.length) {
    throw new UsageError(
      "only one format can go to one place: give the others a file, as in --format sarif=firebreak.sarif",
    );
  }
  return targets;
}

/** Renders the report for every target. Files are written whole or not at all, and all of them or none. */
export async function deliver(
  report: Report,
  targets: readonly Target[],
  policies: readonly ActivePolicy[],
  options: { readonly showUndetermined: boolean; readonly quiet: boolean },
  context: CliContext,
): Promise<void> {
  const rules = Object.fromEntries(
    policies.map(({ policy }) => [
      policy.id,
      { title: policy.title, hazard: policy.hazard, help: helpOf(policy.id) },
    ]),
  );
  const files: Written[] = [];
  let spoken = "";
  for (const { format, file } of targets) {
    const { default: render } = await reporters[format]();
    const text = render(report, {
      width: file === undefined ? context.width : 80,
      colour: file === undefined && wantsColour(context),
      showUndetermined: options.showUndetermined,
      quiet: options.quiet,
      rules,
    });
    if (file === undefined) spoken = text;
    else files.push({ file, text });
  }
  writeAll(files);
  context.stdout(spoken);
}

interface Written {
  readonly file: string;
  readonly text: string;
}

/** Writes each text to a draft beside its place; only when all drafts are written do they take their places. */
function writeAll(files: readonly Written[]): void {
  const drafts: { readonly draft: string; readonly place: string }[] = [];
  try {
    for (const { file, text } of files) {
      explained(file, () => {
        const existing = statSync(file, { throwIfNoEntry: false });
        if (existing !== undefined && takesNoDraft(existing)) return writeFileSync(file, text);
        if (existing !== undefined) accessSync(file, constants.W_OK);
        const place = existing === undefined ? file : realpathSync(file);
        const draft = `${place}.${process.pid}.tmp`;
        drafts.push({ draft, place });
        writeFileSync(draft, text);
      });
    }
    for (const { draft, place } of drafts) explained(place, () => renameSync(draft, place));
  } finally {
    for (const { draft } of drafts) rmSync(draft, { force: true });
  }
}

/** Whether it is a device or a pipe, such as /dev/null, which a file must not take the place of; or a directory. */
function takesNoDraft(existing: Stats): boolean {
  return !existing.isFile();
}

function explained(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UsageError(`the report cannot be written to ${file}: ${whyNotWritten(error)}`);
  }
}
