import { describe, expect, it } from "vitest";
import { meaningOf } from "../../src/engine/meaning.ts";
import { defineFacet } from "../../src/facets/facet.ts";
import { UNKNOWN, type Value } from "../../src/model/value.ts";
import { change } from "../support/harness.ts";

const access = defineFacet<{ open: boolean; rules: readonly string[] }>("access", {
  account: (r) => ({ open: r.boolean("open", true), rules: r.strings("rules") }),
});
const listeners = defineFacet<{ port: number }>("listeners", {
  gateway: (r) => {
    const blocks = r.blocks("listener");
    return blocks instanceof Object && "length" in blocks
      ? blocks.map((block, i) => ({ key: String(i), facts: { port: block.number("port", 80) } }))
      : { unlisted: "listener" };
  },
});
const means = meaningOf([access, listeners]);
const of = (before: Value, after: Value, type = "account") =>
  means(change({ type, before, after, action: "update" }));

describe("meaningOf", () => {
  it("sees a property that is left out as its default", () => {
    expect(of({ open: false }, {})).toBe(true);
    expect(of({ open: true }, {})).toBe(false);
    expect(of({ rules: ["a"] }, {})).toBe(true);
    expect(of({ rules: [] }, {})).toBe(false);
  });

  it("sees items that come, go or change", () => {
    expect(of({ listener: [{ port: 80 }] }, { listener: {} }, "gateway")).toBe(false);
    expect(of({ listener: [{ port: 443 }] }, { listener: {} }, "gateway")).toBe(true);
    expect(of({ listener: [{}] }, {}, "gateway")).toBe(true);
  });

  it("does not take a fact that only one side tells for a difference", () => {
    const firewall = defineFacet<{ name: string; closed: boolean }>("firewall", {
      account: (r) => ({
        name: r.string("name", ""),
        ...(r.value("rules") && { closed: r.boolean("rules.deny") }),
      }),
    });
    const tells = (before: Value, after: Value) =>
      meaningOf([firewall])(change({ type: "account", before, after, action: "update" }));
    expect(tells({ rules: { deny: false } }, {})).toBe(false);
    expect(tells({ rules: { deny: false } }, { rules: { deny: true } })).toBe(true);
  });

  it("reads what is left out with the provider's version of each side", () => {
    const sharing = defineFacet<{ shared: boolean }>("sharing", {
      account: (r) => ({ shared: r.boolean("shared", r.since(5, false, true)) }),
    });
    const differs = (
      majors: readonly [number | undefined, number | undefined],
      before: Value,
      after: Value,
    ) => {
      const [was, is] = majors.map((major) => ({ name: "test", ...(major !== undefined && { major }) }));
      const one = {
        ...change({ type: "account", before, after, action: "update" }),
        provider: is,
        providerBefore: was,
      };
      return meaningOf([sharing])(one);
    };
    expect(differs([4, 5], {}, {})).toBe(true);
    expect(differs([4, 5], { shared: false }, {})).toBe(false);
    expect(differs([4, 4], {}, {})).toBe(false);
    // Another version, and nobody knows which: the default may have become another one.
    expect(differs([undefined, 5], {}, {})).toBe(true);
    expect(differs([4, undefined], {}, {})).toBe(true);
    expect(differs([4, undefined], { shared: true }, { shared: true })).toBe(false);
    expect(differs([undefined, undefined], {}, {})).toBe(false);
  });

  it("does not take what is unknown or what no facet covers for a difference", () => {
    expect(of({ open: false }, { open: UNKNOWN })).toBe(false);
    expect(of({ listener: [{}] }, { listener: UNKNOWN }, "gateway")).toBe(false);
    expect(of({ x: 1 }, { x: 2 }, "other")).toBe(false);
  });
});
