import { expect } from "vitest";
import { edited } from "../../src/fixes/edits.ts";
import { fixFor } from "../../src/fixes/fix.ts";
import { sourceReader } from "../../src/fixes/language.ts";
import type { Finding } from "../../src/model/report.ts";

/** A finding as a test writes it: `at` is a text in the file that marks its place. */
export interface FindingSpec {
  readonly policy: string;
  readonly type: string;
  readonly path: string;
  readonly at?: string;
  readonly action?: Finding["action"];
  readonly fact?: { readonly name: string; readonly after: string | number };
  readonly after?: Finding["after"];
}

export function finding(spec: FindingSpec, text: string, file = "main.tf"): Finding {
  const offset = spec.at === undefined ? 0 : text.indexOf(spec.at);
  if (offset < 0) throw new Error(`the text does not hold ${spec.at}`);
  const before = text.slice(0, offset).split("\n");
  return {
    policy: spec.policy,
    level: "mandatory",
    severity: "high",
    confidence: "high",
    state: "open",
    address: "it",
    deployment: ".",
    type: spec.type,
    action: spec.action ?? "create",
    path: spec.path,
    before: null,
    after: spec.after ?? null,
    ...(spec.fact && { fact: { facet: "any", before: null, ...spec.fact } }),
    message: "It is so.",
    fix: "Do it so.",
    source: { file, line: before.length, column: (before.at(-1) ?? "").length + 1 },
    incidents: [],
    fingerprint: "0",
    help: `policies/${spec.policy}.md`,
  };
}

/** The text with the finding's fix in it; undefined where it has none. A second round must find nothing more to fix. */
export async function fixed(spec: FindingSpec, text: string, file = "main.tf"): Promise<string | undefined> {
  const once = await fixedOnce(finding(spec, text, file), text, file);
  if (once !== undefined) expect(await fixedOnce(finding(spec, once, file), once, file)).toBeUndefined();
  return once;
}

async function fixedOnce(about: Finding, text: string, file: string): Promise<string | undefined> {
  const read = await sourceReader(file);
  const source = read?.(text);
  const edits = source && fixFor(about, text, source);
  return edits && edited(text, edits);
}
