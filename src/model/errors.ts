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
