import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { combined, type Edit, edited } from "../fixes/edits.ts";
import { fixFor, mayHaveFix } from "../fixes/fix.ts";
import { sourceReader } from "../fixes/language.ts";
import { unifiedDiff } from "../fixes/unified-diff.ts";
import type { Finding, Report } from "../model/report.ts";
import { whyNotWritten } from "./write-errors.ts";

/** What a file would become. */
export interface ProposedFix {
  /** Relative to the root, with slashes. */
  readonly file: string;
  /** The text that was judged, and the edits in it. */
  readonly text: string;
  readonly edits: readonly Edit[];
  /** As a unified diff. Its text is the file's own: make it visible, line by line, before a terminal gets it. */
  readonly diff: string;
}

/**
 * The fixes of a report's open findings in files of a git diff, one of each file. `readText` gives the text of a file as it was
 * judged. Findings without one right answer have none; what two findings would change differently, the first decides.
 */
export async function proposedFixes(
  report: Report,
  readText: (file: string) => Promise<string | undefined>,
): Promise<readonly ProposedFix[]> {
  const diffs = new Set(report.deployments.filter(({ host }) => host === "git-diff").map(({ name }) => name));
  const open = report.findings.filter(
    (finding) => finding.state === "open" && diffs.has(finding.deployment ?? "") && mayHaveFix(finding),
  );
  const fixes: ProposedFix[] = [];
  for (const [file, findings] of Map.groupBy(open, ({ source }) => source?.file ?? "")) {
    const fix = await fixOf(file, findings, readText);
    if (fix !== undefined) fixes.push(fix);
  }
  return fixes;
}

async function fixOf(
  file: string,
  findings: readonly Finding[],
  readText: (file: string) => Promise<string | undefined>,
): Promise<ProposedFix | undefined> {
  const read = await sourceReader(file);
  const text = read === undefined ? undefined : await readText(file);
  const source = text === undefined ? undefined : read?.(text);
  if (text === undefined || source === undefined) return undefined;
  const edits = combined(
    findings.flatMap((finding) => {
      const one = fixFor(finding, text, source);
      return one === undefined ? [] : [one];
    }),
  );
  return edits.length === 0 ? undefined : { file, text, edits, diff: unifiedDiff(file, text, edits) };
}

/** What became of the files: all of them are changed, or none is, and a sentence for each that stands in the way says why. */
type Applied =
  | { readonly changed: readonly string[]; readonly refused?: never }
  | { readonly changed?: never; readonly refused: readonly string[] };

/**
 * Writes the fixes into the files below a root, all of them or none. A file must hold exactly the text that was judged, so that
 * nothing is staged that nobody has seen, and must be a plain file that no link leads to. It keeps its mode, its byte order mark
 * and its line ends, and is never half written.
 */
export function applyFixes(root: string, fixes: readonly ProposedFix[]): Applied {
  const checked = fixes.map((fix) => checkedFile(root, fix));
  const refused = checked.flatMap((one) => ("why" in one ? [one.why] : []));
  if (refused.length > 0) return { refused };
  const files = checked.flatMap((one) => ("why" in one ? [] : [one]));
  const written: WritableFile[] = [];
  for (const file of files) {
    const why = replaceContent(file, file.judged, file.fixed);
    if (why === undefined) {
      written.push(file);
      continue;
    }
    const left = written.flatMap((one) => replaceContent(one, one.fixed, one.judged) ?? []);
    return { refused: [why, ...left] };
  }
  return { changed: fixes.map(({ file }) => file) };
}

interface WritableFile {
  readonly name: string;
  readonly path: string;
  readonly mode: number;
  readonly judged: Buffer;
  readonly fixed: Buffer;
}

function checkedFile(root: string, fix: ProposedFix): WritableFile | { readonly why: string } {
  const refuse = (why: string) => ({ why: `${fix.file} was not changed: ${why}.` });
  const parts = fix.file.split("/");
  // A path on which a file system could go elsewhere than git does.
  if (parts.some((part) => /^(?:|\.|\.\.|\.git)$/i.test(part) || /[\\\0]/.test(part)))
    return refuse("its path does not stay inside of the repository");
  try {
    const directory = join(realpathSync(root), ...parts.slice(0, -1));
    const path = join(directory, parts.at(-1) ?? "");
    const status = lstatSync(path);
    if (!status.isFile() || realpathSync(directory) !== directory)
      return refuse("it is no plain file, or a link leads to it");
    const judged = readFileSync(path);
    const fixed = fixedContent(judged, fix);
    if (fixed === undefined)
      return refuse("it is not what was judged; stage or put aside its other changes first");
    return { name: fix.file, path, mode: status.mode & 0o7777, judged, fixed };
  } catch (error) {
    return refuse(whyNotWritten(error, "there is no such file in the working tree"));
  }
}

const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/**
 * The fixed bytes of a file that holds what was judged; undefined where it holds something else. A checkout may write all
 * line ends as CRLF (gitattributes `eol`, `core.autocrlf`), and then gets them so.
 */
function fixedContent(content: Buffer, { text, edits }: ProposedFix): Buffer | undefined {
  const mark = content.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? BYTE_ORDER_MARK
    : Buffer.alloc(0);
  const checkouts = text.includes("\r") ? [asItIs] : [asItIs, withCarriageReturns];
  const checkout = checkouts.find((one) => Buffer.concat([mark, Buffer.from(one(text))]).equals(content));
  return checkout && Buffer.concat([mark, Buffer.from(checkout(edited(text, edits)))]);
}

function asItIs(text: string): string {
  return text;
}

function withCarriageReturns(text: string): string {
  return text.replaceAll("\n", "\r\n");
}

/** Puts new content in the place of what a file holds, whole; a sentence where that failed or it holds something else by now. */
function replaceContent(file: WritableFile, from: Buffer, to: Buffer): string | undefined {
  const draft = `${file.path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(draft, to, { flag: "wx", mode: file.mode });
    chmodSync(draft, file.mode);
    if (!readFileSync(file.path).equals(from)) return `${file.name} was not changed: somebody else just did.`;
    renameSync(draft, file.path);
    return undefined;
  } catch (error) {
    return `${file.name} was not changed: ${whyNotWritten(error, "there is no such file in the working tree")}.`;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** What to do next, in one sentence. */
export function afterwards(changed: readonly string[]): string {
  const files = changed.length === 1 ? "1 file was changed" : `${changed.length} files were changed`;
  return `${files} in the working tree; look at it (git diff), stage it (git add) and run the check again: ${changed.join(", ")}.`;
}
