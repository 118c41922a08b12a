// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cdktfSynth } from "../../../src/inputs/cdktf/synth.ts";
import { memoryInput } from "../../../src/inputs/input.ts";
import { isObject, Secret, UNKNOWN, Unknown, type Value } from "../../../src/model/value.ts";

/** What an expression is worth beside variables, each with its default or without one. */
function worth(expression: string, variable: object = {}): Value | undefined {
  const document = { variable, resource: { azurerm_x: { a: { v: `\${${expression}}` } } } };
  const [deployment] = cdktfSynth.read(memoryInput("cdk.tf.json", Buffer.from(JSON.stringify(document))));
  const after = deployment?.changes[0]?.after;
  return isObject(after) ? after.v : undefined;
}

/** An expression as text, what it is worth by plain JavaScript, and how tightly its outermost operator binds. */
interface Sample {
  readonly text: string;
  readonly value: Value;
  readonly binds: number;
}

const VARIABLES: Readonly<Record<string, number | boolean>> = { n: 3, m: -2, yes: true, no: false };
const OPERAND = 8;
const PREFIX = 7;

/** The text, in parentheses where its operator binds less tightly than it has to. */
function within({ text, binds }: Sample, least: number): string {
  return binds >= least ? text : `(${text})`;
}

type Work = (a: number, b: number) => Value;

function infix(operator: string, binds: number, operands: fc.Arbitrary<Sample>, work: Work) {
  return fc.tuple(operands, operands).map(([left, right]): Sample => {
    const text = `${within(left, binds)} ${operator} ${within(right, binds + 1)}`;
    return { text, value: work(Number(left.value), Number(right.value)), binds };
  });
}

function prefix(operator: string, operands: fc.Arbitrary<Sample>, work: (a: Value) => Value) {
  return operands.map((of): Sample => {
    return { text: `${operator}${within(of, PREFIX)}`, value: work(of.value), binds: PREFIX };
  });
}

function conditional(condition: fc.Arbitrary<Sample>, ways: fc.Arbitrary<Sample>) {
  return fc.tuple(condition, ways, ways).map(([is, yes, no]): Sample => {
    const text = `${within(is, 1)} ? ${yes.text} : ${no.text}`;
    return { text, value: is.value === true ? yes.value : no.value, binds: 0 };
  });
}

function inParentheses(inner: fc.Arbitrary<Sample>) {
  return inner.map(({ text, value }): Sample => ({ text: `( ${text} )`, value, binds: OPERAND }));
}

function named(type: string) {
  const names = Object.keys(VARIABLES).filter((name) => typeof VARIABLES[name] === type);
  return fc
    .constantFrom(...names)
    .map((name): Sample => ({ text: `var.${name}`, value: VARIABLES[name] ?? null, binds: OPERAND }));
}

const whole = fc.nat(20).map((value): Sample => ({ text: String(value), value, binds: OPERAND }));
const literal = fc.boolean().map((value): Sample => ({ text: String(value), value, binds: OPERAND }));

const { number, truth } = fc.letrec<{ number: Sample; truth: Sample }>((tie) => {
  const some = tie("number");
  const is = tie("truth");
  return {
    number: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      whole,
      named("number"),
      infix("+", 5, some, (a, b) => a + b),
      infix("-", 5, some, (a, b) => a - b),
      infix("*", 6, some, (a, b) => a * b + 0),
      prefix("-", some, (a) => 0 - Number(a)),
      conditional(is, some),
      inParentheses(some),
    ),
    truth: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      literal,
      named("boolean"),
      infix("<", 4, some, (a, b) => a < b),
      infix("<=", 4, some, (a, b) => a <= b),
      infix(">", 4, some, (a, b) => a > b),
      infix(">=", 4, some, (a, b) => a >= b),
      infix("==", 3, fc.oneof(some), (a, b) => a === b),
      infix("!=", 3, fc.oneof(is), (a, b) => a !== b),
      infix("&&", 2, is, (a, b) => a === 1 && b === 1),
      infix("||", 1, is, (a, b) => a === 1 || b === 1),
      prefix("!", is, (a) => a !== true),
      conditional(is, is),
      inParentheses(is),
    ),
  };
});

