// @ts-check

/** What the Markdown report begins with: the marker of the key `report`. */
const ANY_MARKER = /^<!-- firebreak:[^>]* -->\r?\n/;

/** An HTML comment, which no host shows: by it a later run finds the comment. @param {string} key */
export function markerOf(key) {
  return `<!-- firebreak:${key} -->`;
}

/**
 * The comment: the marker, the report (or that there is none), and which commit was judged where. A report that is longer
 * than the host takes is cut between two lines, and that is said.
 *
 * @param {object} of
 * @param {string} of.key
 * @param {string | undefined} of.report the Markdown report; undefined where the check wrote none
 * @param {string | undefined} of.exitCode
 * @param {number} of.limit characters that the host takes
 * @param {string | undefined} of.commit
 * @param {string | undefined} of.run URL of the job, where the log and the reports are
 * @returns {string}
 */
export function bodyOf({ key, report, exitCode, limit, commit, run }) {
  const head = `${markerOf(key)}\n`;
  const text = (report ?? noReport(exitCode)).replace(ANY_MARKER, "");
  const foot = footOf(commit, run);
  const room = limit - head.length - foot.length;
  return `${head}${text.length <= room ? text : cut(text, room, run)}${foot}`;
}

/** @param {string | undefined} exitCode */
function noReport(exitCode) {
  const code = exitCode === undefined || exitCode === "" ? "" : ` (exit code ${exitCode})`;
  return [
    "## ⚠️ Firebreak did not judge this change",
    "",
    `The check ended before it had a report${code}, so nothing is passed. The log of the job says why.`,
    "",
  ].join("\n");
}

/**
 * @param {string | undefined} commit
 * @param {string | undefined} run
 */
function footOf(commit, run) {
  const parts = [
    ...(commit !== undefined && /^[0-9a-f]{7,64}$/i.test(commit) ? [`Commit ${commit.slice(0, 10)}`] : []),
    ...(run === undefined ? [] : [`[log and reports](${run})`]),
  ];
  return parts.length === 0 ? "" : `\n<sub>${parts.join(" · ")}</sub>\n`;
}

/** Room for the note, and for closing what the cut left open. */
const NOTE = 600;

/**
 * @param {string} text
 * @param {number} room
 * @param {string | undefined} run
 */
function cut(text, room, run) {
  const most = Math.max(0, room - NOTE - (run?.length ?? 0));
  const line = text.lastIndexOf("\n", most);
  // A text without lines is cut between two characters, never within one.
  const kept = line > 0 ? text.slice(0, line + 1) : text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  const open = count(kept, "<details") - count(kept, "</details>");
  const whole = run === undefined ? "among the job's artifacts" : `[among the job's artifacts](${run})`;
  return [
    kept,
    ..."</details>\n".repeat(Math.max(0, Math.min(open, 20))),
    `\n_Cut here: this shows ${kept.length} of ${text.length} characters, since a comment takes no more. `,
    `The whole report is ${whole}._\n`,
  ].join("");
}

/**
 * @param {string} text
 * @param {string} part
 */
function count(text, part) {
  return text.split(part).length - 1;
}
