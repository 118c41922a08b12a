import type { SourceLocation } from "../../../model/change.ts";
import { emptyObject, type Value } from "../../../model/value.ts";
import type { Step } from "../../../syntax/steps.ts";
import type { Comment, Lines } from "../suppressions.ts";

/** A value of a JSON text with the places where it, and the key in front of it, start; offsets in UTF-16 units. */
interface Node {
  readonly start: number;
  end: number;
  readonly children: Map<Step, Node>;
}

/** What is wrong with a JSON text, and where. */
export interface JsonFault {
  readonly reason: string;
  readonly place: SourceLocation;
}

/** The deepest nesting that is read: templates have some dozens of levels. */
const MAX_DEPTH = 200;

/**
 * A JSON text as Azure's tools read it: `//` and block comments, and texts over several lines
 * (learn.microsoft.com/azure/azure-resource-manager/templates/syntax, "Comments and metadata", "Multi-line strings").
 */
export class JsonWithComments {
  readonly #file: string;
  readonly #text: string;
  #at = 0;
  readonly #root: Node;
  readonly #lineStarts: number[] = [0];
  /** The whole value; null where the text is broken. */
  readonly value: Value;
  readonly fault: JsonFault | undefined;
  readonly comments: Comment[] = [];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1))
      this.#lineStarts.push(at + 1);
    this.#root = { start: 0, end: 0, children: new Map() };
    let value: Value = null;
    try {
      value = this.#value(this.#root, 0);
      this.#blanks();
      if (this.#at < text.length) throw new Broken("there is more text behind the JSON document");
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.fault = { reason: error.message, place: this.#placeAt(this.#at) };
      value = null;
    }
    this.value = value;
  }

  /** The narrowest place that the steps lead to: the key of a member, the start of an element; undefined where the first leads nowhere. */
  placeOf(steps: readonly Step[]): SourceLocation | undefined {
    let node = this.#root;
    for (const step of steps) {
      const child = node.children.get(step);
      if (child === undefined) break;
      node = child;
    }
    return node === this.#root && steps.length > 0 ? undefined : this.#placeAt(node.start);
  }

  /** The lines of every member and every element. */
  ranges(): readonly Lines[] {
    const found: Lines[] = [];
    const open = [...this.#root.children.values()];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      found.push({ from: this.#lineOf(node.start), to: this.#lineOf(node.end - 1) });
      open.push(...node.children.values());
    }
    return found;
  }

  #value(node: Node, depth: number): Value {
    if (depth > MAX_DEPTH) throw new Broken("it is nested too deeply");
    this.#blanks();
    const char = this.#text[this.#at];
    let value: Value;
    if (char === "{") value = this.#object(node, depth);
    else if (char === "[") value = this.#list(node, depth);
    else if (char === '"') value = this.#quoted();
    else value = this.#word();
    node.end = this.#at;
    return value;
  }

  #object(node: Node, depth: number): Value {
    const object = emptyObject();
    this.#at++;
    for (;;) {
      this.#blanks();
      if (this.#text[this.#at] === "}") break;
      if (this.#text[this.#at] !== '"') throw new Broken("a name in double quotes is expected here");
      const child: Node = { start: this.#at, end: 0, children: new Map() };
      const key = this.#quoted();
      this.#blanks();
      if (this.#text[this.#at] !== ":") throw new Broken("a colon is expected here");
      this.#at++;
      object[key] = this.#value(child, depth + 1);
      node.children.set(key, child);
      if (!this.#comma("}")) break;
    }
    this.#at++;
    return object;
  }

  #list(node: Node, depth: number): Value {
    const list: Value[] = [];
    this.#at++;
    for (;;) {
      this.#blanks();
      if (this.#text[this.#at] === "]") break;
      const child: Node = { start: this.#at, end: 0, children: new Map() };
      list.push(this.#value(child, depth + 1));
      node.children.set(list.length - 1, child);
      if (!this.#comma("]")) break;
    }
    this.#at++;
    return list;
  }

  /** Whether another element follows; a comma in front of the end is let pass, as Azure's tools do. */
  #comma(end: string): boolean {
    this.#blanks();
    const char = this.#text[this.#at];
    if (char !== "," && char !== end) throw new Broken(`a comma or ${end} is expected here`);
    if (char === ",") this.#at++;
    return char === ",";
  }

  #quoted(): string {
    const start = this.#at;
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) {
      if (this.#at >= this.#text.length) throw new Broken("a text in quotes does not end");
      if (this.#text[this.#at] === "\\") this.#at++;
    }
    this.#at++;
    const written = this.#text.slice(start, this.#at);
    try {
      return JSON.parse(written.replace(CONTROL, escaped)) as string;
    } catch {
      this.#at = start;
      throw new Broken("a text in quotes has an escape that JSON does not know");
    }
  }

  #word(): Value {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) {
      throw new Broken(this.#at < this.#text.length ? "a value is expected here" : "it ends too early");
    }
    this.#at += word.length;
    return JSON.parse(word) as Value;
  }

  /** Goes past white space and comments. */
  #blanks(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === " " || char === "\n" || char === "\r" || char === "\t") this.#at++;
      else if (char === "/" && this.#text[this.#at + 1] === "/") this.#comment("\n", 0);
      else if (char === "/" && this.#text[this.#at + 1] === "*") this.#comment("*/", 2);
      else return;
    }
  }

  #comment(end: string, length: number): void {
    const start = this.#at + 2;
    const found = this.#text.indexOf(end, start);
    if (found === -1 && length > 0) throw new Broken("a comment does not end");
    const stop = found === -1 ? this.#text.length : found;
    const { line = 1, column = 1 } = this.#placeAt(this.#at);
    this.comments.push({ text: this.#text.slice(start, stop), line, column });
    this.#at = stop + length;
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  #placeAt(offset: number): SourceLocation {
    const line = this.#lineOf(offset);
    return { file: this.#file, line, column: offset - (this.#lineStarts[line - 1] as number) + 1 };
  }
}

/** What ends the reading; where, is where the reader stands. */
class Broken extends Error {}

const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has them escaped, texts over several lines do not
const CONTROL = /[\u0000-\u001f]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
