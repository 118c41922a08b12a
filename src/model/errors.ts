import type { SourceLocation } from "./change.ts";

/**
 * An input that cannot be read: missing, empty, truncated, of a kind or version that nothing here reads. The message
 * is one sentence for the person at the keyboard; the run ends `incomplete` (exit code 3), never `passed`.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly source: SourceLocation | undefined;
  constructor(message: string, source?: SourceLocation) {
    super(message);
    this.source = source;
  }
}

/** Wrong usage or configuration: what is wrong, where, and what was expected (exit code 2). */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly source: SourceLocation | undefined;
  constructor(message: string, source?: SourceLocation) {
    super(message);
    this.source = source;
  }
}

/** `file:line:column`, as far as known. */
export function formatLocation(source: {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}): string {
  const line = source.line === undefined ? "" : `:${source.line}`;
  const column = source.line === undefined || source.column === undefined ? "" : `:${source.column}`;
  return `${source.file}${line}${column}`;
}

/** Why nothing was judged, as one sentence for the person at the keyboard: of an error of theirs its message, else that it is ours. */
export function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof InputError) {
    const where = error.source === undefined ? "" : `${formatLocation(error.source)}: `;
    return `${where}${error.message}`;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `something went wrong inside Firebreak, and nothing was judged (${what})`;
}
