import { type Document, parseAllDocuments, Schema } from "yaml";
import type { Problem } from "../model/deployment.ts";
import type { Value } from "../model/value.ts";
import { commentsIn, type YamlComment } from "./yaml-comments.ts";
import { YamlDocument } from "./yaml-document.ts";
import { TextLines } from "./yaml-lines.ts";
import { CORE } from "./yaml-scalars.ts";
import { MOST_ALIASED, type ValueOptions, YamlFault, YamlValues } from "./yaml-value.ts";

export type { YamlDocument } from "./yaml-document.ts";
export { KUBERNETES } from "./yaml-scalars.ts";

/** The documents of a file. */
export interface YamlFile {
  /** Those that can be read, in their order; an empty one has the value null. */
  readonly documents: readonly YamlDocument[];
  /** One for each that cannot be read, with the place of the first thing that is wrong in it. */
  readonly problems: readonly Problem[];
  /** All comments, those of broken documents too. */
  comments(): readonly YamlComment[];
}

/** Larger files are refused: parsing takes about a second and a half for each megabyte. */
const MAX_LENGTH = 4 << 20;

/** Scalars stay as they are written: what they mean differs from one reader to another. */
const FAILSAFE = new Schema({ schema: "failsafe", resolveKnownTags: false });

/**
 * Where documents start. No scalar can hold such a line, quoted or not (yaml.org/spec/1.2.2, c-forbidden), so a document
 * that is broken ends there all the same. Directives belong to the document behind them.
 */
const DOCUMENT_START = /^(?:%[^\n]*\n){0,9}---(?=\s|$)/gm;

/** A line that is neither blank nor a comment. */
const CONTENT = /^[ \t]*[^\s#]/m;

/**
 * The documents of a YAML or JSON text, with aliases and merge keys resolved and scalars by the rules given (else those of YAML
 * 1.2); what has a tag of its own is Computed. A broken document is a problem, and the others are read.
 */
export function yamlDocuments(file: string, text: string, options: Partial<ValueOptions> = {}): YamlFile {
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  if (text.length > MAX_LENGTH) {
    const message = `${file} cannot be read: it is larger than ${MAX_LENGTH >> 20} MB.`;
    return {
      documents,
      problems: [{ message, source: { file }, severity: "error" }],
      comments: () => [],
    };
  }
  const lines = new TextLines(file, text);
  const aliases = { left: MOST_ALIASED };
  for (const [start, end] of partsOf(text)) {
    const part = text.slice(start, end);
    for (const parsed of parse(part)) {
      try {
        const values = new YamlValues(part, { rules: CORE, ...options }, aliases);
        documents.push(new YamlDocument(read(parsed, values), parsed, start, lines));
      } catch (error) {
        if (!(error instanceof YamlFault)) throw error;
        const message = `${file} is not valid YAML: ${error.message}.`;
        problems.push({ message, source: lines.placeAt(start + error.offset), severity: "error" });
      }
    }
  }
  return { documents, problems, comments: () => commentsIn(text, lines) };
}

/** The offsets between which each document stands; comments in front of the first are no document. */
function* partsOf(text: string): Generator<readonly [number, number]> {
  let from = 0;
  for (const { index } of text.matchAll(DOCUMENT_START)) {
    if (from === 0 && !CONTENT.test(text.slice(0, index))) continue;
    yield [from, index];
    from = index;
  }
  yield [from, text.length];
}

function parse(text: string): readonly Document.Parsed[] {
  const parsed = parseAllDocuments(text, {
    schema: FAILSAFE,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return "empty" in parsed ? [] : parsed;
}

/** The value of a document; throws a YamlFault where it has none. */
function read({ contents, errors }: Document.Parsed, values: YamlValues): Value {
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return values.of(contents);
  const isDeep = first.code === "RESOURCE_EXHAUSTION";
  throw new YamlFault(isDeep ? "it is nested too deeply" : first.message, first.pos[0]);
}
