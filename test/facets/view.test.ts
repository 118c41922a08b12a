import { expect, it } from "vitest";
import { viewOf } from "../../src/facets/facet.ts";
import { Field } from "../../src/facets/field.ts";
import { UNKNOWN } from "../../src/model/value.ts";

interface Shape {
  readonly known: boolean;
  readonly unknown: boolean;
  readonly absent: boolean;
}

const view = viewOf<Shape>({
  known: new Field("a.known", true, true),
  unknown: new Field<boolean>("a.unknown", UNKNOWN, UNKNOWN),
  absent: undefined,
});

it("gives the values of facts, and a signal where one is not known", () => {
  expect(view.known).toBe(true);
  expect(() => view.unknown).toThrow();
});

it("has the facts that are given, and no others", () => {
  expect(Object.keys(view)).toEqual(["known", "unknown"]);
  expect(Object.hasOwn(view, "absent")).toBe(false);
  expect(view.absent).toBeUndefined();
  expect((view as unknown as Record<string, unknown>)["constructor"]).toBeUndefined();
});

it("cannot be written to: several policies read the same", () => {
  expect(() => Object.assign(view, { known: false })).toThrow(TypeError);
  expect(view.known).toBe(true);
});
