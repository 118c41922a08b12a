import { describe, expect, it } from "vitest";
import { activate } from "../../src/engine/activate.ts";
import type { Pack } from "../../src/engine/policy.ts";
import { NO_SETTINGS, type PolicySetting } from "../../src/engine/settings.ts";
import { UsageError } from "../../src/model/errors.ts";
import { noOpenDoors } from "./support.ts";

const source = { file: "firebreak.yaml", line: 3, column: 5 };
const pack = (name: string, entries: Record<string, "mandatory" | "advisory" | "off">): Pack => ({
  name,
  entries: Object.entries(entries).map(([id, level]) => ({ policy: noOpenDoors(id), level })),
});
const PACK = pack("recommended", {
  "doors/closed": "mandatory",
  "doors/a-bell": "advisory",
  "windows/closed": "off",
});

function active(policies: Record<string, PolicySetting> = {}, packs: readonly Pack[] = [PACK]) {
  return activate(packs, { ...NO_SETTINGS, policies }).map(({ policy, level, options }) => ({
    id: policy.id,
    level,
    options,
  }));
}

describe("activate", () => {
  it("takes what the pack turns on, sorted by id, with default options", () => {
    expect(active()).toEqual([
      { id: "doors/a-bell", level: "advisory", options: { color: "red" } },
      { id: "doors/closed", level: "mandatory", options: { color: "red" } },
    ]);
  });

  it("lets the configuration change levels and options", () => {
    const changed = active({
      "doors/closed": { level: "off", source },
      "windows/closed": { level: "mandatory", options: { color: "blue" }, source },
    });
    expect(changed.map(({ id, level, options }) => [id, level, options])).toEqual([
      ["doors/a-bell", "advisory", { color: "red" }],
      ["windows/closed", "mandatory", { color: "blue" }],
    ]);
  });

  it("lets a later pack override an earlier one", () => {
    const ids = (packs: readonly Pack[]) => active({}, packs).map(({ id, level }) => `${id} ${level}`);
    const own = pack("own", { "doors/closed": "off", "windows/closed": "advisory" });
    expect(ids([PACK, own])).toEqual(["doors/a-bell advisory", "windows/closed advisory"]);
    expect(ids([own, PACK])).toEqual(["doors/a-bell advisory", "doors/closed mandatory"]);
  });

  it.each<[string, PolicySetting, string]>([
    [
      "door/closed",
      { level: "off", source },
      'there is no policy "door/closed"; did you mean "doors/closed"?',
    ],
    ["doors/close", { level: "off", source }, 'did you mean "doors/closed"?'],
    ["x/y", { level: "off", source }, "`firebreak policies` lists them"],
    ["__proto__x", { level: "off", source }, 'there is no policy "__proto__x"'],
    ["doors/closed", { options: { colour: "red" }, source }, "doors/closed: options"],
    ["doors/closed", { options: { color: "green" }, source }, "doors/closed: options.color: "],
  ])("refuses %s with %j", (id, setting, message) => {
    const caught = (() => {
      try {
        return active({ [id]: setting });
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(UsageError);
    expect(caught).toMatchObject({ message: expect.stringContaining(message), source });
  });

  it("refuses options of a policy that takes none", () => {
    const { options: _, ...plain } = noOpenDoors() as ReturnType<typeof noOpenDoors> & { options: unknown };
    const packs: Pack[] = [
      { name: "own", entries: [{ policy: plain as ReturnType<typeof noOpenDoors>, level: "mandatory" }] },
    ];
    expect(() => active({ "doors/closed": { options: { color: "red" }, source } }, packs)).toThrow(
      "takes no options",
    );
    expect(active({}, packs)).toMatchObject([{ options: {} }]);
  });

  it("does not object to a budget for a policy that no pack holds", () => {
    expect(active({ "rollout/max-regions": { options: { regions: 1 } } })).toHaveLength(2);
  });
});
