import { clip, visible } from "./text.ts";

/** What means something to Markdown or HTML wherever it stands, as character references, which mean nothing. */
const MEANING = /[&<>`*_~[\]|\\$]/g;

/**
 * Text as GitHub shows it, character for character: no markup, no HTML, no mention, no reference to an issue, no link.
 * Empty comments break what GitHub recognises in running text; character references would not, since it looks for
 * mentions and issues in the finished page.
 */
export function escaped(text: string): string {
  return visible(text)
    .replace(MEANING, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@(?=\S)/g, "@<!-- -->")
    .replace(/#(?=\d)(?<!&#)/g, "#<!-- -->")
    .replace(/\b(gh-)(?=\d)/gi, "$1<!-- -->")
    .replace(/:(?=\/\/|:)/g, "&#58;")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

/** A sentence that begins a line, so that no heading, list or rule begins with it, and no command of GitLab's (`/merge`). */
export function paragraph(text: string): string {
  return prose(text.trimStart()).replace(
    /^(?:[-+=#/]|\d(?=\d*[.)]))/,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** A sentence: like `escaped`, but what stands between backticks is shown as code. */
export function prose(text: string): string {
  const parts = clip(text, 2000).split("`");
  // An odd number of backticks leaves the last one alone: it opens nothing.
  if (parts.length % 2 === 0) return escaped(clip(text, 2000));
  return parts.map((part, i) => (i % 2 === 1 ? `<code>${escaped(part)}</code>` : escaped(part))).join("");
}
