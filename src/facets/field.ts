import { isList, isObject, Secret, UNKNOWN, Unknown, type Value } from "../model/value.ts";

/**
 * One fact of a facet: what it means (`value`), where the resource keeps it (`path`, canonical spelling) and what stands
 * there (`raw`, the default where the resource says nothing, undefined where nobody knows the default).
 */
export class Field<T> {
  readonly path: string;
  readonly raw: Value | undefined;
  readonly value: T | Unknown;
  constructor(path: string, raw: Value | undefined, value: T | Unknown) {
    this.path = path;
    this.raw = raw;
    this.value = value;
  }
  /** The same place with another meaning; an unknown stays unknown. */
  map<U>(meaning: (value: T) => U | Unknown): Field<U> {
    return new Field(this.path, this.raw, this.value instanceof Unknown ? UNKNOWN : meaning(this.value));
  }
  /** Whether the value is one of those given; strings compare without regard to case, as Azure's enumerations do. */
  is(...expected: readonly T[]): Field<boolean> {
    return this.map((value) => expected.some((one) => sameWord(one, value)));
  }
  isNot(...expected: readonly T[]): Field<boolean> {
    return this.is(...expected).map((yes) => !yes);
  }
}

function sameWord(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? a.toLowerCase() === b.toLowerCase() : a === b;
}

/** What a property may default to: a value, or UNKNOWN where the provider's version decides and nobody told it. */
type Default<T> = T | Unknown | undefined;

/**
 * Reads typed facts from one resource's properties. Paths are dotted; a list with one element where a block is expected
 * is read as that block, since plans write single blocks as lists and programs write them plainly.
 */
export class ResourceReader {
  readonly #root: Value | undefined;
  readonly #prefix: string;
  /** Canonical type of the resource. */
  readonly type: string;
  /** The provider's major version, where the host told it. */
  readonly providerMajor: number | undefined;

  constructor(root: Value | undefined, type: string, providerMajor: number | undefined, prefix = "") {
    this.#root = root;
    this.#prefix = prefix;
    this.type = type;
    this.providerMajor = providerMajor;
  }

  /** The value for provider majors from `major` on, and the one before; UNKNOWN where the version is not known. */
  since<T>(major: number, now: T, before: T): T | Unknown {
    if (this.providerMajor === undefined) return UNKNOWN;
    return this.providerMajor >= major ? now : before;
  }

  boolean(path: string, absent?: boolean | Unknown): Field<boolean>;
  boolean(path: string, absent: undefined): Field<boolean | undefined>;
  boolean(path: string, absent?: Default<boolean>): Field<boolean | undefined> {
    return this.#scalar(path, absent, (value) => {
      if (typeof value === "boolean") return value;
      if (typeof value === "string" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
      return UNKNOWN;
    });
  }

  string(path: string): Field<string | undefined>;
  string(path: string, absent: string | Unknown): Field<string>;
  string(path: string, absent?: Default<string>): Field<string | undefined> {
    return this.#scalar(path, absent, (value) =>
      typeof value === "string" ? value : typeof value === "object" ? UNKNOWN : String(value),
    );
  }

  number(path: string): Field<number | undefined>;
  number(path: string, absent: number | Unknown): Field<number>;
  number(path: string, absent?: Default<number>): Field<number | undefined> {
    return this.#scalar(path, absent, (value) => {
      if (typeof value === "number") return value;
      if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
        return Number(value);
      return UNKNOWN;
    });
  }

  /** A list of strings; absent is the empty list. One unknown element makes the whole unknown. */
  strings(path: string): Field<readonly string[]> {
    const raw = this.#at(path);
    const content = raw instanceof Secret ? raw.reveal() : raw;
    if (content === undefined || content === null) return this.#field<readonly string[]>(path, [], []);
    if (content instanceof Unknown || !isList(content))
      return this.#field<readonly string[]>(path, raw, UNKNOWN);
    const plain = content.map((item) => (item instanceof Secret ? item.reveal() : item));
    const texts = plain.filter((item) => typeof item === "string");
    return this.#field<readonly string[]>(path, raw, texts.length === plain.length ? texts : UNKNOWN);
  }

  /** Whether anything stands at the path. */
  has(path: string): Field<boolean> {
    const raw = this.#at(path);
    if (raw instanceof Unknown) return this.#field<boolean>(path, raw, UNKNOWN);
    const empty = raw === undefined || raw === null || (isList(raw) && raw.length === 0);
    return this.#field(path, raw, !empty);
  }

  /** A fact about the resource that stands in no single property. */
  constant<T extends Value>(value: T, path = ""): Field<T> {
    return this.#field(path, value, value);
  }

  /** The raw value at a path, for facets whose shape is a map or a document. */
  value(path: string): Value | undefined {
    return this.#at(path);
  }

  /** A reader for the single block at the path; reads as absent everywhere when there is none. */
  block(path: string): ResourceReader {
    return new ResourceReader(this.#at(path), this.type, this.providerMajor, this.#full(path));
  }

  /**
   * A reader for each element of the list (or for the one block) at the path; UNKNOWN when the list itself is unknown.
   */
  blocks(path: string): readonly ResourceReader[] | Unknown {
    const raw = this.#at(path, true);
    const content = raw instanceof Secret ? raw.reveal() : raw;
    if (content instanceof Unknown) return UNKNOWN;
    if (content === undefined || content === null) return [];
    const items = isList(content) ? content : [content];
    return items.map(
      (item, i) =>
        new ResourceReader(
          raw instanceof Secret ? new Secret(item) : item,
          this.type,
          this.providerMajor,
          isList(content) ? `${this.#full(path)}[${i}]` : this.#full(path),
        ),
    );
  }

  /** The canonical path of a property below this reader, as findings name it. */
  pathOf(path: string): string {
    return this.#full(path);
  }

  #scalar<T>(path: string, absent: Default<T>, read: (value: Value) => T | Unknown): Field<T | undefined> {
    const raw = this.#at(path);
    if (raw === undefined || raw === null) {
      return this.#field(path, absent instanceof Unknown ? undefined : (absent as Value | undefined), absent);
    }
    const content = raw instanceof Secret ? raw.reveal() : raw;
    return this.#field(path, raw, content instanceof Unknown || content === null ? UNKNOWN : read(content));
  }

  #field<T>(path: string, raw: Value | undefined, value: T | Unknown): Field<T> {
    return new Field<T>(this.#full(path), raw, value);
  }

  #full(path: string): string {
    if (this.#prefix === "") return path;
    return path === "" ? this.#prefix : `${this.#prefix}.${path}`;
  }

  /** What stands at the path; inside a secret, a secret. */
  #at(path: string, whole = false): Value | undefined {
    let value = this.#root;
    if (path === "") return value;
    let isHidden = false;
    for (const key of path.split(".")) {
      if (value instanceof Secret) {
        value = value.reveal();
        isHidden = true;
      }
      if (isList(value) && value.length === 1) value = value[0];
      if (value instanceof Unknown) return UNKNOWN;
      if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
      value = value[key];
    }
    // A single block written as a list of one reads as the block, except where the caller wants the list.
    if (!whole && isList(value) && value.length === 1 && isObject(value[0])) value = value[0];
    if (!isHidden || value === undefined || value === null) return value;
    return value instanceof Unknown || value instanceof Secret ? value : new Secret(value);
  }
}
