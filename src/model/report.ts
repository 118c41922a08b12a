import { z } from "zod";
import { ACTIONS } from "./change.ts";
import { HOSTS } from "./deployment.ts";

/**
 * The report, schema version 1. This schema is the single source of the types below, of the published JSON Schema
 * (schemas/report.schema.json) and of what the reporters may rely on.
 */
const severity = z.enum(["critical", "high", "medium", "low"]);
export const level = z.enum(["mandatory", "advisory", "off"]);
const confidence = z.enum(["high", "medium", "low"]);

const source = z
  .strictObject({ file: z.string(), line: z.int().optional(), column: z.int().optional() })
  .describe("Where the resource is written, as far as known; lines and columns count from 1.");

const reach = z
  .strictObject({
    resources: z.int().describe("Resources that depend on the changed one, directly or not."),
    hidden: z.int().describe("How many of them do so only through text nobody declared as a dependency."),
    regions: z.array(z.string()),
    deployments: z.array(z.string()),
    nearest: z.array(z.string()).describe("Addresses of up to five of them, nearest first."),
    waiting: z
      .array(z.string())
      .optional()
      .describe(
        "Other deployments that are declared to come after this one, of which nothing tells what they use of it.",
      ),
  })
  .describe("The blast radius of the change.");

const finding = z.strictObject({
  policy: z.string(),
  level: level.exclude(["off"]),
  severity,
  confidence,
  state: z.enum(["open", "waived", "baselined"]),
  address: z
    .string()
    .describe(
      "The host's own identity of the resource, or the deployment's name for findings about the whole.",
    ),
  deployment: z
    .string()
    .optional()
    .describe("The name of the deployment it was found in; addresses are unique only within one."),
  type: z.string(),
  action: z.enum(ACTIONS),
  path: z
    .string()
    .describe("The property, as the host spells it; empty where the finding is about the resource as such."),
  before: z.json().describe("What stood there; null where nothing did."),
  after: z.json().describe("What will stand there; null where nothing will."),
  fact: z
    .strictObject({ facet: z.string(), name: z.string(), before: z.json(), after: z.json() })
    .optional()
    .describe("The same in the facet's words, equal for every host and dialect."),
  message: z.string(),
  fix: z.string(),
  reach: reach.optional(),
  related: z.array(z.string()).optional().describe("Other addresses that the finding is about."),
  source: source.optional(),
  incidents: z.array(z.string()),
  fingerprint: z.string(),
  help: z.string().describe("The policy's document, relative to the package."),
  waiver: z
    .strictObject({
      owner: z.string(),
      reason: z.string(),
      expires: z.string(),
      source: source.describe("The comment that accepts it; absent where the configuration does.").optional(),
    })
    .optional()
    .describe("Who accepted the finding, why and until when; present in state `waived`."),
});

const undetermined = z.strictObject({
  policy: z.string(),
  address: z.string(),
  deployment: z.string().optional(),
  path: z.string(),
  because: z.string(),
});

const problem = z.strictObject({
  message: z.string(),
  source: source.optional(),
  severity: z.enum(["error", "warning"]),
});

export const report = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal("firebreak"), version: z.string() }),
  verdict: z.enum(["passed", "blocked", "incomplete"]),
  deployments: z.array(
    z.strictObject({
      host: z.enum(HOSTS),
      name: z.string(),
      file: z
        .string()
        .optional()
        .describe("The file or folder it was read from, as the user named it; absent for standard input."),
      knows: z.enum(["before-and-after", "after-only"]),
      changes: z.partialRecord(z.enum(ACTIONS), z.int()),
    }),
  ),
  findings: z.array(finding),
  undetermined: z.array(undetermined),
  waived: z.array(finding),
  problems: z.array(problem),
  counts: z.strictObject({
    mandatory: z.int().describe("Open findings that block."),
    advisory: z.int(),
    waived: z.int(),
    undetermined: z.int(),
    compliant: z.int().describe("Checks that found nothing to say."),
    notApplicable: z.int().describe("Policies whose facet no judged resource has."),
    policies: z.int(),
    resources: z.int(),
  }),
});

export type Severity = z.infer<typeof severity>;
export type Level = z.infer<typeof level>;
export type Confidence = z.infer<typeof confidence>;
export type Finding = z.infer<typeof finding>;
export type Undetermined = z.infer<typeof undetermined>;
export type Report = z.infer<typeof report>;
export type Verdict = Report["verdict"];
export type JsonValue = Finding["before"];
export type ReachSummary = z.infer<typeof reach>;
