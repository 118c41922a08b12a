import { readFileSync } from "node:fs";

/** A fenced block of a document. */
export interface Block {
  /** The words behind the fence: a language, and what the block is for. */
  readonly info: readonly string[];
  readonly text: string;
  /** Where it stands, `file:line` of its fence. */
  readonly at: string;
}

/** A policy's document, taken apart. */
export interface PolicyDocument {
  readonly path: string;
  readonly title: string;
  /** The text behind each bold heading, in the document's order. */
  readonly sections: ReadonlyMap<string, string>;
  readonly blocks: readonly Block[];
  /** Policies that the document says fire on its *prefer* examples too. */
  readonly alsoFires: readonly string[];
}

/** The sections of a policy's document, in their order. */
export const SECTIONS = [
  "Hazard",
  "How it decides",
  "Avoid",
  "Prefer",
  "Options",
  "Exceptions",
  "Incidents",
  "Nearest rules elsewhere",
  "Sources",
] as const;

export function readDocument(path: string): PolicyDocument {
  return parseDocument(path, readFileSync(path, "utf8"));
}

export function parseDocument(path: string, content: string): PolicyDocument {
  const sections = new Map<string, string>();
  const blocks: Block[] = [];
  const alsoFires: string[] = [];
  let title = "";
  let section: string | undefined;
  let open: { info: readonly string[]; at: string; lines: string[] } | undefined;
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    const at = `${path}:${index + 1}`;
    if (open !== undefined) {
      if (line.startsWith("```")) {
        blocks.push({ info: open.info, at: open.at, text: `${open.lines.join("\n")}\n` });
        open = undefined;
      } else open.lines.push(line);
      continue;
    }
    if (line.startsWith("```")) {
      const info = line.slice(3).trim().split(/\s+/);
      open = { info, at, lines: [] };
      continue;
    }
    const fires = /^<!-- also fires: ([a-z0-9/-]+) -->$/.exec(line);
    if (fires !== null) alsoFires.push(fires[1] as string);
    if (title === "" && line.startsWith("# ")) title = line.slice(2).trim();
    const heading = SECTIONS.find((name) => line.startsWith(`**${name}**`));
    if (heading !== undefined) {
      if (sections.has(heading)) throw new Error(`${at}: **${heading}** stands here a second time`);
      section = heading;
      sections.set(heading, line.slice(heading.length + 4).trim());
    } else if (section !== undefined && !line.startsWith("<!--")) {
      sections.set(section, `${sections.get(section)}\n${line}`.trim());
    }
  }
  if (open !== undefined) throw new Error(`${open.at}: this block is not closed`);
  return { path, title, sections, blocks, alsoFires };
}
