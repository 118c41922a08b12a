/** A change of a text: what stands from `start` up to `end`, counted in UTF-16 units, becomes the replacement. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The text with all edits made. They must not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, replacement } of inOrder(edits)) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/**
 * The edits of several fixes as one list, in the order of the text. Each fix is taken whole or not at all: one that touches
 * what an earlier one changes is left out, unless it wants the very same.
 */
export function combined(fixes: readonly (readonly Edit[])[]): readonly Edit[] {
  const taken: Edit[] = [];
  for (const fix of fixes) {
    const others = fix.filter((edit) => !taken.some((one) => same(one, edit)));
    if (!others.some((edit) => taken.some((one) => touches(one, edit)))) taken.push(...others);
  }
  return inOrder(taken);
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

function same(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.replacement === b.replacement;
}

function touches(a: Edit, b: Edit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
