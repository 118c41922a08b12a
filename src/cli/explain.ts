import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setUp } from "../config/setup.ts";
import { helpOf } from "../engine/finding.ts";
import { UsageError } from "../model/errors.ts";
import { packageRoot } from "../package.ts";
import { wrap } from "../reporters/text.ts";
import { type CliContext, EXIT, wantsColour } from "./context.ts";

/** `firebreak explain POLICY`: the policy's document. */
export async function explain(id: string, context: CliContext): Promise<number> {
  const file = join(packageRoot, helpOf(id));
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id) || !existsSync(file)) {
    const { policies } = await setUp({ pack: ["strict"] }, context.today);
    const close = policies
      .map(({ policy }) => policy.id)
      .filter((known) => known.includes(id.split("/").at(-1) ?? id));
    const hint =
      close.length > 0 ? `did you mean ${close.join(" or ")}?` : "`firebreak policies` lists them.";
    throw new UsageError(`there is no policy "${id}"; ${hint}`);
  }
  context.stdout(forTerminal(readFileSync(file, "utf8"), wantsColour(context), Math.min(context.width, 100)));
  return EXIT.passed;
}

/**
 * Markdown is made to be read as it is: headings, bold words and code fences change, and paragraphs are wrapped. Code and
 * tables keep their lines.
 */
function forTerminal(markdown: string, colour: boolean, width: number): string {
  const bold = (text: string) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const dim = (text: string) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
  const lines: string[] = [];
  let paragraph: string[] = [];
  let isCode = false;
  const endParagraph = () => {
    if (paragraph.length === 0) return;
    // Wrapped before it is coloured: escapes take no room.
    const text = wrap(paragraph.join(" ").replace(/\*\*/g, BOLD), width).join("\n");
    lines.push(text.replace(MARKED, (_, words: string) => bold(words)));
    paragraph = [];
  };
  for (const line of markdown.replace(/<!--[\s\S]*?-->\n?/g, "").split("\n")) {
    const isFence = line.startsWith("```");
    const isProse = !isCode && !isFence && line !== "" && !/^[#|]/.test(line);
    if (!isProse || /^[-*] /.test(line)) endParagraph();
    if (isProse) paragraph.push(line);
    else if (isFence) {
      isCode = !isCode;
      lines.push(dim(isCode ? `  ${line.slice(3)}` : ""));
    } else if (isCode) lines.push(line);
    else lines.push(/^#+ /.test(line) ? bold(line.replace(/^#+ /, "")) : line.replaceAll("**", ""));
  }
  endParagraph();
  return lines.join("\n");
}

/** Stands for Markdown's `**` while text is wrapped: one character of no width in the document's own words. */
const BOLD = "\u2063";
const MARKED = /\u2063([^\u2063]*)\u2063/g;
