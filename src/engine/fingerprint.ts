import type { Finding } from "../model/report.ts";
import type { RawFinding } from "./evaluation.ts";

/**
 * Gives each finding an identity that survives what does not matter: the message's words, the deployment's name (often
 * that of a file), and the position of a `count` instance (`[3]`), which shifts when one before it goes. The name counts
 * where the run has the address in several deployments. Several that are alike otherwise are told apart by their order.
 */
export function withFingerprints(
  findings: readonly RawFinding[],
  isAmbiguous: (address: string) => boolean = () => false,
): Finding[] {
  if (findings.length === 0) return [];
  // Loading it takes a quarter of the time that Node itself takes to start, and most runs find nothing.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const seen = new Map<string, number>();
  return findings.map(({ about, ...finding }) => {
    const subject = [finding.policy, withoutPositions(finding.address), withoutPositions(finding.path)];
    if (about !== undefined) subject.push(`about ${about}`);
    if (isAmbiguous(finding.address)) subject.push(`in ${finding.deployment}`);
    const key = subject.join("\n");
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const hash = createHash("sha256").update(nth === 0 ? key : `${key}\n${nth}`);
    return { ...finding, fingerprint: hash.digest("hex").slice(0, 32) };
  });
}

/** `a.b[3]["x[4]"]` → `a.b[]["x[4]"]`: keys between quotes are names. */
function withoutPositions(text: string): string {
  return text.replace(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, (key) => (key.startsWith('["') ? key : "[]"));
}
