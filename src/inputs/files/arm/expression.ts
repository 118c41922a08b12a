/** A template expression as a tree. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | Member;

/** One that is safe gives null where there is no such member. */
export interface Member {
  readonly kind: "member";
  readonly of: Expression;
  readonly key: Expression;
  readonly isSafe: boolean;
}

/** Whether a text of a template is an expression; `[[` is how it writes a text that starts with a bracket. */
export function isExpression(text: string): boolean {
  return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
}

const MAX_DEPTH = 60;
const MAX_LENGTH = 100_000;

/**
 * Reads the expression in a text that is one, brackets included (learn.microsoft.com/azure/azure-resource-manager/templates/
 * template-expressions). Undefined where it is none that can be read.
 */
export function parseExpression(text: string): Expression | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const tokens = tokensOf(text.slice(1, -1));
  if (tokens === undefined) return undefined;
  try {
    const reader = new Reader(tokens);
    const expression = reader.expression(0);
    return reader.isAtEnd ? expression : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

interface Token {
  readonly kind: "text" | "number" | "word" | "mark";
  readonly text: string;
}

// `''` is a quote inside of a text; `.?` and `[?` read what may be absent.
const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_][A-Za-z0-9_]*)|(\.\?|\[\?|[().,[\]]))/y;

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    const [, quoted, number, word, mark] = found;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else tokens.push({ kind: "mark", text: mark ?? "" });
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  expression(depth: number): Expression {
    if (depth > MAX_DEPTH) throw new Unreadable();
    let value = this.#primary(depth);
    for (;;) {
      const mark = [".", ".?", "[", "[?"].find((one) => this.#take(one));
      if (mark === undefined) return value;
      const isName = mark.startsWith(".");
      const key: Expression = isName
        ? { kind: "literal", value: this.#next("word") }
        : this.expression(depth + 1);
      if (!isName) this.#expect("]");
      value = { kind: "member", of: value, key, isSafe: mark.endsWith("?") };
    }
  }

  #primary(depth: number): Expression {
    const token = this.#tokens[this.#at];
    if (token?.kind === "text") {
      this.#at++;
      return { kind: "literal", value: token.text };
    }
    if (token?.kind === "number") {
      this.#at++;
      return { kind: "literal", value: Number(token.text) };
    }
    let name = this.#next("word");
    // A function of the user's own has the name of its namespace in front.
    while (this.#take(".")) name += `.${this.#next("word")}`;
    this.#expect("(");
    const args: Expression[] = [];
    while (!this.#take(")")) {
      if (args.length > 0) this.#expect(",");
      args.push(this.expression(depth + 1));
    }
    return { kind: "call", name, args };
  }

  #take(mark: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token?.kind === "mark" && token.text === mark;
    if (isIt) this.#at++;
    return isIt;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw new Unreadable();
  }

  #next(kind: Token["kind"]): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) throw new Unreadable();
    this.#at++;
    return token.text;
  }
}
