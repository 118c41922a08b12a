import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyObject, isObject, Secret, sameValue, UNKNOWN, type Value } from "../../src/model/value.ts";

const parsed = (text: string) => JSON.parse(text) as Value;

describe("sameValue", () => {
  it("agrees with the platform's own comparison", () => {
    const values = fc.jsonValue({ maxDepth: 3 }).map((value) => parsed(JSON.stringify(value)));
    const copies = values.chain((value) =>
      fc.tuple(fc.constant(value), fc.oneof(fc.constant(parsed(JSON.stringify(value))), values)),
    );
    fc.assert(
      fc.property(copies, ([a, b]) => {
        expect(sameValue(a, b)).toBe(isDeepStrictEqual(a, b));
      }),
    );
  });

  it.each<[Value | undefined, Value | undefined, boolean]>([
    [UNKNOWN, UNKNOWN, false],
    [[UNKNOWN], [UNKNOWN], false],
    [new Secret("a"), new Secret("a"), true],
    [new Secret("a"), "a", true],
    [new Secret("a"), new Secret("b"), false],
    [new Secret(UNKNOWN), new Secret(UNKNOWN), false],
    [undefined, null, false],
    [{}, [], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [[1, 2], [2, 1], false],
    [parsed('{"__proto__":{}}'), parsed('{"x":1}'), false],
    [parsed('{"constructor":1}'), parsed('{"x":1}'), false],
    [parsed('{"__proto__":{"a":1}}'), parsed('{"__proto__":{"a":1}}'), true],
  ])("of %o and %o is %s", (a, b, expected) => {
    expect(sameValue(a, b)).toBe(expected);
    expect(sameValue(b, a)).toBe(expected);
  });
});

it("a secret shows its content in no way of printing", () => {
  const secret = new Secret({ key: "hunter2" });
  const printed = [
    JSON.stringify({ secret }),
    `${secret}`,
    inspect({ secret }, { depth: 9, showHidden: true }),
    String([secret]),
  ];
  for (const text of printed) expect(text).not.toContain("hunter2");
  expect(Object.keys(secret)).toEqual([]);
  expect(isObject(secret)).toBe(false);
  expect(secret.reveal()).toEqual({ key: "hunter2" });
});

it("an object for hostile keys has no prototype to reach", () => {
  const object = emptyObject();
  const key = "__proto__";
  object[key] = { polluted: true };
  expect(Object.keys(object)).toEqual([key]);
  expect("polluted" in {}).toBe(false);
});
