import { describe, expect, it } from "vitest";
import { knownPart, overlay, propertyBag, propertyValue } from "../../../src/inputs/pulumi/values.ts";
import { Secret, UNKNOWN } from "../../../src/model/value.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

describe("Pulumi's property values", () => {
  it.each([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ])("%s is not known yet", (text) => {
    expect(propertyValue(text)).toBe(UNKNOWN);
  });

  it.each([
    ["a value", { value: "hunter2" }, "hunter2"],
    ["a plaintext", { plaintext: '"hunter2"' }, "hunter2"],
    ["a plaintext object", { plaintext: '{"user":"a"}' }, { user: "a" }],
    ["a ciphertext", { ciphertext: "v1:abc:def" }, UNKNOWN],
    ["a plaintext that is no JSON", { plaintext: "hunter2" }, UNKNOWN],
    ["a plaintext nested beyond reason", { plaintext: "[".repeat(5000) + "]".repeat(5000) }, UNKNOWN],
    ["nothing", {}, UNKNOWN],
  ])("a secret that holds %s", (_, members, content) => {
    const value = propertyValue({ [SIGNATURE]: SECRET, ...members });
    expect(value).toBeInstanceOf(Secret);
    expect((value as Secret).reveal()).toEqual(content);
    expect(JSON.stringify(value)).toBe('"(secret)"');
  });

  it("a masked secret hides whether it changed", () => {
    const value = propertyValue("[secret]");
    expect(value).toBeInstanceOf(Secret);
    expect((value as Secret).reveal()).toBe(UNKNOWN);
  });

  it("an output value is known, unknown or secret", () => {
    const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
    expect(propertyValue({ [SIGNATURE]: OUTPUT, value: 3 })).toBe(3);
    expect(propertyValue({ [SIGNATURE]: OUTPUT })).toBe(UNKNOWN);
    expect(propertyValue({ [SIGNATURE]: OUTPUT, value: 3, secret: true })).toBeInstanceOf(Secret);
    expect(propertyValue({ [SIGNATURE]: "something newer", value: 3 })).toBe(UNKNOWN);
  });

  it("an asset keeps where it comes from", () => {
    expect(propertyValue({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", path: "index.html" })).toEqual({
      path: "index.html",
    });
  });

  it("what Pulumi keeps beside the properties is none of them", () => {
    expect(
      propertyBag({ __defaults: ["name"], __meta: "{}", name: "a", tags: { __defaults: [], team: "shop" } }),
    ).toEqual({ name: "a", tags: { team: "shop" } });
  });

  it("no key reaches a prototype", () => {
    const bag = propertyBag(JSON.parse('{"tags": {"__proto__": {"polluted": true}}}'));
    expect({}).not.toHaveProperty("polluted");
    expect(Object.keys(bag.tags as object)).toEqual(["__proto__"]);
  });
});

describe("inputs over outputs", () => {
  it("the user's value wins, the provider's completes it", () => {
    expect(overlay({ rules: { a: 1, b: 2 }, ids: [1, 2], id: "x" }, { rules: { b: 3 }, ids: [9] })).toEqual({
      rules: { a: 1, b: 3 },
      ids: [9],
      id: "x",
    });
  });

  it("what either marks as secret stays secret", () => {
    const merged = overlay(
      { key: new Secret("a"), list: [{ value: new Secret("b") }], plain: "c" },
      { key: "a", list: [{ value: "b" }], plain: new Secret("c") },
    );
    expect(JSON.stringify(merged)).toBe('{"key":"(secret)","list":"(secret)","plain":"(secret)"}');
  });

  it("the known part leaves out what is not known", () => {
    expect(knownPart({ a: UNKNOWN, b: { c: UNKNOWN, d: 1 } })).toEqual({ b: { d: 1 } });
  });
});
