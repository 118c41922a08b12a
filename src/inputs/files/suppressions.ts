import type { Problem } from "../../model/deployment.ts";
import { isPolicyGlob, type Suppression } from "../../model/suppression.ts";
import { isDay } from "../../model/waiver-term.ts";

/** A comment, without what marks it as one. */
export interface Comment {
  readonly text: string;
  /** Where it starts, from 1. */
  readonly line: number;
  readonly column: number;
}

/** The lines of something that a comment can stand beside: a block, a resource, a property. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/**
 * The suppressions among the comments of a file. Each covers the largest of the things that start on its own line or, where
 * none does, on the next line that is no comment. What is wrong with one is a problem, and it covers nothing.
 */
export function suppressionsIn(
  file: string,
  comments: readonly Comment[],
  things: readonly Lines[],
): { readonly suppressions: readonly Suppression[]; readonly problems: readonly Problem[] } {
  const said = comments.flatMap((comment) => directivesIn(comment));
  const suppressions: Suppression[] = [];
  const problems: Problem[] = [];
  if (said.length === 0) return { suppressions, problems };
  const beside = besideOf(comments, things);
  for (const { text, line, column, comment } of said) {
    const source = { file, line, column };
    const problem = (severity: Problem["severity"], message: string) =>
      problems.push({
        message: `${file} has a suppression that ${message}.`,
        source,
        severity,
        hides: false,
      });
    const terms = termsOf(text);
    if (typeof terms === "string") {
      problem("error", `${terms}; expected ${EXPECTED}`);
      continue;
    }
    const lines = beside(comment, line);
    if (lines === undefined) {
      problem(
        "warning",
        "covers nothing: write it right above what it accepts, or behind it on its first line",
      );
    } else suppressions.push({ ...terms, source, lines });
  }
  return { suppressions, problems };
}

const EXPECTED = 'firebreak:allow POLICY until=2026-12-31 owner=WHO reason="WHY"';

/** A line of a comment that is meant for Firebreak. */
interface Directive {
  /** From `firebreak:` on. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly comment: Comment;
}

function directivesIn(comment: Comment): readonly Directive[] {
  if (!comment.text.includes("firebreak:")) return [];
  return linesOf(comment).flatMap((whole, i) => {
    // Block comments have a star before each line, documentation comments one more of what marks them.
    const text = whole.replace(/^[\s*#/!]+/, "").trimEnd();
    // `firebreak: words` is prose; `firebreak:disable` was meant as a directive.
    if (!/^firebreak:(?:\S|\s+allow\b)/.test(text)) return [];
    const column = i === 0 ? comment.column : whole.indexOf("firebreak:") + 1;
    return [{ text, line: comment.line + i, column, comment }];
  });
}

function linesOf({ text }: Comment): readonly string[] {
  return text.split(/\r?\n/);
}

const KEYS = ["until", "owner", "reason"] as const;
type Terms = Pick<Suppression, "policy" | (typeof KEYS)[number]>;

/** Nobody reads more than this; what is longer was not written for people. */
const MAX_LENGTH = 2000;

/** `key=word` or `key="words"`, in which a backslash stands before a quote or a backslash; or anything else, which is wrong. */
const TERM = /\s*(?:([^\s="]+)=(?:"((?:[^"\\]|\\["\\])*)"|([^\s"]*))(?=\s|$)|(\S+))/gy;

/** What a directive says, or what is wrong with it. */
function termsOf(directive: string): Terms | string {
  if (directive.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const [, name = "", policy = "", rest = ""] = /^(\S+)(?:\s+([^\s=]+)(?!\S))?(.*)$/s.exec(directive) ?? [];
  if (name !== "firebreak:allow") return `begins with ${quoted(name)}`;
  if (policy === "") return "names no policy";
  if (!isPolicyGlob(policy))
    return `names ${quoted(policy)}, which is neither a policy id nor a glob such as clients/*`;
  const values = new Map<string, string>();
  for (const [, key, words, word = "", other] of rest.matchAll(TERM)) {
    if (key === undefined)
      return `has ${quoted(other ?? "")} where a key=value belongs (words with spaces are quoted)`;
    if (!KEYS.some((known) => known === key)) return `has the unknown key ${quoted(key)}`;
    if (values.has(key)) return `has the key "${key}" twice`;
    values.set(key, (words?.replace(/\\(.)/g, "$1") ?? word).trim());
  }
  const missing = KEYS.find((key) => (values.get(key) ?? "") === "");
  if (missing !== undefined) return `has no ${missing}`;
  const [until = "", owner = "", reason = ""] = KEYS.map((key) => values.get(key));
  if (!isDay(until)) return `has until=${clipped(until)}, which is no day such as 2026-12-31`;
  return { policy, until, owner, reason };
}

function quoted(text: string): string {
  return `"${clipped(text)}"`;
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A comment block that goes on for longer is no note to what follows. */
const MAX_COMMENT_LINES = 200;

/** Tells what a line of a comment stands beside. */
function besideOf(
  comments: readonly Comment[],
  things: readonly Lines[],
): (comment: Comment, line: number) => Lines | undefined {
  const ends = new Map<number, number>();
  for (const { from, to } of things) ends.set(from, Math.max(to, ends.get(from) ?? to));
  const lasts = new Map(comments.map((one) => [one, one.line + linesOf(one).length - 1]));
  const lastOf = (one: Comment) => lasts.get(one) ?? one.line;
  const commentAt = new Map(comments.map((one) => [one.line, one]));
  return (comment, own) => {
    let last = lastOf(comment);
    for (let from = own; from <= Math.min(last + 1, own + MAX_COMMENT_LINES); from++) {
      const to = ends.get(from);
      if (to !== undefined) return { from, to };
      // Comments of one block begin in one column; one that stands elsewhere is behind some code.
      const next = commentAt.get(from);
      if (next?.column === comment.column) last = Math.max(last, lastOf(next));
    }
    return undefined;
  };
}
