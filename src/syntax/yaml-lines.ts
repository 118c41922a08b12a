import type { SourceLocation } from "../model/change.ts";

/** Finds lines and columns in a text, both from 1; columns count UTF-16 units, as editors do. */
export class TextLines {
  readonly #file: string;
  readonly #starts: readonly number[];

  constructor(file: string, text: string) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#file = file;
    this.#starts = starts;
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  placeAt(offset: number): SourceLocation {
    const line = this.lineAt(offset);
    return { file: this.#file, line, column: offset - (this.#starts[line - 1] ?? 0) + 1 };
  }
}
