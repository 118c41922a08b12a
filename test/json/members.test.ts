import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachMember } from "../../src/json/members.ts";

function membersOf(text: string): [string, unknown][] {
  const bytes = Buffer.from(text, "utf8");
  const members: [string, unknown][] = [];
  eachMember(bytes, (keyStart, keyEnd, valueStart, valueEnd) => {
    members.push([
      JSON.parse(`"${bytes.toString("utf8", keyStart, keyEnd)}"`) as string,
      JSON.parse(bytes.toString("utf8", valueStart, valueEnd)),
    ]);
  });
  return members;
}

describe("eachMember", () => {
  it("gives what Object.entries gives, however the text is indented", () => {
    const objects = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
    fc.assert(
      fc.property(objects, fc.constantFrom("", " ", "\t", "\r\n  "), (object, indent) => {
        const text = indent + JSON.stringify(object, null, indent);
        expect(Object.fromEntries(membersOf(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("keeps what an object of this language would treat otherwise", () => {
    expect(membersOf('{"__proto__":{"x":1},"a":1,"a":2,"2":0,"1":0}')).toEqual([
      ["__proto__", { x: 1 }],
      ["a", 1],
      ["a", 2],
      ["2", 0],
      ["1", 0],
    ]);
  });

  it.each(["", "null", "[1]", "{", '{"a', '{"a":', '{"a":[1,{"b":', '{"a":"x\\'])("ends on %j", (text) => {
    const bytes = Buffer.from(text);
    const seen: number[] = [];
    eachMember(bytes, (_start, _end, _from, to) => void seen.push(to));
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  it("ends where the visitor says so", () => {
    let count = 0;
    eachMember(Buffer.from('{"a":1,"b":2,"c":3}'), () => ++count < 2);
    expect(count).toBe(2);
  });
});
