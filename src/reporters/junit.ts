import type { Finding, Report } from "../model/report.ts";
import { judgedNothing, summaryLine } from "./summary.ts";
import { visible } from "./text.ts";
import { changeInWords, placeInWords, reasonsInWords } from "./words.ts";

interface TestCase {
  readonly policy: string;
  readonly name: string;
  readonly outcome?: {
    readonly kind: "failure" | "error" | "skipped";
    readonly message: string;
    readonly body?: readonly string[];
  };
  readonly file?: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/**
 * JUnit XML, in the form that Jenkins, GitLab, Azure Pipelines and CircleCI all read. What blocks is a failure. Advisory
 * and waived findings and undecided checks are `skipped`: the one state that all of them show with its message and none
 * counts as a failure; text in `system-out` is shown by few. Each suite begins with a case that says what was judged, so
 * that no file is empty, which several of them take for a failure.
 */
export default function junit(report: Report): string {
  const suites = suitesOf(report);
  const all = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="firebreak"${totals(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite${attribute("name", name)}${totals(cases)}>`,
      ...cases.flatMap(caseLines),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

/** A suite for each deployment; what belongs to none of them, or to one of several unnamed, goes into the first. */
function suitesOf(report: Report): Suite[] {
  const names = [...new Set(report.deployments.map(({ name }) => name))];
  const [main = "firebreak", ...others] = names.length === 1 ? names : ["firebreak", ...names];
  const belongs = (suite: string) => (of: { readonly deployment?: string | undefined }) => {
    return (of.deployment !== undefined && names.includes(of.deployment) ? of.deployment : main) === suite;
  };
  return [main, ...others].map((name) => ({
    name,
    cases: [
      ...(name === main ? [judgedCase(report), ...problemCases(report)] : [deploymentCase(report, name)]),
      ...report.findings.filter(belongs(name)).map(findingCase),
      ...report.waived.filter(belongs(name)).map(waivedCase),
      ...undeterminedCases(report.undetermined.filter(belongs(name))),
    ],
  }));
}

function judgedCase(report: Report): TestCase {
  const name = summaryLine(report);
  if (!judgedNothing(report)) return { policy: "firebreak", name };
  return { policy: "firebreak", name, outcome: { kind: "skipped", message: "Nothing was judged." } };
}

function deploymentCase(report: Report, name: string): TestCase {
  const hosts = report.deployments.filter((one) => one.name === name).map(({ host }) => host);
  return { policy: "firebreak", name: `judged as ${[...new Set(hosts)].join(", ")}` };
}

function problemCases(report: Report): TestCase[] {
  return report.problems.map(({ message, severity, source }) => ({
    policy: "firebreak",
    name: `${severity}${source === undefined ? "" : ` in ${placeInWords(source)}`}: ${message}`,
    outcome: { kind: severity === "error" ? "error" : "skipped", message },
    ...(source !== undefined && { file: source.file }),
  }));
}

function findingCase(finding: Finding): TestCase {
  const { policy, message, fix, source, level, state } = finding;
  const change = changeInWords(finding);
  const place = placeInWords(source);
  const kind = state === "open" && level === "mandatory" ? "failure" : "skipped";
  return {
    policy,
    name: nameOf(finding),
    outcome: {
      kind,
      message: state === "baselined" ? `In the baseline: ${message}` : message,
      // Each line begins with a word of ours: a CI log must not take what was read for a command.
      body: [
        `What:  ${message}`,
        `Where: ${finding.address}${place === "" ? "" : ` (${place})`}`,
        ...(change === undefined ? [] : [`How:   ${change}`]),
        `Fix:   ${fix}`,
        `More:  firebreak explain ${policy}`,
      ],
    },
    ...(source !== undefined && { file: source.file }),
  };
}

function waivedCase(finding: Finding): TestCase {
  const { waiver } = finding;
  const terms = waiver === undefined ? "" : ` by ${waiver.owner} until ${waiver.expires}: ${waiver.reason}`;
  return {
    policy: finding.policy,
    name: nameOf(finding),
    outcome: { kind: "skipped", message: `Waived${terms}` },
  };
}

/** One case for each policy: a plan with many unknowns has thousands of such checks. */
function undeterminedCases(undetermined: Report["undetermined"]): TestCase[] {
  return [...new Set(undetermined.map(({ policy }) => policy))].map((policy) => {
    const checks = undetermined.filter((one) => one.policy === policy);
    return {
      policy,
      name: `${checks.length} undetermined`,
      outcome: { kind: "skipped", message: `Could not be decided: ${reasonsInWords(checks)}` },
    };
  });
}

function nameOf({ address, path }: Finding): string {
  return path === "" ? address : `${address}: ${path}`;
}

function caseLines({ policy, name, outcome, file }: TestCase): string[] {
  const head = `    <testcase${attribute("classname", policy)}${attribute("name", name)}${file === undefined ? "" : attribute("file", file)} time="0"`;
  if (outcome === undefined) return [`${head}/>`];
  const { kind, message, body } = outcome;
  const open = `      <${kind}${attribute("message", message)}`;
  if (body === undefined) return [`${head}>`, `${open}/>`, "    </testcase>"];
  return [`${head}>`, `${open}>${body.map(text).join("\n")}</${kind}>`, "    </testcase>"];
}

function totals(cases: readonly TestCase[]): string {
  const of = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return ` tests="${cases.length}" failures="${of("failure")}" errors="${of("error")}" skipped="${of("skipped")}" time="0"`;
}

function attribute(name: string, value: string): string {
  return ` ${name}="${text(value)}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text in XML 1.0: `visible` has shown what the standard forbids (section 2.2) as escapes. */
function text(value: string): string {
  return visible(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
