import type { RenderContext } from "./context.ts";
import type { Paint } from "./style.ts";
import { wrap } from "./text.ts";

/** What lines are made with: how wide they may be and how they are coloured. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
  readonly context: RenderContext;
  /** Say which deployment a resource is in: there are several. */
  readonly several: boolean;
}

/** Text with a margin of `by` columns. */
export function indented(text: string, { width }: Page, paint = plain, by = 2): string[] {
  return wrap(text, width - by).map((line) => `${" ".repeat(by)}${paint(line)}`);
}

const LABEL = 9;

/** Text beside a label in the left margin; nothing for an empty text. */
export function labelled(
  label: string,
  text: string,
  { width, paint }: Page,
  of = paint.quiet,
  body = plain,
): string[] {
  return wrap(text, width - LABEL).map((line, i) => {
    const margin =
      i === 0 && label !== "" ? `  ${of(label)}${" ".repeat(LABEL - 2 - label.length)}` : " ".repeat(LABEL);
    return `${margin}${body(line)}`;
  });
}

function plain(text: string): string {
  return text;
}

/** Text with a sign before its first line. */
export function hanging(
  sign: string,
  text: string,
  { width }: Page,
  paint: (text: string) => string,
): string[] {
  return wrap(text, width - 6).map((line, i) => `    ${i === 0 ? sign : "  "}${paint(line)}`);
}
