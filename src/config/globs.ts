import { Minimatch } from "minimatch";
import { withoutKeys } from "../model/address.ts";

/**
 * A test for addresses against a glob of the configuration: `*` and `**` as in file globs, brackets taken literally
 * since they hold instance keys. A glob without instance key covers all instances.
 */
export function addressMatcher(glob: string): (address: string) => boolean {
  // A leading `**.` means "in whatever module", the root included.
  if (glob.startsWith("**.")) {
    const inModule = addressMatcher(`*${glob.slice(2)}`);
    const inRoot = addressMatcher(glob.slice(3));
    return (address) => inRoot(address) || inModule(address);
  }
  // Brackets are instance keys here, never character classes; a `/` (of an ARM id) is no boundary: `*` passes it.
  const escaped = glob.replace(/[[\]]/g, "\\$&");
  const matcher = new Minimatch(escaped.replaceAll("/", "\u0001"), {
    dot: true,
    nobrace: true,
    noext: true,
    nocomment: true,
    nonegate: true,
  });
  const test = (address: string) => address === glob || matcher.match(address.replaceAll("/", "\u0001"));
  return (address) => test(address) || test(withoutKeys(address));
}

/** A test for policy ids: the id itself, or a glob such as `clients/*`. */
export function policyMatcher(glob: string): (id: string) => boolean {
  const matcher = new Minimatch(glob, { nobrace: true, noext: true, nocomment: true, nonegate: true });
  return (id) => id === glob || matcher.match(id);
}
