import type { Node } from "web-tree-sitter";
import type { Problem } from "../../../model/deployment.ts";
import type { Grammar } from "../../../syntax/grammar.ts";
import { bodyOf, childrenOf, fileOf, headerOf } from "../../../syntax/hcl.ts";
import { parseHcl } from "../../../syntax/hcl-text.ts";
import type { ConfigurationFile } from "../../../syntax/written.ts";
import { type Comment, type Lines, suppressionsIn } from "../suppressions.ts";
import { HclJson } from "./hcl-json.ts";
import { type SourceBlock, type SourceFile, unreadable } from "./source-file.ts";

/** Mistakes of one file that are told. */
const MOST_ERRORS = 5;

/** Reads HCL. What is broken is a problem, and all blocks but the broken ones are read as they are. */
export function hclSource(name: string, text: string, grammar: Grammar): SourceFile {
  const parsed = parseHcl(text, grammar);
  if (parsed === undefined) {
    const message = `${name} cannot be read: it is too large or too deeply nested.`;
    return unreadable({ message, source: { file: name }, severity: "error" });
  }
  const json = new HclJson(text);
  const blocks: SourceBlock[] = [];
  for (const block of parsed.roots.flatMap((root) => childrenOf(bodyOf(root), "block"))) {
    const [kind = "", ...labels] = headerOf(block);
    const { row, column } = block.startPosition;
    blocks.push({
      kind,
      labels,
      body: json.body(bodyOf(block), kind),
      place: { file: name, line: row + 1, column: column + 1 },
    });
  }
  const problems = parsed.errors.slice(0, MOST_ERRORS).map(
    (place): Problem => ({
      message: `${name} is no valid HCL at line ${place.line}, column ${place.column}, so what stands there is not judged.`,
      source: { file: name, ...place },
      severity: "error",
    }),
  );
  let file: ConfigurationFile | undefined;
  const said = text.includes("firebreak:") ? suppressed(name, parsed.roots) : undefined;
  return {
    blocks,
    attributes: Object.assign({}, ...parsed.roots.map((root) => attributesOf(json, root))),
    problems: [...problems, ...(said?.problems ?? [])],
    suppressions: said?.suppressions ?? [],
    written: () => (file ??= fileOf(name, parsed.roots)),
  };
}

function attributesOf(json: HclJson, root: Node) {
  const body = bodyOf(root);
  return childrenOf(body, "attribute").length === 0 ? {} : json.body(body);
}

function suppressed(name: string, roots: readonly Node[]) {
  const comments = roots.flatMap((root) => root.descendantsOfType("comment")).map(commentOf);
  const things = roots
    .flatMap((root) => root.descendantsOfType(["block", "attribute", "object_elem"]))
    .map(linesOf);
  return suppressionsIn(name, comments, things);
}

function commentOf({ text, startPosition: { row, column } }: Node): Comment {
  const content = text.startsWith("/*")
    ? text.slice(2).replace(/\*\/$/, "")
    : text.replace(/^(?:#+|\/\/)/, "");
  return { text: content, line: row + 1, column: column + 1 };
}

function linesOf({ startPosition, endPosition }: Node): Lines {
  return { from: startPosition.row + 1, to: endPosition.row + 1 };
}
