import { formatLocation, InputError, UsageError } from "../../model/errors.ts";

/** Why nothing was judged, for the person who runs the app. */
export function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof InputError) {
    const where = error.source === undefined ? "" : `${formatLocation(error.source)}: `;
    return `${where}${error.message}`;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `something went wrong inside Firebreak, and nothing was judged (${what})`;
}
