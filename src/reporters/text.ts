/**
 * Everything a report quotes comes from plans and source files of strangers. These functions make such text safe to
 * print and fit it into lines.
 */

/**
 * Characters that act instead of showing: control characters (ESC among them), format characters (bidirectional
 * overrides, zero-width ones, tags), line and paragraph separators, halves of surrogate pairs, and the fillers and
 * noncharacters that fonts draw as nothing. XML 1.0 forbids several of them too.
 */
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0\ufdd0-\ufdef\ufffe\uffff]|\u034f/gu;

/**
 * `##[command]` (GitHub Actions), `##vso[…]` (Azure Pipelines) and `##teamcity[…]` are carried out by CI servers
 * wherever they stand in a line of a log.
 */
const LOG_COMMAND = /##(?=[a-z]*\[)/gi;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line, with every character that would act on a terminal or a CI log shown as an escape instead. */
export function visible(text: string): string {
  return text
    .replace(ACTING, (character) => NAMED[character] ?? codeOf(character))
    .replace(LOG_COMMAND, "#\\x23");
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** JSON that is safe to print to a terminal or a CI log: what `visible` escapes stands as `\uXXXX`, so nothing is lost. */
export function printableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(ACTING, escapeUnlessNewline).replace(LOG_COMMAND, "#\\u0023")}\n`;
}

function escapeUnlessNewline(characters: string): string {
  // Only the newlines of the layout are left: those inside strings are escaped already.
  if (characters === "\n") return characters;
  return Array.from({ length: characters.length }, (_, i) => {
    return `\\u${characters.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}

/** At most `limit` characters; what is cut is said. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

const ASCII = /^[\x20-\x7e]*$/;
const NO_WIDTH = /^[\p{Mn}\p{Me}]$/u;
/** Scripts written in full-width cells, and what terminals draw as emoji (Unicode Standard Annex 11). */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]$/u;
/** Asks for the emoji form of the character before it, which is wide. */
const EMOJI_SELECTOR = "\ufe0f";
const HALFWIDTH_KATAKANA = /^[\uff61-\uffdc]$/;

function characterWidth(character: string): number {
  if (character === EMOJI_SELECTOR) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) && !HALFWIDTH_KATAKANA.test(character) ? 2 : 1;
}

/** Terminal columns of a text that has been through `visible`; never less than what it takes up. */
export function columns(text: string): number {
  if (ASCII.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += characterWidth(character);
  return sum;
}

/** What stands between backticks is not broken, unless it is long. */
const WORD = /(?:`[^`]{1,40}`|[^ ])+/g;

/**
 * Breaks text into lines of at most `width` columns: between words, and inside a word (an address, a URL) only where it
 * is longer than a line. No line begins with `::`, which GitHub Actions would carry out as a command.
 */
export function wrap(text: string, width: number): string[] {
  const room = text.includes("::") ? width - 3 : width;
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(WORD) ?? []) {
    if (line !== "" && columns(line) + 1 + columns(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = split(word, room);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  if (line !== "") lines.push(line);
  return lines.map((one) => (one.startsWith("::") ? `\\x3a${one.slice(1)}` : one));
}

/** Cuts a word that is longer than a line, preferably behind a separator near the end of the line. */
function split(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of word) {
    const wide = characterWidth(character);
    if (used + wide > width) {
      const at = separatorNear(piece);
      pieces.push(piece.slice(0, at));
      piece = piece.slice(at);
      used = columns(piece);
    }
    piece += character;
    used += wide;
  }
  pieces.push(piece);
  return pieces;
}

/** Where to cut: behind the last separator in the last third, else at the end. */
function separatorNear(piece: string): number {
  for (let at = piece.length; at > (piece.length * 2) / 3; at--) {
    if ("/:.,;&?=-_]".includes(piece[at - 1] ?? "")) return at;
  }
  return piece.length;
}
