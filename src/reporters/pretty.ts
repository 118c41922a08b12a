import type { Finding, Report } from "../model/report.ts";
import type { RenderContext } from "./context.ts";
import { hanging, indented, labelled, type Page } from "./layout.ts";
import { blocks, type Group, groupInstances, type Story, tellStories, tellsFactOf } from "./stories.ts";
import { painter } from "./style.ts";
import { judgedNothing, summaryParts } from "./summary.ts";
import { clip, columns, visible, wrap } from "./text.ts";
import {
  actionInWords,
  changeInWords,
  changeParts,
  count,
  keysInWords,
  listing,
  nearestInWords,
  openFindings,
  placeInWords,
  problemsToShow,
  reachUnsaid,
  reasonsInWords,
  standing,
  subjectInWords,
  waitingInWords,
} from "./words.ts";

/** The report for the terminal: what will happen to whom, and the way through. */
export default function pretty(report: Report, context: RenderContext): string {
  const page: Page = {
    width: Math.min(Math.max(Math.trunc(context.width) || 80, 40), 120),
    paint: painter(context),
    context,
    several: report.deployments.length > 1,
  };
  const { quiet } = context;
  const stories = tellStories(openFindings(report));
  const sections = [
    ...stories.map((story) => storyLines(story, page)),
    problemLines(
      report,
      stories.map(({ lead }) => lead.lead),
      page,
    ),
    quiet ? [] : undeterminedLines(report, page),
    quiet ? [] : waivedLines(report, page),
    [...(quiet ? [] : judgedLines(report, page)), ...summaryLines(report, page)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function storyLines(story: Story, page: Page): string[] {
  const { lead: group } = story;
  const { lead } = group;
  const { paint } = page;
  return [
    ...headLines(lead, page),
    ...subjectLines(group, page),
    ...alikeLines(story, page),
    ...changeLines(lead, page),
    ...indented(visible(clip(lead.message, 4000)), page),
    ...reachLines(group, page),
    ...labelled("with", listing((lead.related ?? []).map((address) => visible(clip(address, 200)))), page),
    ...labelled("fix", visible(clip(lead.fix, 4000)), page, paint.good),
    ...labelled("", `firebreak explain ${visible(lead.policy)}`, page, undefined, paint.quiet),
    ...otherLines(story, page),
  ];
}

/** The policy at the left, how grave it is at the right, or below where both do not fit. */
function headLines(finding: Finding, { width, paint }: Page): string[] {
  const severe = blocks(finding) ? paint.bad : paint.warn;
  const sign = blocks(finding) ? "✖" : "⚠";
  const tags = standing(finding);
  const [first = "", ...more] = wrap(visible(finding.policy), width - 2);
  const gap = width - 2 - columns(first) - columns(tags);
  const policy = paint.link(severe(first), finding.policy);
  if (gap >= 2 && more.length === 0)
    return [`${severe(sign)} ${policy}${" ".repeat(gap)}${paint.quiet(tags)}`];
  return [`${severe(sign)} ${policy}`, ...more.map((line) => `  ${severe(line)}`), `  ${paint.quiet(tags)}`];
}

/** `azurerm_storage_account.vmext (main.tf:12) will be deleted`, and which instances. */
function subjectLines(group: Group, page: Page): string[] {
  const { lead } = group;
  const place = placeInWords(lead.source);
  const stack =
    page.several && lead.deployment !== undefined ? `in ${visible(clip(lead.deployment, 100))}` : "";
  const parts = [subjectInWords(group), stack, place === "" ? "" : `(${place})`, actionInWords(lead)];
  return [
    ...indented(parts.filter((part) => part !== "").join(" "), page),
    ...(group.keys.length === 0 ? [] : indented(keysInWords(group), page, page.paint.quiet)),
  ];
}

/** The resources to which the same happens. */
function alikeLines({ alike }: Story, page: Page): string[] {
  if (alike.length === 0) return [];
  const names = listing(
    alike.map((resource) => visible(clip(resource, 200))),
    4,
  );
  return indented(`and the same to ${names}`, page, page.paint.quiet);
}

/** On one line where both values fit; else one below the other, so that the eye can compare them. */
function changeLines(finding: Finding, page: Page): string[] {
  const { bold } = page.paint;
  const line = changeInWords(finding);
  const parts = changeParts(finding, 160);
  if (line === undefined) return [];
  const short = parts === undefined || (parts.before ?? "").length + parts.after.length < 100;
  if (parts === undefined || (short && columns(line) <= page.width - 2)) return indented(line, page, bold);
  return [
    ...(parts.path === "" ? [] : indented(`${parts.path}:`, page, bold)),
    ...(parts.before === undefined ? [] : hanging("  ", parts.before, page, bold)),
    ...hanging(parts.before === undefined ? "  " : "→ ", parts.after, page, bold),
  ];
}

/** Who is hit, by name; of the numbers only what the policy's own sentence has not said already. */
function reachLines(group: Group, page: Page): string[] {
  const { reach } = group.lead;
  if (reach === undefined) return [];
  const next = listing(waitingInWords(group), 4);
  const then = next === "" ? "" : `${next}, declared to deploy after it`;
  if (reach.resources === 0) return labelled("then", then, page);
  return [
    ...labelled("hits", nearestInWords(reach), page),
    ...labelled("reach", reachUnsaid(group), page),
    ...labelled("then", then, page),
  ];
}

/**
 * What other policies say of the resource. A further fact is told, with its fix where that is another one; who sees a fact
 * that is told already is only named.
 */
function otherLines({ lead: group, others }: Story, page: Page): string[] {
  const told = [group.lead];
  const named: Group[] = [];
  const lines: string[] = [];
  for (const other of others) {
    const finding = other.lead;
    if (told.some((one) => tellsFactOf(one, finding))) {
      named.push(other);
      continue;
    }
    const change = changeInWords(finding);
    const isKnownFix = told.some((one) => one.fix === finding.fix);
    told.push(finding);
    lines.push(
      ...labelled("also", nameOf(other, group), page),
      ...(change === undefined ? [] : labelled("", change, page)),
      ...labelled("", visible(clip(finding.message, 1000)), page),
      ...(isKnownFix ? [] : labelled("", `fix: ${visible(clip(finding.fix, 1000))}`, page)),
    );
  }
  const tellers = new Set(told.map(({ policy }) => policy));
  const names = named.filter(({ lead }) => !tellers.has(lead.policy)).map((other) => nameOf(other, group));
  return [...lines, ...[...new Set(names)].flatMap((name) => labelled("also", name, page))];
}

/** The policy, and which instances where not all of the story's. */
function nameOf(group: Group, lead: Group): string {
  const which =
    group.findings.length === lead.findings.length || group.keys.length === 0
      ? ""
      : ` for ${keysInWords(group)}`;
  return `${visible(group.lead.policy)} (${standing(group.lead, ", ")})${which}`;
}

/** Errors are told even when quiet: they are why nothing is passed. */
function problemLines(report: Report, told: readonly Finding[], page: Page): string[] {
  const said = (severity: "error" | "warning", sign: string, paint: (text: string) => string) =>
    problemsToShow(report, severity, told).flatMap(({ message, source }) => {
      const place = placeInWords(source);
      const repeats = source === undefined || message.includes(source.file);
      const where = source === undefined ? "" : repeats ? lineOnly(source) : ` (${place})`;
      const lines = wrap(`${severity}: ${visible(clip(message, 2000))}${where}`, page.width - 2);
      return lines.map((line, i) => (i === 0 ? `${paint(sign)} ${line}` : `  ${line}`));
    });
  return [
    ...said("error", "✖", page.paint.bad),
    ...(page.context.quiet ? [] : said("warning", "⚠", page.paint.warn)),
  ];
}

/** The file is in the sentence already. */
function lineOnly(source: { readonly line?: number | undefined }): string {
  return source.line === undefined ? "" : ` (line ${source.line})`;
}

function undeterminedLines({ undetermined }: Report, page: Page): string[] {
  if (undetermined.length === 0) return [];
  const said = `${count(undetermined.length, "check")} could not be decided: ${reasonsInWords(undetermined)}`;
  if (!page.context.showUndetermined) {
    const [first = "", ...more] = wrap(`${said} · --show-undetermined lists them`, page.width - 2);
    return [`${page.paint.warn("?")} ${first}`, ...more.map((line) => `  ${line}`)];
  }
  const [first = "", ...more] = wrap(said, page.width - 2);
  const items = undetermined.flatMap(({ policy, address, path, because }) => [
    ...indented(`${visible(policy)} · ${visible(clip(address, 500))}`, page),
    ...indented(
      `${path === "" ? "" : `${visible(clip(path, 200))}: `}${visible(clip(because, 500))}`,
      page,
      page.paint.quiet,
      4,
    ),
  ]);
  return [`${page.paint.warn("?")} ${first}`, ...more.map((line) => `  ${line}`), ...items];
}

/** Accepted, never silent: who answers for it, and until when. */
function waivedLines(report: Report, page: Page): string[] {
  if (report.waived.length === 0) return [];
  const items = groupInstances(report.waived).flatMap((group) => {
    const { policy, waiver } = group.lead;
    const terms =
      waiver === undefined
        ? "without an entry in the configuration"
        : `${visible(clip(waiver.owner, 100))} until ${visible(clip(waiver.expires, 40))}: ${visible(clip(waiver.reason, 500))}`;
    const which = group.keys.length === 0 ? "" : `: ${keysInWords(group)}`;
    return [
      ...indented(`${visible(policy)} · ${subjectInWords(group)}${which}`, page),
      ...indented(terms, page, page.paint.quiet, 4),
    ];
  });
  return [`${count(report.waived.length, "finding")} waived`, ...items];
}

/** What the verdict is about, and where it had no before-state to compare with. */
function judgedLines(report: Report, page: Page): string[] {
  const names = report.deployments.map(({ host, name, file, knows }) => {
    const from = file === undefined ? "" : `, ${visible(clip(file, 200))}`;
    const half = knows === "after-only" ? ", no before-state" : "";
    return `${visible(clip(name, 100))} (${host}${from}${half})`;
  });
  if (names.length === 0) return [];
  const halves = report.deployments.filter(({ knows }) => knows === "after-only");
  const hint = halves.length === 0 ? [] : wrap(hintFor(halves.map(({ host }) => host)), page.width);
  return [...wrap(`judged: ${listing(names, 5)}`, page.width), ...hint].map((line) => page.paint.quiet(line));
}

/** How to have changes judged where only what is to be is known. */
function hintFor(hosts: readonly string[]): string {
  const plan = hosts.includes("cdktf-synth") ? "; a plan of each stack tells more than its synth" : "";
  return `--before gives the state to compare with${plan}`;
}

function summaryLines(report: Report, { width, paint }: Page): string[] {
  const paints = {
    blocked: paint.bad,
    incomplete: paint.warn,
    passed: judgedNothing(report) ? paint.warn : paint.good,
  };
  const verdict = report.verdict.length;
  const margin = " ".repeat(verdict + 2);
  // Broken between the parts, not inside one, as long as a part fits a line.
  const lines: string[] = [];
  for (const part of summaryParts(report)) {
    const last = lines.at(-1);
    if (last !== undefined && columns(`${margin}${last} · ${part}`) <= width)
      lines[lines.length - 1] = `${last} · ${part}`;
    else lines.push(...wrap(part, width - margin.length));
  }
  return lines.map((line, i) => {
    return i === 0
      ? `${paints[report.verdict](line.slice(0, verdict))}${line.slice(verdict)}`
      : `${margin}${line}`;
  });
}
