import { isList, isObject, Secret, UNKNOWN, Unknown, type Value } from "./value.ts";

/** An attribute by its name and the type of the resource that has it. */
interface Attribute {
  readonly type: string;
  readonly name: string;
}

/** An unknown of which something is known all the same. */
export class Pending extends Unknown {
  readonly #attribute: Attribute | undefined;
  readonly #isNew: boolean;
  readonly #of: string | undefined;
  /** `of` is the object that will tell it, as its configuration calls it. */
  constructor(attribute: Attribute | undefined, isNew: boolean, of?: string) {
    super();
    this.#attribute = attribute;
    this.#isNew = isNew;
    this.#of = of;
  }
  /** The attribute as the configuration refers to it, where that is known: two references differ as these do. */
  get reference(): string | undefined {
    return this.#of === undefined ? undefined : `${this.#of}.${this.#attribute?.name}`;
  }
  override isSame(other: Unknown): boolean {
    if (!(other instanceof Pending) || this.#isNew || other.isNew) return false;
    return this.reference !== undefined && this.reference === other.reference;
  }
  /** The attribute that it will be, where it will be nothing but that. */
  get attribute(): Attribute | undefined {
    return this.#attribute;
  }
  /**
   * It is what a resource that is to be created will say of itself. Other unknowns may turn out to be what is there already;
   * this one is new for certain, so that whatever refers to it changes.
   */
  get isNew(): boolean {
    return this.#isNew;
  }
}

/** Something new of which nothing else is known. */
export const NEW: Pending = new Pending(undefined, true);

/** Whether the value is not known yet but new for certain. */
export function isNew(value: Value | undefined): boolean {
  return value instanceof Pending && value.isNew;
}

/** Most that is looked at to tell whether something new is in it: an expression can ask for it as often as it likes. */
const MOST_PARTS = 1_000;

/** The unknown that is made from these values: new where a part of them is. */
export function unknownFrom(values: readonly Value[]): Unknown {
  const left = values.slice(0, MOST_PARTS);
  for (let seen = 0; seen < MOST_PARTS; seen++) {
    const value = left.pop();
    if (value === undefined) break;
    if (isNew(value)) return NEW;
    if (value instanceof Secret) left.push(value.reveal());
    else if (isList(value)) left.push(...value.slice(0, MOST_PARTS));
    else if (isObject(value)) left.push(...Object.values(value).slice(0, MOST_PARTS));
  }
  return UNKNOWN;
}
