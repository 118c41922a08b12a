import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { HOSTS, type HostName } from "../model/deployment.ts";

/** What `readPaths` takes: documents to judge, and what existed before where the host does not tell it. */
export interface IncidentInput {
  readonly paths: readonly string[];
  readonly before: string | undefined;
}

/** An incident as one host would have shown it before it happened. */
export interface IncidentVariant {
  /** The folder's name: the host, with a dialect where a host has several. */
  readonly id: string;
  readonly host: HostName;
  /** The change that caused the outage. */
  readonly outage: IncidentInput;
  /** The same intent done well. */
  readonly safe: IncidentInput;
  /** Policies that must each stop the outage; none of the recommended mandatory ones may stop the safe version. */
  readonly blockedBy: readonly string[];
}

/** One outage of the library. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  /** Path of `incident.md`: what happened, and what is to be learnt from it. */
  readonly document: string;
  readonly variants: readonly IncidentVariant[];
}

const input = z.strictObject({ path: z.string(), before: z.string().optional() });

/** `expect.yaml` of an incident; paths are relative to its folder. */
const expectation = z.strictObject({
  title: z.string().min(1),
  variants: z
    .record(
      z.string(),
      z.strictObject({
        host: z.enum(HOSTS),
        outage: input,
        safe: input,
        blockedBy: z.array(z.string()).min(1),
      }),
    )
    .refine((variants) => Object.keys(variants).length > 0, "an incident needs a variant"),
});

/** The incident library below a folder (`fixtures/incidents` of the package), sorted by id. */
export function incidentsIn(directory: string): readonly Incident[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((id) => incidentAt(join(directory, id), id));
}

function incidentAt(folder: string, id: string): Incident {
  const file = join(folder, "expect.yaml");
  const parsed = expectation.safeParse(parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`${file} is no expectation: ${z.prettifyError(parsed.error)}`);
  const inputOf = ({ path, before }: z.output<typeof input>): IncidentInput => ({
    paths: [join(folder, path)],
    before: before === undefined ? undefined : join(folder, before),
  });
  return {
    id,
    title: parsed.data.title,
    document: join(folder, "incident.md"),
    variants: Object.entries(parsed.data.variants).map(([variant, { host, outage, safe, blockedBy }]) => ({
      id: variant,
      host,
      outage: inputOf(outage),
      safe: inputOf(safe),
      blockedBy,
    })),
  };
}
