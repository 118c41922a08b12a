import type { Node, Tree } from "web-tree-sitter";
import type { Grammar } from "./grammar.ts";

/** A place in a text, from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** An HCL text: syntax trees that together hold all of it, and where it is broken. */
export interface HclText {
  readonly roots: readonly Node[];
  readonly errors: readonly Place[];
}

/** Blocks of Terraform's language as they begin, at the start of a line. */
const BLOCK =
  /^(?:resource|data|ephemeral|module|variable|output|locals|provider|terraform|moved|import|removed|check|action)\b[^\n=]*\{/gm;

/** Each part of a broken text is parsed by itself; a text of more parts is taken as a whole. */
const MOST_PARTS = 500;

/**
 * Parses a text. A mistake can make the parser lose its way for the rest, so that a broken text is parsed again block by
 * block: then only the broken block is. Undefined where parsing takes unreasonably long.
 */
export function parseHcl(text: string, grammar: Grammar): HclText | undefined {
  const whole = grammar.parse(text);
  if (whole === undefined) return undefined;
  if (!whole.rootNode.hasError) return { roots: [whole.rootNode], errors: [] };
  const trees = parts(text).map((range) => grammar.parse(text, range));
  const parsed = trees.filter((tree): tree is Tree => tree !== undefined);
  const roots = (parsed.length < trees.length || parsed.length === 0 ? [whole] : parsed).map(
    ({ rootNode }) => rootNode,
  );
  const errors = roots.map(firstError).filter((node) => node !== undefined);
  // Parts may each be right where the whole is not: a block that begins inside of another one.
  const wrong = errors.length > 0 ? errors : [firstError(whole.rootNode) ?? whole.rootNode];
  return {
    roots,
    errors: wrong.map(({ startPosition: { row, column } }) => ({ line: row + 1, column: column + 1 })),
  };
}

/** The text cut where blocks begin. */
function parts(text: string) {
  const starts = [...text.matchAll(BLOCK)].map(({ index }) => index);
  if (starts.length > MOST_PARTS) return [];
  const cuts = [0, ...starts.filter((start) => start > 0), text.length];
  let row = 0;
  return cuts.slice(1).map((endIndex, i) => {
    const startIndex = cuts[i] as number;
    const startPosition = { row, column: 0 };
    const lines = text.slice(startIndex, endIndex).split("\n");
    row += lines.length - 1;
    return { startIndex, endIndex, startPosition, endPosition: { row, column: lines.at(-1)?.length ?? 0 } };
  });
}

/** The first node that is wrong or missing. */
function firstError(root: Node): Node | undefined {
  let node = root.hasError ? root : undefined;
  while (node !== undefined && !node.isError && !node.isMissing) {
    const inner: Node | undefined = node.children.find((child) => child.hasError || child.isMissing);
    if (inner === undefined) return node;
    node = inner;
  }
  return node;
}
