import { isOperator, type Operator, PRECEDENCE } from "./operators.ts";
import { endOfExpression, parseTemplate } from "./template.ts";

/** What Terraform's expression language says, as far as its value can be told without a provider. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "for";
      readonly variables: readonly string[];
      readonly over: Expression;
      /** Present where the result is an object. */
      readonly key: Expression | undefined;
      readonly value: Expression;
    }
  | {
      readonly kind: "operation";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "negation"; readonly operator: "!" | "-"; readonly of: Expression }
  | {
      readonly kind: "condition";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  /** Directives, splats, filters: nothing here decides them. */
  | { readonly kind: "undecided" };

const UNDECIDED: Expression = { kind: "undecided" };
const MAX_NESTING = 100;

/** Parses one expression; what is outside of the part of the language above gives `undecided` as a whole. */
function parseExpression(text: string, nesting = 0): Expression {
  try {
    const parser = new Parser(text, nesting);
    const expression = parser.expression();
    return parser.isAtEnd() ? expression : UNDECIDED;
  } catch (error) {
    if (error instanceof Undecidable) return UNDECIDED;
    throw error;
  }
}

/** What a quoted text stands for in Terraform's JSON syntax: escapes resolved, templates as they are; undefined if it is none. */
export function unquoted(source: string): string | undefined {
  try {
    return new Parser(source, 0).quoted();
  } catch (error) {
    if (error instanceof Undecidable) return undefined;
    throw error;
  }
}

/** A string that may hold templates; a string which is one template has that template's value and type. */
export function parseString(text: string, nesting = 0): Expression {
  const parts = parseTemplate(text).map(
    (part): Expression =>
      typeof part === "string"
        ? { kind: "literal", value: part }
        : parseExpression(part.expression, nesting + 1),
  );
  const [only] = parts;
  if (only === undefined) return { kind: "literal", value: "" };
  return parts.length === 1 ? only : { kind: "template", parts };
}

class Undecidable extends Error {}

const SPACE = /(?:\s|#[^\n]*|\/\/[^\n]*)*/y;
const NAME = /[A-Za-z_][\w-]*/y;
const OPERATOR = /\|\||&&|[=!<>]=|[<>+\-*/%]/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTED_ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

class Parser {
  readonly #text: string;
  #nesting: number;
  #at = 0;

  constructor(text: string, nesting: number) {
    this.#text = text;
    this.#nesting = nesting;
  }

  isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  expression(): Expression {
    return this.#deeper(() => {
      const condition = this.#operation(1);
      if (!this.#take("?")) return condition;
      const yes = this.expression();
      this.#expect(":");
      return { kind: "condition", condition, yes, no: this.expression() };
    });
  }

  /** Operands with operators between them that bind at least as tightly. */
  #operation(tightly: number): Expression {
    let left = this.#operand();
    for (;;) {
      const start = this.#at;
      const operator = this.#match(OPERATOR) ?? "";
      if (!isOperator(operator) || PRECEDENCE[operator] < tightly) {
        this.#at = start;
        return left;
      }
      left = { kind: "operation", operator, left, right: this.#operation(PRECEDENCE[operator] + 1) };
    }
  }

  #operand(): Expression {
    const operator = this.#take("!") ? "!" : this.#take("-") ? "-" : undefined;
    if (operator !== undefined)
      return this.#deeper(() => ({ kind: "negation", operator, of: this.#operand() }));
    let expression = this.#primary();
    for (;;) {
      if (this.#take("[")) {
        if (this.#take("*")) throw new Undecidable();
        expression = { kind: "index", of: expression, key: this.expression() };
        this.#expect("]");
      } else if (this.#take(".")) {
        const key = this.#match(NAME) ?? this.#match(/\d+/y);
        if (key === undefined) throw new Undecidable();
        expression = { kind: "index", of: expression, key: { kind: "literal", value: key } };
      } else return expression;
    }
  }

  #deeper(parse: () => Expression): Expression {
    if (++this.#nesting > MAX_NESTING) throw new Undecidable();
    const expression = parse();
    this.#nesting--;
    return expression;
  }

  #primary(): Expression {
    this.#skipSpace();
    if (this.#text[this.#at] === '"') return parseString(this.quoted(), this.#nesting);
    if (this.#take("(")) {
      const inner = this.expression();
      this.#expect(")");
      return inner;
    }
    if (this.#take("[")) return this.#list();
    if (this.#take("{")) return this.#object();
    if (/\d/.test(this.#text[this.#at] ?? "")) return { kind: "literal", value: this.#number() };
    const name = this.#match(NAME);
    if (name === undefined) throw new Undecidable();
    if (this.#take("(")) return { kind: "call", name, args: this.#items(")") };
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    return name === "null" ? { kind: "literal", value: null } : { kind: "name", name };
  }

  #number(): number {
    const digits = this.#match(NUMBER);
    if (digits === undefined) throw new Undecidable();
    return Number(digits);
  }

  #list(): Expression {
    const head = this.#forHead();
    if (head === undefined) return { kind: "list", items: this.#items("]") };
    const value = this.expression();
    this.#expect("]");
    return { kind: "for", ...head, key: undefined, value };
  }

  #object(): Expression {
    const head = this.#forHead();
    if (head !== undefined) {
      const key = this.expression();
      this.#expect("=>");
      const value = this.expression();
      this.#expect("}");
      return { kind: "for", ...head, key, value };
    }
    const entries: [Expression, Expression][] = [];
    while (!this.#take("}")) {
      const isBare = this.#isName();
      const key = this.#operand();
      if (!this.#take("=") && !this.#take(":")) throw new Undecidable();
      // A bare word before the sign is the key itself, not a reference; one in parentheses is.
      const isWord = isBare && key.kind === "name";
      entries.push([isWord ? { kind: "literal", value: key.name } : key, this.expression()]);
      this.#take(",");
    }
    return { kind: "object", entries };
  }

  /** `for k, v in collection :`, if that is what comes. */
  #forHead(): { variables: readonly string[]; over: Expression } | undefined {
    const start = this.#at;
    if (this.#match(NAME) !== "for") {
      this.#at = start;
      return undefined;
    }
    const variables = [this.#name()];
    if (this.#take(",")) variables.push(this.#name());
    if (this.#name() !== "in") throw new Undecidable();
    const over = this.expression();
    this.#expect(":");
    return { variables, over };
  }

  #isName(): boolean {
    this.#skipSpace();
    NAME.lastIndex = this.#at;
    return NAME.test(this.#text);
  }

  #name(): string {
    const name = this.#match(NAME);
    if (name === undefined) throw new Undecidable();
    return name;
  }

  #items(close: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#take(close)) {
      items.push(this.expression());
      if (!this.#take(",")) {
        this.#expect(close);
        break;
      }
    }
    return items;
  }

  /** The text between quotes, escapes resolved outside of templates only: those inside belong to the expression there. */
  quoted(): string {
    let text = "";
    this.#at++;
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new Undecidable();
      if (char === '"') return text;
      if ((char === "$" || char === "%") && this.#text[this.#at] === "{" && !text.endsWith(char)) {
        const end = endOfTemplate(this.#text, this.#at - 1);
        text += this.#text.slice(this.#at - 1, end);
        this.#at = end;
      } else if (char === "\\") text += this.#escape();
      else text += char;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? "";
    const plain = QUOTED_ESCAPES[char];
    if (plain !== undefined) return plain;
    const length = char === "u" ? 4 : char === "U" ? 8 : 0;
    const digits = this.#text.slice(this.#at, this.#at + length);
    const code = Number.parseInt(digits, 16);
    if (length === 0 || !/^[\dA-Fa-f]+$/.test(digits) || digits.length < length || code > 0x10ffff)
      throw new Undecidable();
    this.#at += length;
    return String.fromCodePoint(code);
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new Undecidable();
  }

  #take(text: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(text, this.#at)) return false;
    // `=` is also the start of operators and of the arrow of a `for`, and `!` that of `!=`.
    if (text === "=" && /[=>]/.test(this.#text[this.#at + 1] ?? "")) return false;
    if (text === "!" && this.#text[this.#at + 1] === "=") return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }
}

function endOfTemplate(text: string, start: number): number {
  const end = endOfExpression(text, start + 2);
  if (end < 0) throw new Undecidable();
  return end + 1;
}
