import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { helpOf } from "../engine/finding.ts";
import { UsageError } from "../model/errors.ts";
import { type CliContext, EXIT, wantsColour } from "./context.ts";
import { packageRoot } from "./package.ts";
import { setUp } from "./setup.ts";

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
  context.stdout(forTerminal(readFileSync(file, "utf8"), wantsColour(context)));
  return EXIT.passed;
}

/** Markdown is made to be read as it is: only headings, bold words and code fences change. */
function forTerminal(markdown: string, colour: boolean): string {
  const bold = (text: string) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const dim = (text: string) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
  return markdown
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .split("\n")
    .map((line) => {
      if (line.startsWith("```")) return dim(line === "```" ? "" : `  ${line.slice(3)}`);
      if (/^#+ /.test(line)) return bold(line.replace(/^#+ /, ""));
      return line.replace(/\*\*(.+?)\*\*/g, (_, words: string) => bold(words));
    })
    .join("\n");
}
