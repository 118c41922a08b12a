import type { SourceLocation } from "../../model/change.ts";
import { asList, asObject, asText, type JsonObject, member } from "../json-value.ts";

/**
 * The line of the user's own program that made the construct: the first frame of the recorded stack trace that is neither
 * in a package nor in Node itself. Traces are there where the app's constructs record them.
 */
export function sourceOf(body: JsonObject): SourceLocation | undefined {
  const metadata = asObject(member(asObject(member(body, "//")), "metadata"));
  const frames = asList(member(metadata, "stackTrace") ?? member(metadata, "trace"));
  return sourceInTrace(frames.filter((frame) => typeof frame === "string"));
}

/** The place that the first frame names which is neither in a package nor in Node itself. */
export function sourceInTrace(frames: readonly string[]): SourceLocation | undefined {
  for (const frame of frames) {
    const location = locationIn(frame);
    if (location !== undefined) return location;
  }
  return undefined;
}

/** Where the block is in the tree of constructs, `stack/scope/id`, as the synthesiser notes it. */
export function constructPathOf(body: JsonObject): string | undefined {
  return asText(member(asObject(member(asObject(member(body, "//")), "metadata")), "path"));
}

/** `new Fleet (/app/main.ts:42:26)`, `/app/main.ts:42:26`, with or without `at ` and `file://`. */
function locationIn(frame: string): SourceLocation | undefined {
  const text = frame.trim();
  const open = text.endsWith(")") ? text.lastIndexOf("(") : -1;
  const place = open < 0 ? text.replace(/^(?:at )?(?:async )?/, "") : text.slice(open + 1, -1);
  const found = /^(.+):(\d+):(\d+)$/.exec(place);
  const file = found?.[1]?.replace(/^file:\/\//, "");
  if (file === undefined || /^node:|(?:^|[\\/])node_modules[\\/]/.test(file) || !/[\\/.]/.test(file))
    return undefined;
  return { file, line: Number(found?.[2]), column: Number(found?.[3]) };
}
