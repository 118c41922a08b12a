import { MAX_DEPTH } from "./limits.ts";
import SCAN from "./scan.wasm.ts";
import { WasmMemory } from "./wasm-memory.ts";

/** What assembly/scan.ts exports; it says there what each does. Texts are given by address. */
interface Exports {
  readonly beginString: () => void;
  readonly behindString: (at: number, end: number) => number;
  readonly beginNested: (limit: number) => void;
  readonly behindNested: (at: number, end: number) => number;
  readonly behindScalar: (at: number, end: number) => number;
  readonly pick: (shape: number, at: number, end: number, limit: number) => number;
  readonly holdsTrue: (at: number, end: number) => number;
  readonly errorAt: WebAssembly.Global;
  readonly escapedKeyAt: WebAssembly.Global;
}

/** What is given instead of an address where the text ends first. */
export const UNFINISHED = 0;

/** What is wrong, by what is given instead of an address. */
const ERRORS: ReadonlyMap<number, string> = new Map([
  [-1, `values are nested deeper than ${MAX_DEPTH} levels`],
  [-2, "a property name was expected"],
  [-3, "a colon was expected"],
  [-4, "a value was expected"],
  [-5, "a comma or the end of the list was expected"],
]);

let compiled: WebAssembly.Module | undefined;

/** The part of the scanner that runs through all bytes, with a memory of its own. */
export class ScanProgram extends WasmMemory {
  readonly exports: Exports;

  constructor(textSize: number) {
    super(textSize);
    compiled ??= new WebAssembly.Module(Buffer.from(SCAN, "base64"));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.memory } });
    this.exports = exports as unknown as Exports;
  }
}

/** What an error that an export gave means. */
export function messageOf(error: number): string {
  const message = ERRORS.get(error);
  if (message === undefined) throw new RangeError(`${error} is no error of the scanner`);
  return message;
}
