import { CST, Lexer } from "yaml";
import type { TextLines } from "./yaml-lines.ts";

/** A comment, without what marks it as one. */
export interface YamlComment {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Marks of the lexer that stand for no characters of the text. */
const WIDTHLESS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** All comments of a YAML text: only the lexer knows which `#` starts one. */
export function commentsIn(text: string, lines: TextLines): readonly YamlComment[] {
  const comments: YamlComment[] = [];
  let offset = 0;
  let previous: string | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    // A scalar stands behind its mark; any other lexeme that starts with a hash is a comment.
    if (lexeme.startsWith("#") && previous !== CST.SCALAR) {
      const { line = 1, column = 1 } = lines.placeAt(offset);
      comments.push({ text: lexeme.slice(1).trim(), line, column });
    }
    if (!WIDTHLESS.has(lexeme)) offset += lexeme.length;
    previous = lexeme;
  }
  return comments;
}
