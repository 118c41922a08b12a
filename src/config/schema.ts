import { z } from "zod";
import { level } from "../model/report.ts";

/**
 * `firebreak.yaml`, schema version 1. The single source of its types, its validation, its published JSON Schema
 * (schemas/config.schema.json) and its reference.
 */
const share = z
  .union([
    z.number().gt(0).max(1),
    z.string().regex(/^(?!0+(\.0+)?%)(\d{1,2}(\.\d+)?|100(\.0+)?)%$/, "expected a share such as 10% or 0.1"),
  ])
  .describe("A share: `10%` or `0.1`.");

const text = (what: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `${what} is required` : undefined) })
    .trim()
    .min(1, `${what} is required`);

const waiver = z.strictObject({
  policy: text("policy").describe("Policy id, or a glob over ids such as `clients/*`."),
  address: text("address").describe("Address glob; without an instance key it covers all instances."),
  owner: text("owner").describe("Who answers for it."),
  reason: text("reason").describe("Why it is accepted."),
  expires: z.iso
    .date("expected a date such as 2026-12-31")
    .describe("The last day on which it holds; at most 366 days ahead."),
});

export const configSchema = z.strictObject({
  version: z.literal(1).describe("The version of this schema."),
  packs: z
    .array(text("pack"))
    .min(1)
    .default(["recommended"])
    .describe(
      "Packs by name (`recommended`, `strict`, `incidents`) or by path to a module whose default export is a pack.",
    ),
  policies: z
    .record(
      z.string(),
      z.union([
        level,
        z.strictObject({
          level: level.optional().describe("What a finding does: `mandatory` blocks, `advisory` reports."),
          options: z.record(z.string(), z.unknown()).optional().describe("The policy's own options."),
        }),
      ]),
    )
    .default({})
    .describe("What to change about single policies: a level, or a level and options."),
  shared: z
    .array(
      z
        .strictObject({
          address: text("address").optional().describe("Address glob."),
          tags: z.record(z.string(), z.string()).optional().describe("Tags that must all be there."),
          exempt: z.boolean().optional().describe("Not shared, whatever the graph shows."),
        })
        .refine(
          (rule) => rule.address !== undefined || Object.keys(rule.tags ?? {}).length > 0,
          "expected an address or tags",
        ),
    )
    .default([])
    .describe("What counts as shared infrastructure, beside what the graph shows."),
  budget: z
    .strictObject({
      resources: z.int().positive().optional().describe("Resources that may depend on one changed resource."),
      regions: z.int().positive().optional().describe("Regions that one deployment may change."),
      deployments: z
        .int()
        .positive()
        .optional()
        .describe("Deployments that may depend on one changed resource."),
      share: share.optional().describe("The share of a fleet that one deployment may change."),
    })
    .default({})
    .describe("Limits that several policies use."),
  waivers: z.array(waiver).default([]).describe("Findings accepted for a time."),
  onUndetermined: z
    .enum(["report", "block"])
    .default("report")
    .describe("Whether a mandatory check that could not be decided blocks."),
});

export type Config = z.infer<typeof configSchema>;
