import type { JsonText } from "../../model/change.ts";

/** JSON text that was read from the input. */
export interface KeptText extends JsonText {
  readonly bytes: Buffer;
}

/** Keeps copies of many small byte strings in few large blocks. */
export class Arena {
  #block: Buffer = Buffer.alloc(0);
  #used = 0;

  /** A copy of bytes[start, end) that stays. */
  keep(bytes: Buffer, start: number, end: number): KeptText {
    const length = end - start;
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(1 << 20, length));
      this.#used = 0;
    }
    bytes.copy(this.#block, this.#used, start, end);
    const copy = { bytes: this.#block, start: this.#used, end: this.#used + length };
    this.#used += length;
    return copy;
  }
}
