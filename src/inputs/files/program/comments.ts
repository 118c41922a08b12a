import type { Node } from "web-tree-sitter";
import type { Comment } from "../suppressions.ts";

/** A comment node as comments of one line each, without what marks them. */
export function commentsOf(node: Node): readonly Comment[] {
  const { row, column } = node.startPosition;
  return node.text.split(/\r\n?|\n/).map((line, i, lines) => {
    // `// text`, `/* text`, or ` * text` on the lines behind.
    const start = (i === 0 ? /^\/[/*]+!?\s*/ : /^\s*\*?(?!\/)\s*/).exec(line)?.[0].length ?? 0;
    const isEnd = i === lines.length - 1 && node.text.startsWith("/*");
    const text = isEnd ? line.slice(start).replace(/\*+\/$/, "") : line.slice(start);
    return { text: text.trimEnd(), line: row + 1 + i, column: (i === 0 ? column : 0) + start + 1 };
  });
}
