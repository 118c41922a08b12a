import type { Report } from "../model/report.ts";
import { blocks, type Group, gravity, groupInstances } from "./stories.ts";
import { summaryLine } from "./summary.ts";
import { clip, visible } from "./text.ts";
import {
  changeInWords,
  keysInWords,
  openFindings,
  problemsToShow,
  reachInWords,
  subjectInWords,
} from "./words.ts";

type Kind = "error" | "warning" | "notice";

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  /** Shown one below the other. */
  readonly lines: readonly string[];
  readonly source?:
    | { readonly file: string; readonly line?: number | undefined; readonly column?: number | undefined }
    | undefined;
}

/** GitHub shows this many errors and this many warnings of a step, and drops the rest without a word. */
const SHOWN = 10;

/** Annotations for GitHub Actions: workflow commands, one a line. */
export default function github(report: Report): string {
  const groups = groupInstances(openFindings(report)).toSorted((a, b) => gravity(a.lead) - gravity(b.lead));
  const told = groups.map(({ lead }) => lead);
  const problems = (severity: "error" | "warning"): Annotation[] =>
    problemsToShow(report, severity, told).map(({ message, source }) => ({
      kind: severity,
      title: "firebreak",
      lines: [message],
      source,
    }));
  const errors = [...groups.filter(({ lead }) => blocks(lead)).map(annotate), ...problems("error")];
  const warnings = [...groups.filter(({ lead }) => !blocks(lead)).map(annotate), ...problems("warning")];
  const left = Math.max(0, errors.length - SHOWN) + Math.max(0, warnings.length - SHOWN);
  const rest =
    left === 0
      ? ""
      : ` · ${left} more not annotated (GitHub shows ${SHOWN} errors and ${SHOWN} warnings a step)`;
  return [
    ...errors.slice(0, SHOWN),
    ...warnings.slice(0, SHOWN),
    { kind: "notice", title: "firebreak", lines: [`${summaryLine(report)}${rest}`] } satisfies Annotation,
  ]
    .map((one) => `${command(one)}\n`)
    .join("");
}

function annotate(group: Group): Annotation {
  const { lead } = group;
  const change = changeInWords(lead);
  const reach = reachInWords(group);
  return {
    kind: blocks(lead) ? "error" : "warning",
    title: lead.policy,
    lines: [
      `${subjectInWords(group)}${group.keys.length === 0 ? "" : `: ${keysInWords(group)}`}`,
      ...(change === undefined ? [] : [change]),
      lead.message,
      ...(reach === undefined ? [] : [`Reach: ${reach}`]),
      `Fix: ${lead.fix}`,
    ],
    source: lead.source,
  };
}

/** `::error file=main.tf,line=12,col=3,title=…::message`, escaped as GitHub's own toolkit does it. */
function command({ kind, title, lines, source }: Annotation): string {
  const place =
    source === undefined
      ? []
      : [
          `file=${property(source.file)}`,
          ...position("line", source.line),
          ...position("col", source.column),
        ];
  const message = lines.map((line) => data(visible(clip(line, 2000)))).join("%0A");
  return `::${kind} ${[...place, `title=${property(title)}`].join(",")}::${message}`;
}

function position(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`${name}=${Math.trunc(value)}`];
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(visible(clip(text, 500)))
    .replaceAll(":", "%3A")
    .replaceAll(",", "%2C");
}