const sample = fc
  .oneof(number, truth)
  .filter(({ value }) => typeof value !== "number" || Number.isSafeInteger(value));

describe("for every expression of operators and conditions", () => {
  const known = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, value]) => [name, { default: value }]),
  );

  it("its value is that of a plain calculation", () => {
    fc.assert(
      fc.property(sample, ({ text, value }) => {
        const result = worth(text, known);
        // Somewhere inside of it a number may grow too large to be exact.
        if (/\*/.test(text) && result instanceof Unknown) return;
        expect(result).toBe(value);
      }),
      { numRuns: 400 },
    );
  });

  it("it is unknown or the same where a variable is unknown", () => {
    fc.assert(
      fc.property(sample, fc.constantFrom(...Object.keys(VARIABLES)), ({ text, value }, name) => {
        const result = worth(text, { ...known, [name]: {} });
        if (!(result instanceof Unknown)) expect(result).toBe(value);
      }),
      { numRuns: 400 },
    );
  });

  it("it is the same in secret where a variable is secret", () => {
    fc.assert(
      fc.property(sample, fc.constantFrom(...Object.keys(VARIABLES)), ({ text, value }, name) => {
        const result = worth(text, { ...known, [name]: { default: VARIABLES[name], sensitive: true } });
        const content = result instanceof Secret ? result.reveal() : result;
        if (!(content instanceof Unknown)) expect(content).toBe(value);
      }),
      { numRuns: 400 },
    );
  });
});

describe("a condition", () => {
  const unknown = { is: {} };

  it.each<[string, Value]>([
    ['var.is ? "a" : "a"', "a"],
    ["var.is ? [1, 2] : [1, 2]", [1, 2]],
    ["var.is ? null : null", null],
    ['var.is ? "a" : "b"', UNKNOWN],
    ['var.is ? "1" : 1', UNKNOWN],
    ['var.is ? azurerm_y.a.id : "b"', UNKNOWN],
  ])("that is unknown leaves what both ways have in common: %s", (expression, expected) => {
    expect(worth(expression, unknown)).toEqual(expected);
  });

  it("that is secret makes a secret of what it chooses, and of what it may choose", () => {
    const secret = (value: object) => ({ is: { sensitive: true, ...value } });
    for (const variable of [secret({ default: true }), secret({})]) {
      const result = worth('var.is ? "a" : "a"', variable);
      expect(result).toBeInstanceOf(Secret);
      expect((result as Secret).reveal()).toBe("a");
    }
    expect(worth("var.is == true", secret({ default: true }))).toBeInstanceOf(Secret);
    expect(worth("!var.is", secret({ default: true }))).toBeInstanceOf(Secret);
  });

  it("keeps a secret way secret", () => {
    const variable = { key: { sensitive: true, default: "hunter2" }, is: {} };
    expect(worth('true ? var.key : "a"', variable)).toBeInstanceOf(Secret);
    expect(worth('var.is ? "hunter2" : var.key', variable)).toBeInstanceOf(Secret);
    expect(worth('false ? var.key : "a"', variable)).toBe("a");
  });

  it("compares a variable in the type that it is declared with", () => {
    const typed = (type: string, value: unknown) => ({ v: { type, default: value } });
    expect(worth('var.v == "true"', typed("string", true))).toBe(true);
    expect(worth("var.v == 5", typed("number", "5"))).toBe(true);
    expect(worth("var.v ? 1 : 2", typed("bool", "false"))).toBe(2);
  });
});

describe("expressions that ask for too much", () => {
  it.each([
    ["parentheses", `${"(".repeat(5_000)}1${")".repeat(5_000)}`],
    ["negations", `${"!".repeat(5_000)}true`],
    ["conditions", `${"true ? 1 : ".repeat(5_000)}2`],
    ["operators", `1${" + 1".repeat(5_000)}`],
    ["a half", "1 +"],
    ["half a condition", "true ? 1"],
    ["a lone sign", "true = false"],
    ["a comment", "1 /* one */ + 1"],
  ])("are left open: %s", (_, expression) => expect(worth(expression)).toBe(UNKNOWN));
});
