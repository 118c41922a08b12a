import { type Edit, edited } from "./edits.ts";

/** Lines of a text with what they become; equal ones are not among them. */
interface Replaced {
  /** Index of the first line. */
  readonly from: number;
  readonly old: readonly string[];
  readonly new: readonly string[];
}

/** How many unchanged lines stand around a change. */
const CONTEXT = 3;

/**
 * The edits of a file as a unified diff, such as `git apply` and `patch` read it: three lines of context, paths with `a/` and
 * `b/` in front of them. Empty where nothing changes. It holds the file's text as it is: what goes to a terminal must be made
 * printable first.
 */
export function unifiedDiff(path: string, text: string, edits: readonly Edit[]): string {
  const lines = linesOf(text);
  const hunks = hunksOf(replacedLines(text, lines, edits));
  let shift = 0;
  const written = hunks.map((hunk) => {
    const before = shift;
    shift += hunk.reduce((sum, one) => sum + one.new.length - one.old.length, 0);
    return hunkText(lines, hunk, before);
  });
  if (written.length === 0) return "";
  return `--- ${quoted(`a/${path}`)}\n+++ ${quoted(`b/${path}`)}\n${written.join("")}`;
}

/** The lines with their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The edits as whole lines that become others. */
function replacedLines(text: string, lines: readonly string[], edits: readonly Edit[]): readonly Replaced[] {
  const starts: number[] = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const lineAt = (offset: number) => {
    let at = starts.findLastIndex((start) => start <= offset);
    // The end of a text without a last line end belongs to its last line.
    if (at === lines.length && at > 0 && !text.endsWith("\n")) at--;
    return at;
  };
  const groups: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const [from, to] = [lineAt(edit.start), Math.min(lineAt(edit.end) + 1, lines.length)];
    const last = groups.at(-1);
    if (last === undefined || from > last.to) groups.push({ from, to: Math.max(from, to), edits: [edit] });
    else {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    }
  }
  return groups.flatMap((group) => {
    const offset = starts[group.from] ?? text.length;
    const shifted = group.edits.map(({ start, end, replacement }) => {
      return { start: start - offset, end: end - offset, replacement };
    });
    const old = lines.slice(group.from, group.to);
    return trimmed({ from: group.from, old, new: linesOf(edited(old.join(""), shifted)) });
  });
}

/** Without the lines at both ends that stay as they are. */
function trimmed({ from, old, new: made }: Replaced): readonly Replaced[] {
  const most = Math.min(old.length, made.length);
  let head = 0;
  while (head < most && old[head] === made[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === made.at(-1 - tail)) tail++;
  const replaced = {
    from: from + head,
    old: old.slice(head, old.length - tail),
    new: made.slice(head, made.length - tail),
  };
  return replaced.old.length + replaced.new.length === 0 ? [] : [replaced];
}

/** Changes whose context meets belong together. */
function hunksOf(changes: readonly Replaced[]): readonly (readonly Replaced[])[] {
  const hunks: Replaced[][] = [];
  for (const change of changes) {
    const previous = hunks.at(-1)?.at(-1);
    const isNear = previous !== undefined && change.from - endOf(previous) <= 2 * CONTEXT;
    if (isNear) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function endOf({ from, old }: Replaced): number {
  return from + old.length;
}

function hunkText(lines: readonly string[], hunk: readonly Replaced[], shift: number): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = Math.max(0, first.from - CONTEXT);
  const to = Math.min(lines.length, endOf(last) + CONTEXT);
  const body: string[] = [];
  let at = from;
  for (const change of hunk) {
    body.push(...marked(" ", lines.slice(at, change.from)));
    body.push(...marked("-", change.old), ...marked("+", change.new));
    at = endOf(change);
  }
  body.push(...marked(" ", lines.slice(at, to)));
  const added = hunk.reduce((sum, one) => sum + one.new.length - one.old.length, 0);
  return `@@ -${range(from, to - from)} +${range(from + shift, to - from + added)} @@\n${body.join("")}`;
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.map(
    (line) => `${mark}${line}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n"}`,
  );
}

/** First line from 1 and count; a range without lines is named by the line before it. */
function range(from: number, count: number): string {
  const first = count === 0 ? from : from + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}

/** Git writes a path with characters that would break the line in the quotes of C. */
function quoted(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\u0000-\u001f\u007f"\\]/.test(path)) return path.includes(" ") ? `${path}\t` : path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const escaped = path.replace(/[\u0000-\u001f\u007f"\\]/g, (one) => {
    return one === '"' || one === "\\" ? `\\${one}` : `\\${one.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
  return `"${escaped}"`;
}
