import type { ByteSource } from "../../json/bytes.ts";
import { JsonScanner } from "../../json/scanner.ts";

const PARTS = { address: {}, mode: {} } as const;
const [ADDRESS, MODE] = [0, 1] as const;

/**
 * The addresses of resources that exist before the plan (`prior_state`) and that it does not mention, though a plan of
 * everything mentions all: what is to stay as `no-op`. In the order of the document.
 */
export function leftOut(source: ByteSource, mentioned: ReadonlySet<string>): readonly string[] {
  const scanner = new JsonScanner(source);
  const picker = scanner.picker(PARTS);
  const found: string[] = [];
  readMember("prior_state", () => readMember("values", () => readMember("root_module", readModule)));
  return found;

  /** Passes over an object, looking into the member with that name only. */
  function readMember(name: string, read: () => void): void {
    if (scanner.isObject()) {
      for (const key of scanner.members()) {
        if (key === name) read();
        else scanner.skip();
      }
    } else scanner.skip();
  }

  function readModule(): void {
    if (scanner.isObject()) {
      for (const key of scanner.members()) {
        if (key === "resources") readEach(readResource);
        else if (key === "child_modules") readEach(readModule);
        else scanner.skip();
      }
    } else scanner.skip();
  }

  function readEach(read: () => void): void {
    if (scanner.isArray()) for (const _ of scanner.elements()) read();
    else scanner.skip();
  }

  function readResource(): void {
    if (scanner.isObject()) {
      scanner.pick(picker);
      const address = scanner.picked(picker, ADDRESS);
      // A data source that could be read while planning is not mentioned either.
      const isManaged = scanner.picked(picker, MODE) === "managed";
      if (address !== undefined && isManaged && !mentioned.has(address)) found.push(address);
    } else scanner.skip();
  }
}
