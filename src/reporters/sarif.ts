import type { Finding, Report } from "../model/report.ts";
import type { RenderContext, RuleInfo } from "./context.ts";
import { gravity } from "./stories.ts";
import { printableJson, visible } from "./text.ts";
import { changeInWords } from "./words.ts";

type Level = "error" | "warning" | "note";

/** SARIF 2.1.0 (OASIS), as code scanning services and editors read it. */
export default function sarif(report: Report, context: RenderContext): string {
  const rules = rulesOf(report, context);
  const ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]));
  const findings = [...report.findings, ...report.waived];
  return printableJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Firebreak",
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules,
          },
        },
        invocations: [invocation(report, ruleIndex)],
        results: findings.map((finding) => result(finding, report, ruleIndex)),
        properties: { verdict: report.verdict, counts: report.counts },
      },
    ],
  });
}

/** Every policy that was run, where the caller tells them, and in any case every one that something is said of. */
function rulesOf(report: Report, context: RenderContext) {
  const known = context.rules ?? {};
  const said = [...report.findings, ...report.waived, ...report.undetermined].map(({ policy }) => policy);
  const ids = [...new Set([...Object.keys(known), ...said])].sort();
  // The gravest finding of each policy, as the last one set.
  const gravest = [...report.waived, ...report.findings].toSorted((a, b) => gravity(b) - gravity(a));
  const examples = new Map(gravest.map((finding) => [finding.policy, finding]));
  return ids.map((id) => {
    const info = Object.hasOwn(known, id) ? known[id] : undefined;
    return rule(id, info, examples.get(id));
  });
}

function rule(id: string, info: RuleInfo | undefined, example: Finding | undefined) {
  const help = info?.help ?? example?.help ?? "";
  const title = info?.title ?? id;
  const hazard = info?.hazard ?? title;
  const more = `Run \`firebreak explain ${id}\` for its document.`;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: hazard },
    help: { text: `${hazard} ${more}` },
    // The format asks for an absolute URI here; a document inside the package has none.
    ...(/^https?:\/\/[\x21-\x7e]+$/.test(help) && { helpUri: help }),
    ...(example !== undefined && { defaultConfiguration: { level: levelOf(example) } }),
    properties: {
      tags: ["change-safety", id.split("/", 1)[0] ?? id],
      ...(example !== undefined && { severity: example.severity, incidents: example.incidents }),
    },
  };
}

/** What blocks is an error whatever its severity; what is only said is a warning, or a note where it is minor. */
function levelOf(finding: Finding): Level {
  if (finding.level === "mandatory") return "error";
  return finding.severity === "low" ? "note" : "warning";
}

function result(finding: Finding, report: Report, ruleIndex: ReadonlyMap<string, number>) {
  const { policy, confidence, severity, action, path, before, after, fact, reach, related, fix, incidents } =
    finding;
  const change = changeInWords(finding);
  return {
    ruleId: policy,
    ruleIndex: ruleIndex.get(policy) ?? -1,
    level: levelOf(finding),
    message: plainText(
      `${finding.address}${change === undefined ? "" : `, ${change}`}: ${finding.message} Fix: ${fix}`,
    ),
    partialFingerprints: { "firebreak/v1": finding.fingerprint },
    locations: [location(finding, report)],
    ...relatedLocations(finding, report),
    ...suppressions(finding),
    properties: { severity, confidence, action, path, before, after, fact, reach, related, fix, incidents },
  };
}

/** Viewers make links of `[text](target)` even in plain text (SARIF 3.11.6); no input is to choose a target. */
function plainText(text: string): { text: string } {
  return { text: visible(text).replaceAll("](", "] (") };
}

function suppressions({ state, waiver }: Finding) {
  if (state === "open") return {};
  const justification =
    state === "baselined"
      ? "It was there before the baseline was taken."
      : waiver === undefined
        ? "Waived."
        : visible(`${waiver.reason} (${waiver.owner}, until ${waiver.expires})`);
  const comment = waiver?.source;
  return {
    suppressions: [
      {
        kind: comment === undefined ? "external" : "inSource",
        status: "accepted",
        justification,
        ...(comment && { location: { physicalLocation: physicalLocation(comment) } }),
      },
    ],
  };
}

/**
 * Where the resource is written. Code scanning on GitHub refuses a whole upload for one result without a physical
 * location, so a finding whose source is unknown points at the file that was read. Where even that is unknown (standard
 * input, or several deployments and no word of which), it is left out: a made-up file would be a lie.
 */
function location({ address, deployment, source, type }: Finding, report: Report) {
  const file = source?.file ?? fileOf(deployment, report);
  return {
    ...(file !== undefined && {
      physicalLocation: physicalLocation({ ...source, file }),
    }),
    logicalLocations: [
      {
        fullyQualifiedName: address,
        kind: type === "deployment" ? "deployment" : "resource",
        ...(deployment && { decoratedName: `${deployment}: ${address}` }),
      },
    ],
  };
}

function physicalLocation({ file, line, column }: NonNullable<Finding["source"]>) {
  return {
    artifactLocation: { uri: toUri(file) },
    ...(line !== undefined && {
      region: {
        startLine: Math.max(1, line),
        ...(column !== undefined && { startColumn: Math.max(1, column) }),
      },
    }),
  };
}

/** The document that was judged, where the location is the line that it was made from. */
function relatedLocations({ address, deployment, source }: Finding, report: Report) {
  const file = fileOf(deployment, report);
  if (file === undefined || source?.line === undefined || source.file === file) return {};
  const location = {
    physicalLocation: { artifactLocation: { uri: toUri(file) } },
    message: plainText(`${address} as it was judged, in ${file}`),
  };
  return { relatedLocations: [location] };
}

function fileOf(deployment: string | undefined, report: Report): string | undefined {
  const named = report.deployments.filter(({ name }) => deployment === undefined || name === deployment);
  return named.length === 1 ? named[0]?.file : undefined;
}

/** A path as a URI reference: relative as it was given, `file:` where it is absolute. */
export function toUri(file: string): string {
  const path = file.replaceAll("\\", "/").toWellFormed();
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (path.startsWith("//")) return `file:${encoded}`;
  if (path.startsWith("/")) return `file://${encoded}`;
  if (/^[A-Za-z]:\//.test(path)) return `file:///${encoded}`;
  return encoded.replace(/^(?:\.\/+)+/, "");
}

/** How the run went: what could not be read makes it unsuccessful, what could not be decided is noted. */
function invocation(report: Report, ruleIndex: ReadonlyMap<string, number>) {
  const problems = report.problems.map(({ message, severity, source }) => ({
    level: severity,
    message: plainText(message),
    ...(source !== undefined && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: toUri(source.file) },
            ...(source.line !== undefined && { region: { startLine: Math.max(1, source.line) } }),
          },
        },
      ],
    }),
  }));
  const undecided = report.undetermined.map(({ policy, address, path, because }) => ({
    level: "note" satisfies Level,
    message: plainText(`Could not be decided for ${address}${path === "" ? "" : `, ${path}`}: ${because}.`),
    associatedRule: { id: policy, index: ruleIndex.get(policy) ?? -1 },
    locations: [{ logicalLocations: [{ fullyQualifiedName: address, kind: "resource" }] }],
  }));
  return {
    executionSuccessful: !report.problems.some(({ severity }) => severity === "error"),
    toolExecutionNotifications: [...problems, ...undecided],
  };
}
