import type { Deployment } from "../model/deployment.ts";
import type { Input } from "./input.ts";

/** Reads one kind of document. Trouble with the document as a whole is an InputError; with a part, a Problem. */
export interface Reader {
  /** What the document says its host proposes; several where it holds several stacks. */
  read(input: Input): readonly Deployment[];
}
