import type { Finding } from "../model/report.ts";

/**
 * Gives each finding an identity that survives what does not matter: the message's words, and the position of a `count`
 * instance (`[3]`), which shifts when one before it goes. Several that are alike otherwise are told apart by their order.
 */
export function withFingerprints(findings: readonly Omit<Finding, "fingerprint">[]): Finding[] {
  if (findings.length === 0) return [];
  // Loading it takes a quarter of the time that Node itself takes to start, and most runs find nothing.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const subject = [
      finding.policy,
      finding.address.replace(/\[\d+\]/g, "[]"),
      finding.path.replace(/\[\d+\]/g, "[]"),
    ];
    const key = subject.join("\n");
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const hash = createHash("sha256").update(nth === 0 ? key : `${key}\n${nth}`);
    return { ...finding, fingerprint: hash.digest("hex").slice(0, 32) };
  });
}
