import { isList, isObject, UNKNOWN, Unknown, type Value, type ValueObject } from "../model/value.ts";
import { own, textsOf } from "./document.ts";

/*
 * IAM policy grammar: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. What counts as public:
 * docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html ("The meaning of public").
 */

/** Condition keys that, with fixed values, keep the public out. */
const NARROWING_KEYS: ReadonlySet<string> = new Set([
  "aws:sourceip",
  "aws:sourcearn",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourceowner",
  "aws:sourceaccount",
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:userid",
  "s3:dataaccesspointarn",
  "s3:dataaccesspointaccount",
]);

/** The statements of a policy document; UNKNOWN where it is not known or is no policy document. */
export function statementsOf(document: Value | undefined): readonly ValueObject[] | Unknown {
  if (document === undefined || document === null) return [];
  if (!isObject(document)) return UNKNOWN;
  const found = own(document, "Statement");
  if (found === undefined) return UNKNOWN;
  const statements = isList(found) ? found : [found];
  const objects = statements.filter(isObject);
  return objects.length === statements.length ? objects : UNKNOWN;
}

/** Whether a statement lets anybody read objects, with no condition that keeps the public out. */
export function grantsAnonymousRead(statement: ValueObject): boolean | Unknown {
  if (own(statement, "Effect") !== "Allow") return false;
  const actions = textsOf(own(statement, "Action"));
  const principals = principalsOf(own(statement, "Principal"));
  if (actions instanceof Unknown || principals instanceof Unknown) return UNKNOWN;
  const reads = own(statement, "NotAction") !== undefined || actions.some(isRead);
  const toAnybody = own(statement, "NotPrincipal") !== undefined || principals.includes("*");
  return reads && toAnybody && !isNarrowed(own(statement, "Condition"));
}

/** Whether a statement says anything of access to S3. */
export function touchesS3(statement: ValueObject): boolean | Unknown {
  if (own(statement, "NotAction") !== undefined) return true;
  const actions = textsOf(own(statement, "Action"));
  return actions instanceof Unknown ? UNKNOWN : actions.some((action) => /^(\*$|s3:)/i.test(action));
}

function isRead(action: string): boolean {
  return /^(\*|s3:\*|s3:get(\*|object(\*|version\*?)?))$/i.test(action);
}

function principalsOf(value: Value | undefined): readonly string[] | Unknown {
  if (isObject(value)) return textsOf(own(value, "AWS"));
  return textsOf(value);
}

function isNarrowed(condition: Value | undefined): boolean {
  if (!isObject(condition)) return condition instanceof Unknown;
  return Object.entries(condition).some(([operator, test]) => {
    if (/not/i.test(operator) || !isObject(test)) return false;
    return Object.entries(test).some(([key, values]) => {
      if (!NARROWING_KEYS.has(key.toLowerCase())) return false;
      const texts = textsOf(values);
      return texts instanceof Unknown || !texts.some((text) => /^(\*|0\.0\.0\.0\/0|::\/0)$/.test(text));
    });
  });
}
