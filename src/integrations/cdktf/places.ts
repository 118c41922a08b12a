import { nameFromHere } from "../../config/name-from-here.ts";
import { sourceInTrace } from "../../inputs/cdktf/trace.ts";
import type { SourceLocation } from "../../model/change.ts";
import type { App, Construct, ConstructNode } from "./app.ts";

/** By node, the stack of calls that made it; its text is only made where somebody asks, since that is what costs. */
const made = new WeakMap<ConstructNode, { readonly stack?: string }>();
/** Prototypes of nodes that are watched already: two apps of one library share theirs. */
const watched = new WeakSet<object>();

/** The metadata that every Terraform element gives itself when it is made (cdktf and cdktn, terraform-element.ts). */
const CREATION = "stacktrace";

/**
 * Remembers from now on where the program makes its constructs. The libraries name that metadata a stack trace but record
 * none, so the moment at which they add it is taken; what they write stays as it is.
 */
export function watchPlaces(app: App): void {
  const prototype: Pick<ConstructNode, "addMetadata"> = Object.getPrototypeOf(app.node);
  if (watched.has(prototype)) return;
  watched.add(prototype);
  const { addMetadata } = prototype;
  prototype.addMetadata = function (this: ConstructNode, type, data, options) {
    if (type === CREATION) {
      const calls = {};
      Error.captureStackTrace(calls, prototype.addMetadata);
      made.set(this, calls);
    }
    addMetadata.call(this, type, data, options);
  };
}

/** The calls that made the construct, innermost first; none where it was made before anybody watched. */
export function callsThatMade({ node }: Construct): readonly string[] {
  return (made.get(node)?.stack ?? "")
    .split("\n")
    .slice(1)
    .map((call) => call.trim());
}

/** The line of the user's program that made the construct; undefined where it was made before anybody watched. */
export function placeOf(construct: Construct): SourceLocation | undefined {
  const place = sourceInTrace(callsThatMade(construct));
  return place && { ...place, file: nameFromHere(place.file) };
}
