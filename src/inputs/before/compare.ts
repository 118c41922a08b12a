import { isNew, Pending } from "../../model/pending.ts";
import { Computed, isList, isObject, Secret, sameValue, Unknown, type Value } from "../../model/value.ts";

/**
 * Whether what is configured asks for something else than what exists. Only what the configuration mentions is compared:
 * what exists also shows defaults and what the provider computes. What is not known yet is no difference by itself, unless
 * it is new for certain. One block may be a list of one; numbers and booleans may be text; lists
 * in another order are taken for sets, since nothing here knows the provider's schema.
 */
export function differs(configured: Value | undefined, existing: Value | undefined): boolean {
  return differ(configured, existing, "", { left: 1_000_000 });
}

/** Comparisons that are left before two values count as different: sets of sets could ask for any number. */
interface Work {
  left: number;
}

function differ(
  configured: Value | undefined,
  existing: Value | undefined,
  key: string,
  work: Work,
): boolean {
  if (--work.left < 0) return true;
  if (configured instanceof Secret) return differ(configured.reveal(), existing, key, work);
  if (existing instanceof Secret) return differ(configured, existing.reveal(), key, work);
  if (configured === undefined || configured === null) return false;
  // Only what is read of source files is computed, and that is compared with itself, as it was written before.
  if (configured instanceof Computed || existing instanceof Computed) return !sameValue(configured, existing);
  if (existing instanceof Pending && configured instanceof Pending && !isNew(configured))
    return configured.reference !== existing.reference;
  if (existing instanceof Unknown) return false;
  if (configured instanceof Unknown) return isNew(configured);
  if (existing === undefined || existing === null) return !isEmpty(configured);
  if (isList(configured) && isList(existing)) return listsDiffer(configured, existing, key, work);
  if (isList(configured)) return configured.length !== 1 || differ(configured[0], existing, key, work);
  if (isList(existing)) {
    return existing.length === 1 ? differ(configured, existing[0], key, work) : !isEmpty(configured);
  }
  if (isObject(configured) && isObject(existing)) {
    return Object.keys(configured).some((name) => {
      const was = own(existing, name);
      return differ(configured[name], was, name, work) || isDropped(configured[name], was);
    });
  }
  if (isObject(configured) || isObject(existing)) return true;
  return !sameScalar(configured, existing, key);
}

/** Whether two configurations of a resource differ: here what one leaves out does count. */
export function configurationsDiffer(one: Value | undefined, other: Value | undefined): boolean {
  return differs(one, other) || differs(other, one);
}

/** Above this many blocks in one list, only their order is compared. */
const MAX_UNORDERED = 500;

function listsDiffer(
  configured: readonly Value[],
  existing: readonly Value[],
  key: string,
  work: Work,
): boolean {
  if (configured.length !== existing.length) return true;
  if (configured.every((item, i) => !differ(item, existing[i], key, work))) return false;
  if (configured.length === 1) return true;
  if (configured.length > MAX_UNORDERED) {
    const texts = (items: readonly Value[]) =>
      items.map((item) => (typeof item === "object" ? undefined : String(item)));
    const one = texts(configured);
    const other = texts(existing);
    if (one.includes(undefined) || other.includes(undefined)) return true;
    one.sort();
    other.sort();
    return one.some((text, i) => text !== other[i]);
  }
  // What is known looks for its like first; what is unknown takes what is left.
  const left = [...existing];
  return configured
    .filter((item) => !(item instanceof Unknown) || isNew(item))
    .some((item) => {
      const found = left.findIndex((other) => !differ(item, other, key, work));
      if (found >= 0) left.splice(found, 1);
      return found < 0;
    });
}

/**
 * Whether a key is gone from a map of texts (tags, labels): that is configured as a whole, unlike a block, which states
 * write as a list.
 */
function isDropped(configured: Value | undefined, existing: Value | undefined): boolean {
  if (!isObject(configured) || !isObject(existing)) return false;
  const values = Object.values(existing);
  return (
    values.every((value) => value === null || typeof value === "string") &&
    Object.keys(existing).some((name) => existing[name] !== null && !Object.hasOwn(configured, name))
  );
}

function own(object: { readonly [key: string]: Value }, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** What providers store as nothing at all. */
function isEmpty(value: Value): boolean {
  if (value === null || value === "") return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

function sameScalar(a: Value, b: Value, key: string): boolean {
  if (a === b) return true;
  const one = String(a);
  const other = String(b);
  if (one === other) return true;
  if (typeof a === "number" || typeof b === "number")
    return one.trim() !== "" && other.trim() !== "" && Number(one) === Number(other);
  if (typeof a !== "string" || typeof b !== "string") return false;
  // Azure writes a region as "West Europe" or "westeurope", and resource ids in any case.
  if (key === "location" || key === "region") return withoutBlanks(a) === withoutBlanks(b);
  if (/^\/subscriptions\//i.test(a)) return a.toLowerCase() === b.toLowerCase();
  return sameJson(a, b);
}

function withoutBlanks(text: string): string {
  return text.replace(/\s/g, "").toLowerCase();
}

/** Documents in text (IAM policies, policy rules) are stored with other blanks and another order of keys. */
function sameJson(a: string, b: string): boolean {
  if (!/^\s*[[{]/.test(a) || !/^\s*[[{]/.test(b)) return false;
  const one = parsed(a);
  const other = parsed(b);
  return one !== undefined && other !== undefined && !configurationsDiffer(one, other);
}

function parsed(text: string): Value | undefined {
  if (text.length > 1 << 20 || isDeep(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined; // text that only looks like JSON is compared as text
  }
}

/** Whether brackets open deeper than policies do; those inside of quoted text count too, which does no harm. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") depth--;
    if (depth > 200) return true;
  }
  return false;
}
