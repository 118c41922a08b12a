import { isList, isObject, Secret, Unknown, type Value } from "../../model/value.ts";

/** A template or program that asks for more work than any real one. */
export class TooMuchWork extends Error {}

/** Far above what any needs, and well under a second. */
const MOST = 5_000_000;
const DEEPEST = 300;

/** The work that evaluating one of them may still take: a few variables that double one another could ask for any amount. */
export class Work {
  #left = MOST;
  #depth = 0;

  /** Takes so many steps, or characters of text. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchWork();
  }

  /** Runs what may lead to itself again, over variables and functions. */
  deeper<T>(run: () => T): T {
    if (++this.#depth > DEEPEST) throw new TooMuchWork();
    const result = run();
    this.#depth--;
    return result;
  }

  /** Counts the whole of a value that is used again: its parts may be one and the same, many times over. */
  weigh(value: Value): Value {
    const open: Value[] = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      this.spend(typeof next === "string" ? 1 + next.length : 1);
      if (next instanceof Secret) open.push(next.reveal());
      else if (isList(next)) for (const item of next) open.push(item);
      else if (isObject(next)) for (const item of Object.values(next)) open.push(item);
      else if (next instanceof Unknown) this.spend(next.toString().length);
    }
    return value;
  }
}
