/** The parts of a `change` that are used. */
const PARTS = [
  "actions",
  "before",
  "after",
  "after_unknown",
  "before_sensitive",
  "after_sensitive",
  "importing",
] as const;
export type Part = (typeof PARTS)[number];

/** Where the parts of one `change` stand, relative to the record; one object for all records. */
export class Ranges {
  readonly #starts = new Int32Array(PARTS.length);
  readonly #ends = new Int32Array(PARTS.length);
  clear(): void {
    this.#ends.fill(0);
  }
  set(key: string, start: number, end: number): void {
    const part = PARTS.indexOf(key as Part);
    if (part === -1) return;
    this.#starts[part] = start;
    this.#ends[part] = end;
  }
  has(part: Part): boolean {
    return this.end(part) > 0;
  }
  start(part: Part): number {
    return this.#starts[PARTS.indexOf(part)] as number;
  }
  end(part: Part): number {
    return this.#ends[PARTS.indexOf(part)] as number;
  }
}
