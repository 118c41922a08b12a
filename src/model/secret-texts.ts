import { isList, isObject, Secret, type Value } from "./value.ts";

/**
 * The secret texts that policies have read. Facts are plain values to a policy, so its sentence may quote one that its host
 * marked as secret; whoever makes a finding of the sentence takes it out again.
 */
const read = new Set<string>();

/** A text that is shorter is a word like any other, and taking it out would garble what is said. */
const SHORTEST = 4;

/** Notes the secret texts in what stands behind a fact that a policy reads. */
export function noteSecrets(value: Value | undefined, isSecret = false): void {
  if (value instanceof Secret) noteSecrets(value.reveal(), true);
  else if (isList(value)) for (const item of value) noteSecrets(item, isSecret);
  else if (isObject(value)) for (const item of Object.values(value)) noteSecrets(item, isSecret);
  else if (isSecret && typeof value === "string" && value.length >= SHORTEST) read.add(value);
}

/** The text without the secrets that policies have read. */
export function withoutSecrets(text: string): string {
  // The longest first: one may be the beginning of another.
  const longestFirst = [...read].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, secret) => left.replaceAll(secret, "(secret)"), text);
}
