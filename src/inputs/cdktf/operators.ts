import { unknownFrom } from "../../model/pending.ts";
import { isList, isObject, Secret, sameValue, UNKNOWN, Unknown, type Value } from "../../model/value.ts";
import { isScalar } from "./functions.ts";

/** Operators between two operands, with how tightly they bind; those that bind alike are taken from the left. */
export const PRECEDENCE = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<=": 4,
  ">=": 4,
  "<": 4,
  ">": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
} as const;

export type Operator = keyof typeof PRECEDENCE;

export function isOperator(text: string): text is Operator {
  return Object.hasOwn(PRECEDENCE, text);
}

/** The result of an operator between two values; unknown where one is, where Terraform would refuse it, or where it is not certain. */
export function combined(operator: Operator, left: Value, right: Value): Value {
  return openly([left, right], ([a = null, b = null]) => RESULTS[operator](a, b));
}

/** The result of `!` or `-` before a value; unknown as of `combined`. */
export function negated(operator: "!" | "-", value: Value): Value {
  return openly([value], ([content = null]) => {
    if (operator === "!") return logical([content], ([yes]) => !yes);
    return calculated([0, content], (zero, number) => zero - number);
  });
}

/** What a condition chooses; where it is not known, what both ways have in common. A secret condition makes it secret. */
export function chosen(condition: Value, yes: Value, no: Value): Value {
  return openly([condition], ([content = null]) => {
    if (content instanceof Unknown) return common(yes, no, unknownFrom([content]));
    const is = truth(content);
    if (is === undefined) return UNKNOWN;
    return is ? asOneType(yes, no) : asOneType(no, yes);
  });
}

/** Applies a function to what secrets hold; the result is secret where one of them is. */
function openly(values: readonly Value[], work: (contents: readonly Value[]) => Value): Value {
  const contents = values.map((value) => (value instanceof Secret ? value.reveal() : value));
  const result = work(contents);
  return contents.some((content, i) => content !== values[i]) ? new Secret(result) : result;
}

const RESULTS: Readonly<Record<Operator, (a: Value, b: Value) => Value>> = {
  "||": (a, b) => logical([a, b], ([one, other]) => one === true || other === true),
  "&&": (a, b) => logical([a, b], ([one, other]) => one === true && other === true),
  "==": equal,
  "!=": (a, b) => negated("!", equal(a, b)),
  "<=": (a, b) => compared(a, b, (sign) => sign <= 0),
  ">=": (a, b) => compared(a, b, (sign) => sign >= 0),
  "<": (a, b) => compared(a, b, (sign) => sign < 0),
  ">": (a, b) => compared(a, b, (sign) => sign > 0),
  "+": (a, b) => calculated([a, b], (one, other) => one + other),
  "-": (a, b) => calculated([a, b], (one, other) => one - other),
  "*": (a, b) => calculated([a, b], (one, other) => one * other),
  "/": (a, b) => calculated([a, b], (one, other) => (one % other === 0 ? one / other : Number.NaN)),
  "%": (a, b) => calculated([a, b], (one, other) => one % other),
};

/**
 * Values of different types are not equal in Terraform. Of those that a synth holds the type is not certain, since a
 * variable's default is converted to the variable's: then it is unknown, and so it is for collections.
 */
function equal(a: Value, b: Value): Value {
  // Whether an attribute may be null is known to its provider.
  if (a instanceof Unknown || b instanceof Unknown)
    return a === null || b === null ? UNKNOWN : unknownFrom([a, b]);
  if (a === null || b === null) return a === b;
  if (!isScalar(a) || !isScalar(b) || typeof a !== typeof b) return UNKNOWN;
  return typeof a === "number" && a === b && !isExact(a) ? UNKNOWN : a === b;
}

function compared(a: Value, b: Value, holds: (sign: number) => boolean): Value {
  return numeric([a, b], ([one = 0, other = 0]) =>
    one === other && !isExact(one) ? UNKNOWN : holds(Math.sign(one - other)),
  );
}

function logical(values: readonly Value[], work: (truths: readonly boolean[]) => boolean): Value {
  const truths = values.map(truth).filter((one) => one !== undefined);
  return truths.length === values.length ? work(truths) : unknownFrom(values);
}

function numeric(values: readonly Value[], work: (numbers: readonly number[]) => Value): Value {
  const numbers = values.map(numberOf).filter((one) => one !== undefined);
  return numbers.length === values.length ? work(numbers) : unknownFrom(values);
}

function truth(value: Value): boolean | undefined {
  if (value === true || value === "true" || value === "1") return true;
  return value === false || value === "false" || value === "0" ? false : undefined;
}

function numberOf(value: Value): number | undefined {
  if (typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value)) value = Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Terraform calculates with more digits than there are here: only whole numbers are, which are the same in both. */
function calculated(values: readonly [Value, Value], work: (one: number, other: number) => number): Value {
  return numeric(values, ([one = 0, other = 0]) => {
    const result = work(one, other);
    const isWhole = [one, other, result].every((number) => Number.isSafeInteger(number));
    // There is no negative zero in Terraform.
    return isWhole ? result + 0 : UNKNOWN;
  });
}

/** Whether no other number that Terraform knows would be the same here; few decimals are taken for those that were written. */
function isExact(number: number): boolean {
  return Number.isInteger(number) ? Number.isSafeInteger(number) : String(number).length <= 15;
}

/** What two ways lead to alike; `open` where they do not, or where it takes long to tell. */
function common(one: Value, other: Value, open: Unknown): Value {
  if (isLarge(one) || isLarge(other) || !sameValue(one, other)) return open;
  return other instanceof Secret ? other : one;
}

/** Most that two ways may hold to be compared: a document can ask for it as often as it likes. */
const MOST_PARTS = 1_000;

function isLarge(value: Value): boolean {
  return scalarTypes(value) === undefined;
}

/**
 * The one way's value in the type that both have together: of text and something else it is text. Collections are taken as
 * they are where everything in both is of one type, since each of their parts is converted.
 */
function asOneType(value: Value, other: Value): Value {
  const content = other instanceof Secret ? other.reveal() : other;
  if (value instanceof Secret) {
    const inner = asOneType(value.reveal(), content);
    return inner === value.reveal() ? value : new Secret(inner);
  }
  if (value === null || content === null || value instanceof Unknown || content instanceof Unknown)
    return value;
  if (isScalar(value) && isScalar(content)) {
    if (typeof value === typeof content) return value;
    return typeof value === "string" || typeof content === "string" ? String(value) : UNKNOWN;
  }
  const isOneKind = (isList(value) && isList(content)) || (isObject(value) && isObject(content));
  const types = scalarTypes([value, content]);
  return isOneKind && types !== undefined && types.size <= 1 ? value : UNKNOWN;
}

/** The types of what a value consists of; undefined where that is too much to look at. */
function scalarTypes(value: Value): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  const left = [value];
  for (let seen = 0; seen < MOST_PARTS; seen++) {
    const next = left.pop();
    if (next === undefined) return found;
    if (next instanceof Secret) left.push(next.reveal());
    else if (isScalar(next)) found.add(typeof next);
    else if (isList(next) || isObject(next)) {
      const parts = isList(next) ? next : Object.values(next);
      if (parts.length > MOST_PARTS) return undefined;
      for (const part of parts) left.push(part);
    }
  }
  return left.length === 0 ? found : undefined;
}
