import type { Edit } from "./edits.ts";
import type { Member, Written } from "./written.ts";

/** The line end that a text uses. */
function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** What a line starts with before the offset, and whether that is all. */
export function indentationAt(
  text: string,
  offset: number,
): { readonly indent: string; readonly isFirst: boolean } {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  return { indent, isFirst: indent.length === line.length };
}

/** The rest of a line behind something: blanks, and a comment that ends there. */
const REST_OF_LINE = /^[ \t]*(?:(?:#|\/\/)[^\r\n]*|\/\*[^\r\n]*\*\/[ \t]*)?(?=\r?\n|$)/;

/** Where the line ends on which something ends; undefined where anything but a comment follows on it. */
function endOfLine(text: string, offset: number): number | undefined {
  const rest = REST_OF_LINE.exec(lineFrom(text, offset))?.[0];
  return rest === undefined || (rest.includes("/*") && rest.indexOf("*/") < rest.lastIndexOf("*/"))
    ? undefined
    : offset + rest.length;
}

function lineFrom(text: string, offset: number): string {
  const end = text.indexOf("\n", offset);
  return text.slice(offset, end === -1 ? text.length : end + 1);
}

/** How much deeper the members of a container are indented than the line that it starts on. */
export function stepOf(text: string, container: Written): string {
  const [first] = container.members ?? [];
  if (first === undefined) return "  ";
  const inner = indentationAt(text, first.start);
  const outer = indentationAt(text, container.start).indent;
  const isDeeper = inner.isFirst && inner.indent.startsWith(outer) && inner.indent.length > outer.length;
  return isDeeper ? inner.indent.slice(outer.length) : "  ";
}

/** Writes lines behind the last member of a block; `isApart` leaves one empty. Undefined where it does not end a line. */
export function appendLines(
  text: string,
  container: Written,
  lines: readonly string[],
  isApart = false,
): readonly Edit[] | undefined {
  const [first, last] = [container.members?.[0], container.members?.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  // A text of several lines ends behind its last line end.
  const at = text[last.end - 1] === "\n" ? undefined : endOfLine(text, last.end);
  if (at === undefined) return undefined;
  const lineEnd = lineEndOf(text);
  const indent = columnIndent(text, first.start);
  const written = lines.map((line) => `${lineEnd}${indent}${line}`).join("");
  return [{ start: at, end: at, replacement: (isApart ? lineEnd : "") + written }];
}

/** Blanks up to an offset; what is no blank, such as the dash of a list, counts as one. */
function columnIndent(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).replace(/[^\t]/g, " ");
}

/**
 * Writes a member behind the last one of an object in braces: on a line of its own where that has one, and in front of its
 * comment never. `separator` is what stands between members on lines of their own. Undefined where the object is empty or laid
 * out in a way that leaves no certain place.
 */
export function appendMember(
  text: string,
  container: Written,
  member: string,
  separator: "," | "",
): readonly Edit[] | undefined {
  const last = container.members?.at(-1);
  if (last === undefined) return undefined;
  const comma = /^[ \t]*,/.exec(text.slice(last.end, container.end))?.[0];
  const behind = last.end + (comma?.length ?? 0);
  const { indent, isFirst } = indentationAt(text, last.start);
  if (!isFirst) {
    const replacement = comma === undefined ? `, ${member}` : ` ${member}`;
    return [{ start: behind, end: behind, replacement }];
  }
  const at = endOfLine(text, behind);
  if (at === undefined || at >= container.end) return undefined;
  const line = `${lineEndOf(text)}${indent}${member}`;
  if (comma !== undefined) return [{ start: at, end: at, replacement: `${line},` }];
  if (at === behind) return [{ start: at, end: at, replacement: separator + line }];
  const between = separator === "" ? [] : [{ start: behind, end: behind, replacement: separator }];
  return [...between, { start: at, end: at, replacement: line }];
}

/** Takes a member out, with its line or its comma; undefined where a comment or something else stands there too. */
export function removeMember(text: string, container: Written, member: Member): readonly Edit[] | undefined {
  const members = container.members ?? [];
  const at = members.indexOf(member);
  if (container.isBlock) {
    const { isFirst } = indentationAt(text, member.start);
    const rest = /^[ \t]*\r?\n/.exec(lineFrom(text, member.end))?.[0];
    if (!isFirst || rest === undefined || members.length < 2) return undefined;
    const start = text.lastIndexOf("\n", member.start - 1) + 1;
    return [{ start, end: member.end + rest.length, replacement: "" }];
  }
  const [previous, next] = [members[at - 1], members[at + 1]];
  const isComma = (start: number, end: number) => /^\s*,\s*$/.test(text.slice(start, end));
  if (next !== undefined && isComma(member.end, next.start))
    return [{ start: member.start, end: next.start, replacement: "" }];
  if (next === undefined && previous !== undefined && isComma(previous.end, member.start))
    return [{ start: previous.end, end: member.end, replacement: "" }];
  return undefined;
}
