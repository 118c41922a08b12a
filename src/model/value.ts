/**
 * The values of a resource's properties. What is not known yet and what must not be shown are values of their own,
 * not strings, so that no policy can mistake "known after apply" for a setting and no reporter can print a password.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Unknown
  | Secret
  | readonly Value[]
  | { readonly [key: string]: Value };

export type ValueObject = { readonly [key: string]: Value };

/** A value the host will know only after it has applied the change. */
export class Unknown {
  /** Whether this is certainly the same as another unknown, whatever both will be. */
  isSame(_other: Unknown): boolean {
    return false;
  }
  toJSON(): string {
    return "(known after apply)";
  }
  toString(): string {
    return "(known after apply)";
  }
}

/** An unknown of which nothing is known: those have no identity of their own. Of a Pending something is. */
export const UNKNOWN: Unknown = Object.freeze(new Unknown());

/**
 * What is written as an expression that nothing here works out. Two of the same text are taken to be the same value; any
 * other is a change, though of a value that nobody knows yet.
 */
export class Computed extends Unknown {
  /** The expression on one line: how it is laid out changes nothing. */
  readonly text: string;
  constructor(text: string) {
    super();
    this.text = text.replace(/\s+/g, " ").trim();
  }
  override isSame(other: Unknown): boolean {
    return other instanceof Computed && other.text === this.text;
  }
  override toJSON(): string {
    return this.toString();
  }
  override toString(): string {
    return `(${this.text.length > MAX_EXPRESSION ? `${this.text.slice(0, MAX_EXPRESSION)}…` : this.text})`;
  }
}

/** Most of an expression that a message shows. */
const MAX_EXPRESSION = 200;

const SECRET_TEXT = "(secret)";

/**
 * A value its host marked as sensitive. The content can be compared, and searched for names of other resources, but
 * every way of printing it gives `(secret)`.
 */
export class Secret {
  readonly #content: Value;
  constructor(content: Value) {
    // Hidden twice is hidden no better.
    this.#content = content instanceof Secret ? content.reveal() : content;
  }
  /** The content, for comparing and reading facts; never for a message. */
  reveal(): Value {
    return this.#content;
  }
  toJSON(): string {
    return SECRET_TEXT;
  }
  toString(): string {
    return SECRET_TEXT;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SECRET_TEXT;
  }
}

export function isObject(value: Value | undefined): value is ValueObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Secret)
  );
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether anything in the value is not known yet. */
export function holdsUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return holdsUnknown(value.reveal());
  if (isList(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

/**
 * Structural equality; two unknowns are not equal, since nobody knows, unless they are certainly the same. Secrets compare by
 * content.
 */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Unknown || b instanceof Unknown)
    return a instanceof Unknown && b instanceof Unknown && a.isSame(b);
  if (a instanceof Secret || b instanceof Secret) {
    return sameValue(a instanceof Secret ? a.reveal() : a, b instanceof Secret ? b.reveal() : b);
  }
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
    );
  }
  return false;
}

/** Like `Object.create(null)`, which V8 would keep as a hash table: slower to make and to read than any other object. */
// biome-ignore lint/complexity/useArrowFunction: an arrow function makes no objects
const Plain = function () {} as unknown as new () => { [key: string]: Value };
Plain.prototype = Object.freeze(Object.create(null));

/**
 * Builds a plain object from keys of a hostile document: nothing is inherited, so `__proto__` is only a key like any other.
 */
export function emptyObject(): { [key: string]: Value } {
  return new Plain();
}
