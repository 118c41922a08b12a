import type { Finding, Report } from "../model/report.ts";
import { escaped, paragraph, prose } from "./markdown-text.ts";
import { blocks, type Group, groupInstances, tellResources } from "./stories.ts";
import { judgedNothing, summaryLine } from "./summary.ts";
import { clip } from "./text.ts";
import {
  actionInWords,
  changeInWords,
  count,
  keysInWords,
  listing,
  openFindings,
  placeInWords,
  problemsToShow,
  reachInWords,
  reasonsInWords,
  standing,
  subjectInWords,
} from "./words.ts";

/** The first line of the comment, by which a CI job finds the one to update. */
export const MARKER = "<!-- firebreak:report -->";

/** GitHub refuses comments of more than 65,536 characters; this leaves room for what a CI job adds. */
const LIMIT = 60_000;
/** What the sections behind the findings may take of it. */
const RESERVED = 15_000;

/** One comment for a pull request: the verdict, who is hit, and for each finding the way through. */
export default function markdown(report: Report): string {
  const groups = tellResources(openFindings(report)).flat();
  const told = groups.map(({ lead }) => lead);
  const page = new Page(
    [MARKER, `## ${headline(report)}`, "", escaped(summaryLine(report)), "", ""].join("\n"),
  );
  addFindings(page, groups);
  page.limit = LIMIT;
  const problem = ({ message, source }: Report["problems"][number]) =>
    `- ${paragraph(message)}${source === undefined ? "" : ` (${code(placeInWords(source))})`}\n`;
  page.section("Errors", problemsToShow(report, "error", told).map(problem));
  page.section("Warnings", problemsToShow(report, "warning", told).map(problem));
  page.folded(
    `${count(report.waived.length, "finding")} waived`,
    groupInstances(report.waived).map(waivedItem),
  );
  page.folded(
    `${count(report.undetermined.length, "check")} could not be decided: ${escaped(reasonsInWords(report.undetermined))}`,
    report.undetermined.map(({ policy, address, path, because }) => {
      return `- ${code(policy)} on ${code(address)}${path === "" ? "" : `, ${code(path)}`}: ${prose(because)}\n`;
    }),
  );
  return page.text;
}

function headline(report: Report): string {
  switch (report.verdict) {
    case "blocked":
      return "⛔ Firebreak blocks this change";
    case "incomplete":
      return "⚠️ Firebreak could not finish, so nothing is passed";
    case "passed":
      return judgedNothing(report) ? "⚪ Firebreak had nothing to judge" : "✅ Firebreak passed this change";
  }
}

function addFindings(page: Page, groups: readonly Group[]): void {
  if (groups.length === 0) return;
  page.add("| | Policy | Resource | Change | Who is hit |\n|---|---|---|---|---|\n");
  const rows = groups.filter((group) => page.add(rowOf(group)));
  page.add("\n");
  const details = rows.filter((group) => page.add(detailsOf(group)));
  const [noRow, noDetails] = [groups.length - rows.length, rows.length - details.length];
  const left = [
    ...(noRow === 0 ? [] : [`${count(noRow, "finding")} left out`]),
    ...(noDetails === 0 ? [] : [`${noDetails} without details`]),
  ];
  if (left.length > 0)
    page.insist(`_This comment is full: ${left.join(", ")}. The report of the run has them all._\n\n`);
}

function rowOf(group: Group): string {
  const { lead } = group;
  const change = changeInWords(lead);
  const cells = [
    blocks(lead) ? "⛔" : "⚠️",
    code(lead.policy),
    `${code(subjectInWords(group))}${action(lead)}`,
    change === undefined ? "" : code(change),
    escaped(reachInWords(group) ?? ""),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

function detailsOf(group: Group): string {
  const { lead } = group;
  const change = changeInWords(lead);
  const place = placeInWords(lead.source);
  const keys = keysInWords(group);
  const related = (lead.related ?? []).map((address) => code(address));
  return [
    `<details${blocks(lead) ? " open" : ""}><summary>${code(lead.policy)} on ${code(subjectInWords(group))} (${standing(lead, ", ")})</summary>`,
    "",
    paragraph(lead.message),
    "",
    ...(change === undefined
      ? []
      : [`- **Change:** ${code(change)}${place === "" ? "" : ` in ${code(place)}`}`]),
    ...(keys === "" ? [] : [`- **Instances:** ${code(keys)}`]),
    ...(related.length === 0 ? [] : [`- **With:** ${listing(related)}`]),
    `- **Fix:** ${prose(lead.fix)}`,
    `- **More:** ${code(`firebreak explain ${lead.policy}`)}`,
    "",
    "</details>",
    "",
    "",
  ].join("\n");
}

function action(finding: Finding): string {
  const words = actionInWords(finding);
  return words === "" ? "" : ` ${words}`;
}

function waivedItem(group: Group): string {
  const { policy, waiver } = group.lead;
  const terms =
    waiver === undefined
      ? ""
      : `: ${prose(waiver.owner)} until ${prose(waiver.expires)}, ${prose(waiver.reason)}`;
  return `- ${code(policy)} on ${code(subjectInWords(group))}${terms}\n`;
}

/** Inside `<code>` GitHub makes neither mentions nor links; unlike backticks it takes every character, escaped. */
function code(text: string): string {
  return `<code>${escaped(clip(text, 600))}</code>`;
}

/** The comment as it grows, never past its limit. */
class Page {
  text: string;
  limit = LIMIT - RESERVED;
  constructor(text: string) {
    this.text = text;
  }

  /** Whether there was room for it. */
  add(block: string): boolean {
    if (this.text.length + block.length > this.limit) return false;
    this.text += block;
    return true;
  }

  /** For the few words about what is left out. */
  insist(block: string): void {
    this.text += block;
  }

  section(title: string, items: readonly string[]): void {
    this.#list(`### ${title}\n\n`, items, "\n");
  }

  folded(title: string, items: readonly string[]): void {
    this.#list(`<details><summary>${title}</summary>\n\n`, items, "\n</details>\n\n");
  }

  #list(head: string, items: readonly string[], foot: string): void {
    if (items.length === 0) return;
    if (!this.add(head)) {
      this.insist(`_Left out: ${count(items.length, "more line")}._\n`);
      return;
    }
    const left = items.filter((item) => !this.add(item)).length;
    this.insist(`${left === 0 ? "" : `- and ${left} more\n`}${foot}`);
  }
}
